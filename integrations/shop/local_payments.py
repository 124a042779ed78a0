"""An order's payments and its customer's payment methods, under lock: the only place where the shop's money moves."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from domain.commerce import MethodKind, PaymentState
from domain.flows.refusal import Rule
from integrations.shop.local_effects import Broken, Turn
from store.commerce import ShopPayment
from store.commerce_ledger import ShopPaymentMethod, ShopRefund
from store.ids import new_id


@dataclass(frozen=True)
class Way:
    """Where money goes to or comes from. `row` is None for what is not on file, e.g. a guest's card."""

    kind: MethodKind
    method_id: str = ""
    row: ShopPaymentMethod | None = None

    @classmethod
    def on_file(cls, row: ShopPaymentMethod) -> "Way":
        """A payment method of the customer."""
        return cls(MethodKind(row.kind), row.method_id, row)


@dataclass
class Purse:
    """The payments of one order, newest first, and the methods on file of its customer by id."""

    turn: Turn
    payments: list[ShopPayment]
    methods: dict[str, ShopPaymentMethod]

    @property
    def left(self) -> int:
        """What can still be refunded of the order, in minor units."""
        return sum(left_of(payment) for payment in self.payments)

    @property
    def pending(self) -> list[ShopPayment]:
        """Promised and not yet in."""
        return [payment for payment in self.payments if payment.state == PaymentState.PENDING]

    def way(self, method_id: str) -> Way:
        """A method on file. Raises `Broken` if the customer has none of that id."""
        if method_id not in self.methods:
            raise Broken(Rule.UNKNOWN_METHOD, method_id)
        return Way.on_file(self.methods[method_id])

    def credit(self) -> Way:
        """The customer's store credit in the order's currency; the purse was opened with it."""
        return next(
            Way.on_file(row)
            for row in self.methods.values()
            if row.kind == MethodKind.STORE_CREDIT and row.currency == self.turn.order.currency
        )

    def own_way(self) -> Way:
        """How the order itself was paid last. Raises `Broken` if nothing was."""
        paid = [payment for payment in self.payments if payment.state == PaymentState.CAPTURED]
        if not paid:
            raise Broken(Rule.UNKNOWN_METHOD)
        return self.way_of(next((payment for payment in paid if left_of(payment)), paid[0]))

    def take(self, amount: int, way: Way) -> ShopPayment:
        """Take money for the order. Raises `Broken` if the method does not give it."""
        self._require_takes(amount, way)
        if way.row is not None and way.row.balance_minor is not None:
            way.row.balance_minor -= amount
        payment = ShopPayment(
            payment_id=new_id(),
            order_number=self.turn.order.number,
            method=way.kind.value,
            method_id=way.method_id,
            amount_minor=amount,
            currency=self.turn.order.currency,
            state=PaymentState.CAPTURED.value,
            captured_at=self.turn.tick(),
            effect_key=self.turn.key,
        )
        self.turn.session.add(payment)
        self.payments.insert(0, payment)
        return payment

    def give_back(self, amount: int, to: Way | None, reason: str) -> str:
        """Give money back, from the newest payment on; `to` None: the way it came. Answers the first refund's id.

        Raises `Broken` for nothing, and for more than is left.
        """
        if amount <= 0:
            raise Broken(Rule.AMOUNT_NOT_POSITIVE)
        if amount > self.left:
            raise Broken(Rule.AMOUNT_ABOVE_PAID, str(self.left))
        refunds: list[str] = []
        for payment in self.payments:
            part = min(amount, left_of(payment))
            if part:
                amount -= part
                refunds.append(self.give_back_of(payment, part, to, reason))
        return refunds[0]

    def give_back_of(self, payment: ShopPayment, part: int, to: Way | None, reason: str) -> str:
        """Give back a part of one payment; answers the refund's id."""
        payment.refunded_minor += part
        if payment.refunded_minor == payment.amount_minor:
            payment.state = PaymentState.REFUNDED.value
        return self._record(part, to or self.way_of(payment), reason, payment.payment_id)

    def add_bonus(self, amount: int, credit: Way) -> None:
        """Store credit that nobody paid for."""
        self._record(amount, credit, "bonus", None)

    def settle_evenly(self, way: Way, reason: str) -> None:
        """Record that nothing was due either way."""
        self._record(0, way, reason, None)

    def _record(self, amount: int, to: Way, reason: str, payment_id: str | None) -> str:
        if to.row is not None and to.row.balance_minor is not None:
            self._require_currency(to.row)
            to.row.balance_minor += amount
        refund = ShopRefund(
            refund_id=new_id(),
            order_number=self.turn.order.number,
            payment_id=payment_id,
            amount_minor=amount,
            currency=self.turn.order.currency,
            to_kind=to.kind.value,
            to_method_id=to.method_id,
            reason=reason,
            effect_key=self.turn.key,
            at=self.turn.tick(),
        )
        self.turn.session.add(refund)
        return refund.refund_id

    def way_of(self, payment: ShopPayment) -> Way:
        """The way that a payment came, which is the way back as well."""
        row = self.methods.get(payment.method_id)
        return Way.on_file(row) if row else Way(MethodKind(payment.method), payment.method_id)

    def _require_takes(self, amount: int, way: Way) -> None:
        if amount <= 0:
            raise Broken(Rule.AMOUNT_NOT_POSITIVE)
        if way.kind is MethodKind.TRANSFER or (way.row is None and way.kind not in _TAKEN_UNFILED):
            raise Broken(Rule.METHOD_NOT_ALLOWED, way.kind.value)
        if way.row is not None and way.row.balance_minor is not None:
            self._require_currency(way.row)
            if way.row.balance_minor < amount:
                raise Broken(Rule.INSUFFICIENT_FUNDS, way.method_id)

    def _require_currency(self, row: ShopPaymentMethod) -> None:
        if row.currency != self.turn.order.currency:
            raise Broken(Rule.OTHER_CURRENCY, row.currency)


_TAKEN_UNFILED = frozenset({MethodKind.CARD, MethodKind.PAYPAL})
"""A provider can take more by what it has authorised, although the shop keeps nothing on file."""


def left_of(payment: ShopPayment) -> int:
    """What can still be refunded of a payment, in minor units."""
    return payment.amount_minor - payment.refunded_minor if payment.state == PaymentState.CAPTURED else 0


async def open_purse(turn: Turn, *, credit: bool = False) -> Purse:
    """Read the order's payments and lock its customer's methods; with `credit`, store credit is among them.

    Lock variants before. All methods are locked at once, so no effect asks for another one later.
    """
    if credit:
        await _make_credit(turn)
    return Purse(turn, await _payments(turn), await _methods(turn))


async def _payments(turn: Turn) -> list[ShopPayment]:
    query = (
        select(ShopPayment)
        .where(col(ShopPayment.order_number) == turn.order.number)
        .order_by(col(ShopPayment.captured_at).desc().nulls_last(), col(ShopPayment.payment_id).desc())
    )
    return list(await turn.session.scalars(query))


async def _methods(turn: Turn) -> dict[str, ShopPaymentMethod]:
    query = (
        select(ShopPaymentMethod)
        .where(col(ShopPaymentMethod.customer_id) == turn.order.customer_id)
        .order_by(col(ShopPaymentMethod.method_id))
        .with_for_update(key_share=True)
    )
    return {row.method_id: row for row in await turn.session.scalars(query)}


async def _make_credit(turn: Turn) -> None:
    """On first use. Two orders of a customer at once make one: the second waits for the first, then finds it."""
    customer, currency = turn.order.customer_id, turn.order.currency
    row = {
        "method_id": f"{customer}-credit-{currency.lower()}",
        "customer_id": customer,
        "kind": MethodKind.STORE_CREDIT.value,
        "label": "store credit",
        "balance_minor": 0,
        "currency": currency,
    }
    await turn.session.execute(insert(ShopPaymentMethod).values(row).on_conflict_do_nothing())
