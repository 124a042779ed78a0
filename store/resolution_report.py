"""How cases were resolved over a period: by whom, what was taken back, why people got them, and how it was rated."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value
from store.plain import run
from store.resolved_by import OUTCOME, RESOLVED, Outcome


class ResolutionLine(Value):
    """The contacts of one issue on one channel, each counted once. An issue is empty until the case is understood."""

    issue: str
    channel: str
    contacts: int = 0
    ai: int = 0
    """Resolved by the AI alone."""
    flow: int = 0
    """Resolved by a flow or on the self-service pages, without a person."""
    people: int = 0
    taken_back: int = 0
    """Counted as resolved, until the same problem came back."""
    unanswered: int = 0
    """The customer never answered a question back."""
    left_queue: int = 0
    by_operator: int = 0
    set_aside: int = 0
    """Spam and machines; no part of the rate."""
    open: int = 0
    """Not ended yet; no part of the rate."""
    rate: float | None = None
    """Resolved, of those that ended, between 0 and 1."""
    automated: float | None = None
    """Resolved without a person, of those that ended, between 0 and 1."""


class HandoffCount(Value):
    """How often people got a case for one reason."""

    reason: str
    count: int


class SatisfactionLine(Value):
    """Ratings of what the AI, a flow or people resolved."""

    by: str
    """`ai`, `flow` or `people`."""
    asked: int
    rated: int
    mean: float | None
    """1 (bad) to 5 (good)."""


class GapCount(Value):
    """Questions about one issue that no article answered."""

    issue: str
    count: int
    open: int
    """Of these, those that still have no article."""


class ResolutionReport(Value):
    """The whole report, of contacts that began in the period and of what happened in it."""

    since: datetime
    until: datetime
    total: ResolutionLine
    lines: tuple[ResolutionLine, ...]
    handoffs: tuple[HandoffCount, ...]
    satisfaction: tuple[SatisfactionLine, ...]
    gaps: tuple[GapCount, ...]


_LINES = f"""
    SELECT i.issue, i.channel, {OUTCOME}, count(*) FROM interaction i
    WHERE i.opened_at >= %(since)s AND i.opened_at < %(until)s GROUP BY 1, 2, 3
"""  # noqa: S608  our own words
_HANDOFFS = """
    SELECT COALESCE(facts->>'reason', ''), count(*) FROM journal
    WHERE kind = 'handed_off' AND at >= %(since)s AND at < %(until)s GROUP BY 1 ORDER BY 2 DESC, 1
"""
_SATISFACTION = """
    SELECT CASE WHEN resolved_by IN ('ai', 'flow') THEN resolved_by ELSE 'people' END, count(*), count(score),
        avg(score)::float FROM satisfaction
    WHERE asked_at >= %(since)s AND asked_at < %(until)s GROUP BY 1 ORDER BY 1
"""
_GAPS = """
    SELECT issue, count(*), count(*) FILTER (WHERE closed_at IS NULL) FROM knowledge_gap
    WHERE at >= %(since)s AND at < %(until)s GROUP BY 1 ORDER BY 3 DESC, 1
"""


async def resolution_report(session: AsyncSession, since: datetime, until: datetime) -> ResolutionReport:
    """The report from `since` until before `until`; the busiest issues first."""
    period = {"since": since, "until": until}
    counts: dict[tuple[str, str], dict[str, int]] = {}
    total: dict[str, int] = {}
    for issue, channel, outcome, number in await run(session, _LINES, period):
        counts.setdefault((issue, channel), {})[outcome] = number
        total[outcome] = total.get(outcome, 0) + number
    lines = [_line(issue, channel, found) for (issue, channel), found in counts.items()]
    return ResolutionReport(
        since=since,
        until=until,
        total=_line("", "", total),
        lines=tuple(sorted(lines, key=lambda line: (-line.contacts, line.issue, line.channel))),
        handoffs=tuple(HandoffCount(reason=row[0], count=row[1]) for row in await run(session, _HANDOFFS, period)),
        satisfaction=tuple(
            SatisfactionLine(by=row[0], asked=row[1], rated=row[2], mean=row[3])
            for row in await run(session, _SATISFACTION, period)
        ),
        gaps=tuple(GapCount(issue=row[0], count=row[1], open=row[2]) for row in await run(session, _GAPS, period)),
    )


def _line(issue: str, channel: str, found: dict[str, int]) -> ResolutionLine:
    contacts = sum(found.values())
    ended = contacts - found.get(Outcome.SET_ASIDE, 0) - found.get(Outcome.OPEN, 0)
    resolved = sum(found.get(outcome, 0) for outcome in RESOLVED)
    automated = resolved - found.get(Outcome.PEOPLE, 0)
    return ResolutionLine(
        issue=issue,
        channel=channel,
        contacts=contacts,
        **found,
        rate=resolved / ended if ended else None,
        automated=automated / ended if ended else None,
    )
