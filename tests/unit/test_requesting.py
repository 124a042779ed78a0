"""What is read from a shop before a request is judged."""

from datetime import timedelta
from typing import cast

from domain.commerce import Order, Product, ShipmentState, ShopCustomer
from domain.flows.requests import ExchangeRequest, InquiryRequest, ReturnRequest
from integrations.shop.protocol import ShopReads
from integrations.shop.requesting import delivered_at, read_facts
from tests.unit.flow_world import DELIVERED, HATS, PARCEL, SCARVES, customer, items, order, swaps


class ReadsOnly:
    """A shop that answers three questions, and counts them."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def order(self, number: str) -> Order | None:
        self.asked.append(number)
        return order() if number == "BT-1" else None

    async def customer(self, customer_id: str) -> ShopCustomer | None:
        self.asked.append(customer_id)
        return customer() if customer_id == "c1" else None

    async def product_with(self, sku: str) -> Product | None:
        self.asked.append(sku)
        return {"hat": HATS}.get(sku, SCARVES if sku.startswith("scarf") else None)


def shop() -> tuple[ReadsOnly, ShopReads]:
    """The shop, and the shop as a reader."""
    reads = ReadsOnly()
    return reads, cast("ShopReads", reads)


async def test_each_new_product_is_read_once() -> None:
    reads, as_shop = shop()
    wanted = (*swaps("scarf-blue"), *swaps("scarf-blue"), *swaps("scarf-red"), *swaps("hat"), *swaps("shoe"))
    known = await read_facts(as_shop, ExchangeRequest(order="BT-1", swaps=wanted), "c1")
    assert [product.product_id for product in known.products] == ["scarf", "hat"]
    assert reads.asked == ["BT-1", "c1", "scarf-blue", "scarf-red", "hat", "shoe"]
    assert (known.order, known.customer) == (order(), customer())


async def test_nobody_who_is_proven_and_no_order_that_exists_are_none() -> None:
    reads, as_shop = shop()
    known = await read_facts(as_shop, ReturnRequest(order="BT-9", items=items()), "")
    assert (known.order, known.customer, known.products, known.delivered_at) == (None, None, (), {})
    assert reads.asked == ["BT-9"]


async def test_a_question_without_an_order_asks_the_shop_nothing() -> None:
    reads, as_shop = shop()
    await read_facts(as_shop, InquiryRequest(partner="warehouse"), "")
    assert reads.asked == []


def test_a_line_has_arrived_with_the_last_of_its_parcels() -> None:
    later = PARCEL.model_copy(
        update={"shipment_id": "s2", "line_ids": ("l1",), "delivered_at": DELIVERED + timedelta(days=2)}
    )
    assert delivered_at(order(shipments=(later, PARCEL))) == {"l1": DELIVERED + timedelta(days=2), "l2": DELIVERED}


def test_a_line_of_which_a_parcel_is_still_to_come_has_not_arrived() -> None:
    moving = {"shipment_id": "s2", "line_ids": ("l1",), "delivered_at": None, "state": ShipmentState.IN_TRANSIT}
    assert delivered_at(order(shipments=(PARCEL, PARCEL.model_copy(update=moving)))) == {"l2": DELIVERED}
    assert delivered_at(order(shipments=())) == {}
