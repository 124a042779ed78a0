"""How cases fared that pressure gave to the AI, beside those that could have been given and were not."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value
from store.plain import run


class ShiftLine(Value):
    """One group of cases of one team. Shares are between 0 and 1, or None where no case has got so far."""

    team: str
    shifted: bool
    cases: int
    closed: int
    resolved: float | None
    """Of those closed: by an answer, whoever gave it."""
    confirmed: float | None
    """Of those closed: the customer said that it helped."""
    reopened: float | None
    by_people: float | None
    """Of all: a person has, or had, the case."""
    last_csat: float | None
    """Mean of the customers' newest satisfaction, 1 to 5."""
    minutes_p50: float | None
    """From the customer's first word to the end."""


_REPORT = """
    WITH shiftable AS (
        SELECT i.id, i.customer_id, i.state, i.resolution, i.runs, i.agent_id, i.opened_at, i.closed_at,
               i.shifted_to_ai_at IS NOT NULL AS shifted,
               COALESCE(NULLIF(i.shifted_from, ''), (
                   SELECT part.value->>'team' FROM jsonb_array_elements(i.plan->'stages') part
                   WHERE part.value->>'team' <> '' LIMIT 1), '') AS team
        FROM interaction i
        WHERE i.opened_at >= %(since)s AND (i.shifted_to_ai_at IS NOT NULL OR i.plan->>'shifts_at' IS NOT NULL)
    )
    SELECT s.team, s.shifted, count(*), count(*) FILTER (WHERE s.state = 'resolved'),
        avg((s.resolution IN ('confirmed', 'assumed', 'by_agent'))::int) FILTER (WHERE s.state = 'resolved'),
        avg((s.resolution = 'confirmed')::int) FILTER (WHERE s.state = 'resolved'),
        avg((s.runs > 1)::int) FILTER (WHERE s.state = 'resolved' OR s.runs > 1),
        avg((s.agent_id <> '')::int), avg(c.last_csat),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(epoch FROM s.closed_at - s.opened_at) / 60)
            FILTER (WHERE s.state = 'resolved')
    FROM shiftable s JOIN customer c ON c.id = s.customer_id
    GROUP BY s.team, s.shifted ORDER BY s.team, s.shifted DESC
"""


async def pressure_report(session: AsyncSession, since: datetime) -> list[ShiftLine]:
    """The cases opened since, by team."""
    rows = await run(session, _REPORT, {"since": since})
    return [ShiftLine.model_validate(dict(zip(ShiftLine.model_fields, row, strict=True))) for row in rows]
