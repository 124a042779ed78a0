"""Order lines of the local shop: which of their units are free for what, and where the order stands with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from domain.commerce import OrderState, ReturnState, ShipmentState
from domain.flows.refusal import Rule
from domain.flows.requests import ItemWanted
from integrations.shop.local_effects import Broken, Turn
from store.commerce import ShopOrderLine, ShopShipment, ShopShipmentLine
from store.commerce_ledger import ShopHold, ShopReturn, ShopReturnLine


@dataclass
class Units:
    """An order line and what is happening to its units."""

    row: ShopOrderLine
    shipped: int
    """In parcels that have left."""
    returning: int
    """In open returns and exchanges."""

    @property
    def kept(self) -> int:
        """Neither cancelled nor returned."""
        return self.row.quantity - self.row.cancelled - self.row.returned

    @property
    def open(self) -> int:
        """Neither, and nothing else is happening to them."""
        return self.kept - self.returning

    @property
    def unshipped(self) -> int:
        """Open and still in the house."""
        return min(self.open, self.row.quantity - self.row.cancelled - self.shipped)

    @property
    def out(self) -> int:
        """Open and sent to the customer."""
        return min(self.open, self.shipped - self.row.returned - self.returning)


Lines = dict[str, Units]


@dataclass(frozen=True)
class Goods:
    """What a new line holds."""

    sku: str
    title: str
    quantity: int
    unit_price_minor: int


def returning_units() -> ColumnElement[int]:
    """For a query on order lines: units in open returns and exchanges."""
    inside, record = ShopReturnLine, ShopReturn
    query = (
        select(func.coalesce(func.sum(inside.quantity), 0))
        .join(record, col(record.return_id) == col(inside.return_id))
        .where(col(inside.line_id) == col(ShopOrderLine.line_id), col(record.state) == ReturnState.OPEN.value)
    )
    return query.scalar_subquery()


async def read_lines(turn: Turn) -> Lines:
    """The lines of the order by id, in its order."""
    inside, parcel = ShopShipmentLine, ShopShipment
    shipped = (
        select(func.coalesce(func.sum(inside.quantity), 0))
        .join(parcel, col(parcel.shipment_id) == col(inside.shipment_id))
        .where(
            col(inside.line_id) == col(ShopOrderLine.line_id), col(parcel.state) != ShipmentState.LABEL_CREATED.value
        )
        .scalar_subquery()
    )
    query = (
        select(ShopOrderLine, shipped, returning_units())
        .where(col(ShopOrderLine.order_number) == turn.order.number)
        .order_by(col(ShopOrderLine.position))
    )
    rows = await turn.session.execute(query)
    return {row.line_id: Units(row, int(gone), int(returning)) for row, gone, returning in rows}


def wanted_units(lines: Lines, items: Sequence[ItemWanted]) -> dict[str, int]:
    """Units by line. Raises `Broken` for none, for zero and less, for foreign lines and for more than is open."""
    if not items:
        raise Broken(Rule.NOTHING_CHOSEN)
    wanted: dict[str, int] = {}
    for item in items:
        if item.quantity <= 0:
            raise Broken(Rule.QUANTITY_NOT_POSITIVE, item.line_id)
        if item.line_id not in lines:
            raise Broken(Rule.UNKNOWN_LINE, item.line_id)
        wanted[item.line_id] = wanted.get(item.line_id, 0) + item.quantity
    for line_id, units in wanted.items():
        if units > lines[line_id].open:
            raise Broken(Rule.QUANTITY_NOT_LEFT, line_id)
    return wanted


async def add_line(turn: Turn, lines: Lines, letter: str, goods: Goods) -> ShopOrderLine:
    """A new line at the end of the order, under the id `<order>-<letter><n>`."""
    start = f"{turn.order.number}-{letter}"
    row = ShopOrderLine(
        line_id=f"{start}{1 + sum(line_id.startswith(start) for line_id in lines)}",
        order_number=turn.order.number,
        position=1 + max((units.row.position for units in lines.values()), default=0),
        sku=goods.sku,
        title=goods.title,
        quantity=goods.quantity,
        unit_price_minor=goods.unit_price_minor,
    )
    turn.session.add(row)
    await turn.session.flush()
    lines[row.line_id] = Units(row, shipped=0, returning=0)
    return row


async def settle_state(turn: Turn, lines: Lines) -> None:
    """Move the order's state when nothing of it is left, or nothing more of it is to be shipped."""
    kept, returned = sum(units.kept for units in lines.values()), sum(units.row.returned for units in lines.values())
    if kept == 0:
        if not returned:
            turn.order.state = OrderState.CANCELLED.value
        elif not await _something_is_held(turn):
            turn.order.state = OrderState.RETURNED.value
    elif turn.order.state == OrderState.PARTLY_SHIPPED and not any(units.unshipped for units in lines.values()):
        turn.order.state = (OrderState.DELIVERED if await _all_delivered(turn) else OrderState.SHIPPED).value


async def _something_is_held(turn: Turn) -> bool:
    """A replacement is still to come, so the order is not over."""
    query = select(col(ShopHold.hold_id)).where(
        col(ShopHold.order_number) == turn.order.number, col(ShopHold.state) == "held"
    )
    return await turn.session.scalar(query.limit(1)) is not None


async def _all_delivered(turn: Turn) -> bool:
    query = select(col(ShopShipment.shipment_id)).where(
        col(ShopShipment.order_number) == turn.order.number, col(ShopShipment.state) != ShipmentState.DELIVERED.value
    )
    return await turn.session.scalar(query.limit(1)) is None
