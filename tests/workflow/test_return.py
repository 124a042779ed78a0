"""Returns: each ends settled, declined, expired or called off, and the customer hears how."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.requests import ItemWanted, RefundTo, ReturnRequest
from store.commerce_ledger import ShopReturn
from store.database import Database
from store.errors import Conflict
from tests.workflow.flow_stage import MS, MS_HOURS, FlowStage, rules, set_flow_stage

SOON = 300 * MS


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    async with set_flow_stage(database, temporal_address) as stage:
        yield stage


def returning(order: str, *quantities: int, **more: object) -> ReturnRequest:
    """The first lines of an order."""
    items = tuple(ItemWanted(line_id=f"{order}-{n}", quantity=q) for n, q in enumerate(quantities or (1,), 1))
    return ReturnRequest(order=order, items=items, reason="too_small", **more)


async def test_what_comes_back_is_refunded_the_way_it_was_paid(stage: FlowStage) -> None:
    order = await stage.order(2)
    flow_id = await stage.begin(returning(order, 2))
    await stage.comes_back(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == [(4000, "card")]
    assert stage.words(flow_id) == ["label", "received", "refunded"]
    assert await stage.stock("base") == 1002
    await stage.nothing_is_half_done(flow_id)


async def test_only_what_the_inspection_accepts_is_refunded(stage: FlowStage) -> None:
    order = await stage.order(3, 1)
    flow_id = await stage.begin(returning(order, 2, 1))
    await stage.comes_back(flow_id, 1, 1)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == [(4000, "card")]
    assert stage.words(flow_id)[-1] == "partly_refunded"
    assert await stage.stock("base") == 1002
    await stage.nothing_is_half_done(flow_id)


async def test_what_is_not_accepted_at_all_is_declined_and_not_refunded(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(returning(order))
    await stage.comes_back(flow_id, 0)
    row = await stage.ends(flow_id, FlowOutcome.DECLINED)
    assert (row.reason, stage.words(flow_id)[-1]) == ("not_accepted", "not_accepted")
    assert await stage.refunds(order) == []
    await stage.nothing_is_half_done(flow_id)


async def test_a_return_that_the_customer_calls_off_is_undone(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(returning(order))
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    await stage.tell(flow_id, FlowEntryKind.CUSTOMER_CANCELLED)
    await stage.ends(flow_id, FlowOutcome.CANCELLED)
    assert await stage.states(ShopReturn, order) == ["cancelled"]
    assert stage.words(flow_id) == ["label", "called_off:customer"]
    await stage.nothing_is_half_done(flow_id)
    again = await stage.begin(returning(order))
    await stage.reaches(again, FlowState.AWAITING_PARCEL)


async def test_a_parcel_that_is_on_its_way_is_refunded_whatever_the_customer_says_then(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(returning(order))
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    await stage.tell(flow_id, FlowEntryKind.PARCEL_SCANNED)
    await stage.reaches(flow_id, FlowState.IN_TRANSIT)
    await stage.tell(flow_id, FlowEntryKind.CUSTOMER_CANCELLED)
    await stage.hears(flow_id)
    await stage.receive(flow_id)
    await stage.reaches(flow_id, FlowState.AWAITING_INSPECTION)
    await stage.inspect(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)


async def test_several_returns_on_one_order_refund_each_unit_once(stage: FlowStage) -> None:
    order = await stage.order(2, 1)
    first, second = await stage.begin(returning(order, 1)), await stage.begin(returning(order, 1, 1))
    third = await stage.ask(returning(order, 1))
    assert third.verdict.refused is not None
    assert third.verdict.refused.rule == "quantity_not_left"
    for flow_id in (second, first):
        await stage.comes_back(flow_id)
    for flow_id in (first, second):
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        await stage.nothing_is_half_done(flow_id)
    assert await stage.refunds(order) == [(2000, "card"), (4000, "card")]
    assert await stage.paid(order) == (6000, 6000)


async def test_a_scan_after_a_return_has_ended_starts_nothing(stage: FlowStage) -> None:
    flow_id = await stage.begin(returning(await stage.order(1)))
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    await stage.tell(flow_id, FlowEntryKind.CUSTOMER_CANCELLED)
    await stage.ends(flow_id, FlowOutcome.CANCELLED)
    assert not await stage.tell(flow_id, FlowEntryKind.PARCEL_SCANNED)
    assert len(await stage.happened(flow_id, "late")) == 1
    await stage.end_of_story(flow_id)
    assert await stage.runs(flow_id) == 1


async def test_a_return_keeps_the_policy_that_it_was_asked_for_under(stage: FlowStage) -> None:
    await stage.change_policy(rules(returns={"fee": {"EUR": 500}}))
    order = await stage.order(1)
    flow_id = await stage.begin(returning(order))
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    await stage.change_policy(rules(returns={"fee": {"EUR": 1900}, "inspects": "nobody"}))
    await stage.end_run(flow_id)
    await stage.comes_back(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == [(1500, "card")]


async def test_an_order_whose_money_has_gone_back_already_is_settled_by_a_person(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(returning(order))
    await stage.shop.shop.refund("elsewhere", order, 2000)
    await stage.comes_back(flow_id)
    task = await stage.repair(flow_id)
    assert task.facts == {"step": "refund", "rule": "amount_above_paid", "detail": "0", "amount_minor": "2000"}
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.paid(order) == (2000, 2000)


# --- what policy makes of it ------------------------------------------------------------------------------------------


def under(database: Database, temporal_address: str, **returns: object) -> AbstractAsyncContextManager[FlowStage]:
    """A stage under rules for returns."""
    return set_flow_stage(database, temporal_address, rules(returns=returns))


async def test_a_green_return_is_refunded_and_stays_with_the_customer(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, keep_below={"EUR": 2500}) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(returning(order))
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert await stage.refunds(order) == [(2000, "card")]
        assert stage.words(flow_id) == ["keep_it", "refunded"]
        assert await stage.stock("base") == 1000
        await stage.nothing_is_half_done(flow_id)


async def test_store_credit_brings_its_bonus_in_proportion(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, credit_bonus=10) as stage:
        order = await stage.order(2)
        flow_id = await stage.begin(returning(order, 2, refund_to=RefundTo.STORE_CREDIT))
        await stage.comes_back(flow_id, 1)
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert await stage.refunds(order) == [(200, "store_credit"), (2000, "store_credit")]


async def test_a_parcel_that_is_never_handed_in_is_reminded_of_and_expires(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, remind_days=[SOON, 2 * SOON], ship_back_days=3 * SOON) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(returning(order))
        await stage.ends(flow_id, FlowOutcome.EXPIRED)
        assert stage.words(flow_id) == ["label", "reminder:1", "reminder:2", "expired:parcel"]
        assert await stage.states(ShopReturn, order) == ["cancelled"]
        await stage.nothing_is_half_done(flow_id)


@pytest.mark.parametrize(
    ("decision", "outcome", "words"),
    [
        ("approved", FlowOutcome.SETTLED, "refunded"),
        ("refused", FlowOutcome.DECLINED, "declined:parcel_lost"),
    ],
)
async def test_a_person_judges_a_parcel_that_never_arrives(
    database: Database, temporal_address: str, decision: str, outcome: FlowOutcome, words: str
) -> None:
    async with under(database, temporal_address, parcel_days=SOON) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(returning(order))
        await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
        await stage.tell(flow_id, FlowEntryKind.PARCEL_SCANNED)
        task = await stage.task(flow_id, TaskKind.JUDGE)
        assert (task.facts, task.amount_minor) == ({"why": "parcel_lost"}, 2000)
        await stage.finish(task, decision)
        await stage.ends(flow_id, outcome)
        assert stage.words(flow_id)[-1] == words
        assert await stage.stock("base") == 1000, "what never arrived is not in stock"
        await stage.nothing_is_half_done(flow_id)


async def test_a_parcel_that_arrives_after_all_needs_nobody_to_look_for_it(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, parcel_days=SOON, inspects="nobody") as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(returning(order))
        await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
        await stage.tell(flow_id, FlowEntryKind.PARCEL_SCANNED)
        await stage.task(flow_id, TaskKind.JUDGE)
        await stage.receive(flow_id)
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert await stage.stock("base") == 1001
        await stage.nothing_is_half_done(flow_id)


async def test_an_inspection_that_is_overdue_is_shown_and_waited_for(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, inspection_hours=300 * MS_HOURS) as stage:
        flow_id = await stage.begin(returning(await stage.order(1)))
        await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
        await stage.receive(flow_id)
        await stage.overdue(flow_id, TaskKind.INSPECT)
        await stage.inspect(flow_id)
        await stage.ends(flow_id, FlowOutcome.SETTLED)


async def test_a_shop_that_settles_itself_is_told_of_the_return_only(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, settles=False) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(returning(order))
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert (stage.words(flow_id), await stage.states(ShopReturn, order)) == (["return_opened"], ["open"])
        assert await stage.steps(flow_id) == {"open_return": "done"}


# --- approval ---------------------------------------------------------------------------------------------------------


async def test_a_request_that_nobody_approves_in_time_is_declined(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, approval={"always": True, "hours": 300 * MS_HOURS}) as stage:
        flow_id = await stage.begin(returning(await stage.order(1)))
        await stage.overdue(flow_id, TaskKind.APPROVE)
        row = await stage.ends(flow_id, FlowOutcome.DECLINED)
        assert (row.reason, await stage.steps(flow_id)) == ("not_approved", {})
        assert stage.words(flow_id) == ["in_review", "declined:not_approved"]


async def test_nobody_approves_their_own_request_nor_more_than_their_role_may(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, approval={"above": {"EUR": 1000}}) as stage:
        flow_id = await stage.begin(returning(await stage.order(8), 8), by="agent:robin")
        task = await stage.task(flow_id, TaskKind.APPROVE)
        assert (task.amount_minor, task.facts) == (16000, {"why": "amount"})
        with pytest.raises(Conflict, match="own_request"):
            await stage.finish(task, "approved", agent="robin")
        with pytest.raises(Conflict, match="needs_higher_role"):
            await stage.finish(task, "approved", agent="kim", role="agent")
        with pytest.raises(Conflict, match="needs_a_decision"):
            await stage.finish(task, "done", agent="kim")
        assert (await stage.flow(flow_id)).state == FlowState.AWAITING_APPROVAL
        await stage.finish(task, "approved", agent="kim")
        await stage.comes_back(flow_id)
        await stage.ends(flow_id, FlowOutcome.SETTLED)


async def test_a_refused_request_leaves_nothing_in_the_shop(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, approval={"always": True}) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(returning(order))
        await stage.finish(await stage.task(flow_id, TaskKind.APPROVE), "refused")
        await stage.ends(flow_id, FlowOutcome.DECLINED)
        assert await stage.rows(ShopReturn, order) == []
        await stage.nothing_is_half_done(flow_id)


async def test_a_request_that_is_called_off_while_people_look_at_it_asks_nobody_any_more(
    database: Database, temporal_address: str
) -> None:
    async with under(database, temporal_address, approval={"always": True}) as stage:
        flow_id = await stage.begin(returning(await stage.order(1)))
        await stage.task(flow_id, TaskKind.APPROVE)
        await stage.tell(flow_id, FlowEntryKind.CUSTOMER_CANCELLED)
        await stage.ends(flow_id, FlowOutcome.CANCELLED)
        await stage.nothing_is_half_done(flow_id)
