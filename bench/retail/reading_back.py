"""The store's records as they are after the flows, in the fields of the data set's own format."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from bench.retail.data import Json, minor
from bench.retail.records import METHODS, STATES
from domain.commerce import MethodKind, OrderState
from integrations.shop.local_history import money_moves
from store.commerce import ShopOrder, ShopOrderLine, ShopProduct, ShopVariant
from store.commerce_ledger import ShopPaymentMethod, ShopReturn, ShopReturnLine

_WORDS = {state: word for word, state in STATES.items()}
_SOURCES = {kind: source for source, kind in METHODS.items()}
_CHANGED = "pending (item modified)"


async def order_as_told(session: AsyncSession, number: str) -> Json:
    """An order in the format's fields; amounts are in cents here, so that they compare exactly."""
    order = await session.get_one(ShopOrder, number)
    lines = await _all(session, ShopOrderLine, ShopOrderLine.order_number, number, ShopOrderLine.position)
    returns = await _all(session, ShopReturn, ShopReturn.order_number, number, ShopReturn.created_at)
    told: Json = {
        "status": _status(order, returns),
        "items": [await _item(session, line) for line in lines],
        "payment_history": await _money(session, number),
        "address": _address(order),
    }
    if order.cancel_reason:
        told["cancel_reason"] = order.cancel_reason
    for one in returns:
        told |= await _came_back(session, one)
    return told


async def methods_as_told(session: AsyncSession, user_id: str) -> Json:
    """A user's payment methods: id to source and, where there is one, the balance in cents."""
    methods = await _all(
        session, ShopPaymentMethod, ShopPaymentMethod.customer_id, user_id, ShopPaymentMethod.method_id
    )
    return {one.method_id: {"source": _SOURCES[MethodKind(one.kind)], "balance": one.balance_minor} for one in methods}


def order_as_expected(order: Json) -> Json:
    """An order of the data set in the same form."""
    told = {name: value for name, value in order.items() if name not in {"order_id", "user_id", "fulfillments"}}
    told["items"] = [{**item, "price": minor(item["price"])} for item in order["items"]]
    told["payment_history"] = [{**entry, "amount": minor(round(entry["amount"], 2))} for entry in _history(order)]
    if "exchange_price_difference" in told:
        told["exchange_price_difference"] = minor(round(told["exchange_price_difference"], 2))
    return told


def methods_as_expected(methods: Json) -> Json:
    """A user's payment methods of the data set in the same form."""
    return {
        method_id: {
            "source": method["source"],
            "balance": minor(round(method["balance"], 2)) if "balance" in method else None,
        }
        for method_id, method in methods.items()
    }


def _history(order: Json) -> list[Json]:
    history: list[Json] = order["payment_history"]
    return history


async def _all(session: AsyncSession, table: type[SQLModel], of: Any, value: str, order: Any) -> Sequence[Any]:
    return (await session.scalars(select(table).where(col(of) == value).order_by(col(order)))).all()


def _status(order: ShopOrder, returns: Sequence[ShopReturn]) -> str:
    if returns:
        return "exchange requested" if returns[-1].exchange else "return requested"
    if order.items_changed and order.state == OrderState.PAID.value:
        return _CHANGED
    return _WORDS[OrderState(order.state)]


async def _item(session: AsyncSession, line: ShopOrderLine) -> Json:
    variant = await session.get_one(ShopVariant, line.sku)
    product = await session.get_one(ShopProduct, variant.product_id)
    return {
        "name": product.title,
        "product_id": product.product_id,
        "item_id": line.sku,
        "price": line.unit_price_minor,
        "options": variant.options,
    }


async def _money(session: AsyncSession, number: str) -> list[Json]:
    return [
        {
            "transaction_type": "refund" if move.refund else "payment",
            "amount": move.amount.minor,
            "payment_method_id": move.method_id,
        }
        for move in await money_moves(session, number)
    ]


async def _came_back(session: AsyncSession, one: ShopReturn) -> Json:
    lines = await _all(session, ShopReturnLine, ShopReturnLine.return_id, one.return_id, ShopReturnLine.line_id)
    items = sorted([(await session.get_one(ShopOrderLine, line.line_id)).sku for line in lines])
    if not one.exchange:
        return {"return_items": items, "return_payment_method_id": one.refund_to}
    return {
        "exchange_items": items,
        "exchange_new_items": sorted(line.new_sku for line in lines),
        "exchange_payment_method_id": one.method_id,
        "exchange_price_difference": one.difference_minor,
    }


def _address(order: ShopOrder) -> Json:
    told = order.address
    return {
        "address1": told.get("line1", ""),
        "address2": told.get("line2", ""),
        "city": told.get("city", ""),
        "state": told.get("region", ""),
        "zip": told.get("postcode", ""),
        "country": told.get("country", ""),
    }
