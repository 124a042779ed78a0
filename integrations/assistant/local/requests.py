"""What kind of request a message makes: a general question, the customer's own trouble, or an action to carry out."""

import re
from enum import StrEnum

from domain.case import Case
from domain.parties import AuthorKind
from domain.proposal import Citation, CitationKind
from domain.triage import IssueType
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.wording import sentences, without_greeting

_FILES = {"en": "requests", "de": "requests_de", "es": "requests_es", "fr": "requests_fr"}
_SHORT = 5
"""Words below which a follow-up such as `and in red?` says too little alone."""
_FOLLOW_UP = 12
"""Words below which `it` or `them` most likely stands for something said before."""
_NUMBER = re.compile(r"\d{4,}")
_GIVEN = re.compile(r"\S+@\S+\.\w+|\b(?:[A-Z]{2,3}-?)?\d{4,}\b")
_IDENTIFYING = 5
_CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|\n+|,?\s+(?:and also|and|also|und außerdem|und|außerdem|y además|y|además|et aussi|et|aussi)\s+",
    re.IGNORECASE,
)

_JOINING = re.compile(r"^(?:and|also|und|außerdem|y|además|et|aussi)\s+", re.IGNORECASE)


class Ask(StrEnum):
    """How a message asks."""

    GENERAL = "general"
    """How something works, for anybody."""
    OWN_CASE = "own_case"
    """About the customer's own order, parcel or trouble."""
    ACTION = "action"
    """Something is to be done."""


def words_for(language: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a language; English ones for languages that have none."""
    return read_patterns(_FILES.get(language, "requests"))


def kind_of_ask(text: str, issue: IssueType, language: str = "en") -> Ask:
    """How the text asks. A how-to question stays general even if it says `my`, unless it names an order."""
    words, text = words_for(language), without_greeting(text)
    if _closes_generally(text, words):
        return Ask.GENERAL
    own = bool(words["own_case"].search(words["compared_with"].sub(" ", text)))
    if issue is IssueType.DELIVERY:
        return Ask.OWN_CASE if own else Ask.GENERAL
    if _asks_how(text, words) and (not own or words["surely_how_to"].search(text)):
        return Ask.GENERAL
    if words["action"].search(text):
        return Ask.ACTION
    asks = "?" in text or bool(words["question"].search(text))
    return Ask.GENERAL if asks and not own else Ask.OWN_CASE


def _closes_generally(text: str, words: dict[str, re.Pattern[str]]) -> bool:
    """Whether a story ends in a question about how things work for anybody: the story is only its occasion."""
    parts = sentences(text)
    asked = [part for part in parts if part.endswith("?") and not words["only_courtesy"].match(part)]
    if not asked or len(asked) == len(parts) or _NUMBER.search(text):
        return False
    personal = ("own_case", "refers_back", "action", "status", "where_is")
    return not any(words[sign].search(part) for part in asked for sign in personal)


def _asks_how(text: str, words: dict[str, re.Pattern[str]]) -> bool:
    return bool(words["how_to"].search(text) and words["question"].search(text) and not _NUMBER.search(text))


def says(sign: str, text: str, language: str) -> bool:
    """Whether the text says what the patterns of that name stand for, e.g. `not_received`, `status`, `paid_twice`."""
    return bool(words_for(language)[sign].search(text))


def questions_in(case: Case, text: str, language: str) -> list[str]:
    """The questions of the text, each to be answered; the whole text where there is one or none.

    A follow-up (`can I iron it?`) is one question with what the customer wrote before, or it would be answered for
    something else.
    """
    words = words_for(language)
    asked = [part for part in sentences(text) if part.endswith("?") and not words["only_courtesy"].match(part)]
    if len(asked) > 1:
        return asked
    count = len(text.split())
    follows = count < _SHORT or (count < _FOLLOW_UP and bool(words["refers_back"].search(text)))
    before = re.sub(r"[.!?\n]+", " ", said_before(case)) if follows and text in case.unanswered else ""
    return [f"{before} {text}".strip()]


def with_occasion(text: str, language: str) -> str:
    """The text as one question if its last sentence is one that speaks of `it` and another stands before it.

    `I forgot my code. Can you add it?` is not about adding things. Empty where the question says all by itself.
    """
    parts = sentences(text)
    if len(parts) < 2 or not parts[-1].endswith("?") or "?" in "".join(parts[:-1]):
        return ""
    points = any(says(sign, parts[-1], language) for sign in ("refers_back", "leans_back"))
    return " ".join([part.rstrip(".!;:, ") + "," for part in parts[:-1]] + parts[-1:]) if points else ""


def clauses(text: str) -> list[str]:
    """The parts of a message that can ask for one thing each."""
    parts = (_JOINING.sub("", part.strip()) for part in _CLAUSE.split(text))
    return [part for part in parts if part]


def only_identifies(clause: str) -> bool:
    """Whether a clause only says who writes or which order it is: `my email is ...`."""
    given = _GIVEN.search(clause)
    return given is not None and "?" not in clause and len(_GIVEN.sub(" ", clause).split()) <= _IDENTIFYING


def said_before(case: Case) -> str:
    """The customer's last turn before the unanswered ones; empty in a first turn."""
    mine = [turn.text for turn in case.turns if turn.author is AuthorKind.CUSTOMER]
    return mine[-case.new_turns - 1] if len(mine) > case.new_turns else ""


def newest_messages(case: Case) -> tuple[Citation, ...]:
    """The unanswered turns as sources."""
    mine = [turn for turn in case.turns if turn.author is AuthorKind.CUSTOMER][-max(case.new_turns, 1) :]
    return tuple(Citation(kind=CitationKind.MESSAGE, ref=turn.message_id) for turn in mine)
