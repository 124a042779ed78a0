"""Tracking: each event once, parcels and orders forward, and whoever waits for the parcel is told."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from domain.commerce import ShipmentState
from domain.commitment import FulfilledBy, NewCommitment
from domain.flows.kinds import FlowEntryKind, FlowKind, FlowState
from domain.tracking import Tracked, TrackingEvent
from store.commerce import (
    ShopCustomer,
    ShopOrder,
    ShopOrderLine,
    ShopProduct,
    ShopShipment,
    ShopShipmentLine,
    ShopVariant,
)
from store.commerce_ledger import ShopReturn, ShopTrackingEvent
from store.commitments import commit
from store.errors import Conflict, NotFound
from store.flows import Flow, flow_entries_after
from store.ids import new_id
from store.interactions import lock_case
from store.journal import Happening
from store.tracking import record_tracking
from tests.store.scene import Scene

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LABEL, TRANSIT, OUT = ShipmentState.LABEL_CREATED, ShipmentState.IN_TRANSIT, ShipmentState.OUT_FOR_DELIVERY
DELIVERED, EXCEPTION, RETURNED = ShipmentState.DELIVERED, ShipmentState.EXCEPTION, ShipmentState.RETURNED


class Parcels:
    """Two parcels of one order, `S1` and `S2`, with labels and nothing else told."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def prepare(self) -> "Parcels":
        """Fill the shop."""
        async with self.scene.database.begin() as session:
            buyer = {"customer_id": "c1", "name": "Sam", "email": "sam@example.com", "tier": "gold", "currency": "EUR"}
            session.add(ShopCustomer(**buyer, created_at=NOON))
            session.add(ShopProduct(product_id="p", title="Scarf", category="", description=""))
            await session.flush()
            session.add(ShopVariant(sku="s", product_id="p", position=1, price_minor=5, currency="EUR", stock=9))
            head = {"number": "BT-1", "customer_id": "c1", "email": "sam@example.com", "state": "paid", "country": "DE"}
            money = {"shipping_minor": 0, "total_minor": 10, "currency": "EUR"}
            session.add(ShopOrder(**head, **money, placed_at=NOON, postcode="", shipping_method="standard"))
            await session.flush()
            for number in (1, 2):
                own = {"line_id": f"L{number}", "order_number": "BT-1", "position": number, "sku": "s"}
                session.add(ShopOrderLine(**own, title="Scarf", quantity=1, unit_price_minor=5))
                own = {"shipment_id": f"S{number}", "order_number": "BT-1", "state": "label_created", "carrier": "PL"}
                session.add(ShopShipment(**own, tracking_number=f"T{number}"))
                await session.flush()
                session.add(ShopShipmentLine(shipment_id=f"S{number}", line_id=f"L{number}", quantity=1))
        return self

    async def tell(
        self,
        state: ShipmentState,
        after: float = 0,
        parcel: str = "S1",
        *,
        event_id: str = "",
        expected_on: date | None = None,
    ) -> Tracked:
        """An event so many hours after noon."""
        event = TrackingEvent(
            event_id=event_id or new_id(), parcel=parcel, state=state, at=NOON + after * HOUR, expected_on=expected_on
        )
        async with self.scene.database.begin() as session:
            return await record_tracking(session, event)

    async def parcel(self, shipment_id: str = "S1") -> ShopShipment:
        """As it is now."""
        async with self.scene.database.begin() as session:
            return await session.get_one(ShopShipment, shipment_id)

    async def order(self) -> str:
        """The order's state."""
        async with self.scene.database.begin() as session:
            return (await session.get_one(ShopOrder, "BT-1")).state

    async def label(self, state: str = "open", label_state: str = "issued") -> None:
        """A return with a label `R1`."""
        async with self.scene.database.begin() as session:
            own = {"return_id": "r1", "order_number": "BT-1", "state": state, "label_state": label_state}
            session.add(ShopReturn(**own, label_code="R1"))

    async def flow(
        self,
        kind: FlowKind,
        facts: dict[str, object],
        request: dict[str, object] | None = None,
        *,
        closed: bool = False,
    ) -> str:
        """A flow of the order."""
        own: dict[str, Any] = {"kind": kind.value, "intent": new_id(), "order_number": "BT-1", "asked_by": "customer"}
        state = FlowState.CLOSED if closed else FlowState.AWAITING_PARCEL
        async with self.scene.database.begin() as session:
            flow = Flow(**own, facts=facts, request=request or {}, state=state.value, policy_version=1)
            session.add(flow)
            await session.flush()
            return flow.id

    async def told(self, flow_id: str) -> list[tuple[str, str]]:
        """The flow's entries."""
        async with self.scene.database.begin() as session:
            return [(entry.kind.value, entry.ref) for entry in await flow_entries_after(session, flow_id, 0)]


@pytest.fixture
async def parcels(scene: Scene) -> Parcels:
    """A shop with parcels."""
    return await Parcels(scene).prepare()


async def test_scans_move_the_parcel_with_its_times_and_the_order(parcels: Parcels) -> None:
    assert (await parcels.tell(TRANSIT)).moved
    assert await parcels.order() == "partly_shipped"
    await parcels.tell(DELIVERED, 24)
    assert await parcels.order() == "partly_shipped"
    await parcels.tell(OUT, 20, "T2")
    assert await parcels.order() == "shipped"
    tracked = await parcels.tell(DELIVERED, 30, "T2")
    assert (tracked.shipment_id, tracked.order, tracked.state) == ("S2", "BT-1", DELIVERED)
    assert await parcels.order() == "delivered"
    parcel = await parcels.parcel()
    assert (parcel.shipped_at, parcel.delivered_at, parcel.last_scan_at) == (NOON, NOON + 24 * HOUR, NOON + 24 * HOUR)


async def test_a_label_alone_is_no_scan(parcels: Parcels) -> None:
    tracked = await parcels.tell(LABEL, expected_on=date(2026, 3, 9))
    parcel = await parcels.parcel()
    assert not tracked.moved
    assert (parcel.shipped_at, parcel.last_scan_at, parcel.expected_on) == (None, None, date(2026, 3, 9))
    assert await parcels.order() == "paid"


async def test_the_same_event_again_changes_nothing(parcels: Parcels) -> None:
    await parcels.tell(TRANSIT, event_id="e")
    again = await parcels.tell(DELIVERED, 5, event_id="e")
    assert (again.recorded, again.moved, again.state) == (False, False, TRANSIT)
    assert (await parcels.parcel()).delivered_at is None
    assert len(await parcels.scene.happened(Happening.SHIPMENT_EVENT)) == 1
    with pytest.raises(Conflict, match="other_parcel"):
        await parcels.tell(TRANSIT, parcel="S2", event_id="e")


async def test_one_event_told_many_times_at_once_counts_once(parcels: Parcels) -> None:
    await parcels.label()
    flow = await parcels.flow(FlowKind.RETURN, {"label": "R1"})
    told = await asyncio.gather(*(parcels.tell(TRANSIT, parcel="R1", event_id="e") for _ in range(8)))
    assert sorted(one.recorded for one in told) == [False] * 7 + [True]
    assert len(await parcels.told(flow)) == 1


async def test_what_comes_late_is_kept_and_moves_nothing_backwards(parcels: Parcels) -> None:
    await parcels.tell(DELIVERED, 48, expected_on=date(2026, 3, 4))
    for late in (TRANSIT, EXCEPTION, OUT, RETURNED):
        tracked = await parcels.tell(late, 10, expected_on=date(2026, 3, 6))
        assert (tracked.recorded, tracked.moved, tracked.state) == (True, False, DELIVERED)
    parcel = await parcels.parcel()
    assert (parcel.last_scan_at, parcel.delivered_at) == (NOON + 48 * HOUR, NOON + 48 * HOUR)
    assert parcel.shipped_at == NOON + 10 * HOUR
    assert parcel.expected_on == date(2026, 3, 4)
    async with parcels.scene.database.begin() as session:
        assert len((await session.execute(select(col(ShopTrackingEvent.event_id)))).all()) == 5


async def test_a_delivered_parcel_may_go_wrong_and_be_delivered_again(parcels: Parcels) -> None:
    await parcels.tell(DELIVERED, 10)
    assert (await parcels.tell(EXCEPTION, 11)).state is EXCEPTION
    assert (await parcels.tell(DELIVERED, 30)).state is DELIVERED
    assert (await parcels.parcel()).delivered_at == NOON + 30 * HOUR
    assert (await parcels.tell(RETURNED, 40)).state is RETURNED
    assert (await parcels.tell(DELIVERED, 41)).state is RETURNED


async def test_a_delivery_before_the_shops_own_hour_of_sending_keeps_the_times_in_order(parcels: Parcels) -> None:
    async with parcels.scene.database.begin() as session:
        later = text("UPDATE shop_shipment SET state = 'in_transit', shipped_at = :at")
        await session.execute(later, {"at": NOON + 5 * HOUR})
    await parcels.tell(DELIVERED, 1)
    parcel = await parcels.parcel()
    assert parcel.shipped_at is not None
    assert parcel.delivered_at is not None
    assert parcel.shipped_at <= parcel.delivered_at


@pytest.mark.parametrize("state", ["cancelled", "returned"])
async def test_an_order_that_is_over_stays_so(parcels: Parcels, state: str) -> None:
    async with parcels.scene.database.begin() as session:
        await session.execute(text("UPDATE shop_order SET state = :state"), {"state": state})
    await parcels.tell(DELIVERED)
    await parcels.tell(DELIVERED, parcel="S2")
    assert await parcels.order() == state


async def test_a_number_that_two_carriers_use_names_no_parcel(parcels: Parcels) -> None:
    async with parcels.scene.database.begin() as session:
        await session.execute(
            text("UPDATE shop_shipment SET tracking_number = 'T1', carrier = 'X' WHERE shipment_id = 'S2'")
        )
    with pytest.raises(Conflict, match="several_parcels"):
        await parcels.tell(TRANSIT, parcel="T1")
    with pytest.raises(NotFound):
        await parcels.tell(TRANSIT, parcel="T2")


# --- whoever waits ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{"label": "R1"}, {"return_id": "r1"}])
async def test_the_flow_of_a_label_hears_once_of_its_scan_and_once_of_its_arrival(
    parcels: Parcels, facts: dict[str, object]
) -> None:
    await parcels.label()
    flow, other = await parcels.flow(FlowKind.RETURN, facts), await parcels.flow(FlowKind.RETURN, {"label": "R2"})
    for hours, state in enumerate((LABEL, TRANSIT, OUT, TRANSIT, DELIVERED, DELIVERED)):
        await parcels.tell(state, hours, "R1")
    scanned, received = FlowEntryKind.PARCEL_SCANNED.value, FlowEntryKind.PARCEL_RECEIVED.value
    assert await parcels.told(flow) == [(scanned, "r1"), (received, "r1")]
    assert await parcels.told(other) == []
    async with parcels.scene.database.begin() as session:
        assert (await session.get_one(ShopReturn, "r1")).label_state == "used"
    assert await parcels.order() == "paid"


async def test_a_scan_after_its_flow_has_ended_is_only_journalled(parcels: Parcels) -> None:
    await parcels.label("cancelled", "voided")
    flow = await parcels.flow(FlowKind.RETURN, {"label": "R1"}, closed=True)
    await parcels.tell(TRANSIT, parcel="R1")
    assert await parcels.told(flow) == []
    assert [row.flow_id for row in await parcels.scene.happened(Happening.LATE)] == [flow]
    async with parcels.scene.database.begin() as session:
        assert (await session.execute(text("SELECT count(*) FROM outbox"))).scalar_one() == 0
        assert (await session.get_one(ShopReturn, "r1")).label_state == "voided"


async def test_a_label_without_a_flow_is_kept(parcels: Parcels) -> None:
    await parcels.label()
    tracked = await parcels.tell(TRANSIT, parcel="R1")
    assert (tracked.shipment_id, tracked.order, tracked.recorded, tracked.moved) == ("R1", "BT-1", True, True)


async def test_open_outreach_about_the_parcel_hears_of_every_event_and_other_outreach_of_none(parcels: Parcels) -> None:
    about = await parcels.flow(FlowKind.OUTREACH, {}, {"shipment_id": "S1"})
    over = await parcels.flow(FlowKind.OUTREACH, {}, {"shipment_id": "S1"}, closed=True)
    other = await parcels.flow(FlowKind.OUTREACH, {}, {"shipment_id": "S2"})
    await parcels.tell(TRANSIT, event_id="e")
    await parcels.tell(TRANSIT, event_id="e")
    await parcels.tell(OUT, 1)
    changed = FlowEntryKind.SHIPMENT_CHANGED.value
    assert await parcels.told(about) == [(changed, "in_transit"), (changed, "out_for_delivery")]
    assert await parcels.told(over) == await parcels.told(other) == []
    assert await parcels.scene.happened(Happening.LATE) == []


class Promises:
    """Promises in a case of the order's customer, to send it."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.case = scene, ""

    async def make(self, source: str) -> None:
        """One more."""
        self.case = self.case or (await self.scene.chat("t", shop="c1")).interaction_id
        due = datetime.now(UTC) + timedelta(days=1)
        new = NewCommitment(text="sent", due_at=due, fulfilled_by=FulfilledBy.SHIPMENT, order="BT-1")
        async with self.scene.database.begin() as session:
            _, interaction = await lock_case(session, self.case)
            await commit(session, interaction, "support", new, "baton", source, self.scene.policy)

    async def states(self) -> list[str]:
        """What became of them."""
        async with self.scene.database.begin() as session:
            return list((await session.execute(text("SELECT state FROM commitment ORDER BY id"))).scalars())


async def test_a_promise_to_send_is_kept_when_the_parcel_leaves(parcels: Parcels) -> None:
    promises = Promises(parcels.scene)
    await promises.make("first")
    await parcels.tell(LABEL)
    assert await promises.states() == ["open"]
    await parcels.tell(TRANSIT, 1)
    assert await promises.states() == ["kept"]


async def test_a_promise_made_after_the_parcel_left_is_kept_by_no_later_scan_of_it(parcels: Parcels) -> None:
    promises = Promises(parcels.scene)
    await parcels.tell(TRANSIT)
    await promises.make("second")
    await parcels.tell(OUT, 2)
    assert await promises.states() == ["open"]
    await parcels.tell(TRANSIT, 3, "S2")
    assert await promises.states() == ["kept"]
