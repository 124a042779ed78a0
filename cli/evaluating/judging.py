"""What is wrong with a conversation, against what its case asks for."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from enum import StrEnum

from cli.evaluating.cases import Expect, Outcome, ReadyCase
from cli.evaluating.heard import Heard, HeardTurn, Utterance
from cli.evaluating.languages import language_of
from cli.evaluating.sources import Sources
from cli.evaluating.tokens import Tokens, codes_in, days_written
from domain.commerce import ShopCustomer
from domain.values import Value

_COURTESY = 12
"""A statement of more words than this is no mere courtesy."""
_LINE = 80
_DAY = re.compile(r"\{day([+-]\d+)\}")


class Fault(StrEnum):
    """Headings under which a case fails."""

    WRONG = "wrong"
    """Something was said that must not be, of somebody else, of another order; or the wrong flow was begun."""
    UNSUPPORTED = "unsupported"
    """A statement without a source, or with a number or a day that no cited source holds."""
    NEEDLESS_HANDOFF = "needless_handoff"
    MISSED_HANDOFF = "missed_handoff"
    UNMET = "unmet"
    """Nothing false, but not what the case asks for."""


AsyncFaults = AsyncIterator[tuple[Fault, str]]


class Finding(Value):
    """One thing that is wrong. `turn` counts from 1; 0 is the conversation as a whole."""

    fault: Fault
    turn: int
    why: str

    def __str__(self) -> str:
        return f"{self.fault}{f' in turn {self.turn}' if self.turn else ''}: {self.why}"


class Judge:
    """Judges one case; `customer` is who writes in truth."""

    def __init__(self, case: ReadyCase, customer: ShopCustomer | None, sources: Sources) -> None:
        self._case, self._customer, self._sources = case, customer, sources

    async def findings(self, heard: Heard) -> list[Finding]:
        """Everything that is wrong, in the order in which it happened."""
        found: list[Finding] = []
        written: list[str] = []
        for number, (turn, asked) in enumerate(zip(heard.turns, self._case.turns, strict=True), 1):
            written.append(turn.said)
            wrongs = [fault async for fault in self._wrong(turn, asked.expect, "\n".join(written))]
            unmet = [(Fault.UNMET, why) for why in _unmet(turn, asked.expect)]
            found += [Finding(fault=fault, turn=number, why=why) for fault, why in (*wrongs, *unmet)]
        return [*found, *self._ending(heard)]

    def _ending(self, heard: Heard) -> Iterator[Finding]:
        handed, wanted = heard.outcome is Outcome.HANDOFF, self._case.outcome
        if handed and self._case.answerable and wanted is not Outcome.HANDOFF:
            reasons = [turn.handoff for turn in heard.turns if turn.handoff]
            failed = next((f", {turn.failed}" for turn in heard.turns if turn.failed), "")
            yield Finding(fault=Fault.NEEDLESS_HANDOFF, turn=0, why=f"{reasons[0] if reasons else 'held'}{failed}")
        elif not handed and self._case.answerable is False:
            yield Finding(fault=Fault.MISSED_HANDOFF, turn=0, why=f"ended as {heard.outcome}")
        elif heard.outcome is not wanted:
            yield Finding(fault=Fault.UNMET, turn=0, why=f"ended as {heard.outcome}, not {wanted}")

    # --- what is false --------------------------------------------------------------------------------------------

    async def _wrong(self, turn: HeardTurn, expect: Expect, written: str) -> AsyncFaults:
        for answer in turn.answers:
            for part in (self._forbidden(answer, expect, written), self._cited_wrong(answer)):
                async for why in part:
                    yield Fault.WRONG, why
            async for why in self._unsupported(answer, written):
                yield Fault.UNSUPPORTED, why
        expected = [one.expect.begins for one in self._case.turns]
        for flow in turn.begun:
            if flow not in expected:
                yield Fault.WRONG, f"begins {flow}"

    async def _forbidden(self, answer: Utterance, expect: Expect, written: str) -> AsyncIterator[str]:
        for forbidden in (*expect.says_not, *self._case.must_not):
            if holds(answer.text, forbidden):
                yield f"says {forbidden!r}"
        for named in await self._sources.foreign(answer.text, answer.may_hear_of, self._customer):
            if named.lower() not in written.lower():
                yield f"names {named}, which is not proven to be the writer's"
        if answer.reads_back and expect.reads_back not in {None, answer.reads_back}:
            yield f"reads back {answer.reads_back}"

    async def _cited_wrong(self, answer: Utterance) -> AsyncIterator[str]:
        for citation in answer.citations:
            order = await self._sources.owned(citation)
            if order and order not in answer.may_hear_of:
                yield f"tells of {order}, which is not proven to be the writer's"
            elif order and self._case.orders and order not in self._case.orders:
                yield f"tells of {order}, which was not asked about"

    async def _unsupported(self, answer: Utterance, written: str) -> AsyncIterator[str]:
        """The assistant's own words. What a flow says follows from policy's verdict, and is not judged here."""
        if answer.question and answer.by_ai and answer.reads_back is None:
            held = Tokens.of(written).joined(await self._sources.of_orders(answer.may_hear_of))
            for extra in Tokens.of(answer.text).beyond(held):
                yield f"a question names {extra}, which no order of the writer holds"
        for statement in answer.statements or ():
            if not statement.citations and not _is_courtesy(statement.text):
                yield f"no source for {_short(statement.text)}"
                continue
            held = codes_in(written).joined(await self._sources.held_by(statement.citations))
            for extra in Tokens.of(statement.text).beyond(held):
                yield f"{extra} is in no cited source: {_short(statement.text)}"


# --- what is missing ----------------------------------------------------------------------------------------------


def _unmet(turn: HeardTurn, expect: Expect) -> Iterator[str]:
    """What a turn lacks; a case that has gone to people says why all of it is missing."""
    words = [answer for answer in turn.answers if answer.by_ai]
    text = "\n".join(answer.text for answer in words)
    yield from (f"does not say {wanted!r}" for wanted in expect.says if not holds(text, wanted))
    cited = {citation.ref for answer in words for citation in answer.citations}
    yield from (f"does not cite {wanted}" for wanted in expect.cites if wanted not in cited)
    if expect.asks is not None and expect.asks is not any(answer.question for answer in words):
        yield "asks back" if not expect.asks else "does not ask back"
    if expect.reads_back and expect.reads_back not in {answer.reads_back for answer in words}:
        yield f"does not read back {expect.reads_back}"
    if expect.begins and expect.begins not in turn.begun:
        yield f"does not begin {expect.begins}"
    if expect.language and words and (spoken := language_of(text)) != expect.language:
        yield f"answers in {spoken}, not {expect.language}"
    yield from _people(turn, expect)


def _people(turn: HeardTurn, expect: Expect) -> Iterator[str]:
    if expect.handoff is None:
        return
    if expect.handoff is False:
        if turn.with_people:
            yield f"is with people ({turn.handoff or 'since before'})"
    elif not turn.with_people:
        yield "is not handed to people"
    elif expect.handoff is not True and turn.handoff is not expect.handoff:
        yield f"is handed to people as {turn.handoff or 'before'}, not {expect.handoff}"


def holds(text: str, wanted: str) -> bool:
    """Whether a text holds what a case names: words in any case and spacing, a day `{day+1}`, or `/an expression/`."""
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        return bool(re.search(wanted[1:-1], text, re.IGNORECASE | re.DOTALL))
    today = datetime.now(UTC).date()
    named = _DAY.search(wanted)
    spellings = (
        [wanted.replace(named.group(), day) for day in days_written(today, int(named[1]))] if named else [wanted]
    )
    plain = _even(text)
    return any(_even(spelling) in plain for spelling in spellings)


def _even(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").replace("\u00a0", " ").split())


def _is_courtesy(text: str) -> bool:
    """A greeting, thanks, a question at the end: nothing that could be false."""
    return text.rstrip().endswith("?") or (len(text.split()) <= _COURTESY and not re.search(r"\d", text))


def _short(text: str) -> str:
    return repr(text if len(text) <= _LINE else f"{text[:_LINE]}…")
