"""The figures of resolution for the metrics page: of the last day, so that a scrape reads as much as a day holds."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from store.plain import run
from store.resolved_by import OUTCOME

DAY = "clock_timestamp() - interval '24 hours'"


@dataclass(frozen=True)
class Ratings:
    """How many there were, and their sum."""

    count: int
    total: int


@dataclass(frozen=True)
class OutcomeFigures:
    """What the last 24 hours brought, and what is stopped or missing now."""

    resolutions: dict[str, int]
    """Cases that ended by `store.resolved_by.Outcome`, and those that were taken back."""
    handoffs: dict[str, int]
    """By reason."""
    ratings: dict[str, Ratings]
    """By who resolved: `ai`, `flow` or `people`."""
    drafts: dict[str, int]
    """In modes shadow and draft, by what people made of them, else by their state; `waiting` is before people."""
    gaps: dict[str, int]
    """Questions still without an article, by issue."""
    stopped: tuple[str, ...]
    """Cells in which the AI is stopped; `*` is the brand."""


# Each reads an index of its own: by closing, by taking back, by handing off, by rating, by drafting.
_FIGURES = f"""
    SELECT 'resolution', {OUTCOME}, count(*), 0::bigint FROM interaction i
     WHERE i.state = 'resolved' AND i.closed_at > {DAY} AND i.taken_back_at IS NULL GROUP BY 2
    UNION ALL SELECT 'resolution', 'taken_back', count(*), 0 FROM interaction
     WHERE taken_back_at IS NOT NULL AND taken_back_at > {DAY}
    UNION ALL SELECT 'handoff', COALESCE(facts->>'reason', ''), count(*), 0 FROM journal
     WHERE kind = 'handed_off' AND at > {DAY} GROUP BY 2
    UNION ALL SELECT 'rating', CASE WHEN resolved_by IN ('ai', 'flow') THEN resolved_by ELSE 'people' END,
     count(*), sum(score) FROM satisfaction WHERE score IS NOT NULL AND answered_at > {DAY} GROUP BY 2
    UNION ALL SELECT 'draft', COALESCE(NULLIF(verdict, ''), REPLACE(state, 'offered', 'waiting')), count(*), 0
     FROM draft
     WHERE mode <> 'auto' AND created_at > {DAY} GROUP BY 2
    UNION ALL SELECT 'gap', issue, count(*), 0 FROM knowledge_gap WHERE closed_at IS NULL GROUP BY 2
    UNION ALL SELECT 'stopped', cell, 1, 0 FROM ai_switch
"""  # noqa: S608  our own words


async def outcome_figures(session: AsyncSession) -> OutcomeFigures:
    """All of them, by one statement."""
    found: dict[str, dict[str, Ratings]] = {}
    for subject, word, count, total in await run(session, _FIGURES, {}):
        found.setdefault(subject, {})[word] = Ratings(count, total)
    counts = {subject: {word: one.count for word, one in words.items()} for subject, words in found.items()}
    return OutcomeFigures(
        resolutions=counts.get("resolution", {}),
        handoffs=counts.get("handoff", {}),
        ratings=found.get("rating", {}),
        drafts=counts.get("draft", {}),
        gaps=counts.get("gap", {}),
        stopped=tuple(counts.get("stopped", {})),
    )
