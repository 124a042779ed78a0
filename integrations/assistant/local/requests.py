"""What kind of request a message makes: a general question, the customer's own trouble, or an action to carry out."""

import re
from enum import StrEnum

from domain.case import Case
from domain.parties import AuthorKind
from domain.proposal import Citation, CitationKind
from domain.triage import IssueType
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.wording import sentences, without_greeting

_WORDS = read_patterns("requests")
_SHORT = 5
"""Words below which a follow-up such as `and in red?` says too little alone."""
_FOLLOW_UP = 12
"""Words below which `it` or `them` most likely stands for something said before."""


class Ask(StrEnum):
    """How a message asks."""

    GENERAL = "general"
    """How something works, for anybody."""
    OWN_CASE = "own_case"
    """About the customer's own order, parcel or trouble."""
    ACTION = "action"
    """Something is to be done."""


def kind_of_ask(text: str, issue: IssueType) -> Ask:
    """How the text asks. A how-to question stays general even if it says `my`, unless it names an order."""
    text = without_greeting(text)
    own = bool(_WORDS["own_case"].search(text))
    if issue is IssueType.DELIVERY:
        return Ask.OWN_CASE if own else Ask.GENERAL
    if _asks_how(text) and (not own or _WORDS["surely_how_to"].search(text)):
        return Ask.GENERAL
    if _WORDS["action"].search(text):
        return Ask.ACTION
    asks = "?" in text or bool(_WORDS["question"].search(text))
    return Ask.GENERAL if asks and not own else Ask.OWN_CASE


def _asks_how(text: str) -> bool:
    return bool(_WORDS["how_to"].search(text) and _WORDS["question"].search(text) and not re.search(r"\d{4,}", text))


def says_not_received(text: str) -> bool:
    """Whether the customer says that something did not reach them."""
    return bool(_WORDS["not_received"].search(text))


def questions_in(case: Case) -> list[str]:
    """The questions of the unanswered turns, each to be answered; the whole text where there is one or none.

    A follow-up (`can I iron it?`) is one question with what the customer wrote before, or it would be answered for
    something else.
    """
    text = case.unanswered
    asked = [part for part in sentences(text) if part.endswith("?") and not _WORDS["only_courtesy"].match(part)]
    if len(asked) > 1:
        return asked
    words = len(text.split())
    follows = words < _SHORT or (words < _FOLLOW_UP and bool(_WORDS["refers_back"].search(text)))
    before = re.sub(r"[.!?\n]+", " ", said_before(case)) if follows else ""
    return [f"{before} {text}".strip()]


def said_before(case: Case) -> str:
    """The customer's last turn before the unanswered ones; empty in a first turn."""
    mine = [turn.text for turn in case.turns if turn.author is AuthorKind.CUSTOMER]
    return mine[-case.new_turns - 1] if len(mine) > case.new_turns else ""


def newest_messages(case: Case) -> tuple[Citation, ...]:
    """The unanswered turns as sources."""
    mine = [turn for turn in case.turns if turn.author is AuthorKind.CUSTOMER][-max(case.new_turns, 1) :]
    return tuple(Citation(kind=CitationKind.MESSAGE, ref=turn.message_id) for turn in mine)
