"""Returns and exchanges of the local shop: the record and the way back. What came back is in `local_receiving`."""

import secrets
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlmodel import col

from domain.commerce import OrderState, ReturnState
from domain.flows.effects import Done
from domain.flows.refusal import Rule
from domain.flows.requests import ItemWanted, Swap
from integrations.shop.local_effects import Asked, Broken, LocalEffects, Turn, require_state
from integrations.shop.local_lines import read_lines, wanted_units
from integrations.shop.local_stock import lock_variants
from integrations.shop.protocol import Effect
from store.commerce_ledger import ShopReturn, ShopReturnLine

_OUT = (OrderState.PARTLY_SHIPPED.value, OrderState.SHIPPED.value, OrderState.DELIVERED.value)


class LocalReturns(LocalEffects):
    """Opening and cancelling, labels and their voiding."""

    async def open_return(
        self, key: str, order: str, items: Sequence[ItemWanted], *, reason: str, refund_to: str = ""
    ) -> Effect:
        """Record a return; `ref` is its id. The units belong to it until it is closed or cancelled.

        Refuses `order_state`, `unknown_line`, `quantity_not_left`, and `not_delivered` for units that have not left.
        """

        async def do(turn: Turn) -> Done:
            lines = await _returnable(turn, items)
            record = ShopReturn(order_number=turn.order.number, reason=reason, refund_to=refund_to)
            return await _open(turn, record, {(line_id, ""): units for line_id, units in lines.items()})

        asked = Asked(key, "open_return", (order, *items, reason, refund_to))
        return await self._on_order(asked, order, do)

    async def open_exchange(
        self,
        key: str,
        order: str,
        swaps: Sequence[Swap],
        *,
        reason: str,
        method_id: str = "",
        difference_minor: int = 0,
    ) -> Effect:
        """Record an exchange, as `open_return`, with what replaces the units; reserves nothing."""

        async def do(turn: Turn) -> Done:
            await _returnable(turn, swaps)
            await lock_variants(turn, [swap.new_sku for swap in swaps])
            record = ShopReturn(
                order_number=turn.order.number,
                exchange=True,
                reason=reason,
                method_id=method_id,
                difference_minor=difference_minor,
            )
            return await _open(turn, record, _by_replacement(swaps))

        asked = Asked(key, "open_exchange", (order, *swaps, reason, method_id, difference_minor))
        return await self._on_order(asked, order, do)

    async def cancel_return(self, key: str, return_id: str) -> Effect:
        """Take back an open return or exchange. Cancelled already: done. Refuses one that is closed."""

        async def do(turn: Turn) -> Done:
            record = await turn.session.get_one(ShopReturn, return_id)
            if record.state == ReturnState.CLOSED:
                raise Broken(Rule.NO_LONGER_OPEN, record.state)
            if record.state == ReturnState.OPEN:
                record.state, record.closed_at = ReturnState.CANCELLED.value, turn.at
            return turn.done(return_id)

        return await self._on_part(Asked(key, "cancel_return", (return_id,)), order_of_return(return_id), do)

    async def issue_label(self, key: str, return_id: str, *, drop_off: bool) -> Effect:
        """A label, or a code for a drop-off point; `detail` is the tracking number or the code.

        Refuses a second one while the first can be used.
        """

        async def do(turn: Turn) -> Done:
            record = await open_record(turn, return_id)
            if record.label_state in ("issued", "used"):
                raise Broken(Rule.NO_LONGER_OPEN, f"label_{record.label_state}")
            record.label_state, record.drop_off, record.label_code = "issued", drop_off, _label_code(drop_off=drop_off)
            return turn.done(return_id, detail=record.label_code)

        asked = Asked(key, "issue_label", (return_id, drop_off))
        return await self._on_part(asked, order_of_return(return_id), do)

    async def void_label(self, key: str, return_id: str) -> Effect:
        """The label can no longer be used. Voided already, or none there: done. Refuses one that a carrier scanned."""

        async def do(turn: Turn) -> Done:
            record = await turn.session.get_one(ShopReturn, return_id)
            if record.label_state == "used":
                raise Broken(Rule.NO_LONGER_OPEN, "label_used")
            if record.label_state == "issued":
                record.label_state = "voided"
            return turn.done(return_id)

        return await self._on_part(Asked(key, "void_label", (return_id,)), order_of_return(return_id), do)


def order_of_return(return_id: str) -> Select[str]:
    """The number of the order that a return is about."""
    return select(col(ShopReturn.order_number)).where(col(ShopReturn.return_id) == return_id)


async def open_record(turn: Turn, return_id: str) -> ShopReturn:
    """A return of the order that nothing has ended yet. Raises `Broken`."""
    record = await turn.session.get_one(ShopReturn, return_id)
    if record.state != ReturnState.OPEN:
        raise Broken(Rule.NO_LONGER_OPEN, record.state)
    return record


async def _returnable(turn: Turn, items: Sequence[ItemWanted]) -> dict[str, int]:
    """Units by line. Raises `Broken` for what is not open, or not with the customer."""
    require_state(turn, _OUT)
    lines = await read_lines(turn)
    wanted = wanted_units(lines, items)
    for line_id, units in wanted.items():
        # Parcels are looked at only where some are still in the house: not every shop has them on record.
        if turn.order.state == OrderState.PARTLY_SHIPPED and units > lines[line_id].out:
            raise Broken(Rule.NOT_DELIVERED, line_id)
    return wanted


def _by_replacement(swaps: Sequence[Swap]) -> dict[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    for swap in swaps:
        counts[swap.line_id, swap.new_sku] += swap.quantity
    return counts


async def _open(turn: Turn, record: ShopReturn, units: dict[tuple[str, str], int]) -> Done:
    record.created_at = turn.at
    turn.session.add(record)
    await turn.session.flush()
    turn.session.add_all(
        ShopReturnLine(return_id=record.return_id, line_id=line_id, new_sku=new_sku, quantity=quantity)
        for (line_id, new_sku), quantity in units.items()
    )
    return turn.done(record.return_id)


def _label_code(*, drop_off: bool) -> str:
    return f"DO{secrets.randbelow(10**10):010d}" if drop_off else f"RT{secrets.randbelow(10**12):012d}"
