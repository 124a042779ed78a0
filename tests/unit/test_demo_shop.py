"""The demo store as it is told: the same each time, plausible at any moment, consistent with its articles."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from integrations.shop.catalogue import read_catalogue
from integrations.shop.demo import CUSTOMERS, ORDERS, demo_rows
from integrations.shop.ordering import shipping_minor
from integrations.shop.scenarios import SCENARIOS
from store.commerce import ShopCustomer, ShopOrder, ShopOrderLine, ShopPayment, ShopShipment, ShopShipmentLine

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ROWS = demo_rows(NOW)
ORDERS_BY_NUMBER = {row.number: row for row in ROWS if isinstance(row, ShopOrder)}


def test_the_same_moment_gives_the_same_store() -> None:
    assert [row.model_dump() for row in demo_rows(NOW)] == [row.model_dump() for row in ROWS]


def test_another_moment_moves_the_dates_and_nothing_else() -> None:
    later = [row for row in demo_rows(NOW + timedelta(days=9)) if isinstance(row, ShopOrder)]
    moved = [order.model_copy(update={"placed_at": order.placed_at - timedelta(days=9)}) for order in later]
    assert [order.model_dump() for order in moved] == [order.model_dump() for order in ORDERS_BY_NUMBER.values()]


def test_the_catalogue_tells_material_and_care_of_everything() -> None:
    products = read_catalogue().products
    assert len(products) >= 30
    assert all({"material", "care"} <= product.attributes.keys() for product in products)


def test_there_are_200_customers_of_all_tiers_at_example_addresses() -> None:
    customers = [row for row in ROWS if isinstance(row, ShopCustomer)]
    assert len(customers) == CUSTOMERS == 200
    assert {customer.tier for customer in customers} == {"guest", "standard", "gold", "vip"}
    assert all(customer.email.endswith("@example.com") for customer in customers)


def test_drawn_orders_are_numbered_in_the_order_of_placing() -> None:
    drawn = [ORDERS_BY_NUMBER[f"BT-{number}"] for number in range(10001, 10001 + ORDERS)]
    assert len(drawn) == 600
    assert drawn == sorted(drawn, key=lambda order: order.placed_at)


def test_scenario_customers_have_the_orders_of_their_story_and_no_others() -> None:
    for scenario in SCENARIOS:
        theirs = {number for number, order in ORDERS_BY_NUMBER.items() if order.customer_id == scenario.customer_id}
        assert theirs == set(scenario.order_numbers)
        assert {ORDERS_BY_NUMBER[number].postcode for number in theirs} == {scenario.postcode}


def test_every_total_is_its_lines_plus_shipping_and_is_paid_once() -> None:
    goods = Counter[str]()
    for row in ROWS:
        if isinstance(row, ShopOrderLine):
            goods[row.order_number] += row.quantity * row.unit_price_minor
    totals = [(number, order.total_minor) for number, order in ORDERS_BY_NUMBER.items()]
    assert totals == [(number, goods[number] + order.shipping_minor) for number, order in ORDERS_BY_NUMBER.items()]
    assert totals == [(row.order_number, row.amount_minor) for row in ROWS if isinstance(row, ShopPayment)]


def test_nothing_has_happened_in_the_future_and_each_step_follows_the_last() -> None:
    for row in ROWS:
        if isinstance(row, ShopShipment):
            steps = (
                ORDERS_BY_NUMBER[row.order_number].placed_at,
                row.shipped_at,
                row.delivered_at,
                row.last_scan_at,
                NOW,
            )
            known = [step for step in steps if step is not None]
            assert known == sorted(known), row.shipment_id


def test_every_unit_of_a_shipped_order_is_in_exactly_one_parcel() -> None:
    lines = {row.line_id: row for row in ROWS if isinstance(row, ShopOrderLine)}
    shipped = {row.order_number for row in ROWS if isinstance(row, ShopShipment)}
    packed = [(row.line_id, row.quantity) for row in ROWS if isinstance(row, ShopShipmentLine)]
    wanted = [(line.line_id, line.quantity) for line in lines.values() if line.order_number in shipped]
    assert sorted(packed) == sorted(wanted)


@pytest.mark.parametrize(
    ("subtotal", "method", "country", "cost"),
    [
        (4999, "standard", "DE", 495),
        (5000, "standard", "DE", 0),
        (4999, "standard", "FR", 795),
        (5000, "standard", "FR", 0),
        (9000, "express", "DE", 995),
        (9000, "express", "ES", 1995),
        (9000, "standard", "CH", 1495),
    ],
)
def test_shipping_costs_what_the_article_says(subtotal: int, method: str, country: str, cost: int) -> None:
    assert shipping_minor(subtotal, method, country) == cost
