"""Tracking over HTTP: by shipment, number or label; wrong events are refused by name and nothing is stored."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Response

from domain.parties import Role
from store.commerce_ledger import ShopTrackingEvent
from tests.api.ground import Ground
from tests.api.test_bad_input import assert_problem
from tests.store.scene import Scene
from tests.store.test_tracking import Parcels

NOW = datetime.now(UTC)
EVENT = {"event_id": "e1", "state": "delivered", "at": (NOW - timedelta(minutes=5)).isoformat()}


class Carrier:
    """Somebody who tells of parcels."""

    def __init__(self, ground: Ground, headers: dict[str, str]) -> None:
        self.ground, self.headers = ground, headers

    async def tell(self, parcel: str = "S1", **fields: object) -> Response:
        """One event."""
        path = f"/v1/shipments/{parcel}/events"
        headers = {**self.headers, "Content-Type": "application/json"}
        return await self.ground.http.post(path, content=json.dumps({**EVENT, **fields}), headers=headers)


@pytest.fixture
async def carrier(ground: Ground) -> Carrier:
    """A channel's token, and an order with the parcels `S1` and `S2`."""
    await Parcels(Scene(ground.database)).prepare()
    return Carrier(ground, await ground.token(Role.CHANNEL))


async def test_a_parcel_is_tracked_by_its_id_or_its_number_and_each_event_once(carrier: Carrier) -> None:
    first = await carrier.tell()
    again = await carrier.tell("T1")
    told = {"shipment_id": "S1", "order": "BT-1", "state": "delivered", "recorded": True, "moved": True}
    assert (first.status_code, first.json()) == (200, told)
    assert (again.status_code, again.json()) == (200, {**told, "recorded": False, "moved": False})
    assert await carrier.ground.count(ShopTrackingEvent) == 1


async def test_only_channels_and_admins_tell_of_parcels(carrier: Carrier) -> None:
    for role in (Role.AGENT, Role.LEAD, Role.READ_ONLY):
        carrier.headers = await carrier.ground.token(role)
        assert_problem(await carrier.tell(), 403)
    carrier.headers = await carrier.ground.chat()
    assert_problem(await carrier.tell(), 401)
    carrier.headers = {}
    assert_problem(await carrier.tell(), 401)
    carrier.headers = await carrier.ground.token(Role.ADMIN)
    assert (await carrier.tell()).status_code == 200


WRONG: list[tuple[dict[str, object], str]] = [
    ({"event_id": ""}, "event_id"),
    ({"event_id": "a b"}, "event_id"),
    ({"event_id": "x" * 201}, "event_id"),
    ({"event_id": None}, "event_id"),
    ({"state": "lost"}, "state"),
    ({"at": "2026-03-02T09:30:00"}, "at"),
    ({"at": "soon"}, "at"),
    ({"at": "9999-12-31T23:59:59-14:00"}, "at"),
    ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
    ({"at": (NOW + timedelta(days=2)).isoformat()}, "at"),
    ({"expected_on": "2026-13-01"}, "expected_on"),
    ({"expected_on": "9999-12-31"}, "expected_on"),
    ({"expected_on": "0001-01-01"}, "expected_on"),
    ({"code": "a\x00b"}, "code"),
    ({"code": "\ud800"}, "code"),
    ({"code": "x" * 101}, "code"),
    ({"weight": 3}, "weight"),
]


@pytest.mark.parametrize(("fields", "field"), WRONG, ids=range(len(WRONG)))
async def test_a_wrong_event_is_refused_by_name_and_nothing_is_stored(
    carrier: Carrier, fields: dict[str, object], field: str
) -> None:
    assert_problem(await carrier.tell(**fields), 422, field)
    assert await carrier.ground.count(ShopTrackingEvent) == 0


@pytest.mark.parametrize("parcel", ["nothing", "%00", "%ff%fe", "%F0%9F%93%A6", "a%20b", "x" * 64])
async def test_an_unknown_parcel_is_not_found(carrier: Carrier, parcel: str) -> None:
    assert_problem(await carrier.tell(parcel), 404)
    assert await carrier.ground.count(ShopTrackingEvent) == 0


BODIES = [
    (b"{", 400),
    (b'\xff\xfe{"event_id": "a"}', 400),
    (b'{"event_id": "\xc3\x28"}', 400),
    (b"[" * 100_000, 400),
    (b"", 422),
    (b"null", 422),
    (b"[]", 422),
    (b"{}", 422),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
async def test_a_body_that_is_no_event_is_refused(carrier: Carrier, body: bytes, status: int) -> None:
    headers = {**carrier.headers, "Content-Type": "application/json"}
    assert_problem(await carrier.ground.http.post("/v1/shipments/S1/events", content=body, headers=headers), status)
    assert await carrier.ground.count(ShopTrackingEvent) == 0


async def test_an_event_id_of_another_parcel_is_a_conflict(carrier: Carrier) -> None:
    await carrier.tell()
    assert_problem(await carrier.tell("S2"), 409)
    assert await carrier.ground.count(ShopTrackingEvent) == 1
