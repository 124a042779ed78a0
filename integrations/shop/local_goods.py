"""Holds on stock of the local shop, and the parcels that replacements leave in."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col

from domain.commerce import OrderState, ShipmentState
from domain.flows.effects import Done
from domain.flows.refusal import Rule
from integrations.shop.carriers import carrier_for, new_tracking_number
from integrations.shop.local_effects import Asked, Broken, LocalEffects, Turn, require_state
from integrations.shop.local_lines import Goods, Lines, add_line, read_lines, settle_state
from integrations.shop.local_stock import Cause, lock_variants, put_back, take_units, title_of
from integrations.shop.protocol import Effect
from store.commerce import ShopOrderLine, ShopShipment, ShopShipmentLine, ShopVariant
from store.commerce_ledger import ShopHold, ShopReturn, ShopReturnLine

_NOT_YET_OUT = (OrderState.PAID.value, OrderState.PARTLY_SHIPPED.value)
_SHIPPABLE = (*_NOT_YET_OUT, OrderState.SHIPPED.value, OrderState.DELIVERED.value, OrderState.RETURNED.value)


class LocalGoods(LocalEffects):
    """`ShopGoods` on the local tables: a hold takes its units out of stock at once."""

    async def reserve(self, key: str, order: str, sku: str, quantity: int) -> Effect:
        """Set units of a variant aside for an order; `ref` is the hold. Refuses `variant_unavailable`."""

        async def do(turn: Turn) -> Done:
            require_state(turn, _SHIPPABLE)
            if quantity <= 0:
                raise Broken(Rule.QUANTITY_NOT_POSITIVE, sku)
            variant = (await lock_variants(turn, [sku]))[sku]
            take_units(turn, variant, quantity, Cause.HOLD)
            hold = ShopHold(
                order_number=turn.order.number, sku=sku, quantity=quantity, unit_price_minor=variant.price_minor
            )
            turn.session.add(hold)
            return turn.done(hold.hold_id)

        return await self._on_order(Asked(key, "reserve", (order, sku, quantity)), order, do)

    async def release(self, key: str, hold_id: str) -> Effect:
        """Give a hold back into stock. Released already: done. Refuses what was shipped."""

        async def do(turn: Turn) -> Done:
            hold = await turn.session.get_one(ShopHold, hold_id)
            if hold.state == "shipped":
                raise Broken(Rule.NO_LONGER_OPEN, hold.state)
            if hold.state == "held":
                hold.state = "released"
                put_back(turn, (await lock_variants(turn, [hold.sku]))[hold.sku], hold.quantity, Cause.RELEASE)
                await settle_state(turn, await read_lines(turn))
            return turn.done(hold_id)

        order_of = select(col(ShopHold.order_number)).where(col(ShopHold.hold_id) == hold_id)
        return await self._on_part(Asked(key, "release", (hold_id,)), order_of, do)

    async def ship(self, key: str, order: str, hold_ids: Sequence[str]) -> Effect:
        """Send the held units as one parcel; `ref` is the shipment, `detail` its tracking number. Cannot be undone.

        Each hold becomes an order line `<order>-X<n>`, so what was sent can come back as well.
        """

        async def do(turn: Turn) -> Done:
            require_state(turn, _SHIPPABLE)
            holds = await _held(turn, hold_ids)
            parcel = await _new_parcel(turn)
            lines = await read_lines(turn)
            variants = await lock_variants(turn, [hold.sku for hold in holds])
            for hold in holds:
                line = await _line_of(turn, lines, hold, variants[hold.sku])
                turn.session.add(
                    ShopShipmentLine(shipment_id=parcel.shipment_id, line_id=line.line_id, quantity=hold.quantity)
                )
                hold.state, hold.shipment_id = "shipped", parcel.shipment_id
            partly = turn.order.state in _NOT_YET_OUT
            turn.order.state = (OrderState.PARTLY_SHIPPED if partly else OrderState.SHIPPED).value
            return turn.done(parcel.shipment_id, detail=parcel.tracking_number)

        return await self._on_order(Asked(key, "ship", (order, *hold_ids)), order, do)


async def _held(turn: Turn, hold_ids: Sequence[str]) -> list[ShopHold]:
    wanted = sorted(set(hold_ids))
    if not wanted:
        raise Broken(Rule.NOTHING_CHOSEN)
    query = select(ShopHold).where(
        col(ShopHold.hold_id).in_(wanted),
        col(ShopHold.order_number) == turn.order.number,
        col(ShopHold.state) == "held",
    )
    holds = {hold.hold_id: hold for hold in await turn.session.scalars(query)}
    for hold_id in wanted:
        if hold_id not in holds:
            raise Broken(Rule.NO_LONGER_OPEN, hold_id)
    return [holds[hold_id] for hold_id in wanted]


async def _new_parcel(turn: Turn) -> ShopShipment:
    start = f"{turn.order.number}-SX"
    before = select(func.count()).where(col(ShopShipment.shipment_id).startswith(start, autoescape=True))
    parcel = ShopShipment(
        shipment_id=f"{start}{1 + (await turn.session.scalar(before) or 0)}",
        order_number=turn.order.number,
        state=ShipmentState.IN_TRANSIT.value,
        carrier=carrier_for(turn.order.shipping_method)[0],
        tracking_number=new_tracking_number(turn.order.shipping_method),
        shipped_at=turn.at,
    )
    turn.session.add(parcel)
    await turn.session.flush()
    return parcel


async def _line_of(turn: Turn, lines: Lines, hold: ShopHold, variant: ShopVariant) -> ShopOrderLine:
    goods = Goods(hold.sku, await title_of(turn, variant), hold.quantity, await _worth(turn, lines, hold))
    return await add_line(turn, lines, "X", goods)


async def _worth(turn: Turn, lines: Lines, hold: ShopHold) -> int:
    """What a unit counts for if it comes back: the price of an exchange, else what the like of it was bought for."""
    exchanged = (
        select(col(ShopReturnLine.line_id))
        .join(ShopReturn, col(ShopReturn.return_id) == col(ShopReturnLine.return_id))
        .where(col(ShopReturn.order_number) == turn.order.number, col(ShopReturnLine.new_sku) == hold.sku)
    )
    if await turn.session.scalar(exchanged.limit(1)):
        return hold.unit_price_minor
    bought = [units.row.unit_price_minor for units in lines.values() if units.row.sku == hold.sku]
    return bought[0] if bought else hold.unit_price_minor
