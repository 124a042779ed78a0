"""Cancelling orders of the local shop, wholly or by lines that have not left."""

from collections.abc import Sequence

from domain.commerce import OrderState, PaymentState
from domain.flows.effects import Done
from domain.flows.refusal import Rule
from domain.flows.requests import ItemWanted
from integrations.shop.local_effects import BEFORE_LEAVING, Asked, Broken, LocalEffects, Turn, require_state
from integrations.shop.local_lines import Lines, read_lines, settle_state, wanted_units
from integrations.shop.local_packing import discard_empty_parcels, unpack
from integrations.shop.local_payments import open_purse
from integrations.shop.local_stock import Cause, lock_variants, put_back
from integrations.shop.protocol import Effect
from store.commerce import ShopPayment

_CANCELLABLE = (*BEFORE_LEAVING, OrderState.PARTLY_SHIPPED.value)


class LocalCancelling(LocalEffects):
    """The cancellation of `ShopOrders`."""

    async def cancel_order(self, key: str, order: str, items: Sequence[ItemWanted], *, reason: str) -> Effect:
        """Cancel lines that have not been shipped (none named: all), free their stock and refund them.

        When nothing of the order is left, everything that is left of its payments goes back, shipping included; else
        what the lines cost, as far as it has not gone back before. `amount_minor` is what was refunded. Payments that
        have not come in are given up or lowered.
        """

        async def do(turn: Turn) -> Done:
            require_state(turn, _CANCELLABLE)
            lines = await read_lines(turn)
            units = _unshipped(lines, items)
            await _free(turn, lines, units)
            await settle_state(turn, lines)
            turn.order.cancel_reason = reason
            return turn.done(turn.order.number, await _settle_money(turn, _worth(lines, units)))

        return await self._on_order(Asked(key, "cancel_order", (order, *items, reason)), order, do)


def _unshipped(lines: Lines, items: Sequence[ItemWanted]) -> dict[str, int]:
    """What is to be cancelled, by line. Raises `Broken` for what has left."""
    if not items:
        units = {line_id: line.unshipped for line_id, line in lines.items() if line.unshipped}
        if not units:
            raise Broken(Rule.ALREADY_SHIPPED)
        return units
    wanted = wanted_units(lines, items)
    for line_id, count in wanted.items():
        if count > lines[line_id].unshipped:
            raise Broken(Rule.ALREADY_SHIPPED, line_id)
    return wanted


async def _free(turn: Turn, lines: Lines, units: dict[str, int]) -> None:
    variants = await lock_variants(turn, [lines[line_id].row.sku for line_id in units])
    for line_id, count in units.items():
        lines[line_id].row.cancelled += count
        put_back(turn, variants[lines[line_id].row.sku], count, Cause.CANCEL)
        await unpack(turn, lines[line_id])
    await discard_empty_parcels(turn)


def _worth(lines: Lines, units: dict[str, int]) -> int:
    return sum(lines[line_id].row.unit_price_minor * count for line_id, count in units.items())


async def _settle_money(turn: Turn, worth: int) -> int:
    """Refund what was paid for it; answers how much. What has not come in is asked for no longer."""
    purse = await open_purse(turn)
    whole = turn.order.state == OrderState.CANCELLED
    unpaid = _lower_pending(purse.pending, None if whole else worth)
    amount = purse.left if whole else min(worth - unpaid, purse.left)
    if amount:
        purse.give_back(amount, None, "cancelled")
    return amount


def _lower_pending(payments: list[ShopPayment], worth: int | None) -> int:
    """Lower pending payments by what is cancelled (None: give them up); answers by how much, in minor units."""
    lowered = 0
    for payment in payments:
        if worth is None:
            payment.state = PaymentState.VOIDED.value
        else:
            part = min(payment.amount_minor, worth - lowered)
            payment.amount_minor -= part
            lowered += part
    return lowered
