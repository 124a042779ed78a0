"""The records of a shop as a brand brings them: customers, ways to pay, products, orders, shipments.

Amounts are integer minor units (12.50 EUR is 1250) in the currency that stands beside them, instants carry their offset
from UTC. A record that is accepted here holds together in itself; what it says of other records is checked by the
import.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from babel.core import get_global
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from domain.commerce import BALANCES, Address, MethodKind, OrderState, PaymentState, ShipmentState
from domain.parties import Channel

MAX_AMOUNT = 2**31 - 1
"""The largest amount that the store keeps, in minor units."""
_CURRENCIES = frozenset(get_global("all_currencies"))
_EARLIEST = 1970


def _storable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("must not contain the character U+0000")
    return value


def _currency(value: str) -> str:
    if value not in _CURRENCIES:
        raise ValueError("must be a currency by its three capital letters (ISO 4217), such as EUR")
    return value


def _possible(value: datetime) -> datetime:
    if not _EARLIEST <= value.year < 9999:
        raise ValueError("must lie between 1970 and 9998")
    return value


def _address(value: str) -> str:
    name, _, host = value.strip().lower().rpartition("@")
    if not name or not host or any(letter.isspace() for letter in value.strip()):
        raise ValueError("must be an e-mail address")
    return f"{name}@{host}"


Text = Annotated[str, Field(max_length=2000), AfterValidator(_storable)]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Id = Annotated[
    str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$")
]
"""An id of the brand's own: no control characters, no blanks at its ends."""
PathId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-.0-~]+$")]
"""An id that also stands in addresses of the API: visible ASCII without `/`."""
OrderNumber = Annotated[
    str, Field(min_length=1, max_length=64, pattern=r"^[!-.0-~]+$"), AfterValidator(lambda number: number.upper())
]
"""As printed for the customer; compared in capital letters."""
Minor = Annotated[int, Field(ge=0, le=MAX_AMOUNT)]
Units = Annotated[int, Field(ge=1, le=10_000)]
Counted = Annotated[int, Field(ge=0, le=10_000)]
Stock = Annotated[int, Field(ge=0, le=MAX_AMOUNT)]
Currency = Annotated[str, AfterValidator(_currency)]
Instant = Annotated[AwareDatetime, AfterValidator(_possible)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^\x00-\x1f\x7f]*$"), AfterValidator(_address)]
Day = date
Words = Annotated[dict[Line, Annotated[Line, Field(min_length=1)]], Field(max_length=100)]


class Record(BaseModel):
    """Exactly what is written: nothing is converted, no unknown field is passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class BroughtAddress(Record, Address):
    """Where a parcel goes."""

    @model_validator(mode="after")
    def _storable(self) -> Self:
        for value in self.__dict__.values():
            _storable(value)
        return self


class CustomerRecord(Record):
    """A customer of the shop."""

    kind: Literal["customer"] = "customer"
    customer_id: Id
    name: Line
    email: Email
    currency: Currency
    """In which the customer buys."""
    tier: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] = "standard"
    """The shop's own grade; policy says what it means."""
    phone: Line = ""
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$")] = "en"
    created_at: Instant | None = None
    """By default the moment of the import."""
    address: BroughtAddress = BroughtAddress()
    flags: Annotated[tuple[Annotated[Line, Field(min_length=1)], ...], Field(max_length=100)] = ()
    """The shop's own marks, e.g. `fraud_risk`."""
    contact_by: tuple[Channel, ...] = (Channel.EMAIL,)
    """Channels on which they agreed to be written to about their orders."""


class PaymentMethodRecord(Record):
    """A way to pay that is on file for a customer; never a number of any of them."""

    kind: Literal["payment_method"] = "payment_method"
    method_id: Id
    customer_id: Id
    method: MethodKind
    currency: Currency
    label: Line = ""
    """For people, e.g. `mastercard ending in 9212`."""
    balance_minor: Minor | None = None
    """What is left on it; for `gift_card` and `store_credit`, and for these only."""

    @model_validator(mode="after")
    def _balance_where_it_holds_money(self) -> Self:
        if (self.method in BALANCES) != (self.balance_minor is not None):
            raise ValueError("balance_minor is needed for gift_card and store_credit, and belongs to no other method")
        return self


class VariantRecord(Record):
    """A buyable form of a product."""

    sku: Id
    price_minor: Minor
    stock: Stock
    """Units free to sell."""
    options: Words = {}
    """Option name to value, e.g. `{"size": "M"}`."""


class ProductRecord(Record):
    """A product with its variants, in the order in which the shop shows them."""

    kind: Literal["product"] = "product"
    product_id: Id
    title: Annotated[Line, Field(min_length=1)]
    category: Line = ""
    currency: Currency
    """Of the prices of all variants."""
    variants: Annotated[tuple[VariantRecord, ...], Field(min_length=1, max_length=1000)]
    description: Annotated[str, Field(max_length=20_000), AfterValidator(_storable)] = ""
    attributes: Words = {}
    """Facts such as `material` or `care`, each a short phrase."""
    url: Line = ""


class LineRecord(Record):
    """A line of an order, with title and price as they were when it was bought."""

    sku: Id
    quantity: Units
    unit_price_minor: Minor
    """What was paid for one unit, after any discount, in the order's currency."""
    line_id: Id | None = None
    """By default `<order>-<position>`, from 1."""
    title: Line = ""
    """By default the product's title and the variant's options."""
    cancelled: Counted = 0
    """Units cancelled before shipping."""
    returned: Counted = 0
    """Units that came back and were accepted."""

    @model_validator(mode="after")
    def _units_once(self) -> Self:
        if self.cancelled + self.returned > self.quantity:
            raise ValueError("cancelled and returned are together more than quantity")
        return self


class PaymentRecord(Record):
    """Money paid, or yet to be paid, for an order, in the order's currency."""

    method: MethodKind
    amount_minor: Minor
    payment_id: Id | None = None
    """By default `<order>-P<position>`, from 1."""
    method_id: Id | None = None
    """The customer's payment method on file, where it is one."""
    state: PaymentState = PaymentState.CAPTURED
    captured_at: Instant | None = None
    """By default the moment of the order, for what was captured."""
    refunded_minor: Minor | None = None
    """What of it has gone back; by default all for state `refunded`, else nothing."""
    currency: Currency | None = None
    """Must be the order's, if it is given."""

    @property
    def back_minor(self) -> int:
        """What of it has gone back."""
        if self.refunded_minor is not None:
            return self.refunded_minor
        return self.amount_minor if self.state is PaymentState.REFUNDED else 0

    @model_validator(mode="after")
    def _refunded_at_most_paid(self) -> Self:
        if self.back_minor > self.amount_minor:
            raise ValueError("refunded_minor is more than amount_minor")
        if self.state is PaymentState.REFUNDED and self.back_minor != self.amount_minor:
            raise ValueError("a payment in state refunded has gone back in full; for a part, leave it captured")
        if self.state in (PaymentState.PENDING, PaymentState.VOIDED) and self.back_minor:
            raise ValueError("nothing can have gone back of money that was not captured")
        return self


class OrderRecord(Record):
    """An order with its lines and payments."""

    kind: Literal["order"] = "order"
    number: OrderNumber
    customer_id: Id
    state: OrderState
    placed_at: Instant
    currency: Currency
    lines: Annotated[tuple[LineRecord, ...], Field(min_length=1, max_length=1000)]
    payments: Annotated[tuple[PaymentRecord, ...], Field(max_length=100)] = ()
    shipping_minor: Minor = 0
    total_minor: Minor | None = None
    """By default, and always, the sum of the lines and shipping."""
    shipping_method: Annotated[Line, Field(min_length=1)] = "standard"
    email: Email | None = None
    """Where the confirmation went; by default the customer's address."""
    address: BroughtAddress | None = None
    """By default the customer's."""
    cancel_reason: Line = ""

    @property
    def sum_minor(self) -> int:
        """Lines and shipping."""
        return self.shipping_minor + sum(line.quantity * line.unit_price_minor for line in self.lines)

    def line_id(self, index: int) -> str:
        """The id of the line at an index from 0."""
        return self.lines[index].line_id or f"{self.number}-{index + 1}"

    def payment_id(self, index: int) -> str:
        """The id of the payment at an index from 0."""
        return self.payments[index].payment_id or f"{self.number}-P{index + 1}"

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.total_minor is not None and self.total_minor != self.sum_minor:
            raise ValueError(
                f"total_minor is not the sum of the lines and shipping, {self.sum_minor}: "
                "give each line's price after discounts, or leave total_minor out"
            )
        if self.sum_minor > MAX_AMOUNT:
            raise ValueError(f"the sum of the lines and shipping is more than {MAX_AMOUNT}")
        for index, payment in enumerate(self.payments):
            if payment.currency not in (None, self.currency):
                raise ValueError(f"payments.{index}.currency is not the order's, {self.currency}")
        return self


class ParcelLine(Record):
    """Units of an order line in a parcel."""

    line_id: Id
    quantity: Units


class ShipmentRecord(Record):
    """One parcel of an order. What the carrier has not told is left out."""

    kind: Literal["shipment"] = "shipment"
    shipment_id: PathId
    order: OrderNumber
    state: ShipmentState
    carrier: Annotated[Line, Field(min_length=1)]
    tracking_number: PathId
    lines: Annotated[tuple[ParcelLine, ...], Field(min_length=1, max_length=1000)] | None = None
    """By default all units of all lines that were not cancelled."""
    shipped_at: Instant | None = None
    expected_on: Day | None = None
    """The carrier's expected date of delivery."""
    delivered_at: Instant | None = None
    last_scan_at: Instant | None = None

    @model_validator(mode="after")
    def _told_in_order(self) -> Self:
        if self.state is not ShipmentState.LABEL_CREATED and self.shipped_at is None:
            raise ValueError(f"shipped_at is needed in state {self.state}")
        if self.state is ShipmentState.DELIVERED and self.delivered_at is None:
            raise ValueError("delivered_at is needed in state delivered")
        if self.delivered_at and self.shipped_at and self.delivered_at < self.shipped_at:
            raise ValueError("delivered_at is before shipped_at")
        if self.delivered_at and not self.shipped_at:
            raise ValueError("shipped_at is needed where there is a delivered_at")
        return self


ShopRecord = CustomerRecord | PaymentMethodRecord | ProductRecord | OrderRecord | ShipmentRecord
KINDS: dict[str, type[ShopRecord]] = {
    "customer": CustomerRecord,
    "payment_method": PaymentMethodRecord,
    "product": ProductRecord,
    "order": OrderRecord,
    "shipment": ShipmentRecord,
}
"""The kinds of records by their names; a file of them bears the name in the plural."""
_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


def kind_of_line(line: bytes) -> str | None:
    """What a line itself says of its kind. Raises pydantic's `ValidationError` if it holds no JSON object."""
    kind = _OBJECT.validate_json(line, strict=True).get("kind")
    return kind if isinstance(kind, str) else None


def read_record(line: bytes, kind: str) -> ShopRecord:
    """One record of a known kind, as JSON in UTF-8. Raises pydantic's `ValidationError`."""
    return KINDS[kind].model_validate_json(line)
