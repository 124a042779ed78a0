"""Of a shop, whichever it is, the orders that a case may hear of."""

from domain.case import Case
from domain.commerce import Order
from integrations.shop.protocol import ShopReads

_RECENT = 5


async def own_orders(shop: ShopReads, case: Case, limit: int = _RECENT) -> tuple[Order, ...]:
    """The customer's newest orders, as far as their proof goes; none while nobody is proven.

    A proof by order number covers that order however old it is. Raises what the shop raises when it does not answer.
    """
    if case.customer is None:
        return ()
    if case.proven_orders is None:
        found = await shop.recent_orders(case.customer.customer_id, limit)
        return tuple(order for order in found if case.may_tell(order))
    proven = [await shop.order(number) for number in case.proven_orders[:limit]]
    return tuple(order for order in proven if order is not None and case.may_tell(order))
