"""Refunds and charges of the local shop."""

from sqlalchemy import select
from sqlmodel import col

from domain.commerce import MethodKind, OrderState
from domain.flows.effects import Done
from domain.flows.refusal import Rule
from domain.flows.requests import RefundTo
from integrations.shop.local_effects import Asked, Broken, LocalEffects, Turn
from integrations.shop.local_payments import Purse, Way, left_of, open_purse
from integrations.shop.protocol import Effect
from store.commerce import ShopPayment
from store.commerce_ledger import ShopEffect


class LocalMoney(LocalEffects):
    """`ShopMoney` without payment links, on the local tables."""

    async def refund(
        self, key: str, order: str, amount_minor: int, *, to: str = "", bonus_minor: int = 0, reason: str = ""
    ) -> Effect:
        """Give money back, newest payment first; store credit is opened when it is first needed."""

        async def do(turn: Turn) -> Done:
            purse = await open_purse(turn, credit=to == RefundTo.STORE_CREDIT)
            way = _destination(purse, to)
            ref = purse.give_back(amount_minor, way, reason)
            _add_bonus(purse, bonus_minor, way)
            return turn.done(ref, amount_minor + bonus_minor)

        asked = Asked(key, "refund", (order, amount_minor, to, bonus_minor, reason))
        return await self._on_order(asked, order, do)

    async def charge(self, key: str, order: str, amount_minor: int, method_id: str) -> Effect:
        """Take money by a method on file. Cards and PayPal always give it; balances give what they hold."""

        async def do(turn: Turn) -> Done:
            if turn.order.state == OrderState.CANCELLED:
                raise Broken(Rule.ORDER_STATE, turn.order.state)
            purse = await open_purse(turn)
            payment = purse.take(amount_minor, purse.way(method_id))
            return turn.done(payment.payment_id, amount_minor)

        return await self._on_order(Asked(key, "charge", (order, amount_minor, method_id)), order, do)

    async def undo_charge(self, key: str, payment_id: str) -> Effect:
        """Give back what one payment took, the way it came. Undone already: done, with an amount of zero."""

        async def do(turn: Turn) -> Done:
            if await _undone(turn, payment_id):
                return turn.done(payment_id)
            return turn.done(payment_id, await return_payment(turn, payment_id))

        order_of = select(col(ShopPayment.order_number)).where(col(ShopPayment.payment_id) == payment_id)
        return await self._on_part(Asked(key, "undo_charge", (payment_id,)), order_of, do)


async def return_payment(turn: Turn, payment_id: str) -> int:
    """Give back what a payment took; answers how much, in minor units.

    A refund of something else may have taken from it meanwhile, since refunds take from the newest payment first. What
    it lacks then comes from the order's other payments, so that nobody is given back less than they paid.
    """
    purse = await open_purse(turn)
    payment = next(payment for payment in purse.payments if payment.payment_id == payment_id)
    owed = min(payment.amount_minor, purse.left)
    own = min(left_of(payment), owed)
    if own:
        purse.give_back_of(payment, own, None, "undo")
    if owed > own:
        purse.give_back(owed - own, purse.way_of(payment), "undo")
    return owed


async def _undone(turn: Turn, payment_id: str) -> bool:
    """Under another key; the order's lock is held."""
    earlier = select(col(ShopEffect.key)).where(
        col(ShopEffect.verb) == "undo_charge", col(ShopEffect.answer)["ref"].astext == payment_id
    )
    return (await turn.session.scalars(earlier.limit(1))).first() is not None


def _destination(purse: Purse, to: str) -> Way | None:
    if to == RefundTo.STORE_CREDIT:
        return purse.credit()
    return purse.way(to) if to else None


def _add_bonus(purse: Purse, bonus_minor: int, way: Way | None) -> None:
    if bonus_minor < 0:
        raise Broken(Rule.AMOUNT_NOT_POSITIVE, "bonus")
    if bonus_minor == 0:
        return
    if way is None or way.kind is not MethodKind.STORE_CREDIT:
        raise Broken(Rule.METHOD_NOT_ALLOWED, "bonus")
    purse.add_bonus(bonus_minor, way)
