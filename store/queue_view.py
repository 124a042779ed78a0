"""The front of the queues as supervisors see it. Reading only, cheap however much waits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value
from store.queue_kinds import kinds_of


class Queued(Value):
    """A case that waits. `version` is what a change of its priority names."""

    id: str
    version: int
    team_id: str
    customer_name: str
    tier: str
    issue: str
    channel: str
    ready_at: datetime
    rank: datetime
    """Its place: earlier comes first."""


# The kinds of waiting work are found by stepping through the index, and of each the first in line are read.
_FRONT = text(
    f"""
    WITH RECURSIVE {kinds_of("CAST(:teams AS text[])")}
    SELECT front.id, front.version, front.team_id, front.channel, front.ready_at, front.rank, i.issue,
           c.display_name AS customer_name, c.tier
    FROM kinds, LATERAL (
        SELECT w.* FROM work_item w
        WHERE w.team_id = kinds.team_id AND w.state = 'waiting' AND w.requirement_key = kinds.requirement_key
          AND w.cost = kinds.cost
        ORDER BY w.rank, w.id LIMIT :limit) front
    JOIN interaction i ON i.id = front.interaction_id JOIN customer c ON c.id = i.customer_id
    ORDER BY front.rank, front.id LIMIT :limit
    """  # noqa: S608
)


async def front_of_queues(session: AsyncSession, team_ids: Sequence[str], limit: int) -> list[Queued]:
    """What waits for these teams, first in line first."""
    rows = await session.execute(_FRONT, {"teams": list(team_ids), "limit": limit})
    return [Queued.model_validate(dict(row)) for row in rows.mappings()]
