"""What agents look at: themselves, their work, and one case with all that belongs to it. Reading only."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.plan import Plan
from domain.values import Value


class TeamView(Value):
    """A team as its agents see it."""

    id: str
    title: str
    waiting: int
    """Work items that nobody has been offered yet."""
    available: int
    """Agents who are here."""


class AgentView(Value):
    """An agent. `load` and `capacity` are in capacity units."""

    id: str
    name: str
    login: str
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
    offered_until: datetime | None
    offer_seconds: float
    """How long an offer of this item lasts."""
    now: datetime
    """The store's clock, against which `offered_until` counts."""
    why: str
    """How routing came to people."""
    team_id: str
    agent_id: str | None


_ITEMS = """
    SELECT w.id, w.version, w.state, w.interaction_id, w.team_id, w.agent_id, w.channel, w.reason, w.ready_at,
           w.offered_until, w.offer_seconds, i.issue, i.plan, c.id AS customer_id, c.display_name, c.tier,
           clock_timestamp() AS now,
           EXISTS (SELECT 1 FROM identity d
                   WHERE d.customer_id = c.id AND d.verified AND d.kind <> 'chat_session') AS verified
    FROM work_item w JOIN interaction i ON i.id = w.interaction_id JOIN customer c ON c.id = i.customer_id
    WHERE
"""

_MINE = text(_ITEMS + " w.agent_id = :agent AND w.state IN ('offered', 'assigned') ORDER BY w.ready_at, w.id")

_ONE = text(_ITEMS + " w.id = :id")

_TEAMS = text(
    """
    SELECT t.id, t.title,
           (SELECT count(*) FROM work_item w WHERE w.team_id = t.id AND w.state = 'waiting') AS waiting,
           (SELECT count(*) FROM agent_team x JOIN agent a ON a.id = x.agent_id
             WHERE x.team_id = t.id AND a.presence = 'available' AND a.lease_until > clock_timestamp()) AS available
    FROM team t JOIN agent_team m ON m.team_id = t.id WHERE m.agent_id = :agent ORDER BY t.id
    """
)

_AGENT = text(
    """
    SELECT a.id, a.name, a.login, a.load, a.capacity,
           CASE WHEN a.lease_until > clock_timestamp() THEN a.presence ELSE 'offline' END AS presence,
           ARRAY(SELECT team_id FROM agent_team WHERE agent_id = a.id ORDER BY team_id) AS teams
    FROM agent a WHERE a.id = :agent
    """
)


async def agent_view(session: AsyncSession, agent_id: str) -> AgentView | None:
    """An agent as they stand now; a lapsed lease counts as offline."""
    found = (await session.execute(_AGENT, {"agent": agent_id})).mappings().one_or_none()
    return AgentView.model_validate(dict(found)) if found else None


async def teams_view(session: AsyncSession, agent_id: str) -> list[TeamView]:
    """The agent's teams and how busy they are."""
    return [
        TeamView.model_validate(dict(row)) for row in (await session.execute(_TEAMS, {"agent": agent_id})).mappings()
    ]


async def my_work(session: AsyncSession, agent_id: str) -> list[WorkView]:
    """What is offered to an agent and what they hold, longest waiting first."""
    return [_work(row) for row in (await session.execute(_MINE, {"agent": agent_id})).mappings()]


async def work_view(session: AsyncSession, item_id: str) -> WorkView | None:
    """One work item, in whatever state."""
    found = (await session.execute(_ONE, {"id": item_id})).mappings().one_or_none()
    return _work(found) if found else None


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


def _work(row: RowMapping) -> WorkView:
    return WorkView(
        **{name: row[name] for name in _PLAIN},
        customer=CustomerView(
            id=row["customer_id"], name=row["display_name"], tier=row["tier"], verified=row["verified"]
        ),
        why=_explanation(row["plan"]),
    )


_PLAIN = (
    "id", "version", "state", "interaction_id", "team_id", "agent_id", "channel", "reason", "ready_at", "offered_until",
    "offer_seconds", "issue", "now",
)  # fmt: skip


def _explanation(plan: dict[str, Any] | None) -> str:
    return Plan.model_validate(plan).explanation if plan else ""
