"""What Baton knows of a shop: customers, orders, lines, shipments, products. Times are UTC, money is in minor units."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from domain.money import Money
from domain.values import Value


class OrderState(StrEnum):
    """Where an order stands."""

    PENDING = "pending"
    """Placed, not yet paid."""
    PAID = "paid"
    """Paid, being packed."""
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class ShipmentState(StrEnum):
    """Where a parcel is."""

    LABEL_CREATED = "label_created"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"


class PaymentState(StrEnum):
    """What became of a payment."""

    PENDING = "pending"
    """Promised, e.g. a bank transfer on its way."""
    CAPTURED = "captured"
    VOIDED = "voided"
    """Given up before the money was taken."""
    REFUNDED = "refunded"
    """Given back in full."""


class MethodKind(StrEnum):
    """Ways to pay."""

    CARD = "card"
    PAYPAL = "paypal"
    TRANSFER = "transfer"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"


BALANCES = frozenset({MethodKind.GIFT_CARD, MethodKind.STORE_CREDIT})
"""Ways to pay that hold money of their own."""


class ReturnState(StrEnum):
    """Where the shop's record of a return or exchange stands (as Shopify's `ReturnStatus`, Admin API)."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Address(Value):
    """Where a parcel goes."""

    name: str = Field(default="", max_length=200)
    line1: str = Field(default="", max_length=200)
    line2: str = Field(default="", max_length=200)
    city: str = Field(default="", max_length=200)
    region: str = Field(default="", max_length=200)
    """State or province, where the country has them."""
    postcode: str = Field(default="", max_length=32)
    country: str = Field(default="", max_length=64)
    """As the shop writes it; two letters (ISO 3166-1) in the demo store."""


class PaymentMethod(Value):
    """A way to pay that the shop has on file for a customer; never a number of any of them."""

    method_id: str
    kind: MethodKind
    label: str = ""
    balance: Money | None = None
    """What is left on it, for kinds that hold money."""


class Payment(Value):
    """Money taken for an order, and what of it has gone back."""

    payment_id: str
    method: MethodKind
    method_id: str = ""
    amount: Money
    refunded_minor: int = 0
    state: PaymentState

    @property
    def left_minor(self) -> int:
        """What can still be refunded of it, in minor units."""
        return self.amount.minor - self.refunded_minor if self.state is PaymentState.CAPTURED else 0


class OrderLine(Value):
    """One line of an order."""

    line_id: str
    sku: str
    title: str
    """Product and variant as the customer knows them, e.g. `Merino Scarf, grey`."""
    quantity: int
    unit_price: Money
    product_id: str = ""
    category: str = ""
    cancelled: int = 0
    """Units cancelled before shipping."""
    returned: int = 0
    """Units that came back and were accepted, or that the customer may keep after a refund."""
    returning: int = 0
    """Units in open returns and exchanges of the shop."""

    @property
    def open_quantity(self) -> int:
        """Units that the customer has or will get, and that nothing else is happening to."""
        return self.quantity - self.cancelled - self.returned - self.returning


class ReturnedLine(Value):
    """Units of an order line in a return. `received` and `accepted` are counted by the warehouse."""

    line_id: str
    quantity: int
    received: int = 0
    accepted: int = 0
    new_sku: str = ""
    """The variant that replaces them, in an exchange."""


class ReturnRecord(Value):
    """The shop's record of a return or an exchange."""

    return_id: str
    state: ReturnState
    exchange: bool
    reason: str
    lines: tuple[ReturnedLine, ...]


class Refund(Value):
    """Money that went back to a customer for an order, at one moment."""

    refund_id: str
    amount: Money
    to: MethodKind
    """Where it went."""
    at: datetime


class Shipment(Value):
    """One parcel of an order and the lines in it."""

    shipment_id: str
    state: ShipmentState
    carrier: str
    tracking_number: str
    tracking_url: str = ""
    """The carrier's page for it, where the shop knows one."""
    line_ids: tuple[str, ...]
    shipped_at: datetime | None = None
    expected_on: date | None = None
    """The carrier's expected date of delivery."""
    delivered_at: datetime | None = None
    last_scan_at: datetime | None = None


class Order(Value):
    """An order as the shop records it at the moment of asking."""

    number: str
    """As printed for the customer, e.g. `BT-10423`."""
    customer_id: str
    """The shop's customer id."""
    email: str
    state: OrderState
    placed_at: datetime
    total: Money
    lines: tuple[OrderLine, ...]
    shipments: tuple[Shipment, ...] = ()
    postcode: str = ""
    shipping_method: str = "standard"
    country: str = "DE"
    shipping: Money | None = None
    """What shipping cost, part of the total."""
    address: Address = Address()
    payments: tuple[Payment, ...] = ()
    returns: tuple[ReturnRecord, ...] = ()
    items_changed: bool = False
    """Variants were swapped after the order was placed."""
    cancel_reason: str = ""

    def line(self, line_id: str) -> OrderLine | None:
        """A line by its id."""
        return next((line for line in self.lines if line.line_id == line_id), None)

    def parcels_with(self, line_id: str) -> tuple["Shipment", ...]:
        """The shipments that hold units of a line."""
        return tuple(parcel for parcel in self.shipments if line_id in parcel.line_ids)


class ShopCustomer(Value):
    """A customer as the shop knows them. `tier` is the shop's own grade, mapped by policy."""

    customer_id: str
    name: str
    email: str
    tier: str
    phone: str = ""
    locale: str = "en"
    lifetime_value: Money
    orders_count: int = 0
    address: Address = Address()
    methods: tuple[PaymentMethod, ...] = ()
    flags: tuple[str, ...] = ()
    """The shop's own marks, e.g. `fraud_risk`."""
    contact_by: tuple[str, ...] = ("email",)
    """Channels on which they agreed to be written to about their orders."""


class Variant(Value):
    """A buyable form of a product. `stock` is the number of units free to sell."""

    sku: str
    options: dict[str, str]
    """Option name to value, e.g. `{"size": "M", "colour": "grey"}`."""
    price: Money
    stock: int
    product_id: str = ""


class Product(Value):
    """A product of the catalogue."""

    product_id: str
    title: str
    category: str
    description: str
    attributes: dict[str, str] = {}
    """Facts such as `material`, `care`, `fit`, `waterproof`, each a short phrase."""
    variants: tuple[Variant, ...] = ()
    url: str = ""
