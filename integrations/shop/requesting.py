"""Reading from a shop, whichever it is, what a request for a flow is judged by."""

from datetime import datetime

from domain.commerce import Order, OrderLine, Product
from domain.flows.requests import ExchangeRequest, FlowRequest, ItemChange
from domain.flows.verdict import RequestFacts
from integrations.shop.protocol import ShopReads


async def read_facts(shop: ShopReads, request: FlowRequest, shop_customer_id: str) -> RequestFacts:
    """The order, the customer for whom it is asked (empty: nobody is proven), new products, and delivery dates.

    What other flows hold and have done is the store's to say: `store.flow_requests` adds it. Raises what the shop
    raises when it does not answer.
    """
    order = await shop.order(request.order) if request.order else None
    return RequestFacts(
        order=order,
        customer=await shop.customer(shop_customer_id) if shop_customer_id else None,
        products=await _new_products(shop, request),
        delivered_at=delivered_at(order) if order else {},
    )


async def _new_products(shop: ShopReads, request: FlowRequest) -> tuple[Product, ...]:
    if not isinstance(request, ExchangeRequest | ItemChange):
        return ()
    found: dict[str, Product] = {}
    for sku in dict.fromkeys(swap.new_sku for swap in request.swaps):
        product = await shop.product_with(sku)
        if product is not None:
            found[product.product_id] = product
    return tuple(found.values())


def delivered_at(order: Order) -> dict[str, datetime]:
    """When the last unit of each line arrived; without lines of which a parcel is still to come, or none is known."""
    arrived = {line.line_id: _arrived(order, line) for line in order.lines}
    return {line_id: at for line_id, at in arrived.items() if at is not None}


def _arrived(order: Order, line: OrderLine) -> datetime | None:
    moments = [parcel.delivered_at for parcel in order.parcels_with(line.line_id)]
    known = [at for at in moments if at is not None]
    return max(known) if known and len(known) == len(moments) else None
