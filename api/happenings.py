"""What happened in a case, told in one sentence for the person who works on it."""

from collections.abc import Callable, Mapping

from domain.interaction import EntryKind
from domain.readiness import RejectionReason, Verdict
from store.case_view import Happened
from store.journal import Happening

Facts = Mapping[str, object]

_NOBODY = "Somebody"
"""Who did it, where no agent is named: an operator, or Baton itself."""


def _parked(who: str, facts: Facts) -> str:
    if facts.get("why") == "idle":
        return "Parked, since the customer is silent."
    return f"{who} parked the case until {facts['until'] or 'the customer writes'}."


def _requeued(who: str, facts: Facts) -> str:
    if facts.get("returning") or facts.get("passed_on") or facts.get("taken_from"):
        return "The case waits for an agent again."
    return f"{who} is gone; the case waits for another agent."


def _transferred(who: str, facts: Facts) -> str:
    team = facts.get("team", "")
    return f"{who} passed the case on to team {team}." if who != _NOBODY else f"The case went on to team {team}."


def _decided(who: str, facts: Facts) -> str:
    return f"{who} approved." if facts.get("decision") == "approved" else f"{who} refused."


def _kept(_: str, facts: Facts) -> str:
    untold = " The customer has not been told: whoever speaks to them does." if facts.get("told") is False else ""
    return f"A promise was fulfilled{', too late' if facts.get('late') else ''}.{untold}"


def _released(who: str, facts: Facts) -> str:
    return f"{who} {'edited' if facts.get('verdict') == Verdict.EDITED else 'released'} the AI's draft and sent it."


_REJECTED: Mapping[str, str] = {
    RejectionReason.WRONG: "it is wrong",
    RejectionReason.TONE: "the tone",
    RejectionReason.INCOMPLETE: "it is incomplete",
    RejectionReason.NOT_FOR_AI: "a person should answer this",
    RejectionReason.OTHER: "another reason",
}


def _moved_in_queue(who: str, facts: Facts) -> str:
    return f"{who} changed its place in the queue by {float(str(facts.get('minutes', 0))):g} min."


_SENTENCES: dict[str, Callable[[str, Facts], str]] = {
    Happening.INTERACTION_OPENED: lambda _, facts: f"Opened by a message on {facts.get('channel', 'a channel')}.",
    Happening.INTERACTION_REOPENED: lambda *_: "The customer came back; the case is open again.",
    Happening.TRIAGED: lambda _, facts: f"Understood as {_issue(facts.get('issue', 'unclear'))}.",
    Happening.ROUTED: lambda *_: "Routed by the policy.",
    Happening.POLICY_GAP: lambda *_: "No candidate of the policy fitted; the overflow team got it.",
    Happening.DRAFT_DISCARDED: lambda _, facts: (
        "The AI discarded a draft, since " + ("it was switched off." if facts.get("why") else "the customer wrote on.")
    ),
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
    Happening.RING_WIDENED: lambda *_: "More people are asked.",
    Happening.REQUIREMENT_DROPPED: lambda *_: "Nobody of the team has the skill; whoever is free gets it.",
    Happening.WORK_TRANSFERRED: _transferred,
    Happening.WORK_PARKED: _parked,
    Happening.WORK_UNPARKED: lambda *_: "The case is parked no longer.",
    Happening.WORK_REASSIGNED: lambda who, facts: (
        f"{who} gave the case to somebody else." if facts.get("to") else f"{who} put the case back into the queue."
    ),
    Happening.PRIORITY_CHANGED: _moved_in_queue,
    Happening.PULLED_OUT_OF_ORDER: lambda who, facts: f"{who} picked it out of order: {facts.get('reason', '')}",
    Happening.COMMITTED: lambda _, facts: f"Something was promised, due {facts.get('due_at', '')}.",
    Happening.COMMITMENT_WOKEN: lambda *_: "A promise is due soon.",
    Happening.COMMITMENT_KEPT: _kept,
    Happening.COMMITMENT_BROKEN: lambda *_: "A promise was not kept in time.",
    Happening.COMMITMENT_WITHDRAWN: lambda who, _: f"{who} withdrew a promise.",
    Happening.SLA_WARNING: lambda _, facts: f"The {_words(facts.get('kind', 'answer'))} is due soon.",
    Happening.SLA_BREACHED: lambda _, facts: f"The {_words(facts.get('kind', 'answer'))} is late.",
    Happening.STAGE_BEGUN: lambda _, facts: f"The next stage of the plan began: {facts.get('stage', '')}.",
    EntryKind.SHIFTED_TO_AI: lambda *_: "The team is under pressure: the AI may answer while the customer waits.",
    EntryKind.SHIFTED_TO_PEOPLE: lambda *_: "The team has room again, and gets what the AI has not solved.",
    EntryKind.WORK_DECIDED: _decided,
    EntryKind.WORK_REQUEUED: _requeued,
    EntryKind.SUGGESTION_USED: lambda who, _: f"{who} used the suggestion.",
    EntryKind.SUGGESTION_DISMISSED: lambda who, _: f"{who} dismissed the suggestion.",
    EntryKind.LEFT_QUEUE: lambda *_: "The customer did not want to wait any more and left the queue.",
    Happening.MESSAGE_LEFT: lambda *_: "The customer left a message instead of waiting; it is answered as a mail is.",
    Happening.DRAFT_OFFERED: lambda *_: "The AI has drafted an answer for an agent to look over.",
    EntryKind.DRAFT_RELEASED: _released,
    EntryKind.DRAFT_REJECTED: lambda who, facts: f"{who} rejected the AI's draft: {_REJECTED[str(facts['why'])]}.",
    EntryKind.AI_STOPPED: lambda *_: "The AI was switched off; people have the case.",
    EntryKind.BRIEF_ASKED: lambda who, _: f"{who} asked the AI for a brief.",
    EntryKind.RATED_LOW: lambda *_: "The customer was not content with how the case ended.",
    Happening.SATISFACTION_ASKED: lambda *_: "The customer was asked how it was.",
    Happening.SATISFACTION_GIVEN: lambda _, facts: f"The customer rated it {facts.get('score')} of 5.",
    Happening.TAKEN_BACK: lambda *_: "The same problem came back in another case, so this one was not resolved.",
    EntryKind.STUCK: lambda *_: "A deadline passed twice without progress.",
}
"""Kinds that are left out tell an agent nothing that the messages beside them do not."""


def sentence(row: Happened) -> str:
    """The sentence, or nothing where there is nothing worth telling."""
    tell = _SENTENCES.get(row.kind)
    return tell(row.by_name or _NOBODY, row.facts) if tell else ""


def _issue(term: object) -> str:
    return {"human": "a wish for a person", "damaged_wrong": "damaged or wrong"}.get(str(term), _words(term))


def _words(term: object) -> str:
    return str(term).replace("_", " ")
