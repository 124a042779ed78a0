"""What carriers tell of parcels: to customers, and back from them."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field

from api.callers import ShopCaller
from api.fields import Body, Key, Text
from api.parts import Engine
from api.problems import invalid, not_found, responses
from domain.commerce import ShipmentState
from domain.tracking import Tracked, TrackingEvent
from store.tracking import record_tracking

router = APIRouter(prefix="/v1", tags=["shipments"])

Parcel = Annotated[
    str, Path(max_length=64, description="A shipment's id, its tracking number, or the code of a return's label.")
]
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=24)
_FARTHEST = timedelta(days=366)


class CarrierEvent(Body):
    """One event of a carrier. The same `event_id` again is the same event."""

    event_id: Key
    state: ShipmentState
    at: AwareDatetime
    """When it happened, with its offset from UTC; at most a day ahead of our clock."""
    expected_on: date | None = None
    """The carrier's expected date of delivery, within a year of the event."""
    code: Annotated[Text, Field(max_length=100)] = ""
    """The carrier's own word for it."""


@router.post("/shipments/{parcel}/events", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def track(parcel: Parcel, body: CarrierEvent, _: ShopCaller, parts: Engine) -> Tracked:
    """A carrier tells where a parcel is. Whatever waits for it goes on; what comes late moves nothing backwards."""
    if not parcel.isascii() or not parcel.isprintable():
        raise not_found()
    _check_times(body)
    event = TrackingEvent(parcel=parcel, **body.model_dump())
    async with parts.database.begin() as session:
        tracked = await record_tracking(session, event)
    parts.relay.poke()
    return tracked


def _check_times(body: CarrierEvent) -> None:
    if body.at < _EARLIEST:
        raise invalid("at", "must not lie before the year 2000")
    if body.at > datetime.now(UTC) + _AHEAD:
        raise invalid("at", "must not lie in the future")
    if body.expected_on is not None and abs(body.expected_on - body.at.date()) > _FARTHEST:
        raise invalid("expected_on", "must be within a year of the event")
