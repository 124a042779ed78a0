"""Claims: what arrived damaged, wrong or not at all is shown, judged, and replaced or refunded once."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.requests import ClaimRequest, Complaint, ItemWanted, Remedy
from store.commerce_ledger import ShopHold, ShopReturn
from store.database import Database
from store.errors import Conflict
from tests.workflow.flow_stage import MS_HOURS, FlowStage, rules, set_flow_stage


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    async with under(database, temporal_address) as stage:
        yield stage


def under(database: Database, temporal_address: str, **claims: object) -> AbstractAsyncContextManager[FlowStage]:
    """A stage under rules for claims."""
    return set_flow_stage(database, temporal_address, rules(claims=claims))


def claiming(
    order: str, *lines: int, complaint: Complaint = Complaint.DAMAGED, remedy: Remedy = Remedy.REPLACEMENT
) -> ClaimRequest:
    """One unit of each of these lines of an order."""
    items = tuple(ItemWanted(line_id=f"{order}-{line}", quantity=1) for line in lines or (1,))
    return ClaimRequest(order=order, items=items, complaint=complaint, remedy=remedy)


async def test_a_damaged_item_is_shown_judged_and_replaced(stage: FlowStage) -> None:
    order = await stage.order(1, 1)
    flow_id = await stage.begin(claiming(order, 1, 2))
    await stage.reaches(flow_id, FlowState.AWAITING_PHOTO)
    await stage.tell(flow_id, FlowEntryKind.PHOTO_SENT)
    task = await stage.task(flow_id, TaskKind.JUDGE)
    assert (task.facts, task.amount_minor) == ({"why": "damaged"}, 4000)
    await stage.finish(task, "approved")
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert stage.words(flow_id) == ["photo_wanted", "in_review", "shipped"]
    assert await stage.states(ShopHold, order) == ["shipped", "shipped"]
    assert (await stage.stock("base"), await stage.refunds(order)) == (998, [])
    await stage.nothing_is_half_done(flow_id)


async def test_of_what_is_missing_nobody_wants_a_photo(stage: FlowStage) -> None:
    flow_id = await stage.begin(claiming(await stage.order(1), complaint=Complaint.MISSING))
    await stage.task(flow_id, TaskKind.JUDGE)
    assert stage.words(flow_id) == ["in_review"]


async def test_what_is_out_of_stock_is_refunded_and_the_rest_replaced(stage: FlowStage) -> None:
    await stage.stock("base", 1)
    order = await stage.order(1, 1)
    flow_id = await stage.begin(claiming(order, 1, 2))
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert stage.words(flow_id)[-2:] == ["shipped", "refunded"]
    assert (await stage.refunds(order), await stage.states(ShopReturn, order)) == ([(2000, "card")], ["closed"])
    assert await stage.stock("base") == 0, "a damaged item goes into no stock"
    await stage.nothing_is_half_done(flow_id)


async def test_a_customer_who_wants_money_gets_money_once(stage: FlowStage) -> None:
    order = await stage.order(1)
    flow_id = await stage.begin(claiming(order, remedy=Remedy.REFUND))
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == [(2000, "card")]
    assert await stage.stock("base") == 1000
    again = await stage.ask(claiming(order, remedy=Remedy.REFUND))
    assert again.verdict.refused is not None
    await stage.nothing_is_half_done(flow_id)


async def test_a_claim_that_is_not_shown_in_time_expires(database: Database, temporal_address: str) -> None:
    async with under(database, temporal_address, photo_hours=300 * MS_HOURS) as stage:
        flow_id = await stage.begin(claiming(await stage.order(1)))
        row = await stage.ends(flow_id, FlowOutcome.EXPIRED)
        assert (row.reason, await stage.steps(flow_id)) == ("photo", {})
        assert stage.words(flow_id) == ["photo_wanted", "expired:photo"]


async def test_a_claim_is_judged_by_somebody_else_than_who_asked_for_it(stage: FlowStage) -> None:
    flow_id = await stage.begin(claiming(await stage.order(1), complaint=Complaint.WRONG), by="agent:robin")
    await stage.reaches(flow_id, FlowState.AWAITING_PHOTO)
    await stage.tell(flow_id, FlowEntryKind.PHOTO_SENT)
    task = await stage.task(flow_id, TaskKind.JUDGE)
    with pytest.raises(Conflict, match="own_request"):
        await stage.finish(task, "approved", agent="robin")
    await stage.finish(task, "refused", agent="kim")
    row = await stage.ends(flow_id, FlowOutcome.DECLINED)
    assert (row.reason, await stage.steps(flow_id)) == ("not_approved", {})
