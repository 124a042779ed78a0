"""What Baton knows of a shop: customers, orders, lines, shipments, products. Times are UTC, money is in minor units."""

from datetime import date, datetime
from enum import StrEnum

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


class OrderLine(Value):
    """One line of an order."""

    line_id: str
    sku: str
    title: str
    """Product and variant as the customer knows them, e.g. `Merino Scarf, grey`."""
    quantity: int
    unit_price: Money


class Shipment(Value):
    """One parcel of an order and the lines in it."""

    shipment_id: str
    state: ShipmentState
    carrier: str
    tracking_number: str
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


class Variant(Value):
    """A buyable form of a product. `stock` is the number of units free to sell."""

    sku: str
    options: dict[str, str]
    """Option name to value, e.g. `{"size": "M", "colour": "grey"}`."""
    price: Money
    stock: int


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
