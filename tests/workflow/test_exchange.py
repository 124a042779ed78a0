"""Exchanges: the replacement is set aside, paid and sent when policy says; nothing is sent or charged for nothing."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.refusal import Rule
from domain.flows.requests import ExchangeRequest, Swap
from store.commerce import ShopShipment
from store.commerce_ledger import ShopHold, ShopPaymentLink
from store.database import Database
from store.ids import new_id
from tests.workflow.flow_stage import CARD, MS, MS_HOURS, FlowStage, refused, rules, set_flow_stage

SOON = 300 * MS


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    async with under(database, temporal_address) as stage:
        yield stage


def under(database: Database, temporal_address: str, **exchanges: object) -> AbstractAsyncContextManager[FlowStage]:
    """A stage under rules for exchanges."""
    return set_flow_stage(database, temporal_address, rules(exchanges=exchanges))


def exchanging(order: str, *skus: str, quantity: int = 1, method_id: str = "", reason: str = "size") -> ExchangeRequest:
    """Each line of an order, for these."""
    swaps = tuple(Swap(line_id=f"{order}-{n}", new_sku=sku, quantity=quantity) for n, sku in enumerate(skus, 1))
    return ExchangeRequest(order=order, swaps=swaps, reason=reason, method_id=method_id)


async def test_a_replacement_is_held_at_once_and_sent_when_the_parcel_is_scanned(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(exchanging(order, "rare"))
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    assert (await stage.stock("rare"), await stage.states(ShopHold, order)) == (999, ["held"])
    assert len(await stage.rows(ShopShipment, order)) == 1
    await stage.tell(flow_id, FlowEntryKind.PARCEL_SCANNED)
    await stage.reaches(flow_id, FlowState.IN_TRANSIT)
    assert await stage.states(ShopHold, order) == ["shipped"]
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == []
    assert stage.words(flow_id) == ["label", "shipped", "received", "exchanged"]
    assert await stage.stock("base") == 1001
    await stage.nothing_is_half_done(flow_id)


async def test_a_price_difference_is_taken_by_the_method_that_the_customer_named(stage: FlowStage) -> None:
    order = await stage.order(2)
    flow_id = await stage.begin(exchanging(order, "dear", quantity=2, method_id=CARD))
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert (await stage.paid(order), await stage.refunds(order)) == ((4000 + 1400, 0), [])
    await stage.nothing_is_half_done(flow_id)


async def test_without_a_method_the_difference_is_paid_on_a_page(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(exchanging(order, "dear"))
    await stage.reaches(flow_id, FlowState.AWAITING_PAYMENT)
    assert await stage.states(ShopHold, order) == ["held"]
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert stage.words(flow_id)[:2] == ["pay", "label"]
    assert await stage.paid(order) == (2700, 0)
    await stage.nothing_is_half_done(flow_id)


async def test_a_method_that_does_not_give_the_money_is_followed_by_a_page(stage: FlowStage) -> None:
    order = await stage.order(2)
    flow_id = new_id()
    stage.shop.faults["charge", flow_id] = refused(Rule.DECLINED_PAYMENT)
    await stage.begin(exchanging(order, "dear", method_id=CARD), flow_id=flow_id)
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.paid(order) == (4700, 0)
    assert "pay" in stage.words(flow_id)
    await stage.nothing_is_half_done(flow_id)


async def test_cheaper_goods_bring_the_difference_back_in_the_end(stage: FlowStage) -> None:
    order = await stage.order(2)
    flow_id = await stage.begin(exchanging(order, "cheap", quantity=2))
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    assert await stage.refunds(order) == []
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == [(1200, "card")]
    await stage.nothing_is_half_done(flow_id)


@pytest.mark.parametrize(
    ("choices", "refund", "words"),
    [
        (["refund"], (2000, "card"), "swapped_for_refund:refund"),
        (["store_credit"], (2000, "store_credit"), "swapped_for_refund:store_credit"),
    ],
)
async def test_what_is_out_of_stock_becomes_what_the_customer_chooses(
    stage: FlowStage, choices: list[str], refund: tuple[int, str], words: str
) -> None:
    order = await stage.order(1, 1)
    flow_id = await out_of_stock(stage, exchanging(order, "dear", "rare", method_id=CARD))
    await stage.live(flow_id, choices=choices)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == [refund]
    assert words in stage.words(flow_id)
    assert (await stage.paid(order))[0] == 4000 + 700
    assert await stage.states(ShopHold, order) == ["shipped"]
    await stage.nothing_is_half_done(flow_id)


async def out_of_stock(stage: FlowStage, request: ExchangeRequest) -> str:
    """An exchange whose `rare` one is sold to somebody else in the last moment."""
    await stage.stop_work()
    flow_id = await stage.begin(request)
    await stage.stock("rare", 0)
    await stage.work()
    row = await stage.reaches(flow_id, FlowState.AWAITING_CUSTOMER)
    assert row.facts["choose"] == ["refund", "store_credit", "wait"]
    assert row.facts["out_of_stock"] == [swap.line_id for swap in request.swaps if swap.new_sku == "rare"]
    return flow_id


async def test_stock_that_comes_back_while_the_customer_waits_is_set_aside(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, choice_hours=4000 * MS_HOURS) as stage:
        order = await stage.order(1)
        flow_id = await out_of_stock(stage, exchanging(order, "rare"))
        await stage.tell(flow_id, FlowEntryKind.CUSTOMER_CHOSE, "wait")
        await stage.hears(flow_id)
        await stage.stock("rare", 5)
        await stage.live(flow_id, choices=())
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert "back_in_stock" in stage.words(flow_id)
        assert await stage.refunds(order) == []
        await stage.nothing_is_half_done(flow_id)


async def test_a_customer_who_says_nothing_about_stock_gets_their_money(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, choice_hours=500 * MS_HOURS) as stage:
        order = await stage.order(1)
        flow_id = await out_of_stock(stage, exchanging(order, "rare"))
        await stage.comes_back(flow_id)
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert stage.words(flow_id)[-1] == "refunded"
        assert await stage.refunds(order) == [(2000, "card")]
        await stage.nothing_is_half_done(flow_id)


async def test_an_exchange_that_is_not_paid_in_time_is_undone(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, payment_hours=300 * MS_HOURS) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(exchanging(order, "dear"))
        await stage.ends(flow_id, FlowOutcome.EXPIRED)
        assert stage.words(flow_id) == ["pay", "expired:payment"]
        assert await stage.states(ShopPaymentLink, order) == ["closed"]
        assert await stage.states(ShopHold, order) == ["released"]
        await stage.nothing_is_half_done(flow_id)


async def test_an_exchange_that_is_called_off_gives_the_charge_back(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(exchanging(order, "dear", method_id=CARD))
    await stage.live(flow_id, cancel_in=FlowState.AWAITING_PARCEL)
    await stage.ends(flow_id, FlowOutcome.CANCELLED)
    assert await stage.paid(order) == (2700, 700)
    assert list(await stage.steps(flow_id))[-4:] == [
        "undo:issue_label",
        "undo:charge",
        "undo:reserve:1",
        "undo:open_return",
    ]
    await stage.nothing_is_half_done(flow_id)


async def test_an_instant_exchange_is_sent_before_anything_comes_back(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, ships="on_approval") as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(exchanging(order, "rare"))
        await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
        assert await stage.states(ShopHold, order) == ["shipped"]
        await stage.tell(flow_id, FlowEntryKind.CUSTOMER_CANCELLED)
        await stage.hears(flow_id)
        assert (await stage.flow(flow_id)).is_open, "what has left cannot be called off"
        await stage.live(flow_id)
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        await stage.nothing_is_half_done(flow_id)


async def test_an_original_that_never_comes_back_is_a_matter_for_people_and_charged_by_nobody(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, ships="on_approval", ship_back_days=SOON) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(exchanging(order, "dear", method_id=CARD))
        task = await stage.task(flow_id, TaskKind.FOLLOW_UP)
        assert (task.amount_minor, task.facts["why"]) == (2000, "open_amount")
        assert stage.words(flow_id)[-1] == "not_sent_back"
        await stage.finish(task, "done")
        await stage.ends(flow_id, FlowOutcome.EXPIRED)
        assert await stage.paid(order) == (2700, 0)
        await stage.nothing_is_half_done(flow_id)


async def test_a_replacement_that_has_left_for_what_is_not_accepted_goes_to_a_person(stage: FlowStage) -> None:
    order = await stage.order(2)
    flow_id = await stage.begin(exchanging(order, "cheap", quantity=2))
    await stage.comes_back(flow_id, 1)
    task = await stage.task(flow_id, TaskKind.FOLLOW_UP)
    assert task.amount_minor == 1400, "what one replacement is worth that was not paid for"
    assert await stage.refunds(order) == [(600, "card")], "the difference of the other one"
    await stage.finish(task, "done")
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert stage.words(flow_id)[-1] == "partly_exchanged"
    await stage.nothing_is_half_done(flow_id)


async def test_after_an_inspection_only_accepted_units_are_replaced(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, ships="on_inspection") as stage:
        order = await stage.order(3, 1)
        request = exchanging(order, "dear", "rare", quantity=1, method_id=CARD)
        swaps = (request.swaps[0].model_copy(update={"quantity": 3}), request.swaps[1])
        flow_id = await stage.begin(request.model_copy(update={"swaps": swaps}))
        await stage.comes_back(flow_id, 1, 0)
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert await stage.paid(order) == (8000 + 2100, 1400), "what was charged for two comes back"
        assert (await stage.stock("dear"), await stage.stock("rare"), await stage.stock("base")) == (999, 1000, 1001)
        assert stage.words(flow_id)[-1] == "partly_exchanged"
        await stage.nothing_is_half_done(flow_id)


async def test_an_inspection_that_accepts_nothing_undoes_what_was_set_aside_and_charged(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, ships="on_inspection") as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(exchanging(order, "dear", method_id=CARD))
        await stage.comes_back(flow_id, 0)
        await stage.ends(flow_id, FlowOutcome.DECLINED)
        assert await stage.paid(order) == (2700, 700)
        assert await stage.states(ShopHold, order) == ["released"]
        await stage.nothing_is_half_done(flow_id)


async def test_a_green_exchange_sends_the_replacement_and_wants_nothing_back(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, keep_below={"EUR": 2500}) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(exchanging(order, "rare"))
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert stage.words(flow_id) == ["keep_it", "shipped", "exchanged"]
        assert await stage.stock("base") == 1000
        await stage.nothing_is_half_done(flow_id)


async def test_where_policy_wants_a_photo_a_person_judges_it_first(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, photo_reasons=["damaged"]) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(exchanging(order, "rare", reason="damaged"))
        await stage.reaches(flow_id, FlowState.AWAITING_PHOTO)
        await stage.tell(flow_id, FlowEntryKind.PHOTO_SENT)
        await stage.finish(await stage.task(flow_id, TaskKind.JUDGE), "refused")
        await stage.ends(flow_id, FlowOutcome.DECLINED)
        assert stage.words(flow_id) == ["photo_wanted", "in_review", "declined:not_approved"]
        assert await stage.steps(flow_id) == {}


async def test_a_shop_that_settles_itself_is_told_of_the_exchange_only(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, settles=False) as stage:
        flow_id = await stage.begin(exchanging(await stage.order(1), "dear", method_id=CARD))
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert (await stage.steps(flow_id), stage.words(flow_id)) == ({"open_exchange": "done"}, ["exchange_opened"])
