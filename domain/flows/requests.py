"""What can be asked of a flow: typed, small, and without anybody's words (those stay in the store)."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from domain.commerce import Address
from domain.flows.kinds import FlowKind
from domain.values import Value

Quantity = Annotated[int, Field(le=10_000)]
"""Units. Zero and below are accepted here and refused by a named rule, so that whoever asks is told why."""
OrderNumber = Annotated[str, Field(min_length=1, max_length=64)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
"""A reason or another constant word of the policy."""


class RefundTo(StrEnum):
    """Where money goes back to."""

    ORIGINAL = "original"
    """The payments of the order, newest first."""
    STORE_CREDIT = "store_credit"
    METHOD = "method"
    """A payment method that the customer names; policy says which are allowed."""


class ItemWanted(Value):
    """Units of one order line."""

    line_id: str = Field(min_length=1, max_length=64)
    quantity: Quantity = 1


class Swap(ItemWanted):
    """Units of an order line that become units of another variant or product."""

    new_sku: str = Field(min_length=1, max_length=64)


class ReturnRequest(Value):
    """Send things back for money."""

    kind: Literal[FlowKind.RETURN] = FlowKind.RETURN
    order: OrderNumber
    items: tuple[ItemWanted, ...]
    reason: Code = "unspecified"
    condition: Code = "unopened"
    has_receipt: bool = True
    refund_to: RefundTo = RefundTo.ORIGINAL
    method_id: str = ""
    """For `RefundTo.METHOD`."""


class ExchangeRequest(Value):
    """Send things back for other things."""

    kind: Literal[FlowKind.EXCHANGE] = FlowKind.EXCHANGE
    order: OrderNumber
    swaps: tuple[Swap, ...]
    reason: Code = "unspecified"
    condition: Code = "unopened"
    has_receipt: bool = True
    method_id: str = ""
    """Pays or receives the price difference; empty: a payment link, or the original payments."""


class CancellationRequest(Value):
    """Cancel a whole order, or the lines of it that have not been shipped."""

    kind: Literal[FlowKind.CANCELLATION] = FlowKind.CANCELLATION
    order: OrderNumber
    items: tuple[ItemWanted, ...] = ()
    """Empty: everything."""
    reason: Code = "unspecified"


class AddressChange(Value):
    """Send an order elsewhere."""

    kind: Literal[FlowKind.ADDRESS_CHANGE] = FlowKind.ADDRESS_CHANGE
    order: OrderNumber
    address: Address


class ItemChange(Value):
    """Swap variants of an order that has not been packed."""

    kind: Literal[FlowKind.ITEM_CHANGE] = FlowKind.ITEM_CHANGE
    order: OrderNumber
    swaps: tuple[Swap, ...]
    method_id: str = ""
    """Pays or receives the price difference; empty: the order's own payment method."""


class PaymentChange(Value):
    """Pay an order by another method."""

    kind: Literal[FlowKind.PAYMENT_CHANGE] = FlowKind.PAYMENT_CHANGE
    order: OrderNumber
    method_id: str = Field(min_length=1, max_length=64)


class RefundRequest(Value):
    """Money back without goods."""

    kind: Literal[FlowKind.REFUND] = FlowKind.REFUND
    order: OrderNumber
    amount_minor: int
    currency: str = Field(min_length=3, max_length=3)
    reason: Code = "goodwill"
    refund_to: RefundTo = RefundTo.ORIGINAL


class Complaint(StrEnum):
    """What is wrong with an item."""

    DAMAGED = "damaged"
    WRONG = "wrong"
    MISSING = "missing"


class Remedy(StrEnum):
    """What the customer would like."""

    REPLACEMENT = "replacement"
    REFUND = "refund"


class ClaimRequest(Value):
    """A damaged, wrong or missing item."""

    kind: Literal[FlowKind.CLAIM] = FlowKind.CLAIM
    order: OrderNumber
    items: tuple[ItemWanted, ...]
    complaint: Complaint
    remedy: Remedy = Remedy.REPLACEMENT


class InquiryRequest(Value):
    """A question to an outside party, named as in the policy; the question itself stays in the store."""

    kind: Literal[FlowKind.INQUIRY] = FlowKind.INQUIRY
    order: str = ""
    partner: Code
    for_flow: str = ""
    """The flow that waits for the answer, if one does."""


class OutreachReason(StrEnum):
    """Why a customer hears from Baton unasked."""

    LATE = "late"
    NO_SCAN = "no_scan"
    EXCEPTION = "exception"
    RETURNED = "returned"


class OutreachRequest(Value):
    """A word about a shipment."""

    kind: Literal[FlowKind.OUTREACH] = FlowKind.OUTREACH
    order: OrderNumber
    shipment_id: str
    reason: OutreachReason


class CustomRequest(Value):
    """A flow of the brand's own."""

    kind: Literal[FlowKind.CUSTOM] = FlowKind.CUSTOM
    flow: Code
    """Its name in the policy."""
    order: OrderNumber
    items: tuple[ItemWanted, ...] = ()
    options: dict[Code, Code] = Field(default={}, max_length=20)
    """Whatever else the flow goes by, as constant words."""


FlowRequest = Annotated[
    ReturnRequest
    | ExchangeRequest
    | CancellationRequest
    | AddressChange
    | ItemChange
    | PaymentChange
    | RefundRequest
    | ClaimRequest
    | InquiryRequest
    | OutreachRequest
    | CustomRequest,
    Field(discriminator="kind"),
]
_ANY: TypeAdapter[FlowRequest] = TypeAdapter(FlowRequest)


def flow_named(request: FlowRequest) -> str:
    """The flow as a plan names it: its kind, or the name of one of the brand's own."""
    return request.flow if isinstance(request, CustomRequest) else request.kind.value


def read_request(written: object) -> FlowRequest:
    """A request as the store or the API holds it. Raises pydantic's `ValidationError`."""
    return _ANY.validate_python(written)
