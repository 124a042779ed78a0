"""Commitments as agents and admins see them. Reading only."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.commitment import CommitmentState, FulfilledBy
from domain.hours import Hours
from domain.policy import Policy
from domain.values import Value
from store.locking import database_now

REPORTED = timedelta(days=30)
"""How far back a report looks unless it is asked otherwise."""


class CommitmentView(Value):
    """A promise to a customer, for people. `work_item_id` is the case's open item, if it has one."""

    id: str
    interaction_id: str
    work_item_id: str | None
    team_id: str
    made_by: str
    made_by_name: str
    """An agent's name; empty for all else."""
    text: str
    order: str
    fulfilled_by: FulfilledBy
    state: CommitmentState
    made_at: datetime
    due_at: datetime
    closed_at: datetime | None
    """Empty while it is owed, in time or too late."""
    closed_by: str


class CommitmentCount(Value):
    """How promises of one team and one kind of maker (`agent`, `ai`, `flow`, `baton`) fared."""

    team_id: str
    made_by: str
    kept: int
    broken: int
    withdrawn: int
    open: int
    due_today: int
    """Of the open ones, those due by the end of the team's day."""


_VIEW = """
    SELECT c.id, c.interaction_id, w.id AS work_item_id, c.team_id, c.made_by, COALESCE(a.name, '') AS made_by_name,
           c.text, c.order_number AS "order", c.fulfilled_by, c.state, c.made_at, c.due_at, c.closed_at, c.closed_by
    FROM commitment c
    LEFT JOIN agent a ON c.made_by = 'agent:' || a.id
    LEFT JOIN work_item w
      ON w.interaction_id = c.interaction_id AND w.state IN ('waiting', 'offered', 'assigned', 'parked')
    WHERE
"""
_OF_CASE = text(_VIEW + " c.interaction_id = :case ORDER BY c.due_at, c.id")
_OPEN_OF_CASES = text(_VIEW + " c.interaction_id = ANY(:cases) AND c.closed_at IS NULL ORDER BY c.due_at, c.id")
_DUE_IN_TEAMS = text(
    _VIEW
    + """ c.team_id = ANY(:teams) AND c.next_at <= :until AND c.due_at <= :until AND c.state = 'open'
          ORDER BY c.due_at, c.id LIMIT :limit"""
)
_ONE = text(_VIEW + " c.id = :id")
_OWED = """
    c.closed_at IS NULL AND (
        w.agent_id = :agent OR c.made_by = 'agent:' || :agent
        OR c.team_id IN (SELECT team_id FROM agent_team WHERE agent_id = :agent))
    ORDER BY c.due_at, c.id LIMIT :limit
"""
_DUE = text(_VIEW + _OWED)
_REPORT = text(
    """
    SELECT c.team_id, split_part(c.made_by, ':', 1) AS made_by,
           count(*) FILTER (WHERE c.state = 'kept') AS kept,
           count(*) FILTER (WHERE c.state = 'broken') AS broken,
           count(*) FILTER (WHERE c.state = 'withdrawn') AS withdrawn,
           count(*) FILTER (WHERE c.state = 'open') AS open,
           count(*) FILTER (WHERE c.state = 'open' AND c.due_at <= COALESCE(d.ends, :utc)) AS due_today
    FROM commitment c
    LEFT JOIN unnest(CAST(:teams AS text[]), CAST(:days AS timestamptz[])) AS d (team, ends) ON d.team = c.team_id
    WHERE c.due_at >= :since
    GROUP BY c.team_id, split_part(c.made_by, ':', 1) ORDER BY c.team_id, 2
    """
)


async def commitments_of(session: AsyncSession, interaction_id: str) -> list[CommitmentView]:
    """All promises of a case, due soonest first."""
    return [_view(row) for row in (await session.execute(_OF_CASE, {"case": interaction_id})).mappings()]


async def open_commitments(session: AsyncSession, interaction_ids: list[str]) -> dict[str, list[CommitmentView]]:
    """What is still owed in each of these cases, due soonest first."""
    found: dict[str, list[CommitmentView]] = {interaction_id: [] for interaction_id in interaction_ids}
    for row in (await session.execute(_OPEN_OF_CASES, {"cases": interaction_ids})).mappings():
        found[row["interaction_id"]].append(_view(row))
    return found


async def due_in_teams(session: AsyncSession, team_ids: list[str], until: datetime, limit: int) -> list[CommitmentView]:
    """What these teams have promised until an instant and not kept yet, due soonest first."""
    rows = await session.execute(_DUE_IN_TEAMS, {"teams": team_ids, "until": until, "limit": limit})
    return [_view(row) for row in rows.mappings()]


async def commitment_view(session: AsyncSession, commitment_id: str) -> CommitmentView | None:
    """One promise, in whatever state."""
    found = (await session.execute(_ONE, {"id": commitment_id})).mappings().one_or_none()
    return _view(found) if found else None


async def due_list(session: AsyncSession, agent_id: str, limit: int) -> list[CommitmentView]:
    """What an agent and their teams owe customers, due soonest first: what is overdue comes before all else."""
    rows = await session.execute(_DUE, {"agent": agent_id, "limit": limit})
    return [_view(row) for row in rows.mappings()]


async def commitments_report(session: AsyncSession, since: datetime | None, policy: Policy) -> list[CommitmentCount]:
    """Promises due since an instant (30 days ago), the future included: kept, broken, open and due today."""
    now = await database_now(session)
    since = since or now - REPORTED
    ends = {name: _end_of_day(now, team.hours) for name, team in policy.teams.items()}
    values = {"since": since, "utc": _end_of_day(now, Hours()), "teams": list(ends), "days": list(ends.values())}
    return [CommitmentCount.model_validate(dict(row)) for row in (await session.execute(_REPORT, values)).mappings()]


def _end_of_day(now: datetime, hours: Hours) -> datetime:
    local = now.astimezone(ZoneInfo(hours.timezone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _view(row: RowMapping) -> CommitmentView:
    return CommitmentView.model_validate(dict(row))
