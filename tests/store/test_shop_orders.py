"""What the local shop does to orders as a whole: cancelled, sent elsewhere, swapped; once, or not at all."""

import pytest

from domain.commerce import Address, OrderState, PaymentState, ShipmentState
from domain.flows.refusal import Rule
from integrations.shop.protocol import Shop
from store.database import Database
from tests.store.shop_scene import CARD, GIFT, PAYPAL, STOCK, TOTAL, ShopScene, done, item, refused, swap

NOWHERE = Address(line1="1 Mill Lane", city="Graz", postcode="8010", country="AT")


@pytest.fixture
async def scene(database: Database) -> ShopScene:
    """The shop with one delivered order `O-1`: two shirts and a mug, paid by card."""
    scene = await ShopScene(database).prepare()
    await scene.place()
    return scene


@pytest.fixture
def shop(scene: ShopScene) -> Shop:
    """As flows see it."""
    return scene.shop


async def test_a_cancelled_order_gives_back_money_and_stock_and_throws_its_label_away(scene: ShopScene) -> None:
    await scene.place("O-2", OrderState.PAID)
    await scene.pack("O-2", ShipmentState.LABEL_CREATED, {1: 2, 2: 1})
    first = done(await scene.shop.cancel_order("k", "O-2", [], reason="changed_mind"))
    order = await scene.order("O-2")
    assert first.amount_minor == TOTAL
    assert (order.state, order.cancel_reason, order.shipments) == (OrderState.CANCELLED, "changed_mind", ())
    assert (order.payments[0].state, order.payments[0].refunded_minor) == (PaymentState.REFUNDED, TOTAL)
    assert (await scene.stock("shirt-m"), await scene.stock("mug")) == (STOCK + 2, STOCK + 1)
    assert await scene.shop.cancel_order("k", "O-2", [], reason="changed_mind") == first
    assert refused(await scene.shop.cancel_order("j", "O-2", [], reason="changed_mind")) is Rule.ORDER_STATE
    assert await scene.stock("shirt-m") == STOCK + 2


async def test_a_cancelled_line_gives_back_its_price_and_leaves_the_rest(scene: ShopScene) -> None:
    await scene.place("O-2", OrderState.PAID)
    await scene.pack("O-2", ShipmentState.LABEL_CREATED, {1: 2, 2: 1})
    answer = done(await scene.shop.cancel_order("k", "O-2", [item(1, 1, "O-2")], reason="changed_mind"))
    assert answer.amount_minor == 2000
    order = await scene.order("O-2")
    assert (order.state, order.lines[0].cancelled, order.payments[0].refunded_minor) == (OrderState.PAID, 1, 2000)
    assert await scene.rows(
        "SELECT line_id, quantity FROM shop_shipment_line WHERE line_id LIKE 'O-2%' ORDER BY 1"
    ) == [
        ("O-2-1", 1),
        ("O-2-2", 1),
    ]
    rest = done(await scene.shop.cancel_order("l", "O-2", [], reason="changed_mind"))
    assert rest.amount_minor == TOTAL - 2000
    assert (await scene.order("O-2")).state is OrderState.CANCELLED


async def test_only_what_has_not_left_is_cancelled(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PARTLY_SHIPPED)
    await scene.pack("O-2", ShipmentState.DELIVERED, {1: 1})
    assert refused(await shop.cancel_order("a", "O-2", [item(1, 2, "O-2")], reason="x")) is Rule.ALREADY_SHIPPED
    assert done(await shop.cancel_order("b", "O-2", [], reason="x")).amount_minor == 3000
    order = await scene.order("O-2")
    assert order.state is OrderState.DELIVERED
    assert [line.cancelled for line in order.lines] == [1, 1]


async def test_an_order_that_is_not_paid_yet_owes_nothing_once_it_is_cancelled(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PENDING)
    assert done(await shop.cancel_order("a", "O-2", [item(2, 1, "O-2")], reason="x")).amount_minor == 0
    assert (await scene.order("O-2")).payments[0].amount.minor == TOTAL - 1000
    assert done(await shop.cancel_order("b", "O-2", [], reason="x")).amount_minor == 0
    assert (await scene.order("O-2")).payments[0].state is PaymentState.VOIDED


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.DELIVERED, OrderState.RETURNED])
async def test_what_has_left_is_neither_cancelled_nor_changed(scene: ShopScene, state: OrderState) -> None:
    await scene.execute("UPDATE shop_order SET state = :state", state=state.value)
    shop = scene.shop
    answers = [
        await shop.cancel_order("a", "O-1", [], reason="x"),
        await shop.change_address("b", "O-1", NOWHERE),
        await shop.change_items("c", "O-1", [swap("shirt-l")], CARD),
    ]
    assert {refused(answer) for answer in answers} == {Rule.ORDER_STATE}


async def test_an_order_goes_elsewhere(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PAID)
    done(await shop.change_address("a", "O-2", NOWHERE))
    order = await scene.order("O-2")
    assert (order.address, order.postcode, order.country) == (NOWHERE, "8010", "AT")
    nowhere = NOWHERE.model_copy(update={"city": " "})
    assert refused(await shop.change_address("b", "O-2", nowhere)) is Rule.ADDRESS_INCOMPLETE


async def test_a_line_is_swapped_and_its_difference_charged(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PAID)
    answer = done(await shop.change_items("a", "O-2", [swap("shirt-l", 1, 2, "O-2")], PAYPAL))
    order = await scene.order("O-2")
    assert (answer.amount_minor, answer.detail) == (1000, "charged")
    assert (order.items_changed, order.total.minor) == (True, TOTAL + 1000)
    assert [(line.line_id, line.sku, line.title, line.unit_price.minor) for line in order.lines] == [
        ("O-2-1", "shirt-l", "Shirt, L", 2500),
        ("O-2-2", "mug", "mug", 1000),
    ]
    assert [(payment.method_id, payment.amount.minor) for payment in order.payments] == [(CARD, TOTAL), (PAYPAL, 1000)]
    assert (await scene.stock("shirt-m"), await scene.stock("shirt-l")) == (STOCK + 2, STOCK - 2)


async def test_some_units_of_a_line_become_a_line_of_their_own(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PAID)
    await scene.pack("O-2", ShipmentState.LABEL_CREATED, {1: 2, 2: 1})
    answer = done(await shop.change_items("a", "O-2", [swap("mug", 1, 1, "O-2")], GIFT))
    order = await scene.order("O-2")
    assert (answer.amount_minor, answer.detail) == (1000, "refunded")
    assert [(line.line_id, line.sku, line.quantity) for line in order.lines] == [
        ("O-2-1", "shirt-m", 1),
        ("O-2-2", "mug", 1),
        ("O-2-C1", "mug", 1),
    ]
    assert order.shipments[0].line_ids == ("O-2-1", "O-2-2", "O-2-C1")
    assert await scene.balance(GIFT) == 4000


async def test_a_swap_at_the_same_price_is_on_record_with_its_method(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PAID)
    assert done(await shop.change_items("a", "O-2", [swap("shirt-xl", 1, 2, "O-2")], PAYPAL)).detail == "even"
    moves = await scene.money_moves("O-2")
    assert [(move.refund, move.amount.minor, move.method_id) for move in moves] == [
        (False, TOTAL, CARD),
        (True, 0, PAYPAL),
    ]


@pytest.mark.parametrize(
    ("new_sku", "units", "method", "rule"),
    [
        ("shirt-l", 3, CARD, Rule.QUANTITY_NOT_LEFT),
        ("?", 1, CARD, Rule.UNKNOWN_VARIANT),
        ("shirt-xl", 1, CARD, Rule.VARIANT_UNAVAILABLE),
        ("shirt-l", 1, "?", Rule.UNKNOWN_METHOD),
        ("shirt-l", 2, GIFT, Rule.INSUFFICIENT_FUNDS),
    ],
)
async def test_a_refused_swap_changes_nothing(
    scene: ShopScene, new_sku: str, units: int, method: str, rule: Rule
) -> None:
    await scene.place("O-2", OrderState.PAID)
    await scene.execute("UPDATE shop_variant SET stock = 0 WHERE sku = 'shirt-xl'")
    await scene.execute("UPDATE shop_payment_method SET balance_minor = 999 WHERE method_id = :id", id=GIFT)
    before = await scene.order("O-2")
    assert refused(await scene.shop.change_items("k", "O-2", [swap(new_sku, 1, units, "O-2")], method)) is rule
    assert await scene.order("O-2") == before
    assert await scene.rows("SELECT * FROM shop_stock_move") == []
    assert await scene.balance(GIFT) == 999


async def test_a_swap_of_what_is_not_paid_yet_changes_what_is_owed(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PENDING)
    done(await shop.change_items("a", "O-2", [swap("shirt-l", 1, 2, "O-2")], ""))
    (payment,) = (await scene.order("O-2")).payments
    assert (payment.amount.minor, payment.state) == (TOTAL + 1000, PaymentState.PENDING)


async def test_a_note_is_kept_once(scene: ShopScene, shop: Shop) -> None:
    for _ in range(2):
        done(await shop.add_note("k", "O-1", "please ring"))
    assert await scene.rows("SELECT order_number, body FROM shop_note") == [("O-1", "please ring")]
    assert refused(await shop.add_note("l", "O-1", " ")) is Rule.NOTHING_CHANGES
