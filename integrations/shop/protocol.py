"""What Baton asks of a shop: to read, and to do things on an order.

An adapter of another shop follows this: reads answer None or an empty tuple for what is unknown; an effect answers
`Done`, or `Refused` by a named rule with nothing changed; an exception means that the shop did not answer, and the
caller asks again with the same key. A key is made from the business intent and stands for one effect that happened:
once it is done, the same key gives the first answer, whatever has happened since. A refusal is not kept, so the same
key may succeed later. The same key for something else raises `ValueError`, a mistake of the caller.
"""

from collections.abc import Sequence
from typing import Protocol

from domain.commerce import Address, Order, Product, Refund, ShopCustomer
from domain.flows.effects import Accepted, Done
from domain.flows.refusal import Refused
from domain.flows.requests import ItemWanted, Swap

Effect = Done | Refused


class ShopReads(Protocol):
    """A commerce backend, asked."""

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

    async def refunds(self, number: str) -> tuple[Refund, ...]:
        """What was paid back for an order, the earliest first; empty for an order that is unknown."""
        ...

    async def product(self, product_id: str) -> Product | None:
        """A product with its variants and stock."""
        ...

    async def product_with(self, sku: str) -> Product | None:
        """The product that a variant belongs to."""
        ...

    async def find_products(self, text: str, limit: int = 3) -> tuple[Product, ...]:
        """Products whose title or description fits the words, best first; empty if nothing fits."""
        ...


class ShopReturns(Protocol):
    """Returns and exchanges: the shop's record, the way back, what came back. Each `open` has its `cancel`."""

    async def open_return(
        self, key: str, order: str, items: Sequence[ItemWanted], *, reason: str, refund_to: str = ""
    ) -> Effect:
        """Record a return; `ref` is its id. The units belong to it until it is closed or cancelled.

        Refuses `order_state`, `unknown_line`, `quantity_not_left`.
        """
        ...

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
        ...

    async def cancel_return(self, key: str, return_id: str) -> Effect:
        """Take back an open return or exchange of which nothing has been accepted. Cancelled already: done."""
        ...

    async def issue_label(self, key: str, return_id: str, *, drop_off: bool) -> Effect:
        """A label, or a code for a drop-off point; `detail` is the tracking number or the code."""
        ...

    async def void_label(self, key: str, return_id: str) -> Effect:
        """The label can no longer be used. Voided already, or none there: done."""
        ...

    async def receive(self, key: str, return_id: str, lines: Sequence[Accepted]) -> Effect:
        """What arrived: counts by line (`accepted` is not looked at here)."""
        ...

    async def accept(self, key: str, return_id: str, lines: Sequence[Accepted], *, restock: bool) -> Effect:
        """What the inspection came to; accepted units count as returned, and go back into stock with `restock`.

        Closes the return. Refuses more than was requested.
        """
        ...


class ShopGoods(Protocol):
    """Stock and parcels. Reserved units are shipped or released."""

    async def reserve(self, key: str, order: str, sku: str, quantity: int) -> Effect:
        """Set units of a variant aside for an order; `ref` is the hold. Refuses `variant_unavailable`."""
        ...

    async def release(self, key: str, hold_id: str) -> Effect:
        """Give a hold back into stock. Released already: done. Refuses what was shipped."""
        ...

    async def ship(self, key: str, order: str, hold_ids: Sequence[str]) -> Effect:
        """Send the held units as one parcel to the order's address; `ref` is the shipment. Cannot be undone."""
        ...


class ShopMoney(Protocol):
    """Payments. What is refunded of a payment is at most what was paid, whatever happens at the same time."""

    async def refund(
        self, key: str, order: str, amount_minor: int, *, to: str = "", bonus_minor: int = 0, reason: str = ""
    ) -> Effect:
        """Give money back; `ref` is the refund, `amount_minor` what moved. Cannot be undone.

        `to` is empty for the order's own payments (newest first), `store_credit`, or a payment method's id; a bonus is
        added to store credit alone. Refuses `amount_above_paid`, `unknown_method`.
        """
        ...

    async def charge(self, key: str, order: str, amount_minor: int, method_id: str) -> Effect:
        """Take money by a method on file; `ref` is the payment. Refuses `insufficient_funds`, `declined_payment`."""
        ...

    async def undo_charge(self, key: str, payment_id: str) -> Effect:
        """Give back what one payment took, whatever has been refunded of it for other reasons. Undone already: done.

        Of an order of which less is left than that, all that is left.
        """
        ...

    async def open_payment_link(self, key: str, order: str, amount_minor: int) -> Effect:
        """A page on which the customer pays; `ref` is the link, `detail` its address."""
        ...

    async def close_payment_link(self, key: str, link_id: str) -> Effect:
        """The link takes no money any more; what was paid by it is given back. Closed already: done."""
        ...


class ShopOrders(Protocol):
    """Changes of an order as a whole; each is one transaction of the shop and cannot be undone halfway."""

    async def cancel_order(self, key: str, order: str, items: Sequence[ItemWanted], *, reason: str) -> Effect:
        """Cancel lines that have not been shipped (none named: all), free their stock and refund them."""
        ...

    async def change_address(self, key: str, order: str, address: Address) -> Effect:
        """Send it elsewhere."""
        ...

    async def change_items(self, key: str, order: str, swaps: Sequence[Swap], method_id: str) -> Effect:
        """Swap variants, with the price difference taken from or given to a payment method."""
        ...

    async def change_payment(self, key: str, order: str, method_id: str) -> Effect:
        """Pay it by another method; the first one gets its money back."""
        ...

    async def add_note(self, key: str, order: str, text: str) -> Effect:
        """A note for the shop's people."""
        ...


class Shop(ShopReads, ShopReturns, ShopGoods, ShopMoney, ShopOrders, Protocol):
    """A commerce backend."""
