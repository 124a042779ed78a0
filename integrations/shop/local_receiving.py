"""What came back to the local shop: counted by the warehouse, inspected, and put into stock."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from domain.commerce import ReturnState
from domain.flows.effects import Accepted, Done
from domain.flows.refusal import Rule
from integrations.shop.local_effects import Asked, Broken, LocalEffects, Turn
from integrations.shop.local_lines import Lines, read_lines, settle_state
from integrations.shop.local_returns import open_record, order_of_return
from integrations.shop.local_stock import Cause, lock_variants, put_back
from integrations.shop.protocol import Effect
from store.commerce_ledger import ShopReturnLine

Parts = dict[str, list[ShopReturnLine]]
"""The parts of a return by order line: in an exchange, units of one line may become several things."""


class LocalReceiving(LocalEffects):
    """Counts are totals by line: what a second call says replaces what the first one said."""

    async def receive(self, key: str, return_id: str, lines: Sequence[Accepted]) -> Effect:
        """What has arrived so far, by line (`accepted` is not looked at here). Refuses more than was requested."""

        async def do(turn: Turn) -> Done:
            record = await open_record(turn, return_id)
            parts = await _parts(turn, return_id)
            for line in lines:
                _count_received(parts, line)
            record.received_at = record.received_at or turn.at
            return turn.done(return_id)

        asked = Asked(key, "receive", (return_id, *lines))
        return await self._on_part(asked, order_of_return(return_id), do)

    async def accept(self, key: str, return_id: str, lines: Sequence[Accepted], *, restock: bool) -> Effect:
        """What the inspection came to; accepted units count as returned, and go back into stock with `restock`.

        Closes the return; lines that are not named had nothing that was accepted. Refuses more than was requested.
        """

        async def do(turn: Turn) -> Done:
            record = await open_record(turn, return_id)
            parts = await _parts(turn, return_id)
            for line in lines:
                _count_received(parts, line)
                _count_accepted(parts[line.line_id], line)
            record.state, record.closed_at = ReturnState.CLOSED.value, turn.at
            await turn.session.flush()
            await _return_units(turn, parts, restock=restock)
            return turn.done(return_id)

        asked = Asked(key, "accept", (return_id, *lines, restock))
        return await self._on_part(asked, order_of_return(return_id), do)


async def _parts(turn: Turn, return_id: str) -> Parts:
    query = (
        select(ShopReturnLine)
        .where(col(ShopReturnLine.return_id) == return_id)
        .order_by(col(ShopReturnLine.line_id), col(ShopReturnLine.new_sku))
    )
    parts: Parts = {}
    for part in await turn.session.scalars(query):
        parts.setdefault(part.line_id, []).append(part)
    return parts


def _count_received(parts: Parts, line: Accepted) -> None:
    if line.line_id not in parts:
        raise Broken(Rule.UNKNOWN_LINE, line.line_id)
    if line.received < 0:
        raise Broken(Rule.QUANTITY_NOT_POSITIVE, line.line_id)
    left = line.received
    for part in parts[line.line_id]:
        part.received = min(left, part.quantity)
        left -= part.received
    if left:
        raise Broken(Rule.QUANTITY_NOT_LEFT, line.line_id)


def _count_accepted(parts: list[ShopReturnLine], line: Accepted) -> None:
    if line.accepted < 0:
        raise Broken(Rule.QUANTITY_NOT_POSITIVE, line.line_id)
    left = line.accepted
    for part in parts:
        part.accepted = min(left, part.received)
        left -= part.accepted
    if left:
        raise Broken(Rule.QUANTITY_NOT_LEFT, line.line_id)


async def _return_units(turn: Turn, parts: Parts, *, restock: bool) -> None:
    lines = await read_lines(turn)
    for line_id, pieces in parts.items():
        lines[line_id].row.returned += sum(piece.accepted for piece in pieces)
    if restock:
        await _restock(turn, lines, [piece for pieces in parts.values() for piece in pieces if piece.accepted])
    await settle_state(turn, lines)


async def _restock(turn: Turn, lines: Lines, pieces: list[ShopReturnLine]) -> None:
    variants = await lock_variants(turn, [lines[piece.line_id].row.sku for piece in pieces])
    for piece in pieces:
        piece.restocked = piece.accepted
        put_back(turn, variants[lines[piece.line_id].row.sku], piece.accepted, Cause.RESTOCK)
