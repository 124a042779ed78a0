"""Runs end in the middle, workers die, operators interfere: a flow goes on where it was, and ends the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.requests import FlowRequest
from store.commerce_ledger import ShopHold, ShopReturn
from store.database import Database
from store.ids import new_id
from tests.stage import eventually
from tests.workflow.flow_stage import CARD, MS, MS_HOURS, FlowStage, refused, rules, set_flow_stage
from tests.workflow.test_claim import claiming
from tests.workflow.test_exchange import exchanging
from tests.workflow.test_order_change import changes
from tests.workflow.test_return import returning

SOON = 400 * MS
ASKED = {"approval": {"always": True}}
LONG = rules(exchanges={"remind_days": [SOON, 2 * SOON], "photo_reasons": ["damaged"]})
REQUESTS: dict[str, Callable[[str], FlowRequest]] = {
    "return": returning,
    "exchange": lambda order: exchanging(order, "dear", "rare"),
    "claim": claiming,
    "change": lambda order: changes(order)["address_changed"],
}


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    everything_is_approved = dict.fromkeys(("returns", "exchanges", "addresses"), ASKED)
    async with set_flow_stage(database, temporal_address, rules(**everything_is_approved)) as stage:
        yield stage


def ending(stage: FlowStage, flow_id: str) -> Callable[[str], Awaitable[None]]:
    """An operator terminates the run at each wait."""

    async def end(_: str) -> None:
        await stage.end_run(flow_id)

    return end


@pytest.mark.parametrize("kind", REQUESTS)
async def test_a_flow_whose_run_is_terminated_at_every_wait_ends_as_it_would_have(stage: FlowStage, kind: str) -> None:
    told = []
    for disturbed in (False, True):
        order = await stage.order(1, 1, state="paid" if kind == "change" else "delivered")
        flow_id = await stage.begin(REQUESTS[kind](order))
        await stage.live(flow_id, interrupt=ending(stage, flow_id) if disturbed else None)
        row = await stage.ends(flow_id, FlowOutcome.SETTLED)
        await stage.nothing_is_half_done(flow_id)
        told.append((stage.words(flow_id), list(await stage.steps(flow_id, waits=True)), await stage.refunds(order)))
        assert row.handled_seq == row.last_seq
    assert told[0] == told[1]


async def test_a_flow_that_was_called_off_is_not_taken_up_again_by_a_new_run(stage: FlowStage) -> None:
    """The new run has heard all at once: the approval, the scan after the cancellation, and the cancellation."""
    order, flow_id = await stage.order(1), new_id()
    stage.shop.faults["undo:open_return", flow_id] = refused()
    await stage.begin(exchanging(order, "rare"), flow_id=flow_id)
    await stage.finish(await stage.task(flow_id, TaskKind.APPROVE), "approved")
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    await stage.tell(flow_id, FlowEntryKind.CUSTOMER_CANCELLED)
    await stage.task(flow_id, TaskKind.REPAIR)
    await stage.tell(flow_id, FlowEntryKind.PARCEL_SCANNED)
    await stage.end_run(flow_id)
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.CANCELLED)
    assert await stage.states(ShopHold, order) == ["released"]
    await stage.nothing_is_half_done(flow_id)


async def test_a_deadline_stays_where_it_was_whatever_number_of_runs(database: Database, temporal_address: str) -> None:
    async with set_flow_stage(database, temporal_address, rules(claims={"photo_hours": 1000 * MS_HOURS})) as stage:
        flow_id = await stage.begin(claiming(await stage.order(1)))
        until = (await stage.reaches(flow_id, FlowState.AWAITING_PHOTO)).facts["until"]
        assert until
        await stage.end_run(flow_id)
        assert (await stage.reaches(flow_id, FlowState.AWAITING_PHOTO)).facts["until"] == until
        row = await stage.ends(flow_id, FlowOutcome.EXPIRED)
        assert row.closed_at is not None
        assert row.facts["until"] == ""


# --- operators --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["signal", "cancel"])
async def test_an_operator_who_calls_a_flow_off_has_it_undone(stage: FlowStage, by: str) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(exchanging(order, "rare"))
    await stage.finish(await stage.task(flow_id, TaskKind.APPROVE), "approved")
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    story = await stage.story(flow_id)
    await (story.signal("operator", "cancel") if by == "signal" else story.cancel())
    row = await stage.ends(flow_id, FlowOutcome.CANCELLED)
    assert (row.reason, stage.words(flow_id)[-1]) == ("operator", "called_off:operator")
    await stage.nothing_is_half_done(flow_id)
    await stage.end_of_story(flow_id)
    assert (await story.describe()).status is WorkflowExecutionStatus.COMPLETED


async def test_a_run_that_is_cancelled_in_the_middle_of_a_step_finishes_the_step_and_undoes_it(
    stage: FlowStage,
) -> None:
    order, flow_id = await stage.order(1), new_id()
    stage.shop.faults["issue_label", flow_id] = "hang_after"
    await stage.begin(exchanging(order, "dear", method_id=CARD), flow_id=flow_id)
    await stage.finish(await stage.task(flow_id, TaskKind.APPROVE), "approved")
    await stage.hangs()
    for _ in range(2):
        await (await stage.story(flow_id)).cancel()
    await stage.crash()
    await stage.ends(flow_id, FlowOutcome.CANCELLED)
    assert await stage.paid(order) == (2700, 700)
    await stage.nothing_is_half_done(flow_id)


async def test_an_order_that_is_none_changes_nothing_and_is_shown(stage: FlowStage) -> None:
    flow_id = await stage.begin(returning(await stage.order(1)))
    await stage.task(flow_id, TaskKind.APPROVE)
    story = await stage.story(flow_id)
    for name, order in (("operator", "make tea"), ("hand_over", "now"), ("operator", {"do": 1})):
        await story.signal(name, order)

    async def shown() -> bool:
        return "- **Operator**: no such order" in await stage.details(flow_id)

    await eventually(shown)
    assert (await stage.flow(flow_id)).state == FlowState.AWAITING_APPROVAL


async def test_a_story_can_be_read_in_the_ui_without_a_word_of_the_customers(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(returning(order))
    await stage.task(flow_id, TaskKind.APPROVE)
    details = await stage.details(flow_id)
    assert f"- **Order**: {order}" in details
    assert "- **Waiting for**: approval" in details
    await stage.live(flow_id)
    await stage.end_of_story(flow_id)
    history = await stage.history(flow_id)
    summaries = [event.user_metadata.summary.data.decode().strip('"') for event in history.events]
    steps = [summary for summary in summaries if summary and not summary.startswith(("report", "say"))]
    assert [
        step for step in steps if step in {"open", "issue label", "receive", "what is owed", "accept", "refund"}
    ] == [
        "open",
        "issue label",
        "receive",
        "what is owed",
        "accept",
        "refund",
    ]
    assert b"canary" not in b"".join(event.SerializeToString() for event in history.events).lower()


# --- the long exchange ------------------------------------------------------------------------------------------------

STEPS = (
    "open_exchange",
    "reserve:1",
    "reserve:2",
    "charge",
    "issue_label",
    "ship",
    "receive",
    "accept",
    "refund:instead",
)
"""Every step of it in the shop."""


async def long_exchange(stage: FlowStage, step: str = "") -> tuple[str, str]:
    """Two items, one out of stock, a difference that is charged, a photo that is judged; answers flow and order."""
    order, flow_id = await stage.order(1, 1), new_id()
    if step:
        stage.shop.faults[step, flow_id] = "hang_after"
    await stage.begin(exchanging(order, "dear", "rare", method_id=CARD, reason="damaged"), flow_id=flow_id)
    return flow_id, order


async def told_of(stage: FlowStage, flow_id: str, order: str) -> dict[str, Any]:
    """Everything by which two exchanges could differ."""
    row = await stage.flow(flow_id)
    return {
        "outcome": row.outcome,
        "words": stage.words(flow_id),
        "steps": list(await stage.steps(flow_id, waits=True)),
        "refunds": await stage.refunds(order),
        "paid": await stage.paid(order),
        "holds": await stage.states(ShopHold, order),
        "returns": await stage.states(ShopReturn, order),
    }


async def test_a_long_exchange_ends_the_same_whichever_step_the_worker_dies_at(
    database: Database, temporal_address: str
) -> None:
    async with set_flow_stage(database, temporal_address, LONG) as stage:
        await stage.stop_work()
        steps = ["", *STEPS]
        begun = [await long_exchange(stage, step) for step in steps]
        await stage.stock("rare", 0)
        await stage.work()
        living = asyncio.gather(
            *(stage.live(flow_id, choices=("wait", "refund"), late=2, within=100) for flow_id, _ in begun)
        )
        await stage.crash(len(steps) - 1)
        await living
        first, *others = [await told_of(stage, flow_id, order) for flow_id, order in begun]
        assert first["outcome"] == "settled"
        assert first["refunds"] == [(2000, "card")]
        assert first["words"] == [
            "photo_wanted",
            "in_review",
            "out_of_stock",
            "swapped_for_refund:refund",
            "label",
            "reminder:1",
            "reminder:2",
            "shipped",
            "received",
            "exchanged",
        ]
        for step, other in zip(steps[1:], others, strict=True):
            assert (step, other) == (step, first)
        for flow_id, _ in begun:
            await stage.nothing_is_half_done(flow_id)


async def test_a_long_exchange_ends_the_same_whichever_wait_its_run_is_terminated_at(
    database: Database, temporal_address: str
) -> None:
    async with set_flow_stage(database, temporal_address, LONG) as stage:
        await stage.stop_work()
        begun = [await long_exchange(stage) for _ in range(2)]
        await stage.stock("rare", 0)
        await stage.work()
        quiet, disturbed = begun[0][0], begun[1][0]
        await asyncio.gather(
            stage.live(quiet, choices=("wait", "refund"), late=2),
            stage.live(disturbed, choices=("wait", "refund"), late=2, interrupt=ending(stage, disturbed)),
        )
        assert await told_of(stage, *begun[0]) == await told_of(stage, *begun[1])
        assert await stage.runs(disturbed) >= 8
