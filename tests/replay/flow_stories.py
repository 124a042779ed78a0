"""The stories of flows whose histories are kept. What the customer wrote, and where they live, holds a canary."""

from collections.abc import Awaitable, Callable

from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.requests import InquiryRequest, OutreachReason, OutreachRequest, Remedy
from store.ids import new_id
from tests.workflow.flow_stage import CANARY, CARD, MS, MS_HOURS, FlowStage, refused, rules
from tests.workflow.test_claim import claiming
from tests.workflow.test_exchange import exchanging
from tests.workflow.test_order_change import changes
from tests.workflow.test_return import returning

FLOW_CANARIES = ("Canary", CANARY, "Hamburg")
FlowStoryToTell = Callable[[FlowStage], Awaitable[str]]
_ASKED = {"approval": {"always": True}}
RULES = rules(
    returns=_ASKED,
    exchanges={"remind_days": [200 * MS], "photo_reasons": ["damaged"]},
    addresses=_ASKED,
    delays={"offered": True},
    partners={"by_hand": {"title": "Warehouse", "answer_hours": 300 * MS_HOURS, "remind_hours": 200 * MS_HOURS}},
)


async def return_settled(stage: FlowStage) -> str:
    """Approved, sent back, inspected in part, refunded in part."""
    flow_id = await stage.begin(returning(await stage.order(2), 2))
    await stage.finish(await stage.task(flow_id, TaskKind.APPROVE), "approved")
    await stage.comes_back(flow_id, 1)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    return flow_id


async def return_called_off(stage: FlowStage) -> str:
    """Called off by an operator; undoing the label is refused, and people see to it."""
    flow_id = new_id()
    stage.shop.faults["undo:issue_label", flow_id] = refused()
    await stage.begin(returning(await stage.order(1)), flow_id=flow_id)
    await stage.finish(await stage.task(flow_id, TaskKind.APPROVE), "approved")
    await stage.reaches(flow_id, FlowState.AWAITING_PARCEL)
    await (await stage.story(flow_id)).cancel()
    await stage.repair(flow_id)
    await stage.ends(flow_id, FlowOutcome.CANCELLED)
    return flow_id


async def exchange_long(stage: FlowStage) -> str:
    """A photo, one item out of stock, a difference that is charged, a mind that is changed, a reminder."""
    await stage.stop_work()
    flow_id = await stage.begin(exchanging(await stage.order(1, 1), "dear", "rare", method_id=CARD, reason="damaged"))
    await stage.stock("rare", 0)
    await stage.work()
    await stage.live(flow_id, choices=("wait", "refund"), late=1)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    return flow_id


async def exchange_paid_by_link(stage: FlowStage) -> str:
    """Paid on a page, then called off before anything came back."""
    flow_id = await stage.begin(exchanging(await stage.order(1), "dear"))
    await stage.live(flow_id, cancel_in=FlowState.AWAITING_PARCEL)
    await stage.ends(flow_id, FlowOutcome.CANCELLED)
    return flow_id


async def change_approved(stage: FlowStage) -> str:
    """A new address, approved by a person."""
    flow_id = await stage.begin(changes(await stage.order(1, state="paid"))["address_changed"])
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    return flow_id


async def claim_replaced(stage: FlowStage) -> str:
    """Shown, judged, replaced."""
    flow_id = await stage.begin(claiming(await stage.order(1)))
    await stage.reaches(flow_id, FlowState.AWAITING_PHOTO)
    await stage.tell(flow_id, FlowEntryKind.SHIPMENT_CHANGED)
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    return flow_id


async def claim_refunded(stage: FlowStage) -> str:
    """Shown, judged, refunded; the run is the second one."""
    flow_id = await stage.begin(claiming(await stage.order(1), remedy=Remedy.REFUND))
    await stage.reaches(flow_id, FlowState.AWAITING_PHOTO)
    await stage.end_run(flow_id)
    await stage.live(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    return flow_id


async def inquiry_seen_to_by_people(stage: FlowStage) -> str:
    """A partner without an address is asked by hand, and does not answer."""
    flow_id = await stage.begin(InquiryRequest(partner="by_hand"), by="agent:robin")
    await stage.live(flow_id)
    await stage.reaches(flow_id, FlowState.CLOSED)
    return flow_id


async def outreach_no_longer_true(stage: FlowStage) -> str:
    """The parcel has arrived before anybody was told that it was late."""
    order = await stage.order(1, state="shipped")
    await stage.stop_work()
    request = OutreachRequest(order=order, shipment_id=f"{order}-S", reason=OutreachReason.LATE)
    await stage.parcel_is(order, "in_transit")
    flow_id = await stage.begin(request, by="policy")
    await stage.parcel_is(order, "delivered")
    await stage.work()
    await stage.ends(flow_id, FlowOutcome.NO_LONGER_TRUE)
    return flow_id


FLOW_STORIES: tuple[FlowStoryToTell, ...] = (
    return_settled,
    return_called_off,
    exchange_long,
    exchange_paid_by_link,
    change_approved,
    claim_replaced,
    claim_refunded,
    inquiry_seen_to_by_people,
    outreach_no_longer_true,
)
