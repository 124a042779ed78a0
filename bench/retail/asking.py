"""The store's tool calls as requests of Baton."""

from bench.retail.data import Action, Json, RetailData
from domain.commerce import Address
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ExchangeRequest,
    FlowRequest,
    ItemChange,
    ItemWanted,
    PaymentChange,
    RefundTo,
    ReturnRequest,
    Swap,
)


def request_of(action: Action, data: RetailData) -> FlowRequest:
    """The request behind a call. Raises `ValueError` for a tool that changes nothing on an order."""
    told = action.arguments
    order, method_id = str(told["order_id"]), str(told.get("payment_method_id", ""))
    match action.name:
        case "cancel_pending_order":
            return CancellationRequest(order=order, reason=told["reason"])
        case "modify_pending_order_address":
            return AddressChange(order=order, address=address_of(told))
        case "modify_pending_order_payment":
            return PaymentChange(order=order, method_id=method_id)
        case "modify_pending_order_items":
            return ItemChange(order=order, swaps=_swaps(told, data), method_id=method_id)
        case "exchange_delivered_order_items":
            return ExchangeRequest(order=order, swaps=_swaps(told, data), method_id=method_id)
        case "return_delivered_order_items":
            lines = _lines(order, told["item_ids"], data)
            items = tuple(ItemWanted(line_id=line) for line in lines)
            return ReturnRequest(order=order, items=items, refund_to=RefundTo.METHOD, method_id=method_id)
        case other:
            raise ValueError(f"no tool that changes an order: {other}")


def address_of(told: Json) -> Address:
    """An address in the store's fields."""
    return Address(
        line1=told["address1"],
        line2=told["address2"],
        city=told["city"],
        region=told["state"],
        postcode=told["zip"],
        country=told["country"],
    )


def _line_id(order: str, position: int) -> str:
    """The id of an order's line; the store itself numbers none. Positions count from 1."""
    return f"{order}-{position}"


def _swaps(told: Json, data: RetailData) -> tuple[Swap, ...]:
    lines = _lines(told["order_id"], told["item_ids"], data)
    return tuple(Swap(line_id=line, new_sku=new) for line, new in zip(lines, told["new_item_ids"], strict=True))


def _lines(order: str, item_ids: list[str], data: RetailData) -> list[str]:
    """The lines that hold these items, each line once; what is not in the order gets a line that does not exist."""
    items = [item["item_id"] for item in data.orders.get(order, {}).get("items", ())]
    free = {_line_id(order, position): item for position, item in enumerate(items, 1)}
    found = []
    for item_id in item_ids:
        line = next((line for line, item in free.items() if item == item_id), f"{order}-none-{item_id}")
        free.pop(line, None)
        found.append(line)
    return found
