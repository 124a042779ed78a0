"""Turns the story of a demo order into rows: lines, parcels with tracking, payment, and a total that adds up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import SQLModel

from domain.commerce import OrderState, PaymentState
from integrations.shop.carriers import carrier_for
from integrations.shop.catalogue import CURRENCY, Catalogue
from integrations.shop.stories import OrderStory, ParcelStory
from integrations.shop.wallets import home, method_id
from store.commerce import (
    ShopCustomer,
    ShopOrder,
    ShopOrderLine,
    ShopPayment,
    ShopShipment,
    ShopShipmentLine,
)
from store.commerce_ledger import ShopRefund

FREE_SHIPPING_FROM = 5000
"""Cents; standard shipping within the EU costs nothing from here."""
_OUTSIDE_EU = ("CH", "GB", "NO")


@dataclass(frozen=True)
class DemoOrder:
    """All that is told of one order. `basket` holds (SKU, quantity)."""

    number: str
    customer: ShopCustomer
    basket: tuple[tuple[str, int], ...]
    story: OrderStory
    postcode: str
    country: str = "DE"
    method: str = "standard"
    payment_method: str = "card"


def shipping_minor(subtotal: int, method: str, country: str) -> int:
    """What shipping costs, in cents, as the article on shipping costs says."""
    if country in _OUTSIDE_EU:
        return 1495
    if method == "express":
        return 995 if country == "DE" else 1995
    if subtotal >= FREE_SHIPPING_FROM:
        return 0
    return 495 if country == "DE" else 795


def order_rows(order: DemoOrder, catalogue: Catalogue, now: datetime) -> list[SQLModel]:
    """The order's rows, parents before children."""
    lines = _lines(order, catalogue)
    subtotal = sum(line.quantity * line.unit_price_minor for line in lines)
    shipping = shipping_minor(subtotal, order.method, order.country)
    placed_at = now - timedelta(days=order.story.age)
    head = ShopOrder(
        number=order.number,
        customer_id=order.customer.customer_id,
        email=order.customer.email,
        state=order.story.state.value,
        placed_at=placed_at,
        shipping_minor=shipping,
        total_minor=subtotal + shipping,
        currency=CURRENCY,
        postcode=order.postcode,
        country=order.country,
        shipping_method=order.method,
        address=home(order.customer.customer_id, order.customer.name, order.postcode, order.country),
    )
    payment = _payment(order, head)
    return [head, *lines, *_parcels(order, lines, now), payment, *_refunds(payment, now)]


def _lines(order: DemoOrder, catalogue: Catalogue) -> list[ShopOrderLine]:
    return [
        ShopOrderLine(
            line_id=f"{order.number}-{position}",
            order_number=order.number,
            position=position,
            sku=sku,
            title=catalogue.titles[sku],
            quantity=quantity,
            unit_price_minor=catalogue.variant(sku).price_minor,
            cancelled=quantity if order.story.state is OrderState.CANCELLED else 0,
            returned=quantity if order.story.state is OrderState.RETURNED else 0,
        )
        for position, (sku, quantity) in enumerate(order.basket, 1)
    ]


def _parcels(order: DemoOrder, lines: list[ShopOrderLine], now: datetime) -> list[SQLModel]:
    rows: list[SQLModel] = []
    parcels = order.story.parcels
    for index, parcel in enumerate(parcels):
        shipment = _shipment(order, index + 1, parcel, now)
        inside = lines[index :: len(parcels)]
        rows.append(shipment)
        rows += [
            ShopShipmentLine(shipment_id=shipment.shipment_id, line_id=line.line_id, quantity=line.quantity)
            for line in inside
        ]
    return rows


def _shipment(order: DemoOrder, index: int, parcel: ParcelStory, now: datetime) -> ShopShipment:
    carrier, prefix = carrier_for(order.method)
    return ShopShipment(
        shipment_id=f"{order.number}-S{index}",
        order_number=order.number,
        state=parcel.state.value,
        carrier=carrier,
        tracking_number=f"{prefix}{order.number.removeprefix('BT-'):0>8}{index:02d}",
        shipped_at=_ago(now, parcel.shipped),
        expected_on=None if parcel.expected is None else (now + timedelta(days=parcel.expected)).date(),
        delivered_at=_ago(now, parcel.delivered),
        last_scan_at=_ago(now, parcel.scanned),
    )


def _payment(order: DemoOrder, head: ShopOrder) -> ShopPayment:
    taken = order.story.payment in (PaymentState.CAPTURED, PaymentState.REFUNDED)
    method = "transfer" if order.story.payment is PaymentState.PENDING else order.payment_method
    return ShopPayment(
        payment_id=f"{order.number}-P1",
        order_number=order.number,
        method=method,
        method_id=method_id(order.customer, method),
        amount_minor=head.total_minor,
        currency=CURRENCY,
        state=order.story.payment.value,
        captured_at=head.placed_at if taken else None,
        refunded_minor=head.total_minor if order.story.payment is PaymentState.REFUNDED else 0,
    )


def _refunds(payment: ShopPayment, now: datetime) -> list[ShopRefund]:
    """The money of an order that came back, some time between its payment and now."""
    if payment.captured_at is None or not payment.refunded_minor:
        return []
    return [
        ShopRefund(
            refund_id=f"{payment.order_number}-R1",
            order_number=payment.order_number,
            payment_id=payment.payment_id,
            amount_minor=payment.refunded_minor,
            currency=payment.currency,
            to_kind=payment.method,
            to_method_id=payment.method_id,
            reason="returned",
            effect_key=f"refund:{payment.order_number}",
            at=payment.captured_at + (now - payment.captured_at) / 2,
        )
    ]


def _ago(now: datetime, days: float | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)
