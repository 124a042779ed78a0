"""The local shop's money: it goes where it should, never more than was paid, whatever happens at the same time."""

import asyncio

import pytest

from domain.commerce import MethodKind, OrderState, PaymentState
from domain.flows.effects import Done
from domain.flows.refusal import Rule
from integrations.shop.protocol import Shop
from store.database import Database
from tests.store.shop_audit import audit, units_there
from tests.store.shop_rush import VERBS, Rush
from tests.store.shop_scene import CARD, GIFT, GIFT_BALANCE, PAYPAL, TOTAL, ShopScene, done, refused

CREDIT = "store_credit"


@pytest.fixture
async def scene(database: Database) -> ShopScene:
    """The shop with one delivered order `O-1` of 5500, paid by card."""
    scene = await ShopScene(database).prepare()
    await scene.place()
    return scene


@pytest.fixture
def shop(scene: ShopScene) -> Shop:
    """As flows see it."""
    return scene.shop


async def test_a_refund_happens_once_for_its_key(scene: ShopScene, shop: Shop) -> None:
    first = done(await shop.refund("k", "O-1", 2000, reason="size"))
    assert await shop.refund("k", "O-1", 2000, reason="size") == first
    (payment,) = (await scene.order()).payments
    assert (first.amount_minor, payment.refunded_minor, payment.left_minor) == (2000, 2000, TOTAL - 2000)
    assert await scene.rows("SELECT refund_id, amount_minor, to_kind, to_method_id, reason FROM shop_refund") == [
        (first.ref, 2000, "card", CARD, "size")
    ]


async def test_a_payment_is_refunded_when_all_of_it_is_back(scene: ShopScene, shop: Shop) -> None:
    done(await shop.refund("a", "O-1", TOTAL - 1))
    assert (await scene.order()).payments[0].state is PaymentState.CAPTURED
    assert refused(await shop.refund("b", "O-1", 2)) is Rule.AMOUNT_ABOVE_PAID
    done(await shop.refund("c", "O-1", 1))
    assert (await scene.order()).payments[0].state is PaymentState.REFUNDED
    assert refused(await shop.refund("d", "O-1", 1)) is Rule.AMOUNT_ABOVE_PAID


async def test_refunds_take_from_the_newest_payment_first_and_go_the_way_it_came(scene: ShopScene) -> None:
    await scene.pay("O-1", 700, PAYPAL, minutes=5)
    await scene.pay("O-1", 300, GIFT, minutes=9)
    done(await scene.shop.refund("k", "O-1", 1200))
    moves = [move for move in await scene.money_moves("O-1") if move.refund]
    assert [(move.amount.minor, move.method_id) for move in moves] == [(300, GIFT), (700, PAYPAL), (200, CARD)]
    assert await scene.balance(GIFT) == GIFT_BALANCE + 300


async def test_store_credit_is_opened_when_it_is_first_needed_and_gets_the_bonus(scene: ShopScene, shop: Shop) -> None:
    answer = done(await shop.refund("a", "O-1", 1000, to=CREDIT, bonus_minor=100))
    done(await shop.refund("b", "O-1", 500, to=CREDIT))
    assert answer.amount_minor == 1100
    assert await scene.balance() == 1600
    assert (await scene.order()).payments[0].refunded_minor == 1500
    mia = await shop.customer("mia")
    assert mia is not None
    assert [one.balance and one.balance.minor for one in mia.methods if one.kind is MethodKind.STORE_CREDIT] == [1600]


async def test_a_refund_goes_to_the_method_that_is_named(scene: ShopScene, shop: Shop) -> None:
    done(await shop.refund("a", "O-1", 1000, to=GIFT))
    done(await shop.refund("b", "O-1", 1000, to=PAYPAL))
    assert await scene.balance(GIFT) == GIFT_BALANCE + 1000
    assert [move.method for move in await scene.money_moves("O-1")][1:] == [
        MethodKind.GIFT_CARD,
        MethodKind.PAYPAL,
    ]


@pytest.mark.parametrize(
    ("amount", "to", "bonus", "rule"),
    [
        (0, "", 0, Rule.AMOUNT_NOT_POSITIVE),
        (-5, "", 0, Rule.AMOUNT_NOT_POSITIVE),
        (TOTAL + 1, "", 0, Rule.AMOUNT_ABOVE_PAID),
        (10**15, "", 0, Rule.AMOUNT_ABOVE_PAID),
        (100, "leo-card", 0, Rule.UNKNOWN_METHOD),
        (100, "", 10, Rule.METHOD_NOT_ALLOWED),
        (100, GIFT, 10, Rule.METHOD_NOT_ALLOWED),
        (100, CREDIT, -10, Rule.AMOUNT_NOT_POSITIVE),
        (100, "mia-francs", 0, Rule.OTHER_CURRENCY),
    ],
)
async def test_a_refund_that_cannot_be_changes_nothing(
    scene: ShopScene, amount: int, to: str, bonus: int, rule: Rule
) -> None:
    await scene.execute("INSERT INTO shop_payment_method VALUES ('mia-francs', 'mia', 'gift_card', '', 900, 'CHF')")
    await scene.execute("INSERT INTO shop_payment_method VALUES ('leo-card', 'leo', 'card', '', NULL, 'EUR')")
    assert refused(await scene.shop.refund("k", "O-1", amount, to=to, bonus_minor=bonus)) is rule
    assert await scene.rows("SELECT * FROM shop_refund") == []
    assert (await scene.order()).payments[0].refunded_minor == 0
    assert await scene.balance() is None


async def test_money_that_is_not_in_yet_is_not_given_back(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PENDING)
    assert refused(await shop.refund("k", "O-2", 1)) is Rule.AMOUNT_ABOVE_PAID


async def test_refunds_at_once_never_give_back_more_than_was_paid(scene: ShopScene, shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.refund(f"k{n}", "O-1", 1000) for n in range(16)))
    assert sum(isinstance(answer, Done) for answer in answers) == 5
    assert (await scene.order()).payments[0].refunded_minor == 5000
    assert await scene.rows("SELECT sum(amount_minor) FROM shop_refund") == [(5000,)]


async def test_the_same_refund_at_once_happens_once(scene: ShopScene, shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.refund("k", "O-1", 1000) for _ in range(12)))
    assert len({done(answer).ref for answer in answers}) == 1
    assert (await scene.order()).payments[0].refunded_minor == 1000


async def test_refunds_of_several_orders_at_once_share_one_store_credit(scene: ShopScene, shop: Shop) -> None:
    for number in range(2, 7):
        await scene.place(f"O-{number}", paid_by=GIFT)
    orders = [f"O-{1 + n % 6}" for n in range(18)]
    ways = ["", CREDIT, GIFT]
    answers = await asyncio.gather(
        *(shop.refund(f"k{n}", order, 100, to=ways[n // 6]) for n, order in enumerate(orders))
    )
    assert all(isinstance(answer, Done) for answer in answers)
    assert await scene.balance() == 600
    assert await scene.balance(GIFT) == GIFT_BALANCE + 500 + 600


async def test_a_charge_takes_what_the_method_holds_and_no_more(scene: ShopScene, shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.charge(f"k{n}", "O-1", 1000, GIFT) for n in range(8)))
    assert sum(isinstance(answer, Done) for answer in answers) == 3
    assert {refused(answer) for answer in answers if not isinstance(answer, Done)} == {Rule.INSUFFICIENT_FUNDS}
    assert await scene.balance(GIFT) == 0
    assert [payment.amount.minor for payment in (await scene.order()).payments] == [TOTAL, 1000, 1000, 1000]


@pytest.mark.parametrize(
    ("amount", "method", "rule"),
    [
        (0, CARD, Rule.AMOUNT_NOT_POSITIVE),
        (1, "?", Rule.UNKNOWN_METHOD),
        (GIFT_BALANCE + 1, GIFT, Rule.INSUFFICIENT_FUNDS),
        (1, "mia-transfer", Rule.METHOD_NOT_ALLOWED),
    ],
)
async def test_a_charge_that_cannot_be_is_refused(scene: ShopScene, amount: int, method: str, rule: Rule) -> None:
    await scene.execute("INSERT INTO shop_payment_method VALUES ('mia-transfer', 'mia', 'transfer', '', NULL, 'EUR')")
    assert refused(await scene.shop.charge("k", "O-1", amount, method)) is rule
    assert len((await scene.order()).payments) == 1


async def test_a_charge_is_undone_once_and_whole_although_a_refund_has_taken_of_it(
    scene: ShopScene, shop: Shop
) -> None:
    payment = done(await shop.charge("a", "O-1", 1000, GIFT)).ref
    done(await shop.refund("b", "O-1", 300, to=CARD))
    assert done(await shop.undo_charge("c", payment)).amount_minor == 1000
    assert done(await shop.undo_charge("d", payment)).amount_minor == 0
    assert await scene.balance(GIFT) == GIFT_BALANCE
    assert [one.refunded_minor for one in (await scene.order()).payments] == [300, 1000]


async def test_what_was_paid_by_a_link_comes_back_whole_although_a_refund_has_taken_of_it(
    scene: ShopScene, shop: Shop
) -> None:
    link = done(await shop.open_payment_link("a", "O-1", 900)).ref
    done(await scene.shop.pay_link(link))
    done(await shop.refund("b", "O-1", 300))
    assert done(await shop.close_payment_link("c", link)).amount_minor == 900
    assert [one.refunded_minor for one in (await scene.order()).payments] == [300, 900]


async def test_of_an_order_that_was_refunded_meanwhile_an_undone_charge_gives_back_what_is_left(
    scene: ShopScene, shop: Shop
) -> None:
    payment = done(await shop.charge("a", "O-1", 1000, GIFT)).ref
    done(await shop.refund("b", "O-1", TOTAL + 400))
    assert done(await shop.undo_charge("c", payment)).amount_minor == 600
    assert [one.left_minor for one in (await scene.order()).payments] == [0, 0]


async def test_a_payment_link_is_paid_once_and_closing_it_gives_the_money_back(scene: ShopScene, shop: Shop) -> None:
    link = done(await shop.open_payment_link("a", "O-1", 900))
    assert link.detail == f"https://shop.example.com/pay/{link.ref}"
    paid = await asyncio.gather(*(scene.shop.pay_link(link.ref) for _ in range(4)))
    assert len({done(answer).ref for answer in paid}) == 1
    assert [payment.amount.minor for payment in (await scene.order()).payments] == [TOTAL, 900]
    assert done(await shop.close_payment_link("b", link.ref)).amount_minor == 900
    assert done(await shop.close_payment_link("c", link.ref)).amount_minor == 0
    assert (await scene.order()).payments[1].state is PaymentState.REFUNDED


async def test_a_closed_link_takes_no_money(scene: ShopScene, shop: Shop) -> None:
    link = done(await shop.open_payment_link("a", "O-1", 900)).ref
    assert done(await shop.close_payment_link("b", link)).amount_minor == 0
    assert refused(await scene.shop.pay_link(link)) is Rule.NO_LONGER_OPEN
    assert refused(await shop.open_payment_link("c", "O-1", 0)) is Rule.AMOUNT_NOT_POSITIVE
    assert len((await scene.order()).payments) == 1


async def test_another_method_pays_before_the_first_one_gets_its_money_back(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PAID, basket=(("mug", 1),), paid_by=GIFT)
    done(await shop.change_payment("k", "O-2", CARD))
    moves = await scene.money_moves("O-2")
    assert [(move.refund, move.amount.minor, move.method_id) for move in moves] == [
        (False, 1500, GIFT),
        (False, 1500, CARD),
        (True, 1500, GIFT),
    ]
    assert await scene.balance(GIFT) == GIFT_BALANCE + 1500
    assert refused(await shop.change_payment("l", "O-2", CARD)) is Rule.SAME_METHOD
    assert refused(await shop.change_payment("m", "O-1", GIFT)) is Rule.INSUFFICIENT_FUNDS
    assert refused(await shop.change_payment("n", "O-1", "?")) is Rule.UNKNOWN_METHOD


async def test_another_method_pays_what_was_still_owed(scene: ShopScene, shop: Shop) -> None:
    await scene.place("O-2", OrderState.PENDING)
    assert done(await shop.change_payment("k", "O-2", CARD)).amount_minor == TOTAL
    order = await scene.order("O-2")
    assert order.state is OrderState.PAID
    assert {payment.state for payment in order.payments} == {PaymentState.VOIDED, PaymentState.CAPTURED}


@pytest.mark.parametrize("seed", [1, 2])
async def test_money_and_stock_add_up_whatever_happens_in_whatever_order(database: Database, seed: int) -> None:
    """Two rushes: more than 500 effects that move money."""
    scene = await ShopScene(database).prepare()
    rush = await Rush(scene, seed).prepare()
    units = await units_there(scene)
    await rush.run(money_effects=260)
    assert rush.money_effects >= 260
    assert {verb for verb, _ in rush.answered} == set(VERBS)
    assert await audit(scene, rush.answered, units=units) == []
