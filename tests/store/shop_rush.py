"""A rush at the shop: random effects on a few orders, several at a time, with lost answers, retries and duplicates."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from domain.commerce import Order, OrderState, ReturnState, ShipmentState
from domain.flows.effects import Accepted, Done
from domain.flows.requests import ItemWanted, Swap
from integrations.shop.protocol import Effect
from tests.store.shop_scene import CARD, GIFT, PAYPAL, PRICES, ShopScene

Call = Callable[[], Awaitable[Effect]]
ORDERS = 6
_AT_ONCE = 6
_BASKET = (("shirt-m", 40), ("shirt-l", 30), ("mug", 60))
_METHODS = (CARD, PAYPAL, GIFT, "mia-credit-eur")
VERBS = (
    *("refund", "charge", "undo_charge", "open_payment_link", "pay_link", "close_payment_link", "cancel_order"),
    *("change_items", "change_payment", "open_return", "open_exchange", "cancel_return", "accept", "reserve"),
    *("release", "ship"),
)
_EARLY = ("change_items", "change_payment")


class Questions:
    """Random questions to the shop. Each is asked with the same arguments however often it is asked."""

    def __init__(self, scene: ShopScene, random: Random) -> None:
        self.shop, self.random = scene.shop, random
        self.made: dict[str, list[str]] = {}
        """What effects have made, by verb."""
        self.paid: dict[str, str] = {}
        """Which link was to be paid, by question: customers ask without a key."""

    def about(self, verb: str, key: str, order: Order) -> Call:
        """A question of this kind about an order, or about something that was made before."""
        ask: Callable[[str, Order], Call] = getattr(self, f"_{verb}")
        return ask(key, order)

    def _refund(self, key: str, order: Order) -> Call:
        amount, to = self.random.randint(1, 900), self.random.choice(("", "store_credit", *_METHODS))
        bonus = self.random.choice((0, 50)) if to == "store_credit" else 0
        return lambda: self.shop.refund(key, order.number, amount, to=to, bonus_minor=bonus)

    def _charge(self, key: str, order: Order) -> Call:
        amount, method = self.random.randint(1, 900), self.random.choice(_METHODS)
        return lambda: self.shop.charge(key, order.number, amount, method)

    def _undo_charge(self, key: str, _order: Order) -> Call:
        payment = self._one("charge")
        return lambda: self.shop.undo_charge(key, payment)

    def _open_payment_link(self, key: str, order: Order) -> Call:
        amount = self.random.randint(1, 900)
        return lambda: self.shop.open_payment_link(key, order.number, amount)

    def _pay_link(self, key: str, _order: Order) -> Call:
        link = self.paid[key] = self._one("open_payment_link")
        return lambda: self.shop.pay_link(link)

    def _close_payment_link(self, key: str, _order: Order) -> Call:
        link = self._one("open_payment_link")
        return lambda: self.shop.close_payment_link(key, link)

    def _cancel_order(self, key: str, order: Order) -> Call:
        items = [self._item(order)]
        return lambda: self.shop.cancel_order(key, order.number, items, reason="rush")

    def _change_items(self, key: str, order: Order) -> Call:
        swaps, method = [self._swap(order)], self.random.choice(("", *_METHODS))
        return lambda: self.shop.change_items(key, order.number, swaps, method)

    def _change_payment(self, key: str, order: Order) -> Call:
        method = self.random.choice(_METHODS)
        return lambda: self.shop.change_payment(key, order.number, method)

    def _open_return(self, key: str, order: Order) -> Call:
        items = [self._item(order)]
        return lambda: self.shop.open_return(key, order.number, items, reason="rush")

    def _open_exchange(self, key: str, order: Order) -> Call:
        swaps = [self._swap(order)]
        return lambda: self.shop.open_exchange(key, order.number, swaps, reason="rush")

    def _cancel_return(self, key: str, _order: Order) -> Call:
        ref = self._one("open_return")
        return lambda: self.shop.cancel_return(key, ref)

    def _accept(self, key: str, order: Order) -> Call:
        waiting = [record for record in order.returns if record.state is ReturnState.OPEN] or [*order.returns]
        ref = waiting[0].return_id if waiting else ""
        counted = [
            Accepted(line_id=line.line_id, received=line.quantity, accepted=self.random.randint(0, line.quantity))
            for line in (waiting[0].lines if waiting else ())
        ]
        restock = self.random.random() < 0.8
        return lambda: self.shop.accept(key, ref, counted, restock=restock)

    def _reserve(self, key: str, order: Order) -> Call:
        sku, units = self.random.choice(sorted(PRICES)), self.random.randint(1, 2)
        return lambda: self.shop.reserve(key, order.number, sku, units)

    def _release(self, key: str, _order: Order) -> Call:
        hold = self._one("reserve")
        return lambda: self.shop.release(key, hold)

    def _ship(self, key: str, order: Order) -> Call:
        holds = [self._one(f"reserve:{order.number}")]
        return lambda: self.shop.ship(key, order.number, holds)

    def _one(self, verb: str) -> str:
        """Something that was made of late; of no known id if nothing was."""
        return self.random.choice(self.made.get(verb, ["?"])[-12:])

    def _item(self, order: Order) -> ItemWanted:
        lines = [line for line in order.lines if line.open_quantity > 0] or [*order.lines]
        return ItemWanted(line_id=self.random.choice(lines).line_id, quantity=self.random.randint(1, 2))

    def _swap(self, order: Order) -> Swap:
        return Swap(**self._item(order).model_dump(), new_sku=self.random.choice(sorted(PRICES)))


class Rush:
    """Asks for effects until enough money has moved.

    `answered` holds what the shop said is done, by verb and key.
    """

    def __init__(self, scene: ShopScene, seed: int) -> None:
        self.scene = scene
        self.random = Random(seed)  # noqa: S311 - a repeatable test
        self.questions = Questions(scene, self.random)
        self.answered: dict[tuple[str, str], Done] = {}
        self._calls: dict[tuple[str, str], Call] = {}
        self._asked = 0

    async def prepare(self) -> "Rush":
        """Orders of one customer, some of them paid by gift card, in all states from paid to delivered."""
        states = [OrderState.PAID, OrderState.PAID, OrderState.PARTLY_SHIPPED, *[OrderState.DELIVERED] * 3]
        for number, state in enumerate(states, 1):
            await self.scene.place(f"O-{number}", state, _BASKET, (CARD, GIFT, PAYPAL)[number % 3])
        await self.scene.pack("O-3", ShipmentState.IN_TRANSIT, {1: 20, 2: 10})
        await self.scene.pack("O-1", ShipmentState.LABEL_CREATED, {1: 40, 2: 30})
        return self

    @property
    def money_effects(self) -> int:
        """How many effects have moved money."""
        return sum(bool(done.amount_minor) for (verb, _), done in self.answered.items() if verb != "open_payment_link")

    async def run(self, *, money_effects: int) -> None:
        """Until so many effects have moved money; what only untouched orders allow comes first."""
        while not {verb for verb, _ in self.answered} >= set(_EARLY):
            assert self._asked < money_effects, "the shop refuses nearly everything"
            await asyncio.gather(*(self._ask(verb) for verb in _EARLY))
        while self.money_effects < money_effects:
            assert self._asked < 20 * money_effects, "the shop refuses nearly everything"
            await asyncio.gather(*(self._ask() for _ in range(_AT_ONCE)))

    async def _ask(self, verb: str = "") -> None:
        self._asked += 1
        if not verb and self._calls and self.random.random() < 0.2:
            await self._ask_again()
            return
        verb, number = verb or self.random.choice(VERBS), self.random.randint(1, ORDERS)
        key = f"{verb}:{self._asked}"
        call = self.questions.about(verb, key, await self.scene.order(f"O-{number}"))
        answer = await self._insist(call)
        if isinstance(answer, Done):
            name = (verb, f"pay_link:{link}" if (link := self.questions.paid.get(key)) else key)
            self.answered[name], self._calls[name] = answer, call
            for kind in (verb, f"{verb}:O-{number}"):
                self.questions.made.setdefault(kind, []).append(answer.ref)

    async def _ask_again(self) -> None:
        name = self.random.choice(sorted(self._calls))
        assert await self._calls[name]() == self.answered[name], f"another answer to {name}"

    async def _insist(self, call: Call) -> Effect:
        """Ask until an answer arrives: some answers get lost, and some questions are asked twice at once."""
        while self.random.random() < 0.2:
            await call()
        if self.random.random() < 0.2:
            await asyncio.gather(call(), call())
        return await call()
