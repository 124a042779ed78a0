"""The customers and orders of the demo store that never change, for the demo and for tests to rely on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.commerce import OrderState, ShipmentState
from domain.values import Value
from integrations.shop.catalogue import CURRENCY
from integrations.shop.ordering import DemoOrder
from integrations.shop.stories import OrderStory, ParcelStory, arrived, moving
from integrations.shop.wallets import home, store_credit
from store.commerce import ShopCustomer
from store.commerce_ledger import ShopPaymentMethod


class Scenario(Value):
    """A customer and the orders that the story is about, the main one first."""

    customer_id: str
    name: str
    email: str
    tier: str
    postcode: str
    order_numbers: tuple[str, ...]

    @property
    def order_number(self) -> str:
        """The order that the customer writes about."""
        return self.order_numbers[0]


def _scenario(number: int, name: str, tier: str, postcode: str, *orders: str) -> Scenario:
    return Scenario(
        customer_id=f"cus-{number:04d}",
        name=f"{name} {number}",
        email=f"{name.lower()}.{number}@example.com",
        tier=tier,
        postcode=postcode,
        order_numbers=orders,
    )


SPLIT_SHIPMENT = _scenario(1, "Alex", "standard", "04109", "BT-10701")
"""One order in two parcels: the first delivered yesterday, the second in transit and due tomorrow."""
VIP = _scenario(2, "Robin", "vip", "20095", "BT-10702", "BT-10710", "BT-10711", "BT-10712")
"""A vip whose parcel came two days ago; in the story its contents are damaged. Three older orders were fine."""
PLAIN = _scenario(3, "Sam", "standard", "50667", "BT-10703")
"""One order, shipped, due in two days."""
TWO_OPEN = _scenario(4, "Kim", "gold", "80331", "BT-10704", "BT-10705")
"""Two open orders: one being packed, one in transit."""
LATE = _scenario(5, "Noa", "standard", "70173", "BT-10706")
"""One order, due four days ago, not scanned for five days."""
EXCEPTION = _scenario(6, "Mika", "standard", "60311", "BT-10707")
"""One order that the carrier could not deliver yesterday."""
GUEST = _scenario(7, "Jo", "guest", "10115", "BT-10708")
"""Bought without an account; delivered ten days ago."""
GOLD_RETURN = _scenario(8, "Toni", "gold", "01067", "BT-10709")
"""Delivered 38 days ago: too late for a standard customer to return it, in time for gold."""

SCENARIOS = (SPLIT_SHIPMENT, VIP, PLAIN, TWO_OPEN, LATE, EXCEPTION, GUEST, GOLD_RETURN)


def scenario_customers(now: datetime) -> list[ShopCustomer]:
    """The rows of the scenarios' customers."""
    return [
        ShopCustomer(
            customer_id=scenario.customer_id,
            name=scenario.name,
            email=scenario.email,
            tier=scenario.tier,
            phone=f"+49302312590{index}",
            currency=CURRENCY,
            created_at=now - timedelta(days=400),
            address=home(scenario.customer_id, scenario.name, scenario.postcode, "DE"),
        )
        for index, scenario in enumerate(SCENARIOS)
    ]


def scenario_credits(customers: list[ShopCustomer]) -> list[ShopPaymentMethod]:
    """Store credit that is there from the beginning: the gold customer's. `customers` as in `scenario_orders`."""
    return [store_credit(customer, 2500) for customer in customers if customer.customer_id == GOLD_RETURN.customer_id]


def scenario_orders(customers: list[ShopCustomer]) -> Iterator[DemoOrder]:
    """The scenarios' orders; `customers` are the rows of `scenario_customers`."""
    by_id = {customer.customer_id: customer for customer in customers}
    for scenario, number, story, basket in _told():
        yield DemoOrder(
            number=number,
            customer=by_id[scenario.customer_id],
            basket=tuple((sku, 1) for sku in basket),
            story=story,
            postcode=scenario.postcode,
        )


def _told() -> Iterator[tuple[Scenario, str, OrderStory, tuple[str, ...]]]:
    shipped, packing, done = OrderState.SHIPPED, OrderState.PAID, OrderState.DELIVERED
    halves = OrderStory(shipped, 4, (arrived(3, 1), moving(2, 1)))
    yield SPLIT_SHIPMENT, "BT-10701", halves, ("merino-scarf-grey", "hiking-boots-42-brown")
    yield VIP, "BT-10702", OrderStory(done, 6, (arrived(5, 2),)), ("thermo-bottle-steel", "down-jacket-m-black")
    yield PLAIN, "BT-10703", OrderStory(shipped, 2, (moving(1, 2),)), ("rain-jacket-m-slate",)
    yield TWO_OPEN, "BT-10704", OrderStory(packing, 0.3), ("organic-tee-l-navy", "chino-34-olive")
    yield TWO_OPEN, "BT-10705", OrderStory(shipped, 3, (moving(2, 1),)), ("trail-shoes-41-teal",)
    yield LATE, "BT-10706", OrderStory(shipped, 11, (moving(10, -4, scanned=5),)), ("fleece-jacket-s-pine",)
    refused = ParcelStory(ShipmentState.EXCEPTION, 6, -1, scanned=1)
    yield EXCEPTION, "BT-10707", OrderStory(shipped, 7, (refused,)), ("linen-shirt-m-white",)
    yield GUEST, "BT-10708", OrderStory(done, 14, (arrived(13, 10),)), ("daypack-pine",)
    yield GOLD_RETURN, "BT-10709", OrderStory(done, 42, (arrived(41, 38),)), ("wool-sweater-l-navy",)
    for years_quarter, number in enumerate(VIP.order_numbers[1:], 1):
        age = 90 * years_quarter
        yield (
            VIP,
            number,
            OrderStory(done, age, (arrived(age - 1, age - 4),)),
            ("rain-jacket-m-black", "camp-blanket-grey-check"),
        )
