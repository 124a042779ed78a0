"""An assistant for tests and rehearsals: it says what it is told, and can be told to fail or to hang."""

import asyncio
from collections import deque
from typing import TypeVar

from domain.case import Brief, Case
from domain.proposal import Handoff, HandoffReason, Proposal
from domain.triage import IssueType, Triage

_Answer = TypeVar("_Answer")


class ScriptedFailure(Exception):
    """The failure that a scripted assistant was told to have."""


class ScriptedAssistant:
    """Implements `Assistant`. Queued answers are used up in order; then the last one repeats."""

    def __init__(self) -> None:
        self.triages: deque[Triage] = deque([Triage(issue=IssueType.OTHER, confidence=0.0)])
        self.proposals: deque[Proposal] = deque([Handoff(reason=HandoffReason.UNSUPPORTED_REQUEST)])
        self.briefs: deque[Brief] = deque([Brief(summary="Scripted brief.", statements=())])
        self.seen: list[Case] = []
        """Every case that was shown, oldest first."""
        self.failing = False
        """While true, every call raises `ScriptedFailure`."""
        self.released = asyncio.Event()
        """Cleared by `hang`: calls wait until it is set again."""
        self.released.set()

    def say(self, *proposals: Proposal) -> None:
        """Propose these, one after the other."""
        self.proposals = deque(proposals)

    def understand(self, *triages: Triage) -> None:
        """Give these verdicts, one after the other."""
        self.triages = deque(triages)

    def hang(self) -> None:
        """Let every call wait until `released` is set."""
        self.released.clear()

    async def triage(self, case: Case) -> Triage:
        """The next scripted verdict."""
        await self._attend(case)
        return _next(self.triages)

    async def compose(self, case: Case) -> Proposal:
        """The next scripted proposal."""
        await self._attend(case)
        return _next(self.proposals)

    async def brief(self, case: Case) -> Brief:
        """The next scripted brief."""
        await self._attend(case)
        return _next(self.briefs)

    async def _attend(self, case: Case) -> None:
        self.seen.append(case)
        await self.released.wait()
        if self.failing:
            raise ScriptedFailure("told to fail")


def _next(answers: deque[_Answer]) -> _Answer:
    return answers.popleft() if len(answers) > 1 else answers[0]
