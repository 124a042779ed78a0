"""What people have made of the AI's drafts, counted by cell. Reading only; no text leaves the store."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from domain.cells import SpokenCandidate, spoken_candidates
from domain.modes import EVERY_CELL, Mode
from domain.policy import Policy
from domain.readiness import Judged, Proposed, RejectionReason, Verdict, likeness, proposed
from domain.values import Value
from store.plain import run
from store.speaking import DraftState
from store.switches import stopped_cells

_NEWEST = 5000
"""Drafts that a report reads at most; the older ones of a busier brand say nothing new."""


class Readiness(Value):
    """One candidate of the active policy in which the AI speaks, with what its cell's drafts have come to."""

    cell: str
    mode: Mode
    path: str
    """Where the policy's file says the mode."""
    stopped: bool
    found: Judged
    proposal: Proposed
    change: str
    """The line to write into the policy, e.g. `matrix.return.any[0].mode: auto`; empty to leave it as it is."""


class _Seen(NamedTuple):
    """A draft, with what a person said instead of it, if anything."""

    cell: str
    mode: str
    state: str
    verdict: str
    why: str
    body: str
    said: str | None


# What a person said: the message that a draft became, else the first of their own after it.
_DRAFTS = """
    SELECT d.cell, d.mode, d.state, d.verdict, d.why, d.body, COALESCE(m.body, (
        SELECT a.body FROM message a
        WHERE a.interaction_id = d.interaction_id AND a.author = 'agent' AND a.created_at > d.created_at
        ORDER BY a.created_at LIMIT 1))
    FROM draft d LEFT JOIN message m ON m.id = d.message_id
    WHERE d.mode <> 'auto' AND d.created_at >= %(since)s
    ORDER BY d.created_at DESC LIMIT %(limit)s
"""
_RATED = """
    SELECT i.plan->>'cell', avg(s.score)::float, count(*)
    FROM satisfaction s JOIN interaction i ON i.id = s.interaction_id
    WHERE s.score IS NOT NULL AND s.answered_at >= %(since)s AND s.resolved_by IN ('ai', 'flow') GROUP BY 1
"""


async def readiness(session: AsyncSession, policy: Policy, since: datetime) -> list[Readiness]:
    """Every candidate of the policy in which the AI speaks, in the order of the file."""
    rows = await run(session, _DRAFTS, {"since": since, "limit": _NEWEST})
    seen: dict[tuple[str, str], list[_Seen]] = defaultdict(list)
    for row in rows:
        draft = _Seen(*row)
        seen[draft.cell, draft.mode].append(draft)
    rated = {cell: (mean, number) for cell, mean, number in await run(session, _RATED, {"since": since})}
    stopped = {switch.cell for switch in await stopped_cells(session)}
    return [
        _line(candidate, _judged(seen[candidate.cell, candidate.mode.value], rated.get(candidate.cell)), stopped)
        for candidate in spoken_candidates(policy)
    ]


def _line(candidate: SpokenCandidate, found: Judged, stopped: set[str]) -> Readiness:
    proposal = proposed(candidate.mode, found)
    return Readiness(
        cell=candidate.cell,
        mode=candidate.mode,
        path=candidate.path,
        stopped=bool(stopped & {candidate.cell, EVERY_CELL}),
        found=found,
        proposal=proposal,
        change=f"{candidate.path}: {proposal.mode}" if proposal.mode else "",
    )


def _judged(drafts: Sequence[_Seen], rated: tuple[float, int] | None) -> Judged:
    verdicts = Counter(draft.verdict for draft in drafts)
    edits = [1 - likeness(draft.body, draft.said) for draft in drafts if draft.verdict == Verdict.EDITED and draft.said]
    shadows = [draft for draft in drafts if draft.mode == Mode.SHADOW.value]
    alike = [likeness(draft.body, draft.said) for draft in shadows if draft.said]
    offered = [draft for draft in drafts if draft.mode == Mode.DRAFT.value]
    return Judged(
        drafts=len(offered),
        sent=verdicts[Verdict.SENT],
        edited=verdicts[Verdict.EDITED],
        rejected=verdicts[Verdict.REJECTED],
        reasons=Counter(RejectionReason(draft.why) for draft in drafts if draft.verdict == Verdict.REJECTED),
        ignored=sum(draft.state == DraftState.OFFERED and not draft.verdict and bool(draft.said) for draft in offered),
        median_edit=round(median(edits), 3) if edits else None,
        shadowed=len(shadows),
        compared=len(alike),
        likeness=round(median(alike), 3) if alike else None,
        csat=round(rated[0], 2) if rated else None,
        rated=rated[1] if rated else 0,
    )
