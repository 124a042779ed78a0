"""What a shop answers when a flow asks it to do something. Each effect carries a key and happens once for it."""

from datetime import datetime

from domain.values import Value


class Done(Value):
    """It is done, now or by an earlier call with the same key."""

    ref: str = ""
    """The shop's own id of what was made: a return, a refund, a shipment."""
    at: datetime
    """When it was first done (UTC)."""
    amount_minor: int = 0
    """Money that moved: what was refunded or taken."""
    detail: str = ""
    """A constant word or number for people, e.g. a drop-off code or a tracking number."""


class Accepted(Value):
    """What the inspection of one line came to."""

    line_id: str
    received: int
    accepted: int
    """Units that are as they should be; only these are refunded or replaced."""
