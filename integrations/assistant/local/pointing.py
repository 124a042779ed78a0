"""What short answers and follow-ups point at: the first one, the other one, both, rather that than this."""

from collections.abc import Sequence
from typing import TypeVar

from domain.case import Case
from domain.triage import IssueType
from domain.values import Value
from integrations.assistant.local.conversation import asked_which_of_two, last_said
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.requests import said_before, words_for
from integrations.assistant.local.texts import Texts

Thing = TypeVar("Thing")
_ORDINALS = ("first", "second", "third")
_ANSWER = 8
"""Words up to which an answer can be a mere place in a list."""
_CORRECTION = 14


class Correction(Value):
    """What is meant instead, and what was asked before with it put in."""

    issue: IssueType
    words: str


def by_place(text: str, things: Sequence[Thing], language: str) -> tuple[Thing, ...]:
    """Those of a list that a short answer picks by their place, or all of them; empty where it picks none clearly."""
    if len(text.split()) > _ANSWER:
        return ()
    words = words_for(language)
    places = [place for place, name in enumerate(_ORDINALS) if words[name].search(text)]
    if len(places) == 1 and places[0] < len(things):
        return (things[places[0]],)
    return tuple(things) if not places and words["all_of_them"].search(text) else ()


def chosen_issues(case: Case, texts: Texts, language: str) -> tuple[IssueType, ...] | None:
    """The customer's answer to `which of these two?`; None if that was not asked, empty if it is neither."""
    last = last_said(case)
    if last is None or not asked_which_of_two(last.text, texts):
        return None
    names = {issue: last.text.find(name) for issue, name in texts.issue.items() if name in last.text}
    offered = sorted(names, key=names.__getitem__)[:2]
    by_name = tuple(issue for issue in offered if issue.value in read_patterns("topics") and _names(issue, case))
    return by_place(case.unanswered, offered, language) or (by_name if len(by_name) == 1 else ())


def _names(issue: IssueType, case: Case) -> bool:
    return bool(read_patterns("topics")[issue.value].search(case.unanswered))


def asks_where(text: str, language: str) -> bool:
    """Whether the text plainly asks where an order of theirs is: `where is my jacket`, but not `where is my refund`."""
    others = ("return", "exchange", "refund", "billing", "account")
    another = any(read_patterns("topics")[other].search(text) for other in others)
    return bool(words_for(language)["where_is"].search(text)) and not another


def correction(case: Case, language: str) -> Correction | None:
    """What the customer means instead of what was answered: `not the return, the exchange`."""
    text, before = case.unanswered, said_before(case)
    if not before or len(text.split()) > _CORRECTION:
        return None
    for found in words_for(language)["correction"].finditer(text):
        denied, meant = _topic(found["no"]), _topic(found["yes"])
        if denied and meant and denied != meant:
            said = read_patterns("topics")[denied].sub(found["yes"], before)
            return Correction(issue=IssueType(meant), words=said if said != before else f"{before} {text}")
    return None


def _topic(word: str) -> str:
    return next((topic for topic, pattern in read_patterns("topics").items() if pattern.fullmatch(word)), "")
