"""What carriers tell of parcels: kept once for each event id, moving shipment and order forward, told to flows.

Order of locks: the event's id, cases that a fact touches, flows by id, the order, its parcel.
"""

from datetime import date, datetime

from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import ShipmentState
from domain.commitment import Fact, FulfilledBy
from domain.flows.kinds import FlowEntryKind, FlowKind
from domain.tracking import Tracked, TrackingEvent, furthest, news_of_return, next_state
from store.commerce import ShopOrder, ShopShipment
from store.commerce_ledger import ShopReturn, ShopTrackingEvent
from store.errors import Conflict, NotFound
from store.facts import record_fact
from store.flows import CLOSED, Flow, lock_flow, note_flow, tell_flow
from store.journal import Happening, note_about

_UNSENT = ShipmentState.LABEL_CREATED
_NOBODY = (None, None)
"""A parcel is the order's; whose case it touches, the flows know."""


async def record_tracking(session: AsyncSession, event: TrackingEvent) -> Tracked:
    """Keep what a carrier tells and draw the conclusions; the same event id again changes nothing.

    A late event is kept, but moves nothing backwards. Raises `NotFound` for a parcel that nobody knows, `Conflict` for
    a number that several carriers use (`several_parcels`) or an event id told of another parcel (`other_parcel`).
    """
    shipment = await _shipment_of(session, event.parcel)
    if shipment is not None:
        return await _of_shipment(session, event, shipment)
    label = select(ShopReturn).where(col(ShopReturn.label_code) == event.parcel)
    record = (await session.execute(label)).scalar_one_or_none()
    if record is None:
        raise NotFound("shipment")
    return await _of_label(session, event, record)


async def _shipment_of(session: AsyncSession, parcel: str) -> ShopShipment | None:
    found = await session.get(ShopShipment, parcel)
    if found is not None:
        return found
    query = select(ShopShipment).where(col(ShopShipment.tracking_number) == parcel).limit(2)
    numbered = (await session.execute(query)).scalars().all()
    if len(numbered) > 1:
        raise Conflict("several_parcels")
    return numbered[0] if numbered else None


async def _is_new(session: AsyncSession, event: TrackingEvent, parcel: str) -> bool:
    """Keep the event; False if it is known. Whoever tells the same event at the same time waits for the other."""
    values = event.model_dump(exclude={"parcel"}) | {"shipment_id": parcel, "state": event.state.value}
    kept = insert(ShopTrackingEvent).values(values).on_conflict_do_nothing().returning(col(ShopTrackingEvent.event_id))
    if (await session.execute(kept)).scalar_one_or_none() is not None:
        return True
    if (await session.get_one(ShopTrackingEvent, event.event_id)).shipment_id != parcel:
        raise Conflict("other_parcel")
    return False


async def _lock_order(session: AsyncSession, number: str) -> None:
    query = select(col(ShopOrder.number)).where(col(ShopOrder.number) == number)
    await session.execute(query.with_for_update(key_share=True))


async def _locked(session: AsyncSession, flow_ids: list[str]) -> list[Flow]:
    return [await lock_flow(session, flow_id) for flow_id in sorted(flow_ids)]


# --- parcels to customers ---------------------------------------------------------------------------------------------


async def _of_shipment(session: AsyncSession, event: TrackingEvent, known: ShopShipment) -> Tracked:
    if not await _is_new(session, event, known.shipment_id):
        return _tracked(known, recorded=False)
    if known.state == _UNSENT and event.state is not _UNSENT:
        await record_sent(session, known.order_number, known.shipment_id)
    flows = await outreach_about(session, known.order_number, known.shipment_id)
    await _lock_order(session, known.order_number)
    shipment = await session.get_one(ShopShipment, known.shipment_id, populate_existing=True, with_for_update=True)
    before = shipment.state
    await _apply(session, event, shipment)
    await session.flush()
    await session.execute(_PROGRESS, {"numbers": [shipment.order_number]})
    tell_of_change(session, flows, shipment.state)
    moved, told = shipment.state != before, event.state.value
    facts: dict[str, object] = {"order": shipment.order_number, "told": told, "state": shipment.state, "moved": moved}
    note_about(session, Happening.SHIPMENT_EVENT, _NOBODY, ref=shipment.shipment_id, facts=facts)
    return _tracked(shipment, recorded=True, moved=moved)


async def record_sent(session: AsyncSession, order: str, shipment_id: str) -> None:
    """A parcel has left: promises of it are kept."""
    await record_fact(session, Fact(kind=FulfilledBy.SHIPMENT, order=order, ref=shipment_id))


async def _apply(session: AsyncSession, event: TrackingEvent, shipment: ShopShipment) -> None:
    """Move the shipment's row; its times stay in the order that the table asks for."""
    before, newest = ShipmentState(shipment.state), event.at >= _last_heard_of(shipment, event.at)
    after = next_state(before, event.state, newest=newest)
    if event.state is not _UNSENT:
        shipment.last_scan_at = max(shipment.last_scan_at or event.at, event.at)
        shipment.shipped_at = min(shipment.shipped_at or event.at, event.at)
    if after is ShipmentState.DELIVERED and before is not after:
        shipment.delivered_at = event.at
    shipment.state = after.value
    if event.expected_on is not None:
        shipment.expected_on = await _expected_on(session, shipment.shipment_id)


def _last_heard_of(shipment: ShopShipment, otherwise: datetime) -> datetime:
    known = (shipment.last_scan_at, shipment.delivered_at, shipment.shipped_at)
    return max((at for at in known if at is not None), default=otherwise)


async def _expected_on(session: AsyncSession, shipment_id: str) -> date | None:
    """The date that the newest event tells, whichever came in last."""
    told = ShopTrackingEvent
    query = (
        select(col(told.expected_on))
        .where(col(told.shipment_id) == shipment_id, col(told.expected_on).is_not(None))
        .order_by(col(told.at).desc(), col(told.recorded_at).desc())
    )
    return (await session.execute(query.limit(1))).scalar_one_or_none()


LADDER = "ARRAY['pending', 'paid', 'partly_shipped', 'shipped', 'delivered']"
"""How far an order is, in SQL; other states have no place on it."""
PROGRESS = """
UPDATE shop_order o SET state = p.state
FROM (
    SELECT number, CASE WHEN delivered >= wanted THEN 'delivered' WHEN sent >= wanted THEN 'shipped'
        WHEN sent > 0 THEN 'partly_shipped' END AS state
    FROM (
        SELECT l.order_number AS number, sum(l.quantity - l.cancelled) AS wanted,
            sum(LEAST(l.quantity - l.cancelled, COALESCE(g.sent, 0))) AS sent,
            sum(LEAST(l.quantity - l.cancelled, COALESCE(g.delivered, 0))) AS delivered
        FROM shop_order_line l LEFT JOIN (
            SELECT i.line_id, sum(i.quantity) FILTER (WHERE s.state <> 'label_created') AS sent,
                sum(i.quantity) FILTER (WHERE s.state = 'delivered') AS delivered
            FROM shop_shipment s JOIN shop_shipment_line i USING (shipment_id)
            WHERE s.order_number = {numbers} GROUP BY i.line_id) g USING (line_id)
        WHERE l.order_number = {numbers} GROUP BY l.order_number) counted
    WHERE wanted > 0) p
WHERE p.number = o.number AND
    array_position({ladder}, p.state) > array_position({ladder}, o.state)
""".replace("{ladder}", LADDER)
"""Moves the orders `{numbers}` on to where their parcels are; what is cancelled or returned stays so."""
_PROGRESS = text(PROGRESS.format(numbers="ANY (:numbers)"))


async def outreach_about(session: AsyncSession, order: str, shipment_id: str) -> list[Flow]:
    """The open flows that tell a customer of this shipment, locked."""
    query = select(col(Flow.id)).where(
        col(Flow.order_number) == order,
        col(Flow.kind) == FlowKind.OUTREACH.value,
        col(Flow.state) != CLOSED,
        col(Flow.request)["shipment_id"].astext == shipment_id,
    )
    return await _locked(session, list((await session.execute(query)).scalars()))


def tell_of_change(session: AsyncSession, flows: list[Flow], state: str) -> None:
    """Wake those of the locked outreach flows that are still open: there is news of their shipment."""
    for flow in flows:
        if flow.is_open:
            tell_flow(session, flow, FlowEntryKind.SHIPMENT_CHANGED, ref=state)


def _tracked(shipment: ShopShipment, *, recorded: bool, moved: bool = False) -> Tracked:
    return Tracked(
        shipment_id=shipment.shipment_id,
        order=shipment.order_number,
        state=ShipmentState(shipment.state),
        recorded=recorded,
        moved=moved,
    )


# --- parcels from customers -------------------------------------------------------------------------------------------


async def _of_label(session: AsyncSession, event: TrackingEvent, record: ShopReturn) -> Tracked:
    if not await _is_new(session, event, event.parcel):
        return _label_tracked(record, await _told_before(session, event) or event.state, event.state, recorded=False)
    flows = await _flows_of(session, record)
    await _lock_order(session, record.order_number)
    await session.refresh(record, with_for_update=True)
    before = await _told_before(session, event)
    if event.state is not _UNSENT and record.label_state == "issued":
        record.label_state = "used"
    _tell_return(session, event, record, flows, news_of_return(before, event.state))
    return _label_tracked(record, before, event.state, recorded=True)


def _tell_return(
    session: AsyncSession, event: TrackingEvent, record: ShopReturn, flows: list[Flow], news: FlowEntryKind | None
) -> None:
    """The flows go on by it; for one that is over the journal alone has it, as late."""
    order, told = record.order_number, event.state.value
    for flow in flows:
        if news is not None or not flow.is_open:
            tell_flow(session, flow, news or FlowEntryKind.PARCEL_SCANNED, ref=record.return_id)
        note_flow(session, flow, Happening.SHIPMENT_EVENT, ref=event.parcel, order=order, told=told)
    if not flows:
        facts: dict[str, object] = {"order": order, "told": told}
        note_about(session, Happening.SHIPMENT_EVENT, _NOBODY, ref=event.parcel, facts=facts)


async def _flows_of(session: AsyncSession, record: ShopReturn) -> list[Flow]:
    """The flows of the return's label, open or not, locked; while a flow has yet to note its label, by its return."""
    facts = col(Flow.facts)
    of_this = or_(facts["label"].astext == record.label_code, facts["return_id"].astext == record.return_id)
    query = select(col(Flow.id)).where(col(Flow.order_number) == record.order_number, of_this)
    return await _locked(session, list((await session.execute(query)).scalars()))


async def _told_before(session: AsyncSession, event: TrackingEvent) -> ShipmentState | None:
    """How far the other events of this label take it; None before the first one."""
    query = select(col(ShopTrackingEvent.state)).where(
        col(ShopTrackingEvent.shipment_id) == event.parcel, col(ShopTrackingEvent.event_id) != event.event_id
    )
    state: ShipmentState | None = None
    for told in (await session.execute(query)).scalars():
        state = furthest(state, ShipmentState(told))
    return state


def _label_tracked(record: ShopReturn, before: ShipmentState | None, told: ShipmentState, *, recorded: bool) -> Tracked:
    state = furthest(before, told)
    return Tracked(
        shipment_id=record.label_code or "",
        order=record.order_number,
        state=state,
        recorded=recorded,
        moved=recorded and state is not before,
    )
