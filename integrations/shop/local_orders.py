"""Changes of an order of the local shop as a whole: where it goes, how it is paid, what people note on it."""

from domain.commerce import Address, OrderState, PaymentState
from domain.flows.effects import Done
from domain.flows.refusal import Rule
from integrations.shop.local_effects import BEFORE_LEAVING, Asked, Broken, LocalEffects, Turn, require_state
from integrations.shop.local_payments import Purse, left_of, open_purse
from integrations.shop.protocol import Effect
from store.commerce_ledger import ShopNote

_ALIVE = tuple(state.value for state in OrderState if state not in (OrderState.CANCELLED, OrderState.RETURNED))
_NEEDED = ("line1", "city", "postcode", "country")


class LocalOrders(LocalEffects):
    """Address, payment and notes of `ShopOrders`."""

    async def change_address(self, key: str, order: str, address: Address) -> Effect:
        """Send it elsewhere. Refuses `order_state` once something has left, and `address_incomplete`."""

        async def do(turn: Turn) -> Done:
            require_state(turn, BEFORE_LEAVING)
            for part in _NEEDED:
                if not getattr(address, part).strip():
                    raise Broken(Rule.ADDRESS_INCOMPLETE, part)
            turn.order.address = address.model_dump(mode="json")
            turn.order.postcode, turn.order.country = address.postcode, address.country
            return turn.done(turn.order.number)

        return await self._on_order(Asked(key, "change_address", (order, address)), order, do)

    async def change_payment(self, key: str, order: str, method_id: str) -> Effect:
        """Take everything that is outstanding by another method, then give the earlier payments back.

        `ref` is the new payment, `amount_minor` what it took. Refuses `same_method`, `nothing_changes` where nothing
        is paid or owed, `insufficient_funds`.
        """

        async def do(turn: Turn) -> Done:
            require_state(turn, _ALIVE)
            purse = await open_purse(turn)
            amount = _outstanding(purse, method_id)
            earlier = list(purse.payments)
            payment = purse.take(amount, purse.way(method_id))
            for other in reversed(earlier):
                if other.state == PaymentState.PENDING:
                    other.state = PaymentState.VOIDED.value
                elif left_of(other):
                    purse.give_back_of(other, left_of(other), None, "payment_changed")
            if turn.order.state == OrderState.PENDING:
                turn.order.state = OrderState.PAID.value
            return turn.done(payment.payment_id, amount)

        return await self._on_order(Asked(key, "change_payment", (order, method_id)), order, do)

    async def add_note(self, key: str, order: str, text: str) -> Effect:
        """A note for the shop's people; `ref` is the note."""

        async def do(turn: Turn) -> Done:
            if not text.strip():
                raise Broken(Rule.NOTHING_CHANGES)
            note = ShopNote(order_number=turn.order.number, body=text, at=turn.at)
            turn.session.add(note)
            return turn.done(note.id)

        return await self._on_order(Asked(key, "add_note", (order, text)), order, do)


def _outstanding(purse: Purse, method_id: str) -> int:
    """What the order's payments hold or owe, in minor units. Raises `Broken` if nothing would change."""
    standing = [payment for payment in purse.payments if left_of(payment)] + purse.pending
    if not standing:
        raise Broken(Rule.NOTHING_CHANGES)
    if all(payment.method_id == method_id for payment in standing):
        raise Broken(Rule.SAME_METHOD, method_id)
    return purse.left + sum(payment.amount_minor for payment in purse.pending)
