"""What the local shop does to returns, goods and orders: once for each key, all or nothing, refused by name."""

import asyncio

import pytest
from sqlalchemy import text

from domain.commerce import OrderState, ReturnState, ShipmentState
from domain.flows.effects import Accepted, Done
from domain.flows.refusal import Rule
from integrations.shop.local import LocalShop
from integrations.shop.protocol import Shop
from store.database import Database
from tests.fakes.shop import Fault, FaultyShop, NoAnswer
from tests.store.shop_scene import CARD, STOCK, TOTAL, ShopScene, done, item, refused, swap


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


async def test_a_key_stands_for_one_effect_whatever_has_happened_since(scene: ShopScene, shop: Shop) -> None:
    first = done(await shop.open_return("k", "O-1", [item(1, 2)], reason="size"))
    done(await shop.cancel_return("c", first.ref))
    assert await shop.open_return("k", "O-1", [item(1, 2)], reason="size") == first
    assert [record.state for record in (await scene.order()).returns] == [ReturnState.CANCELLED]


async def test_the_same_key_for_something_else_is_a_mistake_of_the_caller(scene: ShopScene, shop: Shop) -> None:
    done(await shop.open_return("k", "O-1", [item(1)], reason="size"))
    with pytest.raises(ValueError, match="effect_key"):
        await shop.open_return("k", "O-1", [item(2)], reason="size")
    with pytest.raises(ValueError, match="effect_key"):
        await shop.add_note("k", "O-1", "words")
    assert len((await scene.order()).returns) == 1


async def test_a_refusal_is_not_kept_so_the_key_may_succeed_later(scene: ShopScene, shop: Shop) -> None:
    await scene.execute("UPDATE shop_variant SET stock = 0 WHERE sku = 'shirt-l'")
    assert refused(await shop.reserve("k", "O-1", "shirt-l", 1)) is Rule.VARIANT_UNAVAILABLE
    await scene.execute("UPDATE shop_variant SET stock = 1 WHERE sku = 'shirt-l'")
    assert done(await shop.reserve("k", "O-1", "shirt-l", 1)).ref


async def test_the_same_key_at_once_happens_once(scene: ShopScene, shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.reserve("k", "O-1", "shirt-l", 3) for _ in range(8)))
    assert len({done(answer).ref for answer in answers}) == 1
    assert await scene.stock("shirt-l") == STOCK - 3


async def test_units_of_an_open_return_belong_to_it(scene: ShopScene, shop: Shop) -> None:
    opened = done(await shop.open_return("a", "O-1", [item(1), item(1)], reason="size"))
    (line, _) = (await scene.order()).lines
    assert (line.returning, line.open_quantity) == (2, 0)
    assert refused(await shop.open_return("b", "O-1", [item(1)], reason="size")) is Rule.QUANTITY_NOT_LEFT
    done(await shop.cancel_return("c", opened.ref))
    done(await shop.cancel_return("again", opened.ref))
    assert (await scene.order()).lines[0].open_quantity == 2


async def test_returns_at_once_never_hold_a_unit_twice(scene: ShopScene, shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.open_return(f"k{n}", "O-1", [item(1)], reason="size") for n in range(10)))
    assert sum(isinstance(answer, Done) for answer in answers) == 2
    assert (await scene.order()).lines[0].returning == 2


@pytest.mark.parametrize(
    ("items", "rule"),
    [
        ([], Rule.NOTHING_CHOSEN),
        ([item(9)], Rule.UNKNOWN_LINE),
        ([item(1, 0)], Rule.QUANTITY_NOT_POSITIVE),
        ([item(1, 5), item(1, -4)], Rule.QUANTITY_NOT_POSITIVE),
        ([item(1, 3)], Rule.QUANTITY_NOT_LEFT),
        ([item(1, 2), item(1, 1)], Rule.QUANTITY_NOT_LEFT),
    ],
)
async def test_what_cannot_come_back_is_refused_by_name(scene: ShopScene, items: list[object], rule: Rule) -> None:
    assert refused(await scene.shop.open_return("k", "O-1", items, reason="size")) is rule  # type: ignore[arg-type]
    assert await scene.rows("SELECT * FROM shop_return") == []
    assert await scene.rows("SELECT * FROM shop_effect") == []


async def test_what_is_unknown_is_refused(scene: ShopScene, shop: Shop) -> None:
    assert refused(await shop.open_return("k", "O-9", [item(1)], reason="size")) is Rule.UNKNOWN_ORDER
    unknown = [
        await shop.cancel_return("k", "?"),
        await shop.void_label("k", "?"),
        await shop.accept("k", "?", [], restock=True),
        await shop.release("k", "?"),
        await shop.undo_charge("k", "?"),
        await shop.close_payment_link("k", "?"),
        await scene.shop.pay_link("?"),
    ]
    assert {refused(answer) for answer in unknown} == {Rule.NO_LONGER_OPEN}


@pytest.mark.parametrize("state", [OrderState.PENDING, OrderState.PAID, OrderState.CANCELLED, OrderState.RETURNED])
async def test_nothing_comes_back_from_an_order_that_has_not_left_or_is_over(scene: ShopScene, state: str) -> None:
    await scene.execute("UPDATE shop_order SET state = :state", state=state)
    assert refused(await scene.shop.open_return("k", "O-1", [item(1)], reason="size")) is Rule.ORDER_STATE


async def test_only_what_has_left_a_partly_shipped_order_comes_back(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PARTLY_SHIPPED)
    await scene.pack("O-2", ShipmentState.DELIVERED, {1: 1})
    one, two = item(1, 1, "O-2"), item(1, 2, "O-2")
    assert refused(await shop.open_return("a", "O-2", [two], reason="size")) is Rule.NOT_DELIVERED
    done(await shop.open_return("b", "O-2", [one], reason="size"))
    assert refused(await shop.open_return("c", "O-2", [one], reason="size")) is Rule.NOT_DELIVERED


async def test_a_label_is_issued_once_and_can_be_voided_until_it_is_used(scene: ShopScene, shop: Shop) -> None:
    ref = done(await shop.open_return("a", "O-1", [item(1)], reason="size")).ref
    done(await shop.void_label("none", ref))
    label = done(await shop.issue_label("b", ref, drop_off=False))
    assert label.detail.startswith("RT")
    assert refused(await shop.issue_label("c", ref, drop_off=True)) is Rule.NO_LONGER_OPEN
    done(await shop.void_label("d", ref))
    done(await shop.void_label("e", ref))
    code = done(await shop.issue_label("f", ref, drop_off=True))
    assert code.detail.startswith("DO")
    await scene.execute("UPDATE shop_return SET label_state = 'used'")
    assert refused(await shop.void_label("g", ref)) is Rule.NO_LONGER_OPEN


async def test_what_is_accepted_is_returned_and_restocked_and_the_rest_stays(scene: ShopScene, shop: Shop) -> None:
    ref = done(await shop.open_return("a", "O-1", [item(1, 2), item(2)], reason="size")).ref
    done(await shop.receive("b", ref, [Accepted(line_id="O-1-1", received=2, accepted=0)]))
    assert (await scene.order()).returns[0].lines[0].received == 2
    done(await shop.accept("c", ref, [Accepted(line_id="O-1-1", received=2, accepted=1)], restock=True))
    shirts, mug = (await scene.order()).lines
    assert (shirts.returned, shirts.returning, shirts.open_quantity) == (1, 0, 1)
    assert (mug.returned, mug.open_quantity) == (0, 1)
    assert (await scene.stock("shirt-m"), await scene.stock("mug")) == (STOCK + 1, STOCK)
    assert (await scene.order()).returns[0].state is ReturnState.CLOSED


async def test_accepting_again_under_another_key_is_refused(scene: ShopScene, shop: Shop) -> None:
    ref = done(await shop.open_return("a", "O-1", [item(1)], reason="size")).ref
    all_good = [Accepted(line_id="O-1-1", received=1, accepted=1)]
    first = done(await shop.accept("b", ref, all_good, restock=True))
    assert await shop.accept("b", ref, all_good, restock=True) == first
    assert refused(await shop.accept("c", ref, all_good, restock=True)) is Rule.NO_LONGER_OPEN
    assert refused(await shop.receive("d", ref, all_good)) is Rule.NO_LONGER_OPEN
    assert refused(await shop.cancel_return("e", ref)) is Rule.NO_LONGER_OPEN
    assert (await scene.order()).lines[0].returned == 1
    assert await scene.stock("shirt-m") == STOCK + 1


@pytest.mark.parametrize(
    ("received", "accepted", "rule"),
    [
        (3, 0, Rule.QUANTITY_NOT_LEFT),
        (1, 2, Rule.QUANTITY_NOT_LEFT),
        (-1, 0, Rule.QUANTITY_NOT_POSITIVE),
        (1, -1, Rule.QUANTITY_NOT_POSITIVE),
    ],
)
async def test_counts_that_cannot_be_are_refused(scene: ShopScene, received: int, accepted: int, rule: Rule) -> None:
    ref = done(await scene.shop.open_return("a", "O-1", [item(1, 2)], reason="size")).ref
    counted = [Accepted(line_id="O-1-1", received=received, accepted=accepted)]
    assert refused(await scene.shop.accept("b", ref, counted, restock=True)) is rule
    foreign = [Accepted(line_id="O-1-2", received=1, accepted=1)]
    assert refused(await scene.shop.receive("c", ref, foreign)) is Rule.UNKNOWN_LINE
    assert (await scene.order()).returns[0].state is ReturnState.OPEN


async def test_an_order_is_returned_when_every_unit_is(scene: ShopScene, shop: Shop) -> None:
    for key, line, units in (("a", 1, 2), ("b", 2, 1)):
        ref = done(await shop.open_return(key, "O-1", [item(line, units)], reason="size")).ref
        assert (await scene.order()).state is OrderState.DELIVERED
        counted = [Accepted(line_id=f"O-1-{line}", received=units, accepted=units)]
        done(await shop.accept(f"{key}!", ref, counted, restock=False))
    assert (await scene.order()).state is OrderState.RETURNED
    assert await scene.stock("shirt-m") == STOCK


async def test_one_line_may_become_several_things(scene: ShopScene, shop: Shop) -> None:
    swaps = [swap("shirt-xl"), swap("shirt-l")]
    ref = done(await shop.open_exchange("a", "O-1", swaps, reason="size", difference_minor=500)).ref
    counted = [Accepted(line_id="O-1-1", received=2, accepted=1)]
    done(await shop.accept("b", ref, counted, restock=True))
    lines = (await scene.order()).returns[0].lines
    assert [(line.new_sku, line.received, line.accepted) for line in lines] == [("shirt-l", 1, 1), ("shirt-xl", 1, 0)]
    assert refused(await shop.open_exchange("c", "O-1", [swap("?")], reason="size")) is Rule.UNKNOWN_VARIANT


async def test_a_hold_is_shipped_or_released_never_both(scene: ShopScene, shop: Shop) -> None:
    first, second = [done(await shop.reserve(key, "O-1", "shirt-l", 1)).ref for key in "ab"]
    done(await shop.ship("c", "O-1", [first]))
    assert refused(await shop.release("d", first)) is Rule.NO_LONGER_OPEN
    done(await shop.release("e", second))
    done(await shop.release("f", second))
    assert refused(await shop.ship("g", "O-1", [second])) is Rule.NO_LONGER_OPEN
    assert refused(await shop.ship("h", "O-1", [])) is Rule.NOTHING_CHOSEN
    assert await scene.stock("shirt-l") == STOCK - 1


async def test_the_last_units_are_sold_once(scene: ShopScene, shop: Shop) -> None:
    for number in range(2, 6):
        await scene.place(f"O-{number}")
    asked = [shop.reserve(f"k{n}", f"O-{1 + n % 5}", "shirt-l", 3) for n in range(10)]
    answers = await asyncio.gather(*asked)
    assert sum(isinstance(answer, Done) for answer in answers) == 3
    assert await scene.stock("shirt-l") == 1


@pytest.mark.parametrize(
    ("sku", "units", "rule"),
    [("?", 1, Rule.UNKNOWN_VARIANT), ("mug", 0, Rule.QUANTITY_NOT_POSITIVE), ("mug", 11, Rule.VARIANT_UNAVAILABLE)],
)
async def test_what_is_not_there_cannot_be_set_aside(scene: ShopScene, sku: str, units: int, rule: Rule) -> None:
    assert refused(await scene.shop.reserve("k", "O-1", sku, units)) is rule


async def test_a_replacement_is_a_line_of_its_own_that_can_come_back(scene: ShopScene, shop: Shop) -> None:
    ref = done(await shop.open_exchange("a", "O-1", [swap("shirt-l", quantity=2)], reason="size")).ref
    hold = done(await shop.reserve("b", "O-1", "shirt-l", 2)).ref
    done(await shop.accept("c", ref, [Accepted(line_id="O-1-1", received=2, accepted=2)], restock=True))
    shipment = done(await shop.ship("d", "O-1", [hold]))
    order = await scene.order()
    line = order.line("O-1-X1")
    assert line is not None
    assert (line.sku, line.title, line.quantity, line.unit_price.minor) == ("shirt-l", "Shirt, L", 2, 2500)
    (parcel,) = order.parcels_with("O-1-X1")
    assert (parcel.shipment_id, parcel.tracking_number, parcel.state) == (
        shipment.ref,
        shipment.detail,
        ShipmentState.IN_TRANSIT,
    )
    assert order.state is OrderState.SHIPPED
    assert order.total.minor == TOTAL
    again = done(
        await shop.open_return("e", "O-1", [item(line=1).model_copy(update={"line_id": "O-1-X1"})], reason="x")
    )
    assert again.ref


async def test_an_order_whose_replacement_is_set_aside_is_not_over(scene: ShopScene, shop: Shop) -> None:
    everything = [item(1, 2), item(2)]
    ref = done(await shop.open_return("a", "O-1", everything, reason="size")).ref
    hold = done(await shop.reserve("b", "O-1", "shirt-l", 1)).ref
    counted = [Accepted(line_id=one.line_id, received=one.quantity, accepted=one.quantity) for one in everything]
    done(await shop.accept("c", ref, counted, restock=True))
    assert (await scene.order()).state is OrderState.DELIVERED
    done(await shop.release("d", hold))
    assert (await scene.order()).state is OrderState.RETURNED


async def test_the_like_of_a_damaged_item_counts_for_what_that_one_was_bought_for(scene: ShopScene, shop: Shop) -> None:
    await scene.execute("UPDATE shop_variant SET price_minor = 9900 WHERE sku = 'shirt-m'")
    hold = done(await shop.reserve("a", "O-1", "shirt-m", 1)).ref
    done(await shop.ship("b", "O-1", [hold]))
    line = (await scene.order()).line("O-1-X1")
    assert line is not None
    assert line.unit_price.minor == 2000


async def test_every_change_of_stock_is_on_record_with_its_cause(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PAID)
    hold = done(await shop.reserve("hold", "O-1", "mug", 1)).ref
    done(await shop.release("release", hold))
    done(await shop.change_items("swap", "O-2", [swap("shirt-xl", 1, 1, "O-2")], CARD))
    done(await shop.cancel_order("cancel", "O-2", [item(2, 1, "O-2")], reason="x"))
    ref = done(await shop.open_return("a", "O-1", [item(1)], reason="x")).ref
    done(await shop.accept("accept", ref, [Accepted(line_id="O-1-1", received=1, accepted=1)], restock=True))
    assert await scene.rows("SELECT effect_key, cause, sku, delta FROM shop_stock_move ORDER BY id") == [
        ("hold", "hold", "mug", -1),
        ("release", "release", "mug", 1),
        ("swap", "swap_out", "shirt-xl", -1),
        ("swap", "swap_in", "shirt-m", 1),
        ("cancel", "cancel", "mug", 1),
        ("accept", "restock", "shirt-m", 1),
    ]


async def test_an_effect_that_dies_on_the_way_leaves_nothing(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PAID)
    before = await scene.order("O-2")
    async with scene.database.begin() as session:
        await session.execute(text("ALTER TABLE shop_effect ADD CONSTRAINT broken CHECK (key <> 'k')"))
    with pytest.raises(Exception, match="broken"):
        await shop.cancel_order("k", "O-2", [], reason="x")
    assert await scene.order("O-2") == before
    assert await scene.stock("mug") == STOCK


async def test_a_timeout_after_the_commit_is_answered_when_asked_again(scene: ShopScene) -> None:
    faulty: Shop = FaultyShop(scene.shop, {("reserve", 1): Fault.BEFORE, ("reserve", 2): Fault.AFTER})
    for _ in range(2):
        with pytest.raises(NoAnswer):
            await faulty.reserve("k", "O-1", "mug", 1)
    assert done(await faulty.reserve("k", "O-1", "mug", 1)).ref
    assert await scene.stock("mug") == STOCK - 1


def test_the_local_shop_is_a_shop() -> None:
    shop: type[Shop] = LocalShop
    assert shop is LocalShop
