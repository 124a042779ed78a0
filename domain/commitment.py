"""Commitments: what was promised, to whom, until when, and the fact that fulfils it."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.hours import Hours
from domain.values import Value

LONGEST_PROMISE = timedelta(days=366)
"""Nobody is held to what lies further ahead; such a time is a mistake in typing."""
_LONGEST_WARNING = timedelta(hours=1)


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


SHOP_FACTS = frozenset({FulfilledBy.REFUND, FulfilledBy.SHIPMENT, FulfilledBy.REPLACEMENT, FulfilledBy.RETURN_RECEIVED})
"""Facts that happen in the shop, of which the customer hears from Baton."""


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
    """The shop's own id of it; a fact that is reported again closes nothing that was promised since."""


def fulfils(fact: Fact, fulfilled_by: FulfilledBy, order: str) -> bool:
    """Does a fact fulfil a promise?"""
    return fact.kind is fulfilled_by and (not order or fact.order == order)


def wake_at(made_at: datetime, due_at: datetime, hours: Hours) -> datetime:
    """When somebody is woken: with a quarter of the working time left, an hour of it at most.

    So a promise for the first hour of a working day wakes people the working day before. Where no working time is left
    in between, the clock counts instead. Never before the promise was made, never after it is due.
    """
    working = hours.between(made_at, due_at)
    if not working:
        return due_at - min((due_at - made_at) / 4, _LONGEST_WARNING)
    woken = hours.add(made_at, working - min(working / 4, _LONGEST_WARNING))
    return hours.next_opening(woken) or woken


def state_when_closed(due_at: datetime, now: datetime) -> CommitmentState:
    """What a promise counts as that is fulfilled now: too late stays broken."""
    return CommitmentState.KEPT if now <= due_at else CommitmentState.BROKEN
