"""Teams as people see them: how much waits, for how long, and who is here. Reading only, cheap however much waits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.pressure import Pressure
from domain.values import Value
from store.queue_kinds import kinds_of

COUNTED = 1000
"""Waiting cases that are counted; as many or more are shown as so many at least."""


class TeamView(Value):
    """How a team stands."""

    id: str
    title: str
    waiting: int
    """Work items that nobody has been offered yet; `COUNTED` stands for that many or more."""
    waiting_since: datetime | None
    """The earliest arrival among the first in line of each kind of work."""
    available: int
    """Agents who are here and take work."""
    estimated_wait_seconds: float | None
    """For a customer who came now; None while work waits and nobody is here."""
    pressure: Pressure
    pressure_since: datetime | None
    """When the level last changed."""


# The kinds of waiting work are found by stepping through the index, and what waits is counted up to a limit.
_TEAMS = text(
    f"""
    WITH RECURSIVE {kinds_of("CAST(:teams AS text[])")}
    SELECT t.id, t.title, t.estimated_wait_seconds, t.pressure, t.pressure_since,
           (SELECT count(*) FROM (SELECT 1 FROM work_item w WHERE w.team_id = t.id AND w.state = 'waiting'
                                  LIMIT :counted) counted) AS waiting,
           (SELECT min(ready_at) FROM kinds WHERE kinds.team_id = t.id) AS waiting_since,
           (SELECT count(*) FROM agent_team x JOIN agent a ON a.id = x.agent_id
             WHERE x.team_id = t.id AND a.presence = 'available' AND a.lease_until > clock_timestamp()) AS available
    FROM team t WHERE t.id = ANY(:teams) ORDER BY t.id
    """  # noqa: S608
)


async def teams_view(session: AsyncSession, team_ids: Sequence[str]) -> list[TeamView]:
    """These teams and how busy they are."""
    rows = await session.execute(_TEAMS, {"teams": list(team_ids), "counted": COUNTED})
    return [TeamView.model_validate(dict(row)) for row in rows.mappings()]


async def every_team(session: AsyncSession) -> list[str]:
    """The ids of all teams."""
    return list((await session.execute(text("SELECT id FROM team ORDER BY id"))).scalars())
