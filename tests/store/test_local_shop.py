"""The local store answers as the `Shop` protocol promises, on the demo store."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from cli.local.postgres import LocalPostgres
from domain.commerce import MethodKind, Order, OrderState, ShipmentState
from domain.money import Money
from integrations.shop.demo import DemoShop, load_demo_shop
from integrations.shop.local import LocalShop
from integrations.shop.protocol import Shop
from integrations.shop.scenarios import EXCEPTION, GOLD_RETURN, GUEST, LATE, PLAIN, SPLIT_SHIPMENT, TWO_OPEN, VIP
from store.commerce import ShopOrder, ShopPayment, ShopShipment
from store.database import Database
from store.migrate import upgrade

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo_url(postgres: LocalPostgres) -> Iterator[str]:
    """A database with the demo store, for tests that only read."""
    postgres.create_database("demo_shop")
    upgrade(postgres.url("demo_shop"))
    asyncio.run(_fill(postgres.url("demo_shop")))
    yield postgres.url("demo_shop")
    postgres.drop_database("demo_shop")


@pytest.fixture
async def demo(demo_url: str) -> AsyncIterator[Database]:
    database = Database(demo_url)
    yield database
    await database.close()


@pytest.fixture
def shop(demo: Database) -> Shop:
    return LocalShop(demo)


async def _fill(url: str) -> None:
    database = Database(url)
    await load_demo_shop(database, NOW)
    await database.close()


async def test_loading_again_changes_nothing(database: Database) -> None:
    first = await load_demo_shop(database, NOW)
    before = await _fingerprint(database)
    second = await load_demo_shop(database, NOW + timedelta(days=3))
    assert (first.loaded, second.loaded) == (True, False)
    assert first.model_copy(update={"loaded": False}) == second
    assert await _fingerprint(database) == before


async def test_two_processes_that_start_at_once_load_one_store(database: Database) -> None:
    shops: list[DemoShop] = await asyncio.gather(load_demo_shop(database, NOW), load_demo_shop(database, NOW))
    assert sorted(shop.loaded for shop in shops) == [False, True]


async def test_every_state_of_orders_and_shipments_occurs(demo: Database) -> None:
    async with demo.begin() as session:
        orders = set(await session.scalars(select(ShopOrder.state).distinct()))
        shipments = set(await session.scalars(select(ShopShipment.state).distinct()))
    assert orders == {state.value for state in OrderState}
    assert shipments == {state.value for state in ShipmentState}


async def test_the_state_of_an_order_fits_its_parcels(demo: Database, shop: Shop) -> None:
    gone = {*ShipmentState} - {ShipmentState.LABEL_CREATED}
    fits = {
        OrderState.PENDING: lambda parcels: not parcels,
        OrderState.CANCELLED: lambda parcels: not parcels,
        OrderState.PAID: lambda parcels: not parcels & gone,
        OrderState.PARTLY_SHIPPED: lambda parcels: parcels & gone and ShipmentState.LABEL_CREATED in parcels,
        OrderState.SHIPPED: lambda parcels: parcels <= gone and parcels != {ShipmentState.DELIVERED},
        OrderState.DELIVERED: lambda parcels: parcels == {ShipmentState.DELIVERED},
        OrderState.RETURNED: lambda parcels: parcels <= {ShipmentState.DELIVERED, ShipmentState.RETURNED},
    }
    async with demo.begin() as session:
        customers = list(await session.scalars(select(ShopOrder.customer_id).distinct()))
    for customer in customers:
        for order in await shop.recent_orders(customer, limit=100):
            assert fits[order.state]({parcel.state for parcel in order.shipments}), order.number


async def test_a_split_order_has_one_parcel_delivered_and_one_in_transit(shop: Shop) -> None:
    order = await _order(shop, SPLIT_SHIPMENT.order_number)
    assert order.email == SPLIT_SHIPMENT.email
    assert [parcel.state for parcel in order.shipments] == [ShipmentState.DELIVERED, ShipmentState.IN_TRANSIT]
    assert [parcel.line_ids for parcel in order.shipments] == [(line.line_id,) for line in order.lines]
    assert order.shipments[1].expected_on == (NOW + timedelta(days=1)).date()


async def test_the_scenarios_are_as_they_are_told(shop: Shop) -> None:
    vip, late, odd = [await _order(shop, one.order_number) for one in (VIP, LATE, EXCEPTION)]
    gold = await _order(shop, GOLD_RETURN.order_number)
    assert vip.shipments[0].delivered_at == NOW - timedelta(days=2)
    assert late.shipments[0].state is ShipmentState.IN_TRANSIT
    assert late.shipments[0].expected_on == (NOW - timedelta(days=4)).date()
    assert odd.shipments[0].state is ShipmentState.EXCEPTION
    assert gold.shipments[0].delivered_at == NOW - timedelta(days=38)
    assert [order.number for order in await shop.recent_orders(PLAIN.customer_id)] == [PLAIN.order_number]
    states = [order.state for order in await shop.recent_orders(TWO_OPEN.customer_id)]
    assert states == [OrderState.PAID, OrderState.SHIPPED]


async def test_recent_orders_come_newest_first_and_no_more_than_asked_for(shop: Shop) -> None:
    orders = await shop.recent_orders(VIP.customer_id, limit=3)
    assert [order.number for order in orders] == list(VIP.order_numbers[:3])


async def test_an_order_or_a_list_of_orders_takes_five_queries(demo: Database, shop: Shop) -> None:
    with _counted_queries(demo) as queries:
        await shop.order(SPLIT_SHIPMENT.order_number)
        assert len(queries) == 5
        await shop.recent_orders(VIP.customer_id)
        assert len(queries) == 10


async def test_an_order_tells_where_it_goes_what_it_holds_and_how_it_was_paid(shop: Shop) -> None:
    order = await _order(shop, VIP.order_number)
    assert (order.address.name, order.address.postcode, order.address.country) == ("Robin 2", VIP.postcode, "DE")
    assert order.address.line1
    assert order.address.city == "Hamburg"
    assert [(line.product_id, line.category) for line in order.lines] == [
        ("thermo-bottle", "Equipment"),
        ("down-jacket", "Jackets"),
    ]
    assert order.shipping == Money(minor=0, currency="EUR")
    (payment,) = order.payments
    assert (payment.method, payment.method_id, payment.amount) == (MethodKind.CARD, "cus-0002-card", order.total)
    assert payment.left_minor == order.total.minor


async def test_a_customer_comes_with_what_is_on_file_and_a_guest_with_nothing(shop: Shop) -> None:
    gold, guest = await shop.customer(GOLD_RETURN.customer_id), await shop.customer(GUEST.customer_id)
    assert gold is not None
    assert guest is not None
    assert {one.kind: one.balance and one.balance.minor for one in gold.methods} == {
        MethodKind.CARD: None,
        MethodKind.PAYPAL: None,
        MethodKind.GIFT_CARD: 5000,
        MethodKind.STORE_CREDIT: 2500,
    }
    assert gold.address.city == "Dresden"
    assert guest.methods == ()


async def test_the_demo_stores_records_agree_with_the_states_of_its_orders(demo: Database, shop: Shop) -> None:
    async with demo.begin() as session:
        customers = list(await session.scalars(select(ShopOrder.customer_id).distinct()))
        refunds = {number: int(back) for number, back in await session.execute(text(_REFUNDED))}
    for customer in customers:
        for order in await shop.recent_orders(customer, limit=100):
            kept = sum(line.open_quantity for line in order.lines)
            assert (kept == 0) == (order.state in (OrderState.CANCELLED, OrderState.RETURNED)), order.number
            assert sum(payment.refunded_minor for payment in order.payments) == refunds.get(order.number, 0)


_REFUNDED = "SELECT order_number, sum(amount_minor) FROM shop_refund GROUP BY order_number"


async def test_the_product_of_a_variant_is_found(shop: Shop) -> None:
    product = await shop.product_with("down-jacket-m-black")
    assert product is not None
    assert product == await shop.product("down-jacket")
    assert {variant.product_id for variant in product.variants} == {"down-jacket"}
    assert await shop.product_with("nothing") is None


async def test_numbers_and_addresses_are_found_however_they_are_typed(shop: Shop) -> None:
    assert (await _order(shop, " bt-10701 ")).number == "BT-10701"
    customer = await shop.customer_by_email("Alex.1@Example.com ")
    assert customer == await shop.customer(SPLIT_SHIPMENT.customer_id)
    assert customer is not None


async def test_what_is_not_there_answers_none_or_empty(shop: Shop) -> None:
    assert await shop.order("BT-99999") is None
    assert await shop.customer("nobody") is None
    assert await shop.customer_by_email("nobody@example.com") is None
    assert await shop.recent_orders("nobody") == ()
    assert await shop.product("nothing") is None


async def test_lifetime_value_counts_what_was_kept(demo: Database, shop: Shop) -> None:
    before = await shop.customer(VIP.customer_id)
    order = await _order(shop, VIP.order_numbers[-1])
    async with demo.begin() as session:
        await session.execute(text("UPDATE shop_order SET state = 'cancelled' WHERE number = :n"), {"n": order.number})
    after = await shop.customer(VIP.customer_id)
    async with demo.begin() as session:
        await session.execute(text("UPDATE shop_order SET state = 'delivered' WHERE number = :n"), {"n": order.number})
    assert before is not None
    assert after is not None
    assert before.lifetime_value.minor - after.lifetime_value.minor == order.total.minor
    assert before.orders_count == after.orders_count == 4


async def test_a_product_comes_with_variants_in_order_and_their_stock(shop: Shop) -> None:
    boots = await shop.product("hiking-boots")
    assert boots is not None
    assert [variant.options["size"] for variant in boots.variants] == [str(size) for size in range(37, 47)]
    assert [variant.options["size"] for variant in boots.variants if variant.stock == 0] == ["40"]
    assert boots.attributes["waterproof"] == "waterproof membrane"


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("merino scarf", "merino-scarf"),
        ("do you have a waterproof jacket for kids?", "kids-rain-jacket"),
        ("will the down jacket shrink in the wash", "down-jacket"),
        ("hiking boots size 42", "hiking-boots"),
        ("is the bottle safe for the dishwasher", "thermo-bottle"),
    ],
)
async def test_products_are_found_by_the_words_for_them(shop: Shop, words: str, best: str) -> None:
    assert (await shop.find_products(words))[0].product_id == best


@pytest.mark.parametrize("words", ["", "the and of", "hello, I want my money back", "!!! '' \\ & | <->", "\x00"])
async def test_words_that_fit_no_product_find_none(shop: Shop, words: str) -> None:
    assert await shop.find_products(words) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shop_variant SET stock = -1 WHERE sku = 'daypack-pine'",
        "UPDATE shop_order_line SET quantity = 0 WHERE line_id = 'BT-10701-1'",
        "UPDATE shop_shipment SET delivered_at = NULL WHERE shipment_id = 'BT-10701-S1'",
        "UPDATE shop_shipment SET delivered_at = shipped_at - interval '1 hour' WHERE shipment_id = 'BT-10701-S1'",
        "UPDATE shop_shipment SET state = 'lost' WHERE shipment_id = 'BT-10701-S1'",
        "UPDATE shop_order SET state = 'unknown' WHERE number = 'BT-10701'",
        "UPDATE shop_order SET total_minor = -1 WHERE number = 'BT-10701'",
        "UPDATE shop_payment SET amount_minor = -1 WHERE order_number = 'BT-10701'",
        "UPDATE shop_payment SET refunded_minor = amount_minor + 1 WHERE order_number = 'BT-10701'",
        "UPDATE shop_order_line SET cancelled = 1, returned = 1 WHERE line_id = 'BT-10701-1'",
        "UPDATE shop_payment_method SET balance_minor = -1 WHERE kind = 'store_credit'",
        "UPDATE shop_payment_method SET balance_minor = 1 WHERE kind = 'card'",
        "UPDATE shop_customer SET email = 'Alex.1@example.com' WHERE customer_id = 'cus-0001'",
    ],
)
async def test_the_database_refuses_what_cannot_be(demo: Database, statement: str) -> None:
    with pytest.raises(IntegrityError):
        async with demo.begin() as session:
            await session.execute(text(statement))


async def _order(shop: Shop, number: str) -> Order:
    order = await shop.order(number)
    assert order is not None
    return order


async def _fingerprint(database: Database) -> tuple[object, ...]:
    counts = select(func.count(), func.min(ShopOrder.placed_at), func.max(ShopOrder.placed_at))
    async with database.begin() as session:
        payments = (await session.execute(select(func.count(), func.sum(ShopPayment.amount_minor)))).one()
        return (*(await session.execute(counts)).one(), *payments)


@contextmanager
def _counted_queries(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", remember)
