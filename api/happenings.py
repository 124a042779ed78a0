"""What happened in a case, told in one sentence for the person who works on it."""

from collections.abc import Callable, Mapping

from domain.interaction import EntryKind
from store.case_view import Happened
from store.journal import Happening

Facts = Mapping[str, object]

_SENTENCES: dict[str, Callable[[str, Facts], str]] = {
    Happening.INTERACTION_OPENED: lambda _, facts: f"Opened by a message on {facts.get('channel', 'a channel')}.",
    Happening.INTERACTION_REOPENED: lambda *_: "The customer came back; the case is open again.",
    Happening.TRIAGED: lambda _, facts: f"Understood as {_words(facts.get('issue', 'unclear'))}.",
    Happening.ROUTED: lambda *_: "Routed by the policy.",
    Happening.POLICY_GAP: lambda *_: "No candidate of the policy fitted; the overflow team got it.",
    Happening.DRAFT_DISCARDED: lambda *_: "The AI discarded a draft, since the customer wrote on.",
    Happening.MESSAGE_FAILED: lambda *_: "A message could not be delivered.",
    Happening.MESSAGE_CANCELLED: lambda *_: "A message was cancelled before it was sent.",
    Happening.MESSAGE_UNKNOWN: lambda *_: "A message may have arrived twice.",
    Happening.HANDED_OFF: lambda _, facts: f"Handed to people of team {facts.get('team', '')}.",
    Happening.WORK_OFFERED: lambda who, _: f"Offered to {who}.",
    Happening.OFFER_DECLINED: lambda who, _: f"{who} let the offer pass.",
    Happening.OFFER_EXPIRED: lambda who, _: f"The offer to {who} ran out.",
    Happening.SUGGESTED: lambda *_: "The AI laid a suggestion before whoever speaks to the customer.",
    Happening.SUGGESTION_LAPSED: lambda *_: "A suggestion lapsed.",
    Happening.RESOLVED: lambda _, facts: f"Resolved: {_words(facts.get('how', facts.get('resolution', 'done')))}.",
    Happening.OPERATOR_DID: lambda *_: "An operator stepped in.",
    Happening.REPAIRED: lambda *_: "Found standing still, and set going again.",
    EntryKind.WORK_ACCEPTED: lambda who, _: f"{who} took the case.",
    EntryKind.AGENT_RESOLVED: lambda who, _: f"{who} resolved the case.",
    EntryKind.HANDED_BACK: lambda who, _: f"{who} handed the case back to the AI.",
    EntryKind.WORK_REQUEUED: lambda who, _: f"{who} is gone; the case waits for another agent.",
    EntryKind.SUGGESTION_USED: lambda who, _: f"{who} used the suggestion.",
    EntryKind.SUGGESTION_DISMISSED: lambda who, _: f"{who} dismissed the suggestion.",
    EntryKind.STUCK: lambda *_: "A deadline passed twice without progress.",
}
"""Kinds that are left out tell an agent nothing that the messages beside them do not."""


def sentence(row: Happened) -> str:
    """The sentence, or nothing where there is nothing worth telling."""
    tell = _SENTENCES.get(row.kind)
    return tell(row.by_name or "Somebody", row.facts) if tell else ""


def _words(term: object) -> str:
    return str(term).replace("_", " ")
