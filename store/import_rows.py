"""Records of an import as rows of the shop's tables, staged beside the position at which each record was given."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from pydantic import BaseModel

from domain.commerce import PaymentState
from domain.shop_records import (
    CustomerRecord,
    OrderRecord,
    PaymentMethodRecord,
    ProductRecord,
    ShipmentRecord,
    ShopRecord,
)

STAGED: dict[str, tuple[str, ...]] = {
    "shop_customer": (
        "customer_id", "name", "email", "tier", "phone", "locale", "currency", "created_at", "address", "flags",
        "contact_by",
    ),
    "shop_payment_method": ("method_id", "customer_id", "kind", "label", "balance_minor", "currency"),
    "shop_product": ("product_id", "title", "category", "description", "attributes", "url"),
    "shop_variant": ("sku", "product_id", "position", "options", "price_minor", "currency", "stock"),
    "shop_order": (
        "number", "customer_id", "email", "state", "placed_at", "shipping_minor", "total_minor", "currency",
        "shipping_method", "address", "cancel_reason",
    ),
    "shop_order_line": (
        "line_id", "order_number", "position", "sku", "title", "quantity", "unit_price_minor", "cancelled", "returned",
    ),
    "shop_payment": (
        "payment_id", "order_number", "method", "amount_minor", "currency", "state", "captured_at", "method_id",
        "refunded_minor",
    ),
    "shop_shipment": (
        "shipment_id", "order_number", "state", "carrier", "tracking_number", "shipped_at", "expected_on",
        "delivered_at", "last_scan_at",
    ),
    "shop_shipment_line": ("shipment_id", "line_id", "quantity"),
    "shop_import": ("kind", "id", "print", "base"),
}  # fmt: skip
"""The tables that an import fills, parents before children, and the columns that its records tell."""

Row = tuple[str, Sequence[object]]
"""A table, and values for its staged columns."""


def rows_of(record: ShopRecord) -> Iterator[Row]:
    """The rows of one record, and what is kept to compare the next import with."""
    match record:
        case CustomerRecord():
            yield "shop_customer", _customer(record)
            yield _kept(record, record.customer_id, {"contact_by": list(record.contact_by)})
        case PaymentMethodRecord():
            yield "shop_payment_method", _method(record)
            yield _kept(record, record.method_id, {"balance": record.balance_minor})
        case ProductRecord():
            yield from _product(record)
            yield _kept(record, record.product_id, {"stock": {one.sku: one.stock for one in record.variants}})
        case OrderRecord():
            yield from _order(record)
            yield _kept(record, record.number, _order_base(record))
        case ShipmentRecord():
            yield from _shipment(record)
            lines = [(one.line_id, one.quantity) for one in record.lines or ()]
            yield _kept(record, record.shipment_id, {"state": record.state, "lines": _digest(json.dumps(lines))})


def unique_ids(record: ShopRecord) -> Iterator[tuple[str, str, object]]:
    """What no two records may share: the field, a word for what it is, the value."""
    match record:
        case CustomerRecord():
            yield "customer_id", "customer", record.customer_id
            yield "email", "e-mail address", record.email
        case PaymentMethodRecord():
            yield "method_id", "payment method", record.method_id
            if record.method == "store_credit":
                yield "method", "store credit of a customer", (record.customer_id, record.currency)
        case ProductRecord():
            yield "product_id", "product", record.product_id
            yield from ((f"variants.{i}.sku", "SKU", one.sku) for i, one in enumerate(record.variants))
        case OrderRecord():
            yield "number", "order", record.number
            yield from ((f"lines.{i}.line_id", "order line", record.line_id(i)) for i in range(len(record.lines)))
            paid = range(len(record.payments))
            yield from ((f"payments.{i}.payment_id", "payment", record.payment_id(i)) for i in paid)
        case ShipmentRecord():
            yield "shipment_id", "shipment", record.shipment_id
            yield "tracking_number", "tracking number of a carrier", (record.carrier, record.tracking_number)
            inside = enumerate(record.lines or ())
            yield from (
                (f"lines.{i}.line_id", "line in a parcel", (record.shipment_id, one.line_id)) for i, one in inside
            )


def _customer(record: CustomerRecord) -> Sequence[object]:
    return (
        record.customer_id, record.name, record.email, record.tier, record.phone, record.locale, record.currency,
        record.created_at, _json(record.address), _json(record.flags), _json(record.contact_by),
    )  # fmt: skip


def _method(record: PaymentMethodRecord) -> Sequence[object]:
    kind = record.method.value
    return record.method_id, record.customer_id, kind, record.label, record.balance_minor, record.currency


def _product(record: ProductRecord) -> Iterator[Row]:
    words = _json(record.attributes)
    yield "shop_product", (record.product_id, record.title, record.category, record.description, words, record.url)
    for position, one in enumerate(record.variants, 1):
        yield "shop_variant", (
            one.sku, record.product_id, position, _json(one.options), one.price_minor, record.currency, one.stock,
        )  # fmt: skip


def _order(record: OrderRecord) -> Iterator[Row]:
    yield "shop_order", (
        record.number, record.customer_id, record.email, record.state.value, record.placed_at, record.shipping_minor,
        record.sum_minor, record.currency, record.shipping_method, record.address and _json(record.address),
        record.cancel_reason,
    )  # fmt: skip
    for index, line in enumerate(record.lines):
        yield "shop_order_line", (
            record.line_id(index), record.number, index + 1, line.sku, line.title, line.quantity, line.unit_price_minor,
            line.cancelled, line.returned,
        )  # fmt: skip
    for index, paid in enumerate(record.payments):
        yield "shop_payment", (
            record.payment_id(index), record.number, paid.method.value, paid.amount_minor, record.currency,
            paid.state.value, _captured_at(record, index), paid.method_id or "", paid.back_minor,
        )  # fmt: skip


def _captured_at(record: OrderRecord, index: int) -> datetime | None:
    payment = record.payments[index]
    taken = payment.state in (PaymentState.CAPTURED, PaymentState.REFUNDED)
    return payment.captured_at or (record.placed_at if taken else None)


def _order_base(record: OrderRecord) -> dict[str, object]:
    payments = {
        record.payment_id(i): {"state": one.state.value, "refunded": one.back_minor}
        for i, one in enumerate(record.payments)
    }
    told = record.model_dump(mode="json", exclude={"state", "address", "cancel_reason", "payments"})
    paid = [one.model_dump(mode="json", exclude={"state", "refunded_minor", "captured_at"}) for one in record.payments]
    contents = _digest(json.dumps([told, paid], sort_keys=True))
    return {"state": record.state.value, "contents": contents, "payments": payments}


def _shipment(record: ShipmentRecord) -> Iterator[Row]:
    yield "shop_shipment", (
        record.shipment_id, record.order, record.state.value, record.carrier, record.tracking_number,
        record.shipped_at, record.expected_on, record.delivered_at, record.last_scan_at,
    )  # fmt: skip
    for one in record.lines or ():
        yield "shop_shipment_line", (record.shipment_id, one.line_id, one.quantity)


def _kept(record: ShopRecord, record_id: str, base: Mapping[str, object]) -> Row:
    return "shop_import", (record.kind, record_id, _digest(record.model_dump_json()), _json(base))


def _digest(written: str) -> str:
    return sha256(written.encode()).hexdigest()[:32]


def _json(value: object) -> str:
    return value.model_dump_json() if isinstance(value, BaseModel) else json.dumps(value)
