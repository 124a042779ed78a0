"""Commitments: what was promised, to whom, until when, and the fact that fulfils it."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.hours import Hours
from domain.values import Value


class CommitmentState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    """Its time passed; a later fact still closes it, but it stays broken in the report."""
    WITHDRAWN = "withdrawn"


class FulfilledBy(StrEnum):
    """The fact that fulfils a promise."""

    REPLY = "reply"
    """The next message of a person to the customer in this case."""
    REFUND = "refund"
    SHIPMENT = "shipment"
    REPLACEMENT = "replacement"
    RETURN_RECEIVED = "return_received"
    BY_HAND = "by_hand"
    """Whoever works on the case says so."""


class NewCommitment(Value):
    """A promise that goes out with a reply. `text` is the customer's to read, so it stays in the store."""

    text: str
    due_at: datetime
    fulfilled_by: FulfilledBy = FulfilledBy.BY_HAND
    order: str = ""
    """The order that the fact must be about; empty for any of the case."""


class Fact(Value):
    """Something that happened in the shop and may fulfil promises."""

    kind: FulfilledBy
    order: str = ""
    ref: str = ""


def fulfils(fact: Fact, fulfilled_by: FulfilledBy, order: str) -> bool:
    """Does a fact fulfil a promise?"""
    return fact.kind is fulfilled_by and (not order or fact.order == order)


def wake_at(made_at: datetime, due_at: datetime, hours: Hours) -> datetime:
    """When somebody is woken: with a quarter of the time left, an hour at most and in working hours.

    A promise that is due outside working hours wakes people at the end of the working time before it.
    """
    before = min((due_at - made_at) / 4, timedelta(hours=1))
    wanted = due_at - before
    if hours.is_open(wanted):
        return wanted
    opening = hours.next_opening(made_at)
    last = None
    while opening is not None and opening < due_at:
        closing = hours.next_closing(opening)
        last = closing
        if closing is None:
            break
        opening = hours.next_opening(closing)
    return max(made_at, last - before) if last is not None and last <= due_at else wanted
