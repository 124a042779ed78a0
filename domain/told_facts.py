"""What Baton knows of an order, a product or a flow, as plain lines: for a model to read, and to hold answers against.

Days are those of UTC, as ISO 8601 writes them. Addresses of people are left out: nothing that is told needs them.
"""

from collections.abc import Iterator, Sequence

from domain.commerce import Order, OrderLine, Product, Refund, ReturnState, Shipment
from domain.flows.progress import FlowProgress

REFUNDED = "Refunded"
"""What a line begins with that tells of money which has gone back."""


def order_facts(order: Order, refunds: Sequence[Refund] = ()) -> str:
    """Everything of an order that its owner may hear, with what was paid back for it."""
    lines = [
        f"Order {order.number}: {order.state}. Placed on {_day(order.placed_at)}. Total {order.total}.",
        *(_item(line) for line in order.lines),
        *(_parcel(parcel, order) for parcel in order.shipments),
        *_money(order),
        *(f"{REFUNDED} {one.amount} on {_day(one.at)} to {one.to}." for one in refunds),
    ]
    return "\n".join(lines)


def _item(line: OrderLine) -> str:
    told = [f"Item {line.line_id}: {line.quantity} x {line.title} (SKU {line.sku}), {line.unit_price} each."]
    counts = (("cancelled", line.cancelled), ("returned", line.returned), ("being returned", line.returning))
    told += [f"{count} of it {word}." for word, count in counts if count]
    return " ".join(told)


def _parcel(parcel: Shipment, order: Order) -> str:
    inside = "; ".join(line.title for line in order.lines if line.line_id in parcel.line_ids)
    told = [f"Parcel {parcel.shipment_id}: {parcel.state} with {parcel.carrier}, {inside}."]
    if parcel.tracking_number:
        told.append(f"Tracking number {parcel.tracking_number}. {parcel.tracking_url}".strip())
    moments = (
        ("Shipped on", parcel.shipped_at),
        ("Expected on", parcel.expected_on),
        ("Delivered on", parcel.delivered_at),
        ("Last seen on", parcel.last_scan_at),
    )
    return " ".join([*told, *(f"{word} {_day(moment)}." for word, moment in moments if moment)])


def _money(order: Order) -> Iterator[str]:
    if order.shipping is not None:
        yield f"Shipping cost {order.shipping}."
    for payment in order.payments:
        back = payment.amount.model_copy(update={"minor": payment.refunded_minor})
        refunded = f" Refunded so far: {back}." if payment.refunded_minor else ""
        yield f"Payment by {payment.method}: {payment.amount}, {payment.state}.{refunded}"
    opened = [record for record in order.returns if record.state is ReturnState.OPEN]
    for record in opened:
        yield f"{'Exchange' if record.exchange else 'Return'} {record.return_id} is open."


def product_facts(product: Product) -> str:
    """A product as the catalogue shows it."""
    lines = [f"Product {product.product_id}: {product.title} ({product.category}). {product.description}"]
    lines += [f"{name}: {value}." for name, value in product.attributes.items()]
    for variant in product.variants:
        options = ", ".join(f"{name} {value}" for name, value in variant.options.items())
        there = "in stock" if variant.stock > 0 else "sold out"
        lines.append(f"Variant {variant.sku}: {options}; {variant.price}; {there}.")
    return "\n".join([*lines, *([product.url] if product.url else [])])


def flow_facts(flow: FlowProgress) -> str:
    """How far a return, an exchange or the like has come."""
    outcome = f", {flow.outcome}" if flow.outcome else ""
    refunded = f" Refunded: {flow.refunded}." if flow.refunded else ""
    began, since = _day(flow.opened_at), _day(flow.changed_at)
    named = flow.kind.replace("_", " ")
    return f"{named} of order {flow.order}: {flow.state}{outcome} since {since}. Begun on {began}.{refunded}"


def _day(moment: object) -> str:
    return str(moment)[:10]
