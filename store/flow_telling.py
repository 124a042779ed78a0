"""What customers and agents tell a running flow: each once, and only while the flow can still hear it.

Order of locks: flow, then the shop's order where a payment is taken.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import FlowEntryKind, FlowKind, FlowState
from store.errors import Conflict, NotFound
from store.flows import Flow, lock_flow, tell_flow, was_told
from store.live import notify_desk

_CAN_BE_CALLED_OFF = frozenset(
    {
        FlowState.AWAITING_APPROVAL,
        FlowState.AWAITING_PAYMENT,
        FlowState.AWAITING_PHOTO,
        FlowState.AWAITING_PARCEL,
        FlowState.AWAITING_CUSTOMER,
    }
)
"""States in which nothing has moved yet that could not be undone."""
_WHEN_DELAYED = ("wait", "reship", "refund")
"""What a customer whose parcel is late can choose."""


def can_be_called_off(kind: FlowKind, state: FlowState) -> bool:
    """Can the customer, or an agent for them, still call it off?"""
    return kind not in {FlowKind.OUTREACH, FlowKind.INQUIRY} and state in _CAN_BE_CALLED_OFF


def choices_of(kind: FlowKind, state: FlowState, facts: Mapping[str, object]) -> list[str]:
    """The answers that a flow waits for: those among its facts, or those to word of a delay."""
    if state is not FlowState.AWAITING_CUSTOMER:
        return []
    offered = facts.get("choose")
    if isinstance(offered, list):
        return [str(one) for one in offered]
    return list(_WHEN_DELAYED) if kind is FlowKind.OUTREACH else []


async def call_off(session: AsyncSession, flow_id: str, *, by: str = "") -> None:
    """The customer, or an agent for them, calls the flow off. The same again changes nothing.

    Raises `NotFound`, or `Conflict`: `flow_over`, `too_late_to_cancel`.
    """
    flow = await lock_flow(session, flow_id)
    if await was_told(session, flow_id, FlowEntryKind.CUSTOMER_CANCELLED):
        return
    _must_be_open(flow)
    if not can_be_called_off(FlowKind(flow.kind), FlowState(flow.state)):
        raise Conflict("too_late_to_cancel")
    await _tell(session, flow, FlowEntryKind.CUSTOMER_CANCELLED, by=by)


async def choose(session: AsyncSession, flow_id: str, choice: str) -> None:
    """The customer answers what the flow has asked.

    Raises `NotFound`, or `Conflict`: `flow_over`, `nothing_to_choose`, `unknown_choice`.
    """
    flow = await lock_flow(session, flow_id)
    _must_be_open(flow)
    if flow.state != FlowState.AWAITING_CUSTOMER.value:
        raise Conflict("nothing_to_choose")
    if choice not in choices_of(FlowKind(flow.kind), FlowState(flow.state), flow.facts):
        raise Conflict("unknown_choice")
    await _tell(session, flow, FlowEntryKind.CUSTOMER_CHOSE, ref=choice)


async def lock_flow_of_link(session: AsyncSession, link_id: str) -> Flow:
    """The flow that waits for a payment by this link, locked. Raises `NotFound`."""
    query = select(col(Flow.id)).where(col(Flow.facts)["payment_link"].astext == link_id).limit(1)
    flow_id = (await session.execute(query)).scalar_one_or_none()
    if flow_id is None:
        raise NotFound("payment link")
    return await lock_flow(session, flow_id)


async def paid(session: AsyncSession, flow: Flow, link_id: str) -> None:
    """A link was paid, in this transaction or before; the flow is locked by the caller, and hears of it once."""
    if not await was_told(session, flow.id, FlowEntryKind.PAID, link_id):
        await _tell(session, flow, FlowEntryKind.PAID, ref=link_id)


async def photo_sent(session: AsyncSession, flow: Flow, message_id: str) -> None:
    """A picture has come with a message; the flow is locked by the caller."""
    await _tell(session, flow, FlowEntryKind.PHOTO_SENT, ref=message_id)


def _must_be_open(flow: Flow) -> None:
    if not flow.is_open:
        raise Conflict("flow_over")


async def _tell(session: AsyncSession, flow: Flow, kind: FlowEntryKind, *, ref: str = "", by: str = "") -> None:
    tell_flow(session, flow, kind, ref=ref, by=by)
    await notify_desk(session)
