"""Rows of the local store as the values that Baton knows."""

from collections.abc import Sequence
from datetime import datetime

from domain import commerce as values
from domain.money import Money
from store import commerce
from store.commerce_ledger import ShopPaymentMethod, ShopReturn, ShopReturnLine


def customer(
    row: commerce.ShopCustomer, spent: int, orders: int, methods: Sequence[ShopPaymentMethod]
) -> values.ShopCustomer:
    """A customer; `spent` in minor units of their currency."""
    return values.ShopCustomer(
        customer_id=row.customer_id,
        name=row.name,
        email=row.email,
        tier=row.tier,
        phone=row.phone,
        locale=row.locale,
        lifetime_value=Money(minor=spent, currency=row.currency),
        orders_count=orders,
        address=values.Address.model_validate(row.address),
        methods=tuple(method(one) for one in methods),
        flags=tuple(row.flags),
        contact_by=tuple(row.contact_by),
    )


def method(row: ShopPaymentMethod) -> values.PaymentMethod:
    """A payment method on file."""
    held = row.balance_minor
    return values.PaymentMethod(
        method_id=row.method_id,
        kind=values.MethodKind(row.kind),
        label=row.label,
        balance=None if held is None else Money(minor=held, currency=row.currency),
    )


def order(
    head: commerce.ShopOrder,
    *,
    lines: Sequence[values.OrderLine],
    shipments: Sequence[values.Shipment],
    payments: Sequence[values.Payment],
    returns: Sequence[values.ReturnRecord],
) -> values.Order:
    """An order with its contents."""
    return values.Order(
        number=head.number,
        customer_id=head.customer_id,
        email=head.email,
        state=values.OrderState(head.state),
        placed_at=head.placed_at,
        total=Money(minor=head.total_minor, currency=head.currency),
        lines=tuple(lines),
        shipments=tuple(shipments),
        postcode=head.postcode,
        shipping_method=head.shipping_method,
        country=head.country,
        shipping=Money(minor=head.shipping_minor, currency=head.currency),
        address=_address(head),
        payments=tuple(payments),
        returns=tuple(returns),
        items_changed=head.items_changed,
        cancel_reason=head.cancel_reason,
    )


def line(
    row: commerce.ShopOrderLine, currency: str, product_id: str, category: str, returning: int
) -> values.OrderLine:
    """A line; `returning` units of it are in open returns."""
    return values.OrderLine(
        line_id=row.line_id,
        sku=row.sku,
        title=row.title,
        quantity=row.quantity,
        unit_price=Money(minor=row.unit_price_minor, currency=currency),
        product_id=product_id,
        category=category,
        cancelled=row.cancelled,
        returned=row.returned,
        returning=returning,
    )


def shipment(parcel: commerce.ShopShipment, line_ids: tuple[str, ...]) -> values.Shipment:
    """A parcel and the ids of its lines."""
    return values.Shipment(
        shipment_id=parcel.shipment_id,
        state=values.ShipmentState(parcel.state),
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        line_ids=line_ids,
        shipped_at=parcel.shipped_at,
        expected_on=parcel.expected_on,
        delivered_at=parcel.delivered_at,
        last_scan_at=parcel.last_scan_at,
    )


def payment(row: commerce.ShopPayment) -> values.Payment:
    """A payment and what of it has gone back."""
    return values.Payment(
        payment_id=row.payment_id,
        method=values.MethodKind(row.method),
        method_id=row.method_id,
        amount=Money(minor=row.amount_minor, currency=row.currency),
        refunded_minor=row.refunded_minor,
        state=values.PaymentState(row.state),
    )


def refund(refund_id: str, minor: int, currency: str, to: str, at: datetime) -> values.Refund:
    """Money that went back; `minor` is the sum of all that one effect took from the order's payments."""
    return values.Refund(
        refund_id=refund_id, amount=Money(minor=int(minor), currency=currency), to=values.MethodKind(to), at=at
    )


def return_record(head: ShopReturn, parts: Sequence[ShopReturnLine]) -> values.ReturnRecord:
    """A return or an exchange."""
    return values.ReturnRecord(
        return_id=head.return_id,
        state=values.ReturnState(head.state),
        exchange=head.exchange,
        reason=head.reason,
        lines=tuple(_returned(part) for part in parts),
    )


def _returned(part: ShopReturnLine) -> values.ReturnedLine:
    return values.ReturnedLine(
        line_id=part.line_id,
        quantity=part.quantity,
        received=part.received,
        accepted=part.accepted,
        new_sku=part.new_sku,
    )


def _address(head: commerce.ShopOrder) -> values.Address:
    """Orders from before addresses were kept have at least a postcode and a country."""
    if not head.address:
        return values.Address(postcode=head.postcode, country=head.country)
    return values.Address.model_validate(head.address)
