"""An assistant that says what it is told, and can be told to fail or to take its time."""

import asyncio
import re
from collections.abc import Callable

from domain.case import Brief, Case
from domain.proposal import Citation, CitationKind, Proposal, Reply, Statement
from domain.triage import Entities, IssueType, Relation, Triage

_ORDER = re.compile(r"BT-\d{5}")


def cited(text: str) -> Reply:
    """A reply with a source, which holds for words and for no fact."""
    source = Citation(kind=CitationKind.MESSAGE, ref="test")
    return Reply(statements=(Statement(text=text, citations=(source,)),))


class ScriptedAssistant:
    """Triages by keyword and answers with an echo of the unanswered words, unless it is told otherwise."""

    def __init__(self) -> None:
        self.answer: Callable[[Case], Proposal] = lambda case: cited(f"re: {case.unanswered}")
        self.failure: Exception | None = None
        self.may_compose = asyncio.Event()
        self.may_compose.set()
        self.composing = asyncio.Event()
        self.composed: list[str] = []
        self.summary = "a customer waits"

    async def triage(self, case: Case) -> Triage:
        """The issue is the first issue type named in the text."""
        if self.failure:
            raise self.failure
        text = case.unanswered.lower()
        issue = next((issue for issue in IssueType if issue.value in text), IssueType.ORDER_STATUS)
        relation = Relation.SAME
        newest = case.unanswered_turns[-1].text.lower()
        if case.previous and "thanks" in newest:
            relation = Relation.THANKS
        if case.previous and "another" in newest:
            relation = Relation.ANOTHER
        return Triage(
            issue=issue,
            confidence=0.95,
            relation=relation,
            entities=Entities(order_numbers=tuple(_ORDER.findall(case.unanswered))),
            wants_person="person" in text,
        )

    async def compose(self, case: Case) -> Proposal:
        """What `answer` makes of the case."""
        self.composing.set()
        await self.may_compose.wait()
        if self.failure:
            raise self.failure
        self.composed.append(case.unanswered)
        return self.answer(case)

    async def brief(self, case: Case) -> Brief:
        """One line."""
        if self.failure:
            raise self.failure
        return Brief(summary=self.summary, statements=(Statement(text=f"{len(case.turns)} turns"),))
