"""Triage by a model, beside the local one: what must never be missed is taken from both."""

import re

from domain.case import Case
from domain.triage import Entities, IssueType, Relation, Triage, Urgency
from integrations.assistant.llm.outputs import ReadTurn

_GRAVE = (Urgency.SAFETY, Urgency.LEGAL, Urgency.CHARGEBACK, Urgency.PRESS, Urgency.TIME, Urgency.NORMAL)
"""The gravest first."""
_NEVER_SURE = 0.97
"""A model says what it likes of its own confidence."""
_SHORT = re.compile(r"[\s.#-]+")


def united(local: Triage, read: ReadTurn, case: Case) -> Triage:
    """The model's reading, with every warning sign that either of the two has seen.

    Spam is set aside only where both see it. Of what the model names, only that counts which the customer wrote.
    """
    issue, confidence = _issue(local, read)
    told = [issue, *read.further_issues, *local.further_issues]
    further = tuple(one for one in dict.fromkeys(told) if one not in {issue, IssueType.SPAM, IssueType.OTHER})
    return local.model_copy(
        update={
            "issue": issue,
            "confidence": confidence,
            "alternatives": _alternatives(local, issue),
            "further_issues": further,
            "relation": _relation(local, read, case),
            "entities": _entities(local.entities, read, case),
            "sentiment": read.sentiment,
            "urgency": min(local.urgency, read.urgency, key=_GRAVE.index),
            "wants_person": local.wants_person or read.wants_person or read.issue is IssueType.HUMAN,
            "complexity": read.complexity,
            "language": read.language,
            "auto_reply": local.auto_reply or read.auto_reply,
        }
    )


def _issue(local: Triage, read: ReadTurn) -> tuple[IssueType, float]:
    if read.issue is IssueType.SPAM and local.issue is not IssueType.SPAM:
        return local.issue, local.confidence
    sure = min(read.confidence, _NEVER_SURE)
    return read.issue, max(sure, local.confidence) if local.issue is read.issue else sure


def _alternatives(local: Triage, issue: IssueType) -> tuple[tuple[IssueType, float], ...]:
    ranked = [(local.issue, local.confidence), *local.alternatives]
    return tuple((one, chance) for one, chance in ranked if one is not issue and one is not IssueType.SPAM)


def _relation(local: Triage, read: ReadTurn, case: Case) -> Relation:
    """A new conversation has nothing before it; that the last answer did not help is heard from either."""
    if Relation.DISSATISFIED in {local.relation, read.relation} and case.previous is not None:
        return Relation.DISSATISFIED
    if case.previous is None and read.relation in {Relation.ANOTHER, Relation.THANKS, Relation.DISSATISFIED}:
        return local.relation
    return read.relation


def _entities(local: Entities, read: ReadTurn, case: Case) -> Entities:
    said = _SHORT.sub("", case.unanswered).casefold()
    numbers = [one.strip().lstrip("#").upper() for one in read.order_numbers if _written(one, said)]
    emails = [one.strip().lower() for one in read.emails if "@" in one and _written(one, said)]
    known = {_SHORT.sub("", number).casefold() for number in local.order_numbers}
    new = [number for number in numbers if not any(_SHORT.sub("", number).casefold() in one for one in known)]
    return local.model_copy(
        update={
            "order_numbers": tuple(dict.fromkeys([*local.order_numbers, *new])),
            "emails": tuple(dict.fromkeys([*local.emails, *emails])),
        }
    )


def _written(named: str, said: str) -> bool:
    short = _SHORT.sub("", named).casefold()
    return bool(short) and short in said
