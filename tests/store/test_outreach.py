"""Who is to hear of a delayed shipment: found in the store as the rule says, asked for once, and told why not."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlmodel import SQLModel, col

from cli.outreach import OutreachOff, list_outreach, request_outreach
from cli.settings import CommandSettings
from domain.commerce import Order, OrderState, Shipment, ShipmentState
from domain.flows.delay import assess
from domain.flows.kinds import FlowOutcome
from domain.flows.requests import OutreachReason
from domain.flows.rules import DelayRules, DeliveryPromise
from domain.hours import Hours, Weekday
from domain.parties import Channel
from domain.policy import Policy
from store.commerce import ShopCustomer, ShopOrder, ShopShipment
from store.conversations import Conversation
from store.customers import Customer
from store.delays import find_delayed
from store.flow_closing import close_flow
from store.flows import Flow
from store.outreach import Planned, plan_outreach, start_outreach
from store.policy_versions import PolicyShelf
from tests.policies import small_policy
from tests.store.scene import Scene

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
"""A Wednesday."""
RULES = DelayRules(
    offered=True,
    promises=(
        DeliveryPromise(methods=("express",), business_days=2),
        DeliveryPromise(countries=("DE", "AT"), business_days=4),
    ),
    holidays=(date(2026, 11, 16),),
    hours=Hours(timezone="Europe/Berlin"),
    channels=(Channel.WHATSAPP, Channel.EMAIL),
)


def with_delays(rules: DelayRules) -> Policy:
    """Whatever the day on which the tests run."""
    policy, rules = small_policy(), rules.model_copy(update={"orders_within_days": 100_000})
    return policy.model_copy(update={"commerce": policy.commerce.model_copy(update={"delays": rules})})


def customer(name: str = "kim", **known: Any) -> ShopCustomer:
    known = {"customer_id": name, "name": name, "email": f"{name}@example.com", "tier": "standard", **known}
    return ShopCustomer(currency="EUR", created_at=NOW - timedelta(days=400), **known)


def ordered(number: str, placed_at: datetime = NOW - timedelta(days=3), **known: Any) -> ShopOrder:
    known = {"state": "shipped", "country": "DE", "shipping_method": "standard", "customer_id": "kim", **known}
    return ShopOrder(
        number=number,
        email="kim@example.com",
        placed_at=placed_at,
        shipping_minor=0,
        total_minor=1000,
        currency="EUR",
        postcode="10115",
        **known,
    )


def sent(number: str, state: ShipmentState = ShipmentState.IN_TRANSIT, **known: Any) -> ShopShipment:
    known = {"shipped_at": NOW - timedelta(days=2), "last_scan_at": NOW - timedelta(days=1), **known}
    if state is ShipmentState.DELIVERED:
        known["delivered_at"] = NOW
    return ShopShipment(
        shipment_id=f"{number}-S1",
        order_number=number,
        state=state.value,
        carrier="Parcelline",
        tracking_number=number,
        **known,
    )


LATE: dict[str, Any] = {"expected_on": date(2026, 11, 17)}
IN_TIME: dict[str, Any] = {"expected_on": date(2026, 11, 18)}
FAR: dict[str, Any] = {"expected_on": date(2100, 1, 1), "last_scan_at": datetime(2099, 12, 31, tzinfo=UTC)}
"""In time by any clock."""


class Shelves:
    """The shop's tables and what outreach makes of them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def hold(self, *rows: SQLModel) -> None:
        """Parents before children."""
        async with self.scene.database.begin() as session:
            for row in rows:
                session.add(row)
                await session.flush()

    async def found(self, rules: DelayRules = RULES, now: datetime = NOW, limit: int = 10_000) -> dict[str, str]:
        async with self.scene.database.begin() as session:
            looks = await find_delayed(session, rules, now, limit)
        return {look.shipment.shipment_id: str(look.delay.reason) for look in looks}

    async def start(self) -> int:
        async with self.scene.database.begin() as session:
            return await start_outreach(session, PolicyShelf())

    async def flows(self) -> dict[str, Flow]:
        async with self.scene.database.begin() as session:
            return {flow.id: flow for flow in (await session.execute(select(Flow))).scalars()}

    async def plan(self, rules: DelayRules = RULES, now: datetime = NOW) -> dict[str, Planned]:
        async with self.scene.database.begin() as session:
            return {one.shipment: one for one in await plan_outreach(session, rules, now, 100)}

    async def close(self, flow_id: str, outcome: FlowOutcome, reason: str = "") -> None:
        async with self.scene.database.begin() as session:
            assert await close_flow(session, flow_id, outcome, reason, handled_seq=1)

    async def closed_at(self, flow_id: str, at: datetime) -> None:
        async with self.scene.database.begin() as session:
            await session.execute(update(Flow).where(col(Flow.id) == flow_id).values(closed_at=at))

    async def change(self, number: str, **known: Any) -> None:
        async with self.scene.database.begin() as session:
            change = update(ShopShipment).where(col(ShopShipment.order_number) == number)
            await session.execute(change.values(**known))


@pytest.fixture
async def shelves(scene: Scene) -> Shelves:
    await scene.prepare(with_delays(RULES))
    shelves = Shelves(scene)
    await shelves.hold(customer())
    return shelves


# --- detection --------------------------------------------------------------------------------------------------------


def _any_shipment(chance: random.Random, number: str) -> tuple[ShopOrder, ShopShipment]:
    placed = NOW - timedelta(hours=chance.randint(0, 24 * 14))
    shipped = placed + timedelta(hours=chance.randint(1, 48))
    order = ordered(
        number,
        placed,
        state=chance.choice(["paid", "shipped", "shipped", "shipped", "partly_shipped", *OrderState]),
        country=chance.choice(["DE", "at", "FR"]),
        shipping_method=chance.choice(["Express", "standard"]),
    )
    shipment = sent(
        number,
        chance.choice([*ShipmentState, ShipmentState.IN_TRANSIT, ShipmentState.LABEL_CREATED]),
        shipped_at=shipped,
        last_scan_at=chance.choice([None, shipped + timedelta(hours=chance.randint(0, 240))]),
        expected_on=chance.choice([None, None, NOW.date() + timedelta(days=chance.randint(-3, 3))]),
    )
    if shipment.delivered_at:
        shipment.delivered_at = max(NOW, shipped)
    return order, shipment


def _by_the_rule(order: ShopOrder, parcel: ShopShipment, rules: DelayRules, now: datetime) -> str | None:
    shipment = Shipment.model_validate(
        {"line_ids": (), **parcel.model_dump(exclude={"order_number"})},
    )
    placed = order.model_dump(include={"number", "customer_id", "email", "state", "placed_at"})
    whole = Order.model_validate(
        {
            **placed,
            "total": {"minor": 1, "currency": "EUR"},
            "lines": (),
            "country": order.country,
            "shipping_method": order.shipping_method,
        }
    )
    reason = assess(shipment, whole, rules, now).reason
    return reason.value if reason else None


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_found_is_exactly_what_the_rule_says(shelves: Shelves, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  a repeatable mix
    held = [_any_shipment(chance, f"BT-{seed}-{number:03}") for number in range(400)]
    await shelves.hold(*(row for pair in held for row in pair))
    zones = ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles")
    for hours, zone in zip((0, 13.5, 30), zones, strict=True):
        now, rules = NOW + timedelta(hours=hours), RULES.model_copy(update={"hours": Hours(timezone=zone)})
        judged = {parcel.shipment_id: _by_the_rule(order, parcel, rules, now) for order, parcel in held}
        expected = {shipment: reason for shipment, reason in judged.items() if reason}
        assert set(expected.values()) == set(OutreachReason)
        assert await shelves.found(rules, now) == expected


async def test_orders_of_long_ago_are_left_alone(shelves: Shelves) -> None:
    for number, days in (("BT-1", 89), ("BT-2", 91)):
        await shelves.hold(ordered(number, NOW - timedelta(days=days)), sent(number, **LATE))
    assert set(await shelves.found()) == {"BT-1-S1"}


async def test_a_hundred_thousand_shipments_are_looked_through_by_the_index_of_those_not_delivered(
    shelves: Shelves,
) -> None:
    async with shelves.scene.database.begin() as session:
        await session.execute(
            text(
                """
                INSERT INTO shop_order (number, customer_id, email, state, placed_at, shipping_minor, total_minor,
                                        currency, postcode, country, shipping_method)
                SELECT 'BT-' || n, 'kim', 'kim@example.com', CASE WHEN n % 50 = 0 THEN 'shipped' ELSE 'delivered' END,
                       :now - make_interval(mins => n % 50000), 0, 1, 'EUR', '10115', 'DE', 'standard'
                FROM generate_series(1, 100000) n
                """
            ),
            {"now": NOW},
        )
        await session.execute(
            text(
                """
                INSERT INTO shop_shipment (shipment_id, order_number, state, carrier, tracking_number, shipped_at,
                                           delivered_at, last_scan_at)
                SELECT 'S' || n, 'BT-' || n, CASE WHEN n % 50 = 0 THEN 'in_transit' ELSE 'delivered' END, 'c', n,
                       :now - make_interval(mins => n % 50000), CASE WHEN n % 50 <> 0 THEN :now END,
                       :now - interval '1 hour'
                FROM generate_series(1, 100000) n
                """
            ),
            {"now": NOW},
        )
    async with shelves.scene.database.begin() as session:
        await session.execute(text("ANALYZE shop_order, shop_shipment, flow"))
        assert len(await find_delayed(session, RULES, NOW, 100)) == 100
        read = await session.execute(
            text(
                "SELECT seq_tup_read, idx_scan FROM pg_stat_xact_user_tables s "
                "JOIN pg_class c USING (relname) WHERE relname = 'shop_shipment'"
            )
        )
        assert read.one().seq_tup_read == 0


# --- one flow for each shipment and reason ----------------------------------------------------------------------------


async def test_one_flow_for_each_shipment_and_reason_however_often_one_looks(shelves: Shelves) -> None:
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE), ordered("BT-2"), sent("BT-2", **FAR))
    assert [await shelves.start(), await shelves.start()] == [1, 0]
    (flow,) = (await shelves.flows()).values()
    assert (flow.id, flow.intent) == ("delay-BT-1-S1-late", "outreach:BT-1-S1:late")
    assert (flow.workflow_id, flow.asked_by) == ("outreach-delay-BT-1-S1-late", "policy")
    assert (flow.order_number, flow.shop_customer_id) == ("BT-1", "kim")
    assert flow.request == {"kind": "outreach", "order": "BT-1", "shipment_id": "BT-1-S1", "reason": "late"}


async def test_a_graver_reason_is_another_word(shelves: Shelves) -> None:
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE))
    assert await shelves.start() == 1
    await shelves.change("BT-1", state="exception")
    assert await shelves.start() == 1
    assert set(await shelves.flows()) == {"delay-BT-1-S1-late", "delay-BT-1-S1-exception"}


@pytest.mark.parametrize(
    "outcome", [FlowOutcome.SETTLED, FlowOutcome.DECLINED, FlowOutcome.CANCELLED, FlowOutcome.EXPIRED]
)
async def test_what_was_said_or_declined_is_never_asked_for_again(shelves: Shelves, outcome: FlowOutcome) -> None:
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE))
    await shelves.start()
    await shelves.close("delay-BT-1-S1-late", outcome)
    # The end of an outreach that was said does not count as a move of the parcel, however long ago it was.
    await shelves.closed_at("delay-BT-1-S1-late", datetime(2020, 1, 1, tzinfo=UTC))
    assert await shelves.start() == 0
    # Not even when the carrier's next date has passed as well.
    await shelves.change("BT-1", expected_on=date(2026, 11, 18))
    assert await shelves.start() == 0


async def test_a_word_that_was_not_said_since_the_parcel_moved_may_be_said_when_it_stands_still_again(
    shelves: Shelves,
) -> None:
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE))
    await shelves.start()
    await shelves.close("delay-BT-1-S1-late", FlowOutcome.NO_LONGER_TRUE, "moving")
    await shelves.closed_at("delay-BT-1-S1-late", NOW)
    assert await shelves.found() == {}
    assert (await shelves.plan())["BT-1-S1"].why_not == "moving"
    # Its old date has passed before that; five days without a scan end afterwards, as would a new date.
    scanned = NOW - timedelta(days=1)
    assert await shelves.found(now=scanned + timedelta(days=5, seconds=-1)) == {}
    assert await shelves.found(now=scanned + timedelta(days=5)) == {"BT-1-S1": "late"}
    await shelves.change("BT-1", expected_on=date(2026, 11, 19))
    assert await shelves.found(now=datetime(2026, 11, 19, 22, 59, tzinfo=UTC)) == {}
    assert await shelves.found(now=datetime(2026, 11, 19, 23, 0, tzinfo=UTC)) == {"BT-1-S1": "late"}
    await shelves.closed_at("delay-BT-1-S1-late", datetime(2020, 1, 1, tzinfo=UTC))
    assert [await shelves.start(), await shelves.start()] == [1, 0]
    assert "delay-BT-1-S1-late-2" in await shelves.flows()
    await shelves.close("delay-BT-1-S1-late-2", FlowOutcome.SETTLED)
    assert await shelves.start() == 0


async def test_outreach_that_is_not_offered_starts_nothing(shelves: Shelves) -> None:
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE))
    await shelves.scene.prepare(with_delays(RULES.model_copy(update={"offered": False})))
    assert await shelves.start() == 0
    await shelves.scene.prepare(with_delays(RULES))
    assert await shelves.start() == 1


async def test_without_a_policy_nothing_is_started(shelves: Shelves) -> None:
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE))
    async with shelves.scene.database.begin() as session:
        await session.execute(text("UPDATE policy_version SET active = false"))
    assert await shelves.start() == 0


async def test_more_than_one_look_can_ask_for_is_found_by_the_next(shelves: Shelves) -> None:
    for number in ("BT-1", "BT-2", "BT-3"):
        await shelves.hold(ordered(number), sent(number, **LATE))
    found: list[int] = []
    for _ in range(3):
        async with shelves.scene.database.begin() as session:
            found.append(await start_outreach(session, PolicyShelf(), limit=2))
    assert found == [2, 1, 0]


async def test_a_word_is_in_the_language_of_the_customer(shelves: Shelves) -> None:
    await shelves.hold(customer("uwe", locale="de_AT"), ordered("BT-1", customer_id="uwe"), sent("BT-1", **LATE))
    await shelves.start()
    (flow,) = (await shelves.flows()).values()
    assert flow.language == "de"


# --- what would be done, and what not ---------------------------------------------------------------------------------


async def test_the_plan_says_who_is_told_when_where_and_why_and_changes_nothing(shelves: Shelves) -> None:
    thursdays = Hours(timezone="Europe/Berlin", week={Weekday.THU: ("09:00-17:00",)})
    rules = RULES.model_copy(update={"hours": thursdays})
    await shelves.hold(customer("uwe", locale="de"), ordered("BT-1", customer_id="uwe"), sent("BT-1", **LATE))
    assert (await shelves.plan(rules))["BT-1-S1"] == Planned(
        customer="uwe",
        order="BT-1",
        shipment="BT-1-S1",
        reason=OutreachReason.LATE,
        since=datetime(2026, 11, 17, 23, tzinfo=UTC),
        due_on=date(2026, 11, 17),
        tells=True,
        at=datetime(2026, 11, 19, 8, tzinfo=UTC),
        channel=Channel.EMAIL,
        language="de",
    )
    assert await shelves.flows() == {}


async def test_the_plan_says_who_is_not_told_and_why(shelves: Shelves) -> None:
    await shelves.hold(
        customer("no", contact_by=["sms"]),
        customer("away", contact_by=["whatsapp"]),
        *(ordered("BT-1"), sent("BT-1", **LATE)),
        *(ordered("BT-2", customer_id="no"), sent("BT-2", **LATE)),
        *(ordered("BT-3", customer_id="away"), sent("BT-3", **LATE)),
        *(ordered("BT-4", country="US"), sent("BT-4")),
        *(ordered("BT-5", country="US"), sent("BT-5", ShipmentState.DELIVERED)),
        *(ordered("BT-6"), sent("BT-6", **IN_TIME)),
    )
    async with shelves.scene.database.begin() as session:
        await start_outreach(session, PolicyShelf(), limit=1)
    planned = {one.order: (one.tells, one.why_not) for one in (await shelves.plan()).values()}
    assert planned == {
        "BT-1": (False, "in_progress"),
        "BT-2": (False, "no_consent"),
        "BT-3": (False, "unreachable"),
        "BT-4": (False, "unknown"),
    }
    await shelves.close("delay-BT-1-S1-late", FlowOutcome.SETTLED, "moved")
    assert (await shelves.plan())["BT-1-S1"].why_not == "already_told"


async def test_where_a_customer_has_written_they_can_be_reached(shelves: Shelves) -> None:
    async with shelves.scene.database.begin() as session:
        someone = Customer(shop_customer_id="away")
        session.add(someone)
        await session.flush()
        session.add(
            Conversation(
                customer_id=someone.id, channel="whatsapp", account="brand", thread_key="49301", address="49301"
            )
        )
    await shelves.hold(
        customer("away", contact_by=["email", "whatsapp"]), ordered("BT-1", customer_id="away"), sent("BT-1", **LATE)
    )
    assert (await shelves.plan())["BT-1-S1"].channel is Channel.WHATSAPP
    async with shelves.scene.database.begin() as session:
        await session.execute(update(Conversation).values(left_at=NOW))
    assert (await shelves.plan())["BT-1-S1"].channel is Channel.EMAIL


# --- the command ------------------------------------------------------------------------------------------------------


async def test_the_dry_run_lists_both_sides_and_starts_nothing(
    shelves: Shelves, capsys: pytest.CaptureFixture[str]
) -> None:
    await shelves.hold(customer("no", contact_by=[]), ordered("BT-2", customer_id="no"), sent("BT-2", **LATE))
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE))
    settings = CommandSettings(database_url=shelves.scene.database.url)
    await list_outreach(settings, 500, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["offered"] is True
    assert [(one["order"], one["channel"], one["why_not"]) for one in document["lines"]] == [
        ("BT-1", "email", ""),
        ("BT-2", None, "no_consent"),
    ]
    await list_outreach(settings, 500, as_json=False)
    printed = capsys.readouterr().out
    assert "1 would be told (times: Europe/Berlin)" in printed
    assert "1 would not: 1 no consent" in printed
    assert await shelves.flows() == {}


async def test_the_command_asks_for_the_flows_once(shelves: Shelves, capsys: pytest.CaptureFixture[str]) -> None:
    await shelves.hold(ordered("BT-1"), sent("BT-1", **LATE))
    settings = CommandSettings(database_url=shelves.scene.database.url)
    for started in (1, 0):
        await request_outreach(settings, as_json=True)
        assert json.loads(capsys.readouterr().out) == {"started": started}
    assert set(await shelves.flows()) == {"delay-BT-1-S1-late"}


async def test_the_command_refuses_what_the_policy_does_not_offer(shelves: Shelves) -> None:
    await shelves.scene.prepare(with_delays(RULES.model_copy(update={"offered": False})))
    with pytest.raises(OutreachOff, match="offered: false"):
        await request_outreach(CommandSettings(database_url=shelves.scene.database.url), as_json=True)
