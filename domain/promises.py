"""Promises in a text that goes out to a customer: "I will get back to you by Friday", with the instant it is due.

Spotting proposes, a person disposes: it would rather miss a promise than see one in a policy or in the past.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from domain.commitment import FulfilledBy
from domain.hours import Hours
from domain.spoken_deadlines import deadlines_in
from domain.tongues import TONGUES, Tongue
from domain.values import Value

LONGEST_TEXT = 20_000
"""Characters of a text that are read."""
_LONGEST_SENTENCE = 600


class Promise(Value):
    """A promise found in a text: the sentence that makes it, when it is due (UTC), and what would fulfil it."""

    phrase: str
    due_at: datetime
    fulfilled_by: FulfilledBy


_QUOTED = (
    re.compile(r"^[ \t]*>.*$", re.MULTILINE),
    re.compile(
        r"^(?:on\b.{5,200}\bwrote|am\b.{5,200}\bschrieb\b.{0,100}|el\b.{5,200}\bescribió|le\b.{5,200}\ba écrit)"
        r"\s?:\s*$(?s:.*)",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(r'"[^"\n]{1,400}"|“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»'),
)
_MONTHS = "|".join(month for tongue in TONGUES for month in tongue.months)
_SENTENCE_ENDS = re.compile(
    rf"(?<=[.!?…])[)\]]*\s+(?=[A-ZÀ-ÖØ-Þ¿¡(])(?!(?<=\d\.\s)(?i:{_MONTHS})\b)|\n\s*\n|\n\s*(?=[-*•])|;\s"
)
"""An abbreviation goes on in lower case, and a day with its month."""


def spot(text: str, now: datetime, hours: Hours) -> tuple[Promise, ...]:
    """The promises in a text, one for each sentence at most, in the order in which they stand in it.

    `hours` give the time zone, and the end of the working day where a day is named without a time.
    """
    found = (_in_sentence(sentence, now, hours) for sentence in _sentences(text[:LONGEST_TEXT]))
    return tuple(promise for promise in found if promise is not None)


def _sentences(text: str) -> Iterator[str]:
    """Sentences of the writer's own that state something."""
    text = text.replace("’", "'").replace("\r\n", "\n")
    for quoted in _QUOTED:
        text = quoted.sub(" ", text)
    begin = 0
    for end in [*_SENTENCE_ENDS.finditer(text), None]:
        sentence = " ".join(text[begin : end.start() if end else len(text)].split())
        if sentence and not sentence.rstrip(" )\"'").endswith("?") and len(sentence) <= _LONGEST_SENTENCE:
            yield sentence
        begin = end.end() if end else len(text)


def _first_word(clause: re.Match[str]) -> str:
    """What a clause is about stays unread, and that there is one is still seen: "within 14 days after ..."."""
    return f"{clause.group().split()[0]} "


def _in_sentence(sentence: str, now: datetime, hours: Hours) -> Promise | None:
    for tongue in TONGUES:
        words = _Words.of(tongue)
        stated = words.conditions.sub(_first_word, sentence)
        if words.promise.search(stated) and not words.disclaims(stated):
            plain = words.asides.sub(_first_word, stated)
            limits = [spoken.due for spoken in deadlines_in(stated, tongue, now, hours) if spoken.strong]
            days = [spoken.due for spoken in deadlines_in(plain, tongue, now, hours)]
            if limits or days:
                return Promise(phrase=sentence, due_at=max(limits + days), fulfilled_by=words.fulfilled_by(stated))
    return None


class _Words:
    """The patterns of a language, compiled once."""

    def __init__(self, tongue: Tongue) -> None:
        self.promise, self.conditions, self.asides, self.habit, self.negation = (
            re.compile(pattern, re.IGNORECASE)
            for pattern in (tongue.promise, tongue.conditions, tongue.asides, tongue.habit, tongue.negation)
        )
        self._fulfilled = tuple((re.compile(words, re.IGNORECASE), fact) for words, fact in tongue.fulfilled)

    @staticmethod
    @cache
    def of(tongue: Tongue) -> "_Words":
        return _Words(tongue)

    def disclaims(self, sentence: str) -> bool:
        """Does it say what always holds, or what will not happen?"""
        return bool(self.habit.search(sentence) or self.negation.search(sentence))

    def fulfilled_by(self, sentence: str) -> FulfilledBy:
        return next((fact for words, fact in self._fulfilled if words.search(sentence)), FulfilledBy.BY_HAND)
