"""The floor for supervisors: teams, agents and what they hold, service levels at risk, promises due. Reading only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.hours import Hours
from domain.sla import SlaKind
from domain.values import Value
from store.commitment_views import CommitmentView, due_in_teams
from store.locking import database_now
from store.team_views import TeamView, teams_view

_AT_MOST = 100
"""Service levels at risk, and promises due, that are shown."""


class HeldItem(Value):
    """A case that an agent is offered, holds, has parked, or writes notes about."""

    id: str
    interaction_id: str
    state: str
    team_id: str
    channel: str
    issue: str
    customer_name: str
    taken: int
    """Capacity units that it takes."""
    assigned_at: datetime | None
    offered_until: datetime | None


class FloorAgent(Value):
    """An agent on the floor."""

    id: str
    name: str
    role: str
    teams: tuple[str, ...]
    presence: str
    since: datetime | None
    """When they last chose their presence or, if they are offline, when their desk was closed."""
    on_shift: bool
    shift: Hours | None
    """None: whenever they are here."""
    shift_ends: datetime | None
    """While they are on a shift that ends."""
    load: int
    capacity: int
    missed_offers: int
    """In a row."""
    holds: tuple[HeldItem, ...]


class AtRisk(Value):
    """A service level that people have been warned of, or that is missed, while the answer is still awaited."""

    work_item_id: str
    interaction_id: str
    team_id: str
    kind: SlaKind
    due_at: datetime | None
    breached: bool
    state: str
    """Of the work item."""
    channel: str
    issue: str
    customer_name: str
    tier: str
    agent_id: str | None
    agent_name: str


class Floor(Value):
    """Everything at once."""

    now: datetime
    teams: tuple[TeamView, ...]
    agents: tuple[FloorAgent, ...]
    sla_at_risk: tuple[AtRisk, ...]
    commitments_due: tuple[CommitmentView, ...]
    """Open promises due within a day."""


_AGENTS = text(
    """
    SELECT a.id, a.name, a.role, a.load, a.capacity, a.missed_offers, a.shift,
           ARRAY(SELECT x.team_id FROM agent_team x WHERE x.agent_id = a.id ORDER BY x.team_id) AS teams,
           CASE WHEN a.lease_until > clock_timestamp() THEN a.presence ELSE 'offline' END AS presence,
           CASE WHEN a.presence <> 'offline' AND a.lease_until > clock_timestamp() THEN a.presence_since
                ELSE a.lease_until END AS since
    FROM agent a WHERE a.id IN (SELECT agent_id FROM agent_team WHERE team_id = ANY(:teams)) ORDER BY a.name, a.id
    """
)

_HELD = text(
    """
    SELECT w.agent_id, w.id, w.interaction_id, w.state, w.team_id, w.channel, i.issue, c.display_name AS customer_name,
           w.taken, w.assigned_at, w.offered_until
    FROM work_item w JOIN interaction i ON i.id = w.interaction_id JOIN customer c ON c.id = i.customer_id
    WHERE (w.agent_id = ANY(:agents) AND w.state IN ('offered', 'assigned', 'wrapping'))
       OR (w.agent_id = ANY(:agents) AND w.state = 'parked')
    ORDER BY w.assigned_at NULLS LAST, w.id
    """
)

_AT_RISK = text(
    """
    SELECT s.work_item_id, s.interaction_id, s.team_id, s.kind, s.due_at, s.breached_at IS NOT NULL AS breached,
           w.state, w.channel, i.issue, c.display_name AS customer_name, c.tier, w.agent_id,
           COALESCE(a.name, '') AS agent_name
    FROM sla_clock s JOIN work_item w ON w.id = s.work_item_id JOIN interaction i ON i.id = w.interaction_id
    JOIN customer c ON c.id = i.customer_id LEFT JOIN agent a ON a.id = w.agent_id
    WHERE s.team_id = ANY(:teams) AND (s.warned_at IS NOT NULL OR s.breached_at IS NOT NULL) AND s.ended_at IS NULL
    ORDER BY s.due_at, s.id LIMIT :limit
    """
)


async def floor(session: AsyncSession, team_ids: Sequence[str]) -> Floor:
    """These teams and their people, now."""
    teams, now = list(team_ids), await database_now(session)
    agents = (await session.execute(_AGENTS, {"teams": teams})).mappings().all()
    held = await _held(session, [agent["id"] for agent in agents])
    at_risk = await session.execute(_AT_RISK, {"teams": teams, "limit": _AT_MOST})
    return Floor(
        now=now,
        teams=tuple(await teams_view(session, teams)),
        agents=tuple(_agent(dict(agent), held[agent["id"]], now) for agent in agents),
        sla_at_risk=tuple(AtRisk.model_validate(dict(row)) for row in at_risk.mappings()),
        commitments_due=tuple(await due_in_teams(session, teams, now + timedelta(days=1), _AT_MOST)),
    )


async def _held(session: AsyncSession, agent_ids: list[str]) -> dict[str, list[HeldItem]]:
    held: dict[str, list[HeldItem]] = defaultdict(list)
    for row in (await session.execute(_HELD, {"agents": agent_ids})).mappings():
        held[row["agent_id"]].append(HeldItem.model_validate({name: row[name] for name in HeldItem.model_fields}))
    return held


def _agent(row: dict[str, Any], holds: list[HeldItem], now: datetime) -> FloorAgent:
    shift = Hours.model_validate(row["shift"]) if row["shift"] is not None else None
    here = {
        "shift": shift,
        "on_shift": shift is None or shift.is_open(now),
        "shift_ends": shift.next_closing(now) if shift is not None else None,
    }
    return FloorAgent.model_validate({**row, **here, "holds": tuple(holds)})
