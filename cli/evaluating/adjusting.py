"""Orders of the demo shop as a case needs them: their state and dates, relative to now."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from cli.errors import CommandFailed
from cli.evaluating.cases import OrderAsOf
from domain.commerce import OrderState, ShipmentState
from store.commerce import ShopOrder, ShopShipment

_UNDER_WAY = timedelta(days=2)
"""How long a parcel that was delivered has travelled."""


class NoSuchOrder(CommandFailed):
    """A case adjusts an order that the demo shop does not have, or that has no parcel to be under way."""


async def adjust(session: AsyncSession, wanted: OrderAsOf) -> None:
    """Bring one order and its parcels into the state. Raises `NoSuchOrder`."""
    order = await session.get(ShopOrder, wanted.order)
    if order is None:
        raise NoSuchOrder(f"the demo shop has no order {wanted.order}")
    now = datetime.now(UTC)
    parcels = list(
        (await session.execute(select(ShopShipment).where(col(ShopShipment.order_number) == wanted.order))).scalars()
    )
    if wanted.state in {OrderState.SHIPPED, OrderState.DELIVERED} and not parcels:
        raise NoSuchOrder(f"order {wanted.order} of the demo shop has no parcel that could be {wanted.state}")
    order.state = wanted.state.value
    if wanted.placed_days_ago is not None:
        order.placed_at = now - timedelta(days=wanted.placed_days_ago)
    for parcel in parcels:
        _move(parcel, wanted, now)


def _move(parcel: ShopShipment, wanted: OrderAsOf, now: datetime) -> None:
    match wanted.state:
        case OrderState.DELIVERED:
            arrived = now - timedelta(days=wanted.delivered_days_ago or 0)
            parcel.shipped_at, parcel.expected_on = arrived - _UNDER_WAY, arrived.date()
            parcel.delivered_at = parcel.last_scan_at = arrived
            parcel.state = ShipmentState.DELIVERED.value
        case OrderState.SHIPPED:
            parcel.state, parcel.delivered_at = ShipmentState.IN_TRANSIT.value, None
            parcel.shipped_at = parcel.shipped_at or now - timedelta(days=1)
            if wanted.expected_in_days is not None:
                parcel.expected_on = (now + timedelta(days=wanted.expected_in_days)).date()
        case _:  # It has not left.
            parcel.state = ShipmentState.LABEL_CREATED.value
            parcel.shipped_at = parcel.delivered_at = parcel.last_scan_at = None
