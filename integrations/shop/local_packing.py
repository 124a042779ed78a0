"""Parcels of the local shop that have a label but have not left: what is taken out of them, and put in."""

from sqlalchemy import select
from sqlmodel import col

from domain.commerce import ShipmentState
from integrations.shop.local_effects import Turn
from integrations.shop.local_lines import Units
from store.commerce import ShopOrderLine, ShopShipment, ShopShipmentLine


async def unpack(turn: Turn, line: Units) -> list[tuple[str, int]]:
    """Take out of labelled parcels what the line no longer has to send; answers (shipment id, units taken out)."""
    taken: list[tuple[str, int]] = []
    packed = await _packed(turn, line.row.line_id)
    excess = sum(inside.quantity for inside in packed) + line.shipped - (line.row.quantity - line.row.cancelled)
    for inside in packed:
        units = min(inside.quantity, max(excess, 0))
        if units:
            excess -= units
            taken.append((inside.shipment_id, units))
            await _take_out(turn, inside, units)
    return taken


def pack(turn: Turn, row: ShopOrderLine, parts: list[tuple[str, int]]) -> None:
    """Put units of a line that is in no parcel yet into parcels."""
    for shipment_id, units in parts:
        turn.session.add(ShopShipmentLine(shipment_id=shipment_id, line_id=row.line_id, quantity=units))


async def discard_empty_parcels(turn: Turn) -> None:
    """A label for a parcel with nothing in it is thrown away: there is nothing to send."""
    await turn.session.flush()
    full = select(col(ShopShipmentLine.line_id)).where(
        col(ShopShipmentLine.shipment_id) == col(ShopShipment.shipment_id)
    )
    query = select(ShopShipment).where(
        col(ShopShipment.order_number) == turn.order.number,
        col(ShopShipment.state) == ShipmentState.LABEL_CREATED.value,
        ~full.exists(),
    )
    for parcel in await turn.session.scalars(query):
        await turn.session.delete(parcel)


async def _packed(turn: Turn, line_id: str) -> list[ShopShipmentLine]:
    query = (
        select(ShopShipmentLine)
        .join(ShopShipment, col(ShopShipment.shipment_id) == col(ShopShipmentLine.shipment_id))
        .where(col(ShopShipmentLine.line_id) == line_id, col(ShopShipment.state) == ShipmentState.LABEL_CREATED.value)
        .order_by(col(ShopShipmentLine.shipment_id))
    )
    return list(await turn.session.scalars(query))


async def _take_out(turn: Turn, inside: ShopShipmentLine, units: int) -> None:
    if units == inside.quantity:
        await turn.session.delete(inside)
    else:
        inside.quantity -= units
