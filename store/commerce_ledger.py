"""What happens to the local shop's orders: money that goes back, returns, holds on stock, tracking, and effects by key.

Times are UTC, amounts are integer minor units beside their currency.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from store.columns import json_column, moment
from store.ids import new_id


class ShopPaymentMethod(SQLModel, table=True):
    """A way to pay that is on file for a customer. Gift cards and store credit hold money of their own."""

    __tablename__ = "shop_payment_method"
    __table_args__ = (
        CheckConstraint("balance_minor >= 0", name="shop_payment_method_balance_not_negative"),
        CheckConstraint(
            "(kind IN ('gift_card', 'store_credit')) = (balance_minor IS NOT NULL)",
            name="shop_payment_method_balance_where_it_holds_money",
        ),
        Index(
            "shop_store_credit_of",
            "customer_id",
            "currency",
            unique=True,
            postgresql_where=text("kind = 'store_credit'"),
        ),
    )

    method_id: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="shop_customer.customer_id", index=True)
    kind: str
    """`domain.commerce.MethodKind`."""
    label: str = ""
    """For people, e.g. `mastercard ending in 9212`."""
    balance_minor: int | None = None
    currency: str


class ShopRefund(SQLModel, table=True):
    """Money that went back. A bonus belongs to no payment; nor does the zero that settles a swap at the same price."""

    __tablename__ = "shop_refund"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="shop_refund_amount_not_negative"),
        Index("shop_refund_of_order", "order_number"),
    )

    refund_id: str = Field(default_factory=new_id, primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number")
    payment_id: str | None = Field(default=None, foreign_key="shop_payment.payment_id")
    """The payment that it is taken from; NULL for a bonus and for a zero."""
    amount_minor: int
    currency: str
    to_kind: str
    """`domain.commerce.MethodKind` of where it went."""
    to_method_id: str = ""
    reason: str = ""
    effect_key: str = Field(index=True)
    """The effect that it belongs to; one effect may take from several payments, in as many rows."""
    at: datetime | None = moment(default_now=True)
    """Later than everything that happened to the order's money before it, within one effect as well."""


class ShopReturn(SQLModel, table=True):
    """A return or an exchange as the shop records it."""

    __tablename__ = "shop_return"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="shop_return_state_known"),
        CheckConstraint("label_state IN ('', 'issued', 'used', 'voided')", name="shop_return_label_state_known"),
        Index("shop_return_of_order", "order_number"),
    )

    return_id: str = Field(default_factory=new_id, primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number")
    exchange: bool = False
    state: str = "open"
    """`domain.commerce.ReturnState`."""
    reason: str = ""
    refund_to: str = ""
    """Where the money is to go: empty (the order's payments), `store_credit` or a payment method's id."""
    method_id: str = ""
    """For an exchange: what pays or receives the price difference."""
    difference_minor: int = 0
    """For an exchange: new goods minus old goods."""
    label_state: str = ""
    """Empty, `issued`, `used` or `voided`."""
    label_code: str | None = Field(default=None, unique=True)
    """Tracking number of the way back, or the code for a drop-off point."""
    drop_off: bool = False
    created_at: datetime | None = moment(default_now=True)
    received_at: datetime | None = moment()
    closed_at: datetime | None = moment()


class ShopReturnLine(SQLModel, table=True):
    """Units of an order line in a return."""

    __tablename__ = "shop_return_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="shop_return_line_quantity_positive"),
        CheckConstraint(
            "accepted >= 0 AND accepted <= received AND received <= quantity", name="shop_return_line_counts"
        ),
        CheckConstraint("restocked BETWEEN 0 AND accepted", name="shop_return_line_restocked_what_was_accepted"),
    )

    return_id: str = Field(primary_key=True, foreign_key="shop_return.return_id")
    line_id: str = Field(primary_key=True, foreign_key="shop_order_line.line_id", index=True)
    quantity: int
    received: int = 0
    accepted: int = 0
    restocked: int = 0
    new_sku: str = Field(default="", primary_key=True)
    """For an exchange: what replaces them; units of one line may become several things."""


class ShopHold(SQLModel, table=True):
    """Units set aside for an order; shipped or released in the end."""

    __tablename__ = "shop_hold"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="shop_hold_quantity_positive"),
        CheckConstraint("state IN ('held', 'shipped', 'released')", name="shop_hold_state_known"),
        Index("shop_hold_of_order", "order_number"),
    )

    hold_id: str = Field(default_factory=new_id, primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number")
    sku: str = Field(foreign_key="shop_variant.sku")
    quantity: int
    unit_price_minor: int
    """The variant's price when they were set aside, in the order's currency."""
    state: str = "held"
    shipment_id: str | None = None


class ShopStockMove(SQLModel, table=True):
    """Every change of a variant's stock after it was loaded, so that stock can be told from its beginning."""

    __tablename__ = "shop_stock_move"
    __table_args__ = (Index("shop_stock_move_of", "sku"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    sku: str = Field(foreign_key="shop_variant.sku")
    delta: int
    cause: str
    """`hold`, `release`, `restock`, `cancel`, `swap_in` or `swap_out`."""
    effect_key: str
    at: datetime | None = moment(default_now=True)


class ShopPaymentLink(SQLModel, table=True):
    """A page on which a customer pays what an exchange costs more."""

    __tablename__ = "shop_payment_link"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="shop_payment_link_amount_positive"),
        CheckConstraint("state IN ('open', 'paid', 'closed')", name="shop_payment_link_state_known"),
    )

    link_id: str = Field(default_factory=new_id, primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number", index=True)
    amount_minor: int
    currency: str
    state: str = "open"
    """`open`, `paid` or `closed`."""
    payment_id: str | None = None
    created_at: datetime | None = moment(default_now=True)


class ShopEffect(SQLModel, table=True):
    """An effect that happened, and the answer that its key was given, once for good.

    Refusals leave no row: nothing has happened, and the same key may be asked again when the reason has passed.
    """

    __tablename__ = "shop_effect"

    key: str = Field(primary_key=True)
    verb: str
    order_number: str = Field(index=True)
    fingerprint: str
    """Of the arguments: the same key for something else is a mistake of the caller."""
    answer: dict[str, object] = json_column()
    """`domain.flows.effects.Done`."""
    at: datetime | None = moment(default_now=True)


class ShopNote(SQLModel, table=True):
    """A note for the shop's people on an order."""

    __tablename__ = "shop_note"

    id: str = Field(default_factory=new_id, primary_key=True)
    order_number: str = Field(foreign_key="shop_order.number", index=True)
    body: str = Field(sa_type=Text)
    at: datetime | None = moment(default_now=True)


class ShopTrackingEvent(SQLModel, table=True):
    """What a carrier told of a parcel, once for each event id."""

    __tablename__ = "shop_tracking_event"
    __table_args__ = (Index("shop_tracking_event_of", "shipment_id", "at"),)

    event_id: str = Field(primary_key=True)
    shipment_id: str
    """A shipment of an order, or the label code of a return."""
    state: str
    """`domain.commerce.ShipmentState`."""
    at: datetime = moment()
    expected_on: date | None = None
    code: str = ""
    """The carrier's own word for it."""
    recorded_at: datetime | None = moment(default_now=True)
