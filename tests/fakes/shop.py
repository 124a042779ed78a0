"""A shop that fails as planned: before it has done anything, after it has done everything, or by refusing."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from domain.commerce import Address, Order, Product, Refund, ShopCustomer
from domain.flows.effects import Accepted
from domain.flows.refusal import Refused
from domain.flows.requests import ItemWanted, Swap
from integrations.shop.protocol import Effect, Shop

Answer = TypeVar("Answer")


class NoAnswer(Exception):
    """The shop did not answer: whoever called cannot know whether it is done."""


class Fault(StrEnum):
    """How a call goes wrong; besides, it can answer a `Refused`."""

    BEFORE = "before"
    """`NoAnswer`, and nothing has happened."""
    AFTER = "after"
    """`NoAnswer`, although it is done: a timeout after the commit."""


Plan = Mapping[tuple[str, int], Fault | Refused]
"""What happens at a verb's nth call (from 1), e.g. `{("refund", 1): Fault.AFTER}`; all other calls go through."""


class FaultyShop:
    """A `Shop` around another one."""

    def __init__(self, shop: Shop, plan: Plan | None = None) -> None:
        self.shop = shop
        self._plan: Plan = plan or {}
        self._count: Counter[str] = Counter()

    def _next(self, verb: str, key: str) -> Fault | Refused | None:  # noqa: ARG002 - other plans go by it
        self._count[verb] += 1
        return self._plan.get((verb, self._count[verb]))

    async def _read(self, verb: str, first: str, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        if isinstance(self._next(verb, first), Fault):
            raise NoAnswer(verb)
        return await ask()

    async def _do(self, verb: str, key: str, act: Callable[[], Awaitable[Effect]]) -> Effect:
        fault = self._next(verb, key)
        if isinstance(fault, Refused):
            return fault
        if fault is Fault.BEFORE:
            raise NoAnswer(verb)
        answer = await act()
        if fault is Fault.AFTER:
            raise NoAnswer(verb)
        return answer

    async def customer(self, customer_id: str) -> ShopCustomer | None:
        """As the shop."""
        return await self._read("customer", customer_id, lambda: self.shop.customer(customer_id))

    async def customer_by_email(self, email: str) -> ShopCustomer | None:
        """As the shop."""
        return await self._read("customer_by_email", email, lambda: self.shop.customer_by_email(email))

    async def order(self, number: str) -> Order | None:
        """As the shop."""
        return await self._read("order", number, lambda: self.shop.order(number))

    async def recent_orders(self, customer_id: str, limit: int = 5) -> tuple[Order, ...]:
        """As the shop."""
        return await self._read("recent_orders", customer_id, lambda: self.shop.recent_orders(customer_id, limit))

    async def refunds(self, number: str) -> tuple[Refund, ...]:
        """As the shop."""
        return await self._read("refunds", number, lambda: self.shop.refunds(number))

    async def product(self, product_id: str) -> Product | None:
        """As the shop."""
        return await self._read("product", product_id, lambda: self.shop.product(product_id))

    async def product_with(self, sku: str) -> Product | None:
        """As the shop."""
        return await self._read("product_with", sku, lambda: self.shop.product_with(sku))

    async def find_products(self, text: str, limit: int = 3) -> tuple[Product, ...]:
        """As the shop."""
        return await self._read("find_products", text, lambda: self.shop.find_products(text, limit))

    async def open_return(
        self, key: str, order: str, items: Sequence[ItemWanted], *, reason: str, refund_to: str = ""
    ) -> Effect:
        """As the shop, or as planned."""
        return await self._do(
            "open_return", key, lambda: self.shop.open_return(key, order, items, reason=reason, refund_to=refund_to)
        )

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
        """As the shop, or as planned."""
        return await self._do(
            "open_exchange",
            key,
            lambda: self.shop.open_exchange(
                key, order, swaps, reason=reason, method_id=method_id, difference_minor=difference_minor
            ),
        )

    async def cancel_return(self, key: str, return_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("cancel_return", key, lambda: self.shop.cancel_return(key, return_id))

    async def issue_label(self, key: str, return_id: str, *, drop_off: bool) -> Effect:
        """As the shop, or as planned."""
        return await self._do("issue_label", key, lambda: self.shop.issue_label(key, return_id, drop_off=drop_off))

    async def void_label(self, key: str, return_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("void_label", key, lambda: self.shop.void_label(key, return_id))

    async def receive(self, key: str, return_id: str, lines: Sequence[Accepted]) -> Effect:
        """As the shop, or as planned."""
        return await self._do("receive", key, lambda: self.shop.receive(key, return_id, lines))

    async def accept(self, key: str, return_id: str, lines: Sequence[Accepted], *, restock: bool) -> Effect:
        """As the shop, or as planned."""
        return await self._do("accept", key, lambda: self.shop.accept(key, return_id, lines, restock=restock))

    async def reserve(self, key: str, order: str, sku: str, quantity: int) -> Effect:
        """As the shop, or as planned."""
        return await self._do("reserve", key, lambda: self.shop.reserve(key, order, sku, quantity))

    async def release(self, key: str, hold_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("release", key, lambda: self.shop.release(key, hold_id))

    async def ship(self, key: str, order: str, hold_ids: Sequence[str]) -> Effect:
        """As the shop, or as planned."""
        return await self._do("ship", key, lambda: self.shop.ship(key, order, hold_ids))

    async def refund(
        self, key: str, order: str, amount_minor: int, *, to: str = "", bonus_minor: int = 0, reason: str = ""
    ) -> Effect:
        """As the shop, or as planned."""
        return await self._do(
            "refund",
            key,
            lambda: self.shop.refund(key, order, amount_minor, to=to, bonus_minor=bonus_minor, reason=reason),
        )

    async def charge(self, key: str, order: str, amount_minor: int, method_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("charge", key, lambda: self.shop.charge(key, order, amount_minor, method_id))

    async def undo_charge(self, key: str, payment_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("undo_charge", key, lambda: self.shop.undo_charge(key, payment_id))

    async def open_payment_link(self, key: str, order: str, amount_minor: int) -> Effect:
        """As the shop, or as planned."""
        return await self._do("open_payment_link", key, lambda: self.shop.open_payment_link(key, order, amount_minor))

    async def close_payment_link(self, key: str, link_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("close_payment_link", key, lambda: self.shop.close_payment_link(key, link_id))

    async def cancel_order(self, key: str, order: str, items: Sequence[ItemWanted], *, reason: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("cancel_order", key, lambda: self.shop.cancel_order(key, order, items, reason=reason))

    async def change_address(self, key: str, order: str, address: Address) -> Effect:
        """As the shop, or as planned."""
        return await self._do("change_address", key, lambda: self.shop.change_address(key, order, address))

    async def change_items(self, key: str, order: str, swaps: Sequence[Swap], method_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("change_items", key, lambda: self.shop.change_items(key, order, swaps, method_id))

    async def change_payment(self, key: str, order: str, method_id: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("change_payment", key, lambda: self.shop.change_payment(key, order, method_id))

    async def add_note(self, key: str, order: str, text: str) -> Effect:
        """As the shop, or as planned."""
        return await self._do("add_note", key, lambda: self.shop.add_note(key, order, text))
