"""Proof of identity: what a proof covers, what it opens, and how often it may be tried.

An order number with an e-mail address or a postcode stands on every parcel label. Whoever knows them may hear of that
order and send it back or cancel it, since the money then goes where it came from. What sends goods or money elsewhere,
or takes more of it, needs a proof of the customer: a sign-in at the shop, an authenticated mail, or a one-time code.
"""

import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum

from domain.flows.kinds import FlowKind
from domain.flows.requests import FlowRequest, RefundTo, ReturnRequest
from domain.values import Value

REQUESTS = 3
"""How often a case asks for proof before a person gets it."""
WRONG_FOR_ONE = 10
"""Wrong proofs for one order, or wrong codes for one address, within `WATCHED`, whoever tries. Beyond, it is closed to
this way of proving."""
WATCHED = timedelta(days=1)
CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CODES_AN_HOUR = 3
"""Codes for one address."""
CODE_PAUSE = timedelta(minutes=1)
"""Between two codes for one address."""


class Means(StrEnum):
    """Ways to prove who writes."""

    ORDER_EMAIL = "order_email"
    ORDER_POSTCODE = "order_postcode"
    ORDER_SENDER = "order_sender"
    """The order's e-mail address is the one that the customer writes from; nobody was asked for it."""
    CODE = "code"


class Proven(Value):
    """Whom the shop knows as the writer, and what of theirs the proof covers."""

    shop_customer_id: str
    orders: tuple[str, ...] | None = None
    """The only orders that it covers; None: all that is theirs."""

    @property
    def of_customer(self) -> bool:
        """It proves who the customer is, and not only that they know of an order."""
        return self.orders is None

    def covers(self, order: str) -> bool:
        """Whether it reaches this order of theirs."""
        return self.orders is None or order in self.orders


_BY_ORDER = frozenset({FlowKind.RETURN, FlowKind.CANCELLATION, FlowKind.CLAIM, FlowKind.EXCHANGE})
"""Goods come back or are sent again to the order's own address, money goes back to the order's own payments."""


def may_begin(request: FlowRequest, proven: Proven | None) -> bool:
    """Whether so much proof is enough to begin a flow; whether policy allows it is another question.

    By order number alone: a return to the order's own payments, an exchange that names no payment method, a claim, a
    cancellation, of that order.
    """
    if proven is None:
        return False
    if proven.of_customer:
        return True
    moves_elsewhere = getattr(request, "method_id", "") or (
        isinstance(request, ReturnRequest) and request.refund_to is not RefundTo.ORIGINAL
    )
    return request.kind in _BY_ORDER and proven.covers(request.order) and not moves_elsewhere


def may_open_portal(proven: Proven | None) -> bool:
    """Whether a link to the self-service pages may be given: they show addresses and payment methods."""
    return proven is not None and proven.of_customer


def code_of(key: str, code_id: str) -> str:
    """The six digits of a code, derived from its id, so that it is kept nowhere and sending it again sends the same."""
    mac = hmac.new(key.encode(), f"one-time-code:{code_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8], 'big') % 1_000_000:06d}"


def fingerprint(*parts: str) -> str:
    """A constant stand-in for what was tried, to know it again without keeping it."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal and not empty, in a time that does not tell where they differ."""
    return bool(one) and hmac.compare_digest(one.encode(), other.encode())
