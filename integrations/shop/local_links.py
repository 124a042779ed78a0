"""Payment links of the local shop: opened and closed by flows, paid by customers."""

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import MethodKind, OrderState
from domain.flows.effects import Done
from domain.flows.refusal import Refused, Rule
from integrations.shop.local_effects import Asked, Broken, LocalEffects, Turn, once
from integrations.shop.local_money import return_payment
from integrations.shop.local_payments import Purse, Way
from integrations.shop.protocol import Effect
from store.commerce_ledger import ShopPaymentLink
from store.database import Database


class LocalLinks(LocalEffects):
    """The links of `ShopMoney`. `pages_url` is where customers reach them, without a slash at its end."""

    def __init__(self, database: Database, *, pages_url: str = "") -> None:
        super().__init__(database)
        self._pages_url = pages_url

    async def open_payment_link(self, key: str, order: str, amount_minor: int) -> Effect:
        """A page on which the customer pays; `ref` is the link, `detail` its address."""

        async def do(turn: Turn) -> Done:
            _require_payable(turn, amount_minor)
            link = ShopPaymentLink(
                order_number=turn.order.number, amount_minor=amount_minor, currency=turn.order.currency
            )
            turn.session.add(link)
            return turn.done(link.link_id, amount_minor, f"{self._pages_url}/pay/{link.link_id}")

        return await self._on_order(Asked(key, "open_payment_link", (order, amount_minor)), order, do)

    async def close_payment_link(self, key: str, link_id: str) -> Effect:
        """The link takes no money any more; what was paid by it is given back. Closed already: done."""

        async def do(turn: Turn) -> Done:
            link = await turn.session.get_one(ShopPaymentLink, link_id)
            back = await return_payment(turn, link.payment_id) if link.state == "paid" and link.payment_id else 0
            link.state = "closed"
            return turn.done(link_id, back)

        return await self._on_part(Asked(key, "close_payment_link", (link_id,)), _order_of(link_id), do)

    async def pay_link(self, link_id: str) -> Effect:
        """The customer pays by card; `ref` is the payment. Paid already: done. Refuses a link that is closed."""
        async with self._database.begin() as session:
            return await pay_link(session, link_id)


async def pay_link(session: AsyncSession, link_id: str) -> Effect:
    """As `LocalLinks.pay_link`, within the caller's transaction, so that a flow can be told in the same one.

    Lock what the flow needs before: the order's row is locked here, and nothing of Baton's after it.
    """
    number = await session.scalar(_order_of(link_id))
    if number is None:
        return Refused(rule=Rule.NO_LONGER_OPEN, detail="unknown")

    async def do(turn: Turn) -> Done:
        link = await turn.session.get_one(ShopPaymentLink, link_id)
        if link.state != "open":
            raise Broken(Rule.NO_LONGER_OPEN, link.state)
        _require_payable(turn, link.amount_minor)
        payment = Purse(turn, [], {}).take(link.amount_minor, Way(MethodKind.CARD))
        link.state, link.payment_id = "paid", payment.payment_id
        return turn.done(payment.payment_id, link.amount_minor)

    try:
        return await once(session, Asked(f"pay_link:{link_id}", "pay_link", (link_id,)), number, do)
    except Broken as broken:  # raised before anything is written
        return broken.refused


def _order_of(link_id: str) -> Select[str]:
    return select(col(ShopPaymentLink.order_number)).where(col(ShopPaymentLink.link_id) == link_id)


def _require_payable(turn: Turn, amount_minor: int) -> None:
    if amount_minor <= 0:
        raise Broken(Rule.AMOUNT_NOT_POSITIVE)
    if turn.order.state == OrderState.CANCELLED:
        raise Broken(Rule.ORDER_STATE, turn.order.state)
