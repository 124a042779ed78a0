"""Units of order lines: what a request is about, what is left of a line, and what other flows hold."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.commerce import Order, OrderLine, ReturnState, ShipmentState
from domain.flows.requests import (
    CancellationRequest,
    ClaimRequest,
    CustomRequest,
    ExchangeRequest,
    FlowRequest,
    ItemChange,
    ItemWanted,
    ReturnRequest,
)
from domain.values import Value


class Holding(Value):
    """Units that an open flow holds."""

    line_id: str
    quantity: int
    return_id: str = ""
    """The shop's record of its return or exchange, once there is one."""
    changed: bool = False
    """The shop has cancelled or swapped them already."""


def units_of(items: Sequence[ItemWanted]) -> dict[str, int]:
    """Units by line, of items that may name a line twice."""
    units: Counter[str] = Counter()
    for item in items:
        units[item.line_id] += item.quantity
    return dict(units)


def wanted(request: FlowRequest, order: Order) -> tuple[ItemWanted, ...]:
    """The units that a request is about, and that its flow holds until it ends; a whole cancellation names them all."""
    match request:
        case CancellationRequest(items=()):
            return tuple(
                ItemWanted(line_id=line.line_id, quantity=line.open_quantity)
                for line in order.lines
                if line.open_quantity > 0
            )
        case ReturnRequest() | ClaimRequest() | CancellationRequest() | CustomRequest():
            return request.items
        case ExchangeRequest() | ItemChange():
            return request.swaps
        case _:
            return ()


def has_left(order: Order, line_id: str, claimed: Mapping[str, int]) -> int:
    """Units of a line that the customer has or will get, and that no flow holds; an unknown line has none."""
    line = order.line(line_id)
    return max(line.open_quantity - claimed.get(line_id, 0), 0) if line else 0


def is_shipped(order: Order, line: OrderLine) -> bool:
    """Has any of the line left the warehouse? Which of its units a parcel holds, a shop need not tell."""
    return any(parcel.state is not ShipmentState.LABEL_CREATED for parcel in order.parcels_with(line.line_id))


def is_everything(order: Order, units: Mapping[str, int]) -> bool:
    """Are these all units of the order that were not cancelled?"""
    return any(units.values()) and all(
        units.get(line.line_id, 0) >= line.quantity - line.cancelled for line in order.lines
    )


def held_unknown_to_shop(order: Order, holdings: Iterable[Holding]) -> dict[str, int]:
    """Units by line that open flows hold, less those that the order as read already counts as taken.

    A holding is counted by the shop once its return is among the order's. A return there that no holding names may be
    one whose flow has not heard of it yet, and is set off against the holdings that have none.
    """
    known = {record.return_id for record in order.returns}
    holdings = list(holdings)
    held: Counter[str] = Counter()
    for one in holdings:
        if not one.changed and one.return_id not in known:
            held[one.line_id] += one.quantity
    named = {one.return_id for one in holdings}
    for record in order.returns:
        if record.return_id not in named and record.state is ReturnState.OPEN:
            for line in record.lines:
                held[line.line_id] -= line.quantity
    return {line_id: quantity for line_id, quantity in held.items() if quantity > 0}
