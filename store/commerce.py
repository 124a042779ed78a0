"""The tables of the local shop: a shop in Baton's own database, for those who have none to connect.

What happens to orders after they were placed is in `store.commerce_ledger`.

Times are UTC, amounts are integer minor units beside their currency.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, DateTime, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlmodel import Field, SQLModel

from domain.commerce import OrderState, PaymentState, ShipmentState
from store.columns import json_column

_PRODUCT_WORDS = (
    "setweight(to_tsvector('english'::regconfig, title), 'A')"
    " || setweight(to_tsvector('english'::regconfig, category), 'B')"
    " || setweight(to_tsvector('english'::regconfig, description), 'C')"
    """ || setweight(jsonb_to_tsvector('english'::regconfig, attributes, '["key", "string"]'::jsonb), 'D')"""
)


_ZERO, _BLANK, _FALSE = ({"server_default": text(value)} for value in ("0", "''", "false"))
_EMPTY_OBJECT, _EMPTY_LIST = ({"server_default": text(value)} for value in ("'{}'::jsonb", "'[]'::jsonb"))
_BY_EMAIL = {"server_default": text("'[\"email\"]'::jsonb")}


def _one_of(column: str, states: type[OrderState] | type[ShipmentState] | type[PaymentState]) -> str:
    return f"{column} IN ({', '.join(repr(state.value) for state in states)})"


class ShopProduct(SQLModel, table=True):
    """A product of the catalogue; `search` serves the full-text search, title before category before the rest."""

    __tablename__ = "shop_product"
    __table_args__ = (Index("shop_product_search", "search", postgresql_using="gin"),)

    product_id: str = Field(primary_key=True)
    title: str
    category: str
    description: str
    attributes: dict[str, str] = Field(default_factory=dict, sa_type=JSONB, nullable=False)
    url: str = ""
    search: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(_PRODUCT_WORDS, persisted=True),), nullable=False
    )


class ShopVariant(SQLModel, table=True):
    """A buyable form of a product. `stock` is the number of units free to sell; nothing sells below zero."""

    __tablename__ = "shop_variant"
    __table_args__ = (
        CheckConstraint("stock >= 0", name="shop_variant_stock_not_negative"),
        CheckConstraint("price_minor >= 0", name="shop_variant_price_not_negative"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_variant_currency_iso"),
        UniqueConstraint("product_id", "position", name="shop_variant_position_once"),
    )

    sku: str = Field(primary_key=True)
    product_id: str = Field(foreign_key="shop_product.product_id", index=True)
    position: int
    """Place in the product's list of variants, as the shop shows them."""
    options: dict[str, str] = Field(default_factory=dict, sa_type=JSONB, nullable=False)
    price_minor: int
    currency: str
    stock: int


class ShopCustomer(SQLModel, table=True):
    """A customer as the shop knows them; what they spent follows from their orders and is not stored."""

    __tablename__ = "shop_customer"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="shop_customer_email_lower_case"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_customer_currency_iso"),
    )

    customer_id: str = Field(primary_key=True)
    name: str
    email: str = Field(unique=True)
    tier: str
    phone: str = ""
    locale: str = "en"
    currency: str
    """The currency in which the customer buys."""
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    address: dict[str, str] = json_column(default_factory=dict, sa_column_kwargs=_EMPTY_OBJECT)
    """`domain.commerce.Address`."""
    flags: list[str] = json_column(default_factory=list, sa_column_kwargs=_EMPTY_LIST)
    """The shop's own marks, e.g. `fraud_risk`."""
    contact_by: list[str] = json_column(default_factory=lambda: ["email"], sa_column_kwargs=_BY_EMAIL)
    """Channels on which they agreed to be written to about their orders."""


class ShopOrder(SQLModel, table=True):
    """An order under the number printed for the customer.

    `total_minor` is what was ordered, with shipping: it follows swaps of variants, but neither cancellations nor the
    replacements that are sent later (what became of the money is in payments and refunds).
    """

    __tablename__ = "shop_order"
    __table_args__ = (
        CheckConstraint(_one_of("state", OrderState), name="shop_order_state_known"),
        CheckConstraint("shipping_minor >= 0", name="shop_order_shipping_not_negative"),
        CheckConstraint("total_minor >= shipping_minor", name="shop_order_total_covers_shipping"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_order_currency_iso"),
        Index("shop_order_of_customer", "customer_id", text("placed_at DESC")),
    )

    number: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="shop_customer.customer_id")
    email: str
    """Where the confirmation went; stays as it was when the customer's address changes."""
    state: str
    placed_at: datetime = Field(sa_type=DateTime(timezone=True))
    shipping_minor: int
    total_minor: int
    currency: str
    postcode: str
    country: str
    shipping_method: str
    address: dict[str, str] = json_column(default_factory=dict, sa_column_kwargs=_EMPTY_OBJECT)
    """`domain.commerce.Address`; its postcode and country are those above."""
    items_changed: bool = Field(default=False, sa_column_kwargs=_FALSE)
    """Variants were swapped after the order was placed."""
    cancel_reason: str = Field(default="", sa_column_kwargs=_BLANK)


class ShopOrderLine(SQLModel, table=True):
    """One line of an order. Title and price are those of the moment of buying, whatever the catalogue says later."""

    __tablename__ = "shop_order_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="shop_order_line_quantity_positive"),
        CheckConstraint("unit_price_minor >= 0", name="shop_order_line_price_not_negative"),
        CheckConstraint(
            "cancelled >= 0 AND returned >= 0 AND cancelled + returned <= quantity", name="shop_order_line_units_once"
        ),
        UniqueConstraint("order_number", "position", name="shop_order_line_position_once"),
    )

    line_id: str = Field(primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number")
    position: int
    sku: str = Field(foreign_key="shop_variant.sku", index=True)
    title: str
    quantity: int
    unit_price_minor: int
    """In the order's currency."""
    cancelled: int = Field(default=0, sa_column_kwargs=_ZERO)
    """Units cancelled before shipping."""
    returned: int = Field(default=0, sa_column_kwargs=_ZERO)
    """Units that came back and were accepted, or were refunded and stay with the customer."""


class ShopShipment(SQLModel, table=True):
    """One parcel of an order. What the carrier has not told is NULL."""

    __tablename__ = "shop_shipment"
    __table_args__ = (
        CheckConstraint(_one_of("state", ShipmentState), name="shop_shipment_state_known"),
        CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", name="shop_shipment_delivered_when"),
        CheckConstraint("state = 'label_created' OR shipped_at IS NOT NULL", name="shop_shipment_shipped_when"),
        CheckConstraint("delivered_at >= shipped_at", name="shop_shipment_shipped_before_delivered"),
        UniqueConstraint("carrier", "tracking_number", name="shop_shipment_tracking_once"),
        Index("shop_shipment_waited_for", "expected_on", postgresql_where=text("state <> 'delivered'")),
    )

    shipment_id: str = Field(primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number", index=True)
    state: str
    carrier: str
    tracking_number: str
    shipped_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    expected_on: date | None = None
    delivered_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    last_scan_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class ShopShipmentLine(SQLModel, table=True):
    """How many units of an order line are in a parcel; one line may be spread over several."""

    __tablename__ = "shop_shipment_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="shop_shipment_line_quantity_positive"),)

    shipment_id: str = Field(primary_key=True, foreign_key="shop_shipment.shipment_id")
    line_id: str = Field(primary_key=True, foreign_key="shop_order_line.line_id", index=True)
    quantity: int


class ShopPayment(SQLModel, table=True):
    """What a customer paid, or is yet to pay, for an order."""

    __tablename__ = "shop_payment"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="shop_payment_amount_not_negative"),
        CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", name="shop_payment_refunded_at_most_paid"),
        CheckConstraint(_one_of("state", PaymentState), name="shop_payment_state_known"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="shop_payment_currency_iso"),
        CheckConstraint("state <> 'captured' OR captured_at IS NOT NULL", name="shop_payment_captured_when"),
    )

    payment_id: str = Field(primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number", index=True)
    method: str
    """`card`, `paypal`, `transfer` or `gift_card`; never a number of any of them."""
    amount_minor: int
    currency: str
    state: str
    captured_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    method_id: str = Field(default="", sa_column_kwargs=_BLANK)
    """The customer's payment method on file, where it is one (`store.commerce_ledger.ShopPaymentMethod`)."""
    refunded_minor: int = Field(default=0, sa_column_kwargs=_ZERO)
    """What of it has gone back, to wherever."""
    effect_key: str = Field(default="", sa_column_kwargs=_BLANK)
    """The effect that took it; empty for what was paid with the order."""
