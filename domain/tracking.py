"""What carriers tell of parcels, and where a parcel is after they have told it."""

from datetime import date, datetime

from domain.commerce import ShipmentState
from domain.flows.kinds import FlowEntryKind
from domain.values import Value

_RANK = {
    ShipmentState.LABEL_CREATED: 0,
    ShipmentState.IN_TRANSIT: 1,
    ShipmentState.EXCEPTION: 1,
    ShipmentState.RETURNED: 1,
    ShipmentState.OUT_FOR_DELIVERY: 2,
    ShipmentState.DELIVERED: 3,
}
_TROUBLE = (ShipmentState.EXCEPTION, ShipmentState.RETURNED)
_UNSENT = ShipmentState.LABEL_CREATED


class TrackingEvent(Value):
    """One event of a carrier. `parcel` is a shipment's id, a tracking number, or the code of a return's label."""

    event_id: str
    parcel: str
    state: ShipmentState
    at: datetime
    """When it happened."""
    expected_on: date | None = None
    code: str = ""
    """The carrier's own word for it."""


class Tracked(Value):
    """What became of an event."""

    shipment_id: str
    """The shipment, or the code of a return's label."""
    order: str
    state: ShipmentState
    """Where the parcel is, as of all that has been told."""
    recorded: bool
    """False: this event was told before, and nothing has changed."""
    moved: bool = False
    """The parcel's state is another one now."""


def next_state(now: ShipmentState, told: ShipmentState, *, newest: bool) -> ShipmentState:
    """The state of a parcel to a customer after an event; `newest` says that nothing told before happened later.

    Scans move it forward whenever they come in. Trouble, and its end, count only where they are the newest of all: a
    delivered parcel may still come back, but not because of what happened before it was delivered. What went back to
    the sender stays so.
    """
    if now is ShipmentState.RETURNED:
        return now
    if told in _TROUBLE:
        return told if newest else now
    if now is ShipmentState.EXCEPTION:
        return told if newest and told is not _UNSENT else now
    return told if _RANK[told] > _RANK[now] else now


def furthest(now: ShipmentState | None, told: ShipmentState) -> ShipmentState:
    """How far a parcel from a customer has come; None before anything was told of it."""
    return told if now is None or _RANK[told] > _RANK[now] else now


def news_of_return(before: ShipmentState | None, told: ShipmentState) -> FlowEntryKind | None:
    """What a flow is to know of a scan on the way back: that the carrier has it, that it has arrived, once each."""
    if furthest(before, told) is before or told is _UNSENT:
        return None
    if told is ShipmentState.DELIVERED:
        return FlowEntryKind.PARCEL_RECEIVED
    return FlowEntryKind.PARCEL_SCANNED if before in (None, _UNSENT) else None
