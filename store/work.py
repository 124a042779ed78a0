"""Teams, agents and work items: the tables of dispatch."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, Text, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.hours import Hours
from domain.pressure import Pressure
from domain.requirement import Widening
from domain.work import Presence, Timers, WorkState, nearest_timer
from store.columns import json_column, moment
from store.ids import new_id
from store.locking import CLOCK, lock_row
from store.postscript import postscript

OPEN_WORK = (
    WorkState.WAITING.value,
    WorkState.OFFERED.value,
    WorkState.ASSIGNED.value,
    WorkState.PARKED.value,
)
_ZERO, _BLANK, _FALSE = ({"server_default": text(value)} for value in ("0", "''", "false"))
_NORMAL = {"server_default": text("'normal'")}
_EMPTY_OBJECT, _ENGLISH = ({"server_default": text(value)} for value in ("'{}'::jsonb", "'[\"en\"]'::jsonb"))
_SHIFTABLE = text("state = 'waiting' AND shifts_at IS NOT NULL")


class Team(SQLModel, table=True):
    """A team as dispatch sees it; what it may do stands in the policy."""

    __tablename__ = "team"

    id: str = Field(primary_key=True)
    title: str
    wake_pending_since: datetime | None = moment()
    """Set while a wake is on its way to the dispatcher, so that wakes coalesce at the source."""
    next_due: datetime | None = moment()
    """The nearest deadline that the dispatcher sleeps towards."""
    pressure: str = Field(default=Pressure.NORMAL.value, sa_column_kwargs=_NORMAL)
    pressure_since: datetime | None = moment()
    """When the level last changed."""
    estimated_wait_seconds: float | None = 0
    """How long a customer who came now would wait; NULL while work waits and nobody is here."""
    handling_seconds: float | None = None
    """What a case took lately, in seconds of one agent's attention; NULL until enough of them are finished."""


class Agent(SQLModel, table=True):
    """A person who works, with their capacity. `load` is taken by offers and assigned items alike."""

    __tablename__ = "agent"
    __table_args__ = (
        CheckConstraint("load >= 0 AND load <= capacity", name="agent_load_within_capacity"),
        CheckConstraint("capacity >= 0", name="agent_capacity_not_negative"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    login: str = Field(unique=True)
    password_hash: str
    role: str
    capacity: int = 3
    load: int = 0
    presence: str = Presence.OFFLINE.value
    presence_since: datetime | None = moment()
    """When they last chose, or missed offers changed, their presence; who is gone is so since the lease's end."""
    lease_until: datetime | None = moment()
    missed_offers: int = 0
    skills: dict[str, int] = json_column(default_factory=dict, sa_column_kwargs=_EMPTY_OBJECT)
    """Skill to level, 1 (knows it) to 5 (teaches it)."""
    languages: list[str] = json_column(default_factory=lambda: ["en"], sa_column_kwargs=_ENGLISH)
    """ISO 639-1 codes."""
    kept_for: str = Field(default="", sa_column_kwargs=_BLANK)
    """The waiting item for which they are kept free; other teams give them nothing while it waits."""
    shift: dict[str, object] | None = json_column(default=None)
    """Working hours (`domain.hours.Hours`); NULL: whenever they are present."""
    idle_since: datetime | None = moment(default_now=True)


class AgentTeam(SQLModel, table=True):
    """Which agent works in which team."""

    __tablename__ = "agent_team"

    agent_id: str = Field(foreign_key="agent.id", primary_key=True)
    team_id: str = Field(foreign_key="team.id", primary_key=True, index=True)


class WorkItem(SQLModel, table=True):
    """An interaction waiting for, offered to or held by a person."""

    __tablename__ = "work_item"
    __table_args__ = (
        Index(
            "work_item_open",
            "interaction_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'offered', 'assigned', 'parked')"),
        ),
        Index(
            "work_item_waiting",
            "team_id",
            "requirement_key",
            "cost",
            "rank",
            "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("work_item_of", "interaction_id"),
        Index("work_item_held", "agent_id", postgresql_where=text("state IN ('offered', 'assigned', 'wrapping')")),
        Index("work_item_parked", "agent_id", postgresql_where=text("state = 'parked'")),
        Index("work_item_due", "team_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("work_item_shiftable", "team_id", "rank", postgresql_where=_SHIFTABLE),
        Index("work_item_finished", "team_id", "done_at", postgresql_where=text("state = 'done'")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(foreign_key="interaction.id")
    customer_id: str
    team_id: str = Field(foreign_key="team.id")
    channel: str
    state: str = WorkState.WAITING.value
    rank: datetime = moment()
    """Virtual enqueue time; set once, and changed by a supervisor only."""
    cost: int = 1
    """Capacity units that it needs."""
    taken: int = Field(default=0, sa_column_kwargs=_ZERO)
    """Capacity units of its agent that it takes now; all of them, if it needs more than they have."""
    requirement_key: str = ""
    """What an agent must have, normalised; empty for anyone of the team."""
    widening: dict[str, object] | None = json_column(default=None)
    """The keys of its rings (`domain.requirement.Widening`)."""
    ring: int = Field(default=0, sa_column_kwargs=_ZERO)
    own_agent_id: str = Field(default="", sa_column_kwargs=_BLANK)
    """Who dealt with the customer last, and is asked first while they are near."""
    returning: bool = Field(default=False, sa_column_kwargs=_FALSE)
    """It comes back from being parked: to its own agent it is assigned without an accept step."""
    mode: str
    offer_seconds: float
    reason: str
    brief: dict[str, object] | None = json_column(default=None)
    draft_id: str | None = None
    """Mode draft: what the AI would say, for the agent to send, edit or reject."""
    note: str = Field(default="", sa_type=Text, sa_column_kwargs=_BLANK)
    """What the colleague who passed it on wrote."""
    chosen: dict[str, object] | None = json_column(default=None)
    """Why its agent got it (`domain.matching.Choice`)."""
    asks_decision: bool = Field(default=False, sa_column_kwargs=_FALSE)
    """Its agent approves or refuses."""
    decision: str = Field(default="", sa_column_kwargs=_BLANK)
    """`approved`, `refused`, or nothing yet."""
    decision_text: str = Field(default="", sa_type=Text, sa_column_kwargs=_BLANK)
    """What the customer is told of the decision."""
    shifts_at: str | None = None
    """The level of pressure from which the AI may try while it waits; NULL: never, or no longer."""
    version: int = 0
    """Grows with every change, so that the first of two clicks wins."""
    agent_id: str | None = None
    offered_until: datetime | None = moment()
    widen_at: datetime | None = moment()
    idle_at: datetime | None = moment()
    """When the customer counts as idle."""
    parked_until: datetime | None = moment()
    """NULL while parked: until the customer writes."""
    parked_for: str = Field(default="", sa_column_kwargs=_BLANK)
    """`snoozed` or `idle`."""
    wrap_until: datetime | None = moment()
    due_at: datetime | None = moment()
    """The nearest of its timers that counts in its state."""
    ready_at: datetime | None = moment(default_now=True)
    assigned_at: datetime | None = moment()
    done_at: datetime | None = moment()


class WorkPass(SQLModel, table=True):
    """An agent let this item pass (declined it or missed its offer) and is not asked again before `until`."""

    __tablename__ = "work_pass"

    work_item_id: str = Field(foreign_key="work_item.id", primary_key=True)
    agent_id: str = Field(foreign_key="agent.id", primary_key=True)
    until: datetime = moment()


AVAILABLE = (col(Agent.presence) == Presence.AVAILABLE.value, col(Agent.lease_until) > CLOCK)
"""An agent who takes work, and whose desk is open."""


def on_shift(agent: Agent, now: datetime) -> bool:
    """Is it the agent's working time? Always, if they have no shift."""
    return agent.shift is None or Hours.model_validate(agent.shift).is_open(now)


def schedule(item: WorkItem) -> None:
    """Set the nearest timer of an item whose state or timers have changed."""
    timers = Timers(
        offered_until=item.offered_until,
        widen_at=item.widen_at,
        idle_at=item.idle_at,
        parked_until=item.parked_until,
        wrap_until=item.wrap_until,
    )
    item.due_at = nearest_timer(WorkState(item.state), timers)


def begin_rings(item: WorkItem, rings: Widening, now: datetime) -> None:
    """Ask the people of the first ring, and the others at their time."""
    item.widening = rings.model_dump(mode="json")
    item.ring, item.requirement_key = 0, rings.keys[0]
    item.widen_at = now + timedelta(seconds=rings.seconds[0]) if rings.seconds else None


def next_ring(item: WorkItem, now: datetime) -> None:
    """Ask the people of the next ring as well; the rank stays."""
    rings = Widening.model_validate(item.widening)
    item.ring = min(item.ring + 1, len(rings.keys) - 1)
    item.requirement_key = rings.keys[item.ring]
    item.widen_at = now + timedelta(seconds=rings.seconds[item.ring]) if item.ring < len(rings.seconds) else None
    schedule(item)


async def open_item(session: AsyncSession, interaction_id: str) -> WorkItem | None:
    """The interaction's work item that is not done, if there is one."""
    query = select(WorkItem).where(col(WorkItem.interaction_id) == interaction_id, col(WorkItem.state).in_(OPEN_WORK))
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def lock_agent(session: AsyncSession, agent_id: str) -> Agent:
    """The agent's row, locked. Order of locks everywhere: customer, interaction, agent, work item."""
    return await lock_row(session, Agent, agent_id)


async def lock_item(session: AsyncSession, item_id: str) -> WorkItem:
    """The work item's row, locked."""
    return await lock_row(session, WorkItem, item_id)


async def teams_of(session: AsyncSession, agent_id: str) -> list[str]:
    """The teams that an agent works in."""
    query = select(col(AgentTeam.team_id)).where(col(AgentTeam.agent_id) == agent_id).order_by(col(AgentTeam.team_id))
    return list((await session.execute(query)).scalars())


async def wake(session: AsyncSession, team_ids: list[str]) -> None:
    """Something changed for these teams: the commit wakes their dispatchers, unless a wake is on its way already."""
    postscript(session).woken.update(team_ids)


async def release_kept(session: AsyncSession, item_id: str) -> None:
    """An item waits no longer: whoever was kept free for it may be given other teams' work again."""
    query = (
        select(col(AgentTeam.team_id))
        .join(Agent, col(Agent.id) == col(AgentTeam.agent_id))
        .where(col(Agent.kept_for) == item_id)
        .distinct()
    )
    await wake(session, list((await session.execute(query)).scalars()))
