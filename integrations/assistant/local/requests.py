"""What kind of request a message makes: a general question, trouble of the customer's own, or an action to carry out."""

import re
from enum import StrEnum

from domain.case import Case
from domain.parties import AuthorKind
from domain.triage import IssueType
from integrations.assistant.local.wording import sentences, without_greeting


class Ask(StrEnum):
    """How a message asks."""

    GENERAL = "general"
    """How something works, for anybody."""
    OWN_CASE = "own_case"
    """About the customer's own order, parcel or trouble."""
    ACTION = "action"
    """Something is to be done."""


_QUESTION = re.compile(
    r"\b(?:how (?:do|does|can|could|should|would|long|much|many|often|fast|soon|quickly|is|are|to)|what(?:'s| is| are| do| does| if| happens| kind| size)"
    r"|which|where (?:do|can|is|are|should)|when (?:do|does|is|are|will|can)|who (?:pays|covers)|do (?:you|u|i|members|customers|they)|does|is (?:it|there|this|that|the|a)"
    r"|are (?:there|the|your|you|these|those|they)|can (?:i|you|u|we|one|it|they|my|the|sale)|could (?:i|you)|may i|will|would|am i|policy|rules)\b",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"\b(?:(?:please|pls|plz|kindly|just|can (?:you|u)|could (?:you|u)|would you|i (?:want|need|wish|would like|wanna|have)(?: you)? to|i'd like(?: you)? to"
    r"|help me(?: to)?|must)\s+(?:\w+\s+){0,2}?)?"
    r"\b(?:cancel|delete|close|change|update|remove|merge|add|send (?:me|back)|refund|reactivate|deactivate|pause|stop|return|exchange|swap|switch|replace"
    r"|correct|fix|amend|modify|edit|apply|unblock|unlock|reset|erase|terminate|end|skip|upgrade|downgrade|redirect|give me)\b"
    r"(?:\s+\w+){0,3}?\s+(?:my|the|me|it|this|that|these|those|order|account|one|both|item|bt-?\d+)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:my (?:\w+ ){0,2}(?:order|parcel|package|packet|delivery|shipment|purchase|stuff|things|items?|box|courier|tracking|refund|card|payment|account|coat|boots|shoes)"
    r"|i (?:ordered|bought|purchased|received|got|paid|returned|sent|missed|placed)|i(?:'ve| have) (?:ordered|bought|received|not|never|been|paid|returned|sent)"
    r"|was (?:delivered|charged|supposed)|says (?:delivered|it)|marked as|never (?:arrived|came|showed)|has(?:n'?t| not) (?:arrived|come|moved)|did(?:n'?t| not) (?:arrive|come)"
    r"|bt-?\s?\d{4,}|order (?:number )?#?\d{4,}|the (?:courier|driver|postman|delivery man)|is late|lost)\b",
    re.IGNORECASE,
)
_ONLY_COURTESY = re.compile(
    r"^\W*(?:can|could|would|will) (?:you|someone|anybody|anyone) (?:please |pls |maybe )?(?:help|assist)\b(?: me)?(?: with (?:that|this|it))?(?: please| pls)?\W*$"
    r"|^\W*(?:i have|i've got|got|just)?\W*(?:a|one|another|quick|a quick) question\W*$",
    re.IGNORECASE,
)


def kind_of_ask(text: str, issue: IssueType) -> Ask:
    """How the text asks. A how-to question stays general even if it says `my`; an order number makes it the customer's."""
    rest = without_greeting(text)
    asks = "?" in rest or bool(_QUESTION.search(rest))
    how_to = bool(
        re.search(
            r"\b(?:how|where|what|when|which|do you|is it possible|is there|am i|can i|may i)\b", rest, re.IGNORECASE
        )
    )
    own = bool(_OWN.search(rest))
    if issue is IssueType.DELIVERY:
        return Ask.OWN_CASE if own else Ask.GENERAL
    if asks and how_to and not re.search(r"\d{4,}", rest):
        return (
            Ask.GENERAL
            if not own or re.search(r"\bhow (?:do|can|to|long|does)\b|\bwhere (?:do|can)\b", rest, re.IGNORECASE)
            else Ask.OWN_CASE
        )
    if _ACTION.search(rest):
        return Ask.ACTION
    return Ask.GENERAL if asks and not own else Ask.OWN_CASE


def questions_in(case: Case) -> list[str]:
    """The questions of the unanswered turns, each to be answered; the whole text where there is one or none.

    A short follow-up is read together with what the customer wrote before.
    """
    text = case.unanswered
    asked = [part for part in sentences(text) if part.endswith("?") and not _ONLY_COURTESY.match(part)]
    if len(asked) > 1:
        return asked
    return [f"{_before(case)} {text}".strip() if len(text.split()) < _SHORT else text]


_SHORT = 5
"""Words below which a follow-up such as `and in red?` says too little alone."""


def _before(case: Case) -> str:
    mine = [turn.text for turn in case.turns if turn.author is AuthorKind.CUSTOMER]
    return mine[-case.new_turns - 1] if len(mine) > case.new_turns else ""
