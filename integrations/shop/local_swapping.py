"""Swapping variants of a local shop's order that has not left, with the price difference settled at once."""

from collections.abc import Sequence

from domain.flows.effects import Done
from domain.flows.refusal import Rule
from domain.flows.requests import Swap
from integrations.shop.local_effects import BEFORE_LEAVING, Asked, Broken, LocalEffects, Turn, require_state
from integrations.shop.local_lines import Goods, Lines, Units, add_line, read_lines, wanted_units
from integrations.shop.local_packing import pack, unpack
from integrations.shop.local_payments import open_purse
from integrations.shop.local_stock import Cause, lock_variants, put_back, take_units, title_of
from integrations.shop.protocol import Effect
from store.commerce import ShopPayment, ShopVariant

Variants = dict[str, ShopVariant]


class LocalSwapping(LocalEffects):
    """The item changes of `ShopOrders`."""

    async def change_items(self, key: str, order: str, swaps: Sequence[Swap], method_id: str) -> Effect:
        """Swap variants at today's prices; the difference is taken from or given to the method.

        `amount_minor` is what moved and `detail` is `charged`, `refunded` or `even`. An empty method stands for the way
        the order was paid. What has not come in yet is owed more or less instead. Some units of a line become a line
        `<order>-C<n>` of their own. Refuses `variant_unavailable`, `insufficient_funds`, `amount_above_paid`.
        """

        async def do(turn: Turn) -> Done:
            require_state(turn, BEFORE_LEAVING)
            lines = await read_lines(turn)
            wanted_units(lines, swaps)
            variants = await lock_variants(turn, _skus(lines, swaps))
            difference = _difference(lines, variants, swaps)
            _move_stock(turn, lines, variants, swaps)
            for swap in swaps:
                await _swap(turn, lines, variants[swap.new_sku], swap)
            turn.order.items_changed = True
            turn.order.total_minor += difference
            return turn.done(turn.order.number, abs(difference), await _settle(turn, difference, method_id))

        return await self._on_order(Asked(key, "change_items", (order, *swaps, method_id)), order, do)


def _skus(lines: Lines, swaps: Sequence[Swap]) -> list[str]:
    return [sku for swap in swaps for sku in (lines[swap.line_id].row.sku, swap.new_sku)]


def _difference(lines: Lines, variants: Variants, swaps: Sequence[Swap]) -> int:
    """New prices less what the units were bought for, in minor units."""
    return sum(
        (variants[swap.new_sku].price_minor - lines[swap.line_id].row.unit_price_minor) * swap.quantity
        for swap in swaps
    )


def _move_stock(turn: Turn, lines: Lines, variants: Variants, swaps: Sequence[Swap]) -> None:
    """Take all new units before the old ones go back, so that no swap lives on what another one frees."""
    for swap in swaps:
        take_units(turn, variants[swap.new_sku], swap.quantity, Cause.SWAP_OUT)
    for swap in swaps:
        put_back(turn, variants[lines[swap.line_id].row.sku], swap.quantity, Cause.SWAP_IN)


async def _swap(turn: Turn, lines: Lines, variant: ShopVariant, swap: Swap) -> None:
    line, title = lines[swap.line_id], await title_of(turn, variant)
    if swap.quantity < line.row.quantity:
        await _split(turn, lines, line, Goods(variant.sku, title, swap.quantity, variant.price_minor))
    else:
        line.row.sku, line.row.title, line.row.unit_price_minor = variant.sku, title, variant.price_minor


async def _split(turn: Turn, lines: Lines, line: Units, goods: Goods) -> None:
    line.row.quantity -= goods.quantity
    pack(turn, await add_line(turn, lines, "C", goods), await unpack(turn, line))


async def _settle(turn: Turn, difference: int, method_id: str) -> str:
    """Take or give the difference; answers what was done, as a constant word."""
    purse = await open_purse(turn)
    way = purse.way(method_id) if method_id else None
    if purse.pending:
        _owe(purse.pending[0], difference)
    elif difference > 0:
        purse.take(difference, way or purse.own_way())
    elif difference < 0:
        purse.give_back(-difference, way, "items_changed")
    elif way:
        purse.settle_evenly(way, "items_changed")
    return "charged" if difference > 0 else "refunded" if difference < 0 else "even"


def _owe(payment: ShopPayment, difference: int) -> None:
    if payment.amount_minor + difference < 0:
        raise Broken(Rule.AMOUNT_ABOVE_PAID, str(payment.amount_minor))
    payment.amount_minor += difference
