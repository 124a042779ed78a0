"""The store's records as Baton imports them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.retail.asking import address_of
from bench.retail.data import CURRENCY, Json, RetailData, minor
from domain.commerce import MethodKind, OrderState, PaymentState, ShipmentState
from domain.shop_records import (
    BroughtAddress,
    CustomerRecord,
    LineRecord,
    OrderRecord,
    PaymentMethodRecord,
    PaymentRecord,
    ProductRecord,
    ShipmentRecord,
    ShopRecord,
    VariantRecord,
)

_PLENTY = 100_000
"""Units of a variant that the store calls available: it counts none."""
_PLACED = datetime(2024, 5, 1, 12, tzinfo=UTC)
"""The files hold no dates, and none of the store's rules asks for one."""

STATES = {
    "pending": OrderState.PAID,
    "processed": OrderState.SHIPPED,
    "delivered": OrderState.DELIVERED,
    "cancelled": OrderState.CANCELLED,
}
"""The store's words for the states of an order."""
METHODS = {
    "credit_card": MethodKind.CARD,
    "paypal": MethodKind.PAYPAL,
    "gift_card": MethodKind.GIFT_CARD,
}


def records(data: RetailData) -> Iterator[ShopRecord]:
    """Everything, what is referred to before what refers to it."""
    for user_id, user in data.users.items():
        yield _customer(user_id, user)
        yield from (_method(user_id, method) for method in user["payment_methods"].values())
    yield from (_product(product) for product in data.products.values())
    for order in data.orders.values():
        yield _order(order, data)
        yield from _shipments(order)


def _customer(user_id: str, user: Json) -> CustomerRecord:
    return CustomerRecord(
        customer_id=user_id,
        name=f"{user['name']['first_name']} {user['name']['last_name']}",
        email=user["email"],
        currency=CURRENCY,
        created_at=_PLACED,
        address=_address(user["address"]),
    )


def _address(told: Json) -> BroughtAddress:
    return BroughtAddress.model_validate(address_of(told).model_dump())


def _method(user_id: str, method: Json) -> PaymentMethodRecord:
    label = " ".join(str(method[part]) for part in ("brand", "last_four") if part in method)
    return PaymentMethodRecord(
        method_id=method["id"],
        customer_id=user_id,
        method=METHODS[method["source"]],
        currency=CURRENCY,
        label=label,
        balance_minor=minor(method["balance"]) if "balance" in method else None,
    )


def _product(product: Json) -> ProductRecord:
    return ProductRecord(
        product_id=product["product_id"],
        title=product["name"],
        currency=CURRENCY,
        variants=tuple(
            VariantRecord(
                sku=item_id,
                price_minor=minor(variant["price"]),
                stock=_PLENTY if variant["available"] else 0,
                options=variant["options"],
            )
            for item_id, variant in product["variants"].items()
        ),
    )


def _order(order: Json, data: RetailData) -> OrderRecord:
    state = STATES[order["status"]]
    gone = 1 if state is OrderState.CANCELLED else 0
    return OrderRecord(
        number=order["order_id"],
        customer_id=order["user_id"],
        state=state,
        placed_at=_PLACED,
        currency=CURRENCY,
        lines=tuple(
            LineRecord(sku=item["item_id"], quantity=1, unit_price_minor=minor(item["price"]), cancelled=gone)
            for item in order["items"]
        ),
        payments=tuple(_payments(order, data)),
        address=_address(order["address"]),
    )


def _payments(order: Json, data: RetailData) -> Iterator[PaymentRecord]:
    methods = data.users[order["user_id"]]["payment_methods"]
    back = any(entry["transaction_type"] == "refund" for entry in order["payment_history"])
    for entry in order["payment_history"]:
        if entry["transaction_type"] == "payment":
            yield PaymentRecord(
                method=METHODS[methods[entry["payment_method_id"]]["source"]],
                method_id=entry["payment_method_id"],
                amount_minor=minor(entry["amount"]),
                state=PaymentState.REFUNDED if back else PaymentState.CAPTURED,
                captured_at=_PLACED,
            )


def _shipments(order: Json) -> Iterator[ShipmentRecord]:
    for number, parcel in enumerate(order["fulfillments"], 1):
        delivered = order["status"] == "delivered"
        if order["status"] == "cancelled":
            continue  # nothing of it is under way any more
        yield ShipmentRecord(
            shipment_id=f"{order['order_id']}-S{number}",
            order=order["order_id"],
            state=ShipmentState.DELIVERED if delivered else ShipmentState.IN_TRANSIT,
            carrier="carrier",
            tracking_number=parcel["tracking_id"][0],
            shipped_at=_PLACED + timedelta(days=1),
            delivered_at=_PLACED + timedelta(days=3) if delivered else None,
        )
