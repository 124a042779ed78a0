"""What Baton asks of a shop. Reading only so far; flows will add effects with idempotency keys."""

from typing import Protocol

from domain.commerce import Order, Product, ShopCustomer


class Shop(Protocol):
    """A commerce backend. Unknown ids answer None or an empty tuple; an exception means that it did not answer."""

    async def customer(self, customer_id: str) -> ShopCustomer | None:
        """The shop's record of a customer, by the shop's id."""
        ...

    async def customer_by_email(self, email: str) -> ShopCustomer | None:
        """The shop's record by e-mail (compared in lower case). For verified addresses only."""
        ...

    async def order(self, number: str) -> Order | None:
        """An order by the number printed for the customer, as it stands now."""
        ...

    async def recent_orders(self, customer_id: str, limit: int = 5) -> tuple[Order, ...]:
        """A customer's orders, newest first."""
        ...

    async def product(self, product_id: str) -> Product | None:
        """A product with its variants and stock."""
        ...

    async def find_products(self, text: str, limit: int = 3) -> tuple[Product, ...]:
        """Products whose title or description fits the words, best first; empty if nothing fits."""
        ...
