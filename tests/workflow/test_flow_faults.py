"""Every step of every flow fails once in each way: the flow ends settled or taken back, never half.

All flows of a test run at the same time, each with its own step that fails; the workers' process dies once under all.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from domain.flows.kinds import FlowOutcome, FlowState, TaskKind
from domain.flows.refusal import Refused
from domain.flows.requests import FlowRequest, Remedy
from store.commerce_ledger import ShopHold
from store.database import Database
from store.flows import Flow
from store.ids import new_id
from tests.fakes.shop import Fault
from tests.workflow.flow_stage import CARD, FlowStage, refused, rules, set_flow_stage
from tests.workflow.test_claim import claiming
from tests.workflow.test_exchange import exchanging
from tests.workflow.test_order_change import changes
from tests.workflow.test_return import returning

PARCEL = FlowState.AWAITING_PARCEL
Case = tuple[str, Callable[[str], FlowRequest], FlowState | None]
"""The step that fails, what is asked for, and where the customer calls it off."""


def dear(order: str) -> FlowRequest:
    return exchanging(order, "dear", "rare", method_id=CARD)


def by_link(order: str) -> FlowRequest:
    return exchanging(order, "dear", "rare")


CASES: dict[str, tuple[Case, ...]] = {
    "return": (
        *((step, returning, None) for step in ("open_return", "issue_label", "receive", "accept", "refund")),
        *((f"undo:{step}", returning, PARCEL) for step in ("open_return", "issue_label")),
    ),
    "exchange": (
        *(
            (step, dear, None)
            for step in ("open_exchange", "reserve:1", "reserve:2", "charge", "issue_label", "ship", "receive")
        ),
        ("open_payment_link", by_link, None),
        ("accept", dear, None),
        ("refund:difference", lambda order: exchanging(order, "cheap", "rare"), None),
        *(
            (f"undo:{step}", dear, PARCEL)
            for step in ("open_return", "issue_label", "charge", "reserve:1", "reserve:2")
        ),
        ("undo:open_payment_link", by_link, PARCEL),
    ),
    "change": tuple(
        ("change_order", lambda order, word=word: changes(order)[word], None)
        for word in ("address_changed", "items_changed", "payment_changed", "order_cancelled")
    ),
    "claim": (
        *((step, claiming, None) for step in ("reserve:1", "ship")),
        *(
            (step, lambda order: claiming(order, remedy=Remedy.REFUND), None)
            for step in ("open_return", "accept:keep", "refund")
        ),
    ),
}


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    async with set_flow_stage(database, temporal_address, rules()) as stage:
        yield stage


async def begin(stage: FlowStage, cases: tuple[Case, ...], kind: str, fault: Fault | Refused | str) -> list[str]:
    """One flow for each case, with its fault planned."""
    ids = []
    for step, request, _ in cases:
        order = await stage.order(1, 1, state="paid" if kind == "change" else "delivered")
        ids.append(new_id())
        stage.shop.faults[step, ids[-1]] = fault
        await stage.begin(request(order), flow_id=ids[-1])
    return ids


async def live(stage: FlowStage, ids: list[str], cases: tuple[Case, ...]) -> list[Flow]:
    """All of them to their end."""
    return await asyncio.gather(
        *(stage.live(flow_id, cancel_in=cancel_in) for flow_id, (_, _, cancel_in) in zip(ids, cases, strict=True))
    )


@pytest.mark.parametrize("kind", CASES)
async def test_an_answer_that_is_lost_after_the_deed_changes_nothing(stage: FlowStage, kind: str) -> None:
    ids = await begin(stage, CASES[kind], kind, Fault.AFTER)
    rows = await live(stage, ids, CASES[kind])
    for row, (step, _, cancel_in) in zip(rows, CASES[kind], strict=True):
        wanted = FlowOutcome.CANCELLED if cancel_in else FlowOutcome.SETTLED
        assert (step, row.outcome) == (step, wanted.value)
        await stage.nothing_is_half_done(row.id)
    assert stage.shop.faults == {}, "every step was reached"


@pytest.mark.parametrize("kind", CASES)
async def test_a_step_that_the_shop_refuses_leaves_nothing_half_done(stage: FlowStage, kind: str) -> None:
    ids = await begin(stage, CASES[kind], kind, refused())
    rows = await live(stage, ids, CASES[kind])
    for row in rows:
        await stage.nothing_is_half_done(row.id)
    assert stage.shop.faults == {}, "every step was reached"
    outcomes = {step: row.outcome for row, (step, _, _) in zip(rows, CASES[kind], strict=True)}
    assert outcomes == {step: REFUSED.get((kind, step), _usual(step)) for step in outcomes}


REFUSED = {
    ("return", "open_return"): "declined",
    ("return", "issue_label"): "compensated",
    ("exchange", "open_exchange"): "declined",
    ("exchange", "reserve:1"): "compensated",
    ("exchange", "reserve:2"): "compensated",
    ("exchange", "open_payment_link"): "compensated",
    ("exchange", "issue_label"): "compensated",
    ("change", "change_order"): "declined",
    ("claim", "open_return"): "declined",
}
"""How a flow ends whose step is refused; elsewhere people do the step by hand, and it ends as it would have."""


def _usual(step: str) -> str:
    return "cancelled" if step.startswith("undo:") else "settled"


@pytest.mark.parametrize("when", ["hang_before", "hang_after"])
@pytest.mark.parametrize("kind", CASES)
async def test_a_worker_that_dies_in_the_middle_of_a_step_changes_nothing(
    stage: FlowStage, kind: str, when: str
) -> None:
    ids = await begin(stage, CASES[kind], kind, when)
    living = asyncio.create_task(live(stage, ids, CASES[kind]))
    await stage.crash(len(ids))
    for row, (step, _, cancel_in) in zip(await living, CASES[kind], strict=True):
        wanted = FlowOutcome.CANCELLED if cancel_in else FlowOutcome.SETTLED
        assert (step, row.outcome) == (step, wanted.value)
        await stage.nothing_is_half_done(row.id)


async def test_a_compensation_that_is_refused_tells_people_all_they_need_and_waits_for_them(stage: FlowStage) -> None:
    order, flow_id = await stage.order(1), new_id()
    stage.shop.faults["undo:reserve:1", flow_id] = refused()
    await stage.begin(exchanging(order, "rare"), flow_id=flow_id)
    await stage.reaches(flow_id, PARCEL)
    story = await stage.story(flow_id)
    await story.signal("operator", "cancel")
    task = await stage.task(flow_id, TaskKind.REPAIR)
    hold = (await stage.rows(ShopHold, order))[0]
    assert task.facts == {"step": "undo: reserve 1", "rule": "no_longer_open", "ref": hold.hold_id}
    await story.signal("operator", "cancel")
    await stage.end_run(flow_id)
    await stage.hears(flow_id)
    assert (await stage.flow(flow_id)).state == FlowState.AWAITING_PERSON
    await stage.shop.shop.release("by hand", hold.hold_id)
    await stage.finish(await stage.task(flow_id, TaskKind.REPAIR), "done")
    row = await stage.ends(flow_id, FlowOutcome.CANCELLED)
    assert row.reason == "operator"
    await stage.nothing_is_half_done(flow_id)
