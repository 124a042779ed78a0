"""May a queued message start to be sent? Decided under the customer's lock, at the moment of sending."""

from enum import StrEnum

from domain.message import DeliveryState
from domain.parties import AuthorKind

UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
"""States that block what is queued behind them in a conversation."""

_ORDER = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)


class Verdict(StrEnum):
    """What becomes of a queued message."""

    SEND = "send"
    NOT_HOLDER = "not_holder"
    """The baton was passed on since it was written."""
    OUTDATED = "outdated"
    """The customer has written since."""
    AI_STOPPED = "ai_stopped"
    """The AI was switched off since."""


class Posting(StrEnum):
    """What became of a draft that wanted to be said."""

    QUEUED = "queued"
    OUTDATED = "outdated"
    """The customer has written since it was composed."""
    SUGGESTED = "suggested"
    """Somebody else holds the baton and has it before them."""
    STOPPED = "stopped"
    """The AI is switched off: nothing of it is said."""


def may_send(*, author: AuthorKind, epoch: int, answers_seq: int, baton_epoch: int, last_customer_seq: int) -> Verdict:
    """Judge a queued message against the baton and the customer's last word."""
    if epoch < baton_epoch:
        return Verdict.NOT_HOLDER
    if author is AuthorKind.AI and answers_seq < last_customer_seq:
        return Verdict.OUTDATED
    return Verdict.SEND


def moves_forward(current: DeliveryState, reported: DeliveryState) -> bool:
    """Does a receipt move a delivery on? Late and repeated receipts do not."""
    return current in _ORDER and reported in _ORDER and _ORDER.index(reported) > _ORDER.index(current)
