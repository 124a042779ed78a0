"""Teams, agents and work items: the tables of dispatch."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.work import Presence, WorkState
from store.columns import json_column, moment
from store.ids import new_id
from store.locking import lock_row
from store.outbox import address_dispatcher

OPEN_WORK = (WorkState.WAITING.value, WorkState.OFFERED.value, WorkState.ASSIGNED.value)


class Team(SQLModel, table=True):
    """A team as dispatch sees it; what it may do stands in the policy."""

    __tablename__ = "team"

    id: str = Field(primary_key=True)
    title: str
    wake_pending_since: datetime | None = moment()
    """Set while a wake is on its way to the dispatcher, so that wakes coalesce at the source."""
    next_due: datetime | None = moment()
    """The nearest deadline that the dispatcher sleeps towards."""


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
    lease_until: datetime | None = moment()
    missed_offers: int = 0
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
            postgresql_where=text("state IN ('waiting', 'offered', 'assigned')"),
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
        Index("work_item_held", "agent_id", postgresql_where=text("state IN ('offered', 'assigned')")),
        Index("work_item_offered", "team_id", "offered_until", postgresql_where=text("state = 'offered'")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(foreign_key="interaction.id")
    customer_id: str
    team_id: str = Field(foreign_key="team.id")
    channel: str
    state: str = WorkState.WAITING.value
    rank: datetime = moment()
    """Virtual enqueue time; set once."""
    cost: int = 1
    requirement_key: str = ""
    """What an agent must have, normalised; empty for anyone of the team."""
    mode: str
    offer_seconds: float
    reason: str
    brief: dict[str, object] | None = json_column(default=None)
    version: int = 0
    """Grows with every change, so that the first of two clicks wins."""
    agent_id: str | None = None
    offered_until: datetime | None = moment()
    ready_at: datetime | None = moment(default_now=True)
    assigned_at: datetime | None = moment()
    done_at: datetime | None = moment()


class WorkPass(SQLModel, table=True):
    """An agent let this item pass (declined it or missed its offer) and is not asked again before `until`."""

    __tablename__ = "work_pass"

    work_item_id: str = Field(foreign_key="work_item.id", primary_key=True)
    agent_id: str = Field(foreign_key="agent.id", primary_key=True)
    until: datetime = moment()


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
    """Something changed for these teams: wake their dispatchers, unless a wake is on its way already.

    The rows stay locked until the commit, so that a dispatcher which clears the mark waits for the change behind it.
    """
    query = select(Team).where(col(Team.id).in_(team_ids)).order_by(col(Team.id)).with_for_update(key_share=True)
    for team in (await session.execute(query.execution_options(populate_existing=True))).scalars():
        if team.wake_pending_since is None:
            team.wake_pending_since = (await session.execute(select(func.clock_timestamp()))).scalar_one()
            address_dispatcher(session, team.id)
