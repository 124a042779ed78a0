"""Two requests in one message: its sentences and clauses, each classified, and what they ask for together."""

import re

import numpy as np

from domain.triage import IssueType
from integrations.assistant.local.classifier import IssueClassifier, Ranking
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.linear import Matrix
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.relation import akin
from integrations.assistant.local.wording import Wording, sentences, unaccented, worded

_WORDS = read_patterns("parts")
_MAX_PARTS = 12
_CLEAR = 0.6
"""How clear a part that asks for something must be to count as a request of its own."""
_VERY_CLEAR = 0.8
"""The same for one that only tells of trouble, and for another side of a problem that was named before it."""
_FEWEST_WORDS = 3
"""Of a clause that can stand alone."""
_FEW_WORDS = 5
_NEVER = frozenset({IssueType.OTHER, IssueType.HUMAN, IssueType.COMPLAINT, IssueType.SPAM})


class Parts:
    """Reads a message as a whole and in parts."""

    def __init__(self, issues: IssueClassifier, embedder: Embedder) -> None:
        self._issues = issues
        self._embedder = embedder

    def read(
        self, text: str, wording: Wording, meaning: Matrix, language: str
    ) -> tuple[Ranking, tuple[IssueType, ...]]:
        """The ranking of the message, and what else it asks for. With two clear requests the first one leads."""
        parts = _parts(text)
        rows = [worded(part, language) for part in parts]
        meanings = np.vstack([meaning, self._embedder.embed([row.meaning for row in rows])]) if rows else meaning[None]
        whole, *rankings = self._issues.rank_worded([wording, *rows], meanings)
        requests = _requests(parts, rankings)
        if len(requests) < 2:
            return whole, _beside(whole, requests)
        lead = whole if whole[0][0] in dict(requests) else requests[0][1]
        others = [issue for issue, _ in requests if issue is not lead[0][0]]
        return lead, tuple(others[:2])


def _beside(whole: Ranking, requests: list[tuple[IssueType, Ranking]]) -> tuple[IssueType, ...]:
    """A clear part that is about something else than a clear message as a whole."""
    issue, confidence = whole[0]
    if issue in _NEVER or confidence < _CLEAR:
        return ()
    return tuple(further for further, _ in requests if not akin(further, issue))


def _parts(text: str) -> list[str]:
    """Sentences, and the clauses of those that a joint splits into two that can stand alone."""
    found: list[str] = []
    for sentence in sentences(text):
        clauses = _clauses(sentence)
        found += clauses if len(clauses) > 1 else [sentence]
    return found[:_MAX_PARTS] if len(found) > 1 else []


def _clauses(sentence: str) -> list[str]:
    plain = unaccented(sentence)
    if len(plain) != len(sentence):  # letters that fall into two would shift the places
        plain = sentence
    starts = [match.start() for match in re.finditer(_WORDS["joint"], plain)]
    clauses: list[str] = []
    begin = 0
    for start in [*starts, len(sentence)]:
        if len(sentence[begin:start].split()) >= _FEWEST_WORDS and len(sentence[start:].split()) != 1:
            clauses.append(sentence[begin:start].strip(" ,;"))
            begin = start
    return clauses if begin == len(sentence) else [*clauses, sentence[begin:].strip(" ,;")]


def _requests(parts: list[str], rankings: list[Ranking]) -> list[tuple[IssueType, Ranking]]:
    """The parts that ask for something of their own, each issue once, another side of an earlier one left out."""
    found: dict[IssueType, Ranking] = {}
    for index, (part, ranking) in enumerate(zip(parts, rankings, strict=True)):
        issue, confidence = ranking[0]
        if issue in _NEVER or issue in found or not _stands_alone(part, confidence, first=index == 0):
            continue
        same_problem = any(akin(issue, earlier) for earlier in found)
        if not same_problem or (confidence >= _VERY_CLEAR and _WORDS["second_request"].search(unaccented(part))):
            found[issue] = ranking
    return list(found.items())


def _stands_alone(part: str, confidence: float, *, first: bool) -> bool:
    """Whether a part asks for something by itself. One that only tells of trouble does so if it opens the message or is
    marked as another matter; an order's number or a short word on what was just said never does."""
    plain = unaccented(part)
    if _WORDS["number_given"].search(plain) and "?" not in plain:
        return False
    if len(part.split()) <= _FEW_WORDS and _WORDS["refers_back"].search(plain):
        return False
    if _WORDS["asking"].search(plain):
        return confidence >= _CLEAR
    return confidence >= _VERY_CLEAR and (first or bool(_WORDS["second_request"].search(plain)))
