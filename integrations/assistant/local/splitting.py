"""Several requests in one message: which words are about which issue, and what a question of ours left open."""

import re
from collections.abc import Callable, Sequence

from domain.case import Case
from domain.triage import IssueType, Triage
from integrations.assistant.local.conversation import matter
from integrations.assistant.local.relation import akin
from integrations.assistant.local.requests import clauses, only_identifies

Ranked = Callable[[str, str], Sequence[tuple[IssueType, float]]]
"""The issue types for a text in a language (ISO 639-1), best first."""

_SURE_OF_FURTHER = 0.7
"""How sure the issue of a clause must be to count as a request of its own."""
_NEVER_LEFT = frozenset({IssueType.OTHER, IssueType.HUMAN, IssueType.COMPLAINT, IssueType.SPAM})
_DIGITS = re.compile(r"\d{4,}")


class Splitter:
    """Tells the requests of a message apart. Without a ranking every request is about all of the words."""

    def __init__(self, ranked: Ranked | None) -> None:
        self._ranked = ranked

    def by_issue(self, case: Case, issues: tuple[IssueType, ...], language: str) -> dict[IssueType, str]:
        """The words of the new turns that are about each issue; all of them where they cannot be told apart."""
        text = case.unanswered
        if len(issues) == 1 or self._ranked is None:
            return dict.fromkeys(issues, text)
        found: dict[IssueType, list[str]] = {issue: [] for issue in issues}
        every = clauses(text)
        asking = [clause for clause in every if not only_identifies(clause)]
        for clause in asking:
            found[_best(self._ranked(clause, language), issues)].append(clause)
        if len(asking) < len(every):  # an issue that was only read out of a name or number is none
            found = {issue: words for issue, words in found.items() if words or issue is issues[0]}
        return {issue: " ".join(words) or text for issue, words in found.items()}

    def left_open(self, case: Case, triage: Triage) -> dict[IssueType, str]:
        """What else was asked before our own question came in between, by issue."""
        if self._ranked is None:
            return {}
        found: dict[IssueType, list[str]] = {}
        for clause in clauses(matter(case).removesuffix(case.unanswered)):
            issue, sure = next(iter(self._ranked(clause, triage.language)), (IssueType.OTHER, 0.0))
            if sure >= _SURE_OF_FURTHER and issue not in _NEVER_LEFT and not akin(issue, triage.issue):
                found.setdefault(issue, []).append(clause)
        return {issue: " ".join(words) for issue, words in found.items()}


def _best(ranking: Sequence[tuple[IssueType, float]], issues: tuple[IssueType, ...]) -> IssueType:
    ranks = dict(ranking)
    return max(issues, key=lambda issue: ranks.get(issue, 0.0))


def naming(triage: Triage, words: str) -> Triage:
    """The triage with the orders that these words name, if they name any."""
    digits = set(_DIGITS.findall(words))
    named = tuple(number for number in triage.entities.order_numbers if digits & set(_DIGITS.findall(number)))
    if not named:
        return triage
    return triage.model_copy(update={"entities": triage.entities.model_copy(update={"order_numbers": named})})
