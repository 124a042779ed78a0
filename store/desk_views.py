"""What agents look at: themselves, and their work with all that its list shows. Reading only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.choice_words import said
from domain.matching import Choice
from domain.plan import Considered, Plan
from domain.requirement import Widening
from domain.values import Value
from store.commitment_views import CommitmentView, open_commitments
from store.pulling import IN_REACH, in_line
from store.sla import ClockView, clocks_of
from store.work import teams_of


class AgentView(Value):
    """An agent. `load` and `capacity` are in capacity units."""

    id: str
    name: str
    login: str
    role: str
    presence: str
    load: int
    capacity: int
    teams: tuple[str, ...]


class CustomerView(Value):
    """Whom a case is about. `verified`: the person has proven who they are."""

    id: str
    name: str
    tier: str
    verified: bool
    tags: tuple[str, ...]
    last_csat: int | None


class PlanView(Value):
    """How routing came to people, and where the plan stands."""

    explanation: str
    stages: tuple[str, ...]
    """E.g. `ai`, `queue:returns`."""
    stage: int
    """Which of them is carried out now, from 0."""
    cell: str
    """The matrix cell that was used, e.g. `complaint x vip`."""
    considered: tuple[Considered, ...]
    """All candidates in their order, with why each was passed over."""


class WorkView(Value):
    """A work item in a list."""

    id: str
    version: int
    state: str
    interaction_id: str
    customer: CustomerView
    channel: str
    issue: str
    reason: str
    ready_at: datetime | None
    rank: datetime
    """Its place in the queue: earlier comes first."""
    offered_until: datetime | None
    offer_seconds: float
    """How long an offer of this item lasts."""
    assigned_at: datetime | None
    parked_for: str
    """`snoozed` or `idle` (the customer is silent), while it is parked."""
    parked_until: datetime | None
    """None while parked: until the customer writes."""
    wrap_until: datetime | None
    """When the time for notes is over and the capacity free again."""
    now: datetime
    """The store's clock, against which all deadlines count."""
    why: str
    """How routing came to people."""
    plan: PlanView | None
    team_id: str
    agent_id: str | None
    note: str
    """What the colleague who passed it on wrote."""
    asks_decision: bool
    decision: str
    """`approved`, `refused`, or nothing yet."""
    asked_for: str
    """What an agent must have to be asked now; empty for anyone of the team."""
    ring: int
    """Which ring of people is asked, from 0."""
    rings: int
    cost: int
    taken: int
    """Capacity units that it takes of its agent now."""
    chosen: Choice | None
    """Why its agent got it."""
    chosen_because: str
    """The same as a sentence for people."""
    sla: tuple[ClockView, ...]
    """Clocks that have not ended, the nearest deadline first."""
    commitments: tuple[CommitmentView, ...]
    """What is owed to the customer in this case, due soonest first."""


_ITEMS = """
    SELECT w.id, w.version, w.state, w.interaction_id, w.team_id, w.agent_id, w.channel, w.reason, w.ready_at, w.rank,
           w.offered_until, w.offer_seconds, w.assigned_at, w.parked_for, w.parked_until, w.wrap_until, w.note,
           w.asks_decision, w.decision, w.requirement_key AS asked_for, w.ring, w.widening, w.cost, w.taken, w.chosen,
           i.issue, i.plan, i.stage, c.id AS customer_id, c.display_name, c.tier, c.tags, c.last_csat,
           clock_timestamp() AS now,
           EXISTS (SELECT 1 FROM identity d
                   WHERE d.customer_id = c.id AND d.verified AND d.kind <> 'chat_session') AS verified
    FROM work_item w JOIN interaction i ON i.id = w.interaction_id JOIN customer c ON c.id = i.customer_id
    WHERE
"""

# Each half has an index of its own.
_MINE = text(
    _ITEMS
    + """ (w.agent_id = :agent AND w.state IN ('offered', 'assigned', 'wrapping'))
          OR (w.agent_id = :agent AND w.state = 'parked') ORDER BY w.ready_at, w.id"""
)
_THESE = text(_ITEMS + " w.id = ANY(:ids) ORDER BY w.rank, w.id")

_AGENT = text(
    """
    SELECT a.id, a.name, a.login, a.role, a.load, a.capacity,
           CASE WHEN a.lease_until > clock_timestamp() THEN a.presence ELSE 'offline' END AS presence,
           ARRAY(SELECT team_id FROM agent_team WHERE agent_id = a.id ORDER BY team_id) AS teams
    FROM agent a WHERE a.id = :agent
    """
)


async def agent_view(session: AsyncSession, agent_id: str) -> AgentView | None:
    """An agent as they stand now; a lapsed lease counts as offline."""
    found = (await session.execute(_AGENT, {"agent": agent_id})).mappings().one_or_none()
    return AgentView.model_validate(dict(found)) if found else None


async def my_work(session: AsyncSession, agent_id: str) -> list[WorkView]:
    """What an agent is offered, holds, has parked or writes notes about, longest waiting first."""
    return await _views(session, (await session.execute(_MINE, {"agent": agent_id})).mappings().all())


async def pullable(session: AsyncSession, agent_id: str) -> list[WorkView]:
    """What the agent may pick from the queues of their teams, by rank: the first `IN_REACH`."""
    line = (await in_line(session, await teams_of(session, agent_id)))[:IN_REACH]
    found = await session.execute(_THESE, {"ids": [item_id for item_id, _ in line]})
    return await _views(session, found.mappings().all())


async def work_view(session: AsyncSession, item_id: str) -> WorkView | None:
    """One work item, in whatever state."""
    found = (await session.execute(_THESE, {"ids": [item_id]})).mappings().all()
    return (await _views(session, found))[0] if found else None


async def policy_version_of_item(session: AsyncSession, item_id: str) -> int | None:
    """The policy version that the item's interaction is pinned to; None for an unknown item."""
    query = text(
        "SELECT i.policy_version FROM work_item w JOIN interaction i ON i.id = w.interaction_id WHERE w.id = :id"
    )
    number: int | None = (await session.execute(query, {"id": item_id})).scalar_one_or_none()
    return number


async def feed_hides_rows(session: AsyncSession) -> bool:
    """Has the journal rows that a follower may not read yet, since an older transaction is still running?"""
    query = text("SELECT EXISTS (SELECT 1 FROM journal WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))")
    hides: bool = (await session.execute(query)).scalar_one()
    return hides


async def _views(session: AsyncSession, rows: Sequence[RowMapping]) -> list[WorkView]:
    """The rows with their clocks and promises, which are read for all of them at once."""
    if not rows:
        return []
    clocks = await clocks_of(session, [row["id"] for row in rows])
    promises = await open_commitments(session, [row["interaction_id"] for row in rows])
    return [_work(row, clocks[row["id"]], promises[row["interaction_id"]]) for row in rows]


def _work(row: RowMapping, clocks: list[ClockView], promises: list[CommitmentView]) -> WorkView:
    plan = Plan.model_validate(row["plan"]) if row["plan"] else None
    chosen = Choice.model_validate(row["chosen"]) if row["chosen"] else None
    return WorkView(
        **{name: row[name] for name in _PLAIN},
        customer=CustomerView(
            id=row["customer_id"], name=row["display_name"], tier=row["tier"], verified=row["verified"],
            tags=tuple(row["tags"]), last_csat=row["last_csat"],
        ),
        why=plan.explanation if plan else "",
        plan=_plan(plan, row["stage"]) if plan else None,
        chosen=chosen,
        rings=len(Widening.model_validate(row["widening"]).keys) if row["widening"] else 1,
        chosen_because=said(chosen) if chosen else "",
        sla=tuple(clocks),
        commitments=tuple(promises),
    )  # fmt: skip


_PLAIN = (
    "id", "version", "state", "interaction_id", "team_id", "agent_id", "channel", "issue", "reason", "ready_at", "rank",
    "offered_until", "offer_seconds", "assigned_at", "parked_for", "parked_until", "wrap_until", "note", "now", "cost",
    "asks_decision", "decision", "asked_for", "ring", "taken",
)  # fmt: skip


def _plan(plan: Plan, stage: int) -> PlanView:
    return PlanView(
        explanation=plan.explanation,
        stages=tuple(str(one) for one in plan.stages),
        stage=stage,
        cell=plan.cell,
        considered=plan.considered,
    )
