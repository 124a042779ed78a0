"""A word about a delayed parcel: said in time and once, or not at all, and seen through afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from temporalio.client import WorkflowHandle

from activities import outreaching
from domain.commerce import ShipmentState
from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.rules import CommerceRules, DelayRules
from domain.hours import Hours, Weekday
from domain.message import OutboundMessage, SendOutcome, SendResult
from domain.parties import Channel
from domain.tracking import TrackingEvent
from integrations.channels.chat import ChatOutbound
from integrations.channels.protocol import Outbound
from store.commerce import (
    ShopCustomer,
    ShopOrder,
    ShopOrderLine,
    ShopProduct,
    ShopShipment,
    ShopShipmentLine,
    ShopVariant,
)
from store.conversations import Conversation, Message
from store.database import Database
from store.flow_speaking import say_for_flow
from store.flow_tasks import finish_task
from store.flows import Flow, FlowTask, lock_flow, tell_flow
from store.ids import new_id
from store.outreach import start_outreach
from store.policy_versions import PolicyShelf
from store.speaking import Suggestion
from store.tracking import record_tracking
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage

SOON = 1 / 86400
"""A second, in days."""


class Posted:
    """A mailbox that takes everything."""

    by_commit = False
    resend_when_unknown = True

    def provider_id(self, message: OutboundMessage) -> str:
        return f"<{message.message_id}@shop.example>"

    async def send(self, message: OutboundMessage) -> SendOutcome:
        return SendOutcome(result=SendResult.SENT, provider_message_id=self.provider_id(message))

    async def reconcile(self, message: OutboundMessage) -> SendOutcome:
        return await self.send(message)


async def _nothing_by_itself(*_: object) -> int:
    """The test says when somebody looks for delays."""
    return 0


class Play:
    """What a test of outreach holds in its hands."""

    def __init__(self, stage: Stage, order: str) -> None:
        self.stage, self.order = stage, order
        self.late, self.exception = f"delay-{order}-S-late", f"delay-{order}-S-exception"
        self.database: Database = stage.database

    async def notice(self) -> int:
        """What the watch does every minute."""
        async with self.database.begin() as session:
            started = await start_outreach(session, PolicyShelf())
        self.stage.relay.poke()
        return started

    async def flow(self, flow_id: str = "") -> Flow:
        async with self.database.begin() as session:
            return await session.get_one(Flow, flow_id or self.late)

    async def reaches(self, state: FlowState, flow_id: str = "") -> Flow:
        async def look() -> Flow | None:
            row = await self.flow(flow_id)
            assert row.is_open or state is FlowState.CLOSED, f"ended: {row.outcome} {row.reason}"
            return row if row.state == state.value else None

        return await eventually(look)

    async def ends(self, outcome: FlowOutcome, reason: str, flow_id: str = "") -> Flow:
        row = await self.reaches(FlowState.CLOSED, flow_id)
        assert (row.outcome, row.reason) == (outcome.value, reason)
        return row

    async def told(self) -> list[str]:
        """What has been queued or sent to the customer by flows."""
        async with self.database.begin() as session:
            query = select(col(Message.body)).where(col(Message.author) == "system").order_by(col(Message.created_at))
            return list((await session.execute(query)).scalars())

    async def scan(self, state: ShipmentState = ShipmentState.IN_TRANSIT) -> None:
        """The carrier tells something that happened now."""
        async with self.database.begin() as session:
            event = TrackingEvent(event_id=new_id(), parcel=f"{self.order}-S", state=state, at=datetime.now(UTC))
            await record_tracking(session, event)
        self.stage.relay.poke()

    async def choose(self, choice: str) -> None:
        async with self.database.begin() as session:
            assert tell_flow(session, await lock_flow(session, self.late), FlowEntryKind.CUSTOMER_CHOSE, ref=choice)

    async def task(self) -> FlowTask:
        """Wait for the task that people get."""

        async def look() -> FlowTask | None:
            async with self.database.begin() as session:
                query = select(FlowTask).where(col(FlowTask.flow_id) == self.late, col(FlowTask.state) == "open")
                return (await session.execute(query)).scalar_one_or_none()

        return await eventually(look)

    async def count(self, table: type[Any]) -> int:
        async with self.database.begin() as session:
            return int((await session.execute(select(func.count()).select_from(table))).scalar_one())

    async def consents_to(self, *channels: str) -> None:
        async with self.database.begin() as session:
            await session.execute(update(ShopCustomer).values(contact_by=list(channels)))

    def story(self) -> WorkflowHandle[object, str]:
        return self.stage.client.get_workflow_handle(f"outreach-{self.late}")


async def _fill(session: AsyncSession, order: str) -> None:
    """One order in one parcel, expected the day before yesterday and scanned an hour ago."""
    now = datetime.now(UTC)
    rows = (
        ShopCustomer(
            customer_id="kim", name="Kim", email="kim@example.com", tier="standard", currency="EUR", created_at=now
        ),
        ShopProduct(product_id="p", title="Scarf", category="scarves", description="A scarf."),
        ShopVariant(sku="scarf", product_id="p", position=1, options={}, price_minor=2000, currency="EUR", stock=5),
        ShopOrder(
            number=order,
            customer_id="kim",
            email="kim@example.com",
            state="shipped",
            placed_at=now - timedelta(days=4),
            shipping_minor=0,
            total_minor=2000,
            currency="EUR",
            postcode="10115",
            country="DE",
            shipping_method="standard",
        ),
        ShopOrderLine(
            line_id=f"{order}-1", order_number=order, position=1, sku="scarf", title="Scarf", quantity=1,
            unit_price_minor=2000,
        ),
        ShopShipment(
            shipment_id=f"{order}-S",
            order_number=order,
            state="in_transit",
            carrier="Parcelline",
            tracking_number=order,
            shipped_at=now - timedelta(days=3),
            expected_on=(now - timedelta(days=2)).date(),
            last_scan_at=now - timedelta(hours=1),
        ),
        ShopShipmentLine(shipment_id=f"{order}-S", line_id=f"{order}-1", quantity=1),
    )  # fmt: skip
    for row in rows:
        session.add(row)
        await session.flush()


@asynccontextmanager
async def playing(database: Database, temporal_address: str, **delays: object) -> AsyncIterator[Play]:
    rules, order = DelayRules.model_validate({"offered": True, **delays}), f"BT-{new_id().upper()}"
    policy = small_policy().model_copy(update={"commerce": CommerceRules(delays=rules)})
    channels: dict[Channel, Outbound] = {Channel.CHAT: ChatOutbound(), Channel.EMAIL: Posted()}
    async with database.begin() as session:
        await _fill(session, order)
    with mock.patch("gateway.watch.start_outreach", _nothing_by_itself):
        async with set_stage(database, temporal_address, policy, channels=channels) as stage:
            yield Play(stage, order)


@pytest.fixture
async def play(database: Database, temporal_address: str) -> AsyncIterator[Play]:
    """Customers may be written to at any time; a person looks after three days."""
    async with playing(database, temporal_address) as play:
        yield play


@pytest.fixture
async def hasty(database: Database, temporal_address: str) -> AsyncIterator[Play]:
    """A person looks after two seconds."""
    async with playing(database, temporal_address, person_after_days=2 * SOON) as play:
        yield play


@pytest.fixture
async def closed(database: Database, temporal_address: str) -> AsyncIterator[Play]:
    """Customers may not be written to now, but in two or three days."""
    opens = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    async with playing(database, temporal_address, hours=Hours(week={Weekday(opens): ("10:00-11:00",)})) as play:
        yield play


# --- before it is said ------------------------------------------------------------------------------------------------


async def test_one_message_on_the_channel_that_the_customer_agreed_to(play: Play) -> None:
    assert await play.notice() == 1
    row = await play.reaches(FlowState.AWAITING_CUSTOMER)
    (words,) = await play.told()
    assert play.order in words
    assert row.facts["channel"] == "email"
    async with play.database.begin() as session:
        thread = (await session.execute(select(Conversation))).scalar_one()
    assert (thread.channel, thread.address) == ("email", "kim@example.com")
    assert thread.interaction_id == row.interaction_id
    assert await play.notice() == 0


async def test_outside_allowed_hours_nothing_is_said_and_never_if_the_parcel_moves_meanwhile(closed: Play) -> None:
    await closed.notice()
    row = await closed.reaches(FlowState.WAITING)
    assert row.next_step_due is not None
    assert row.next_step_due > datetime.now(UTC) + timedelta(days=1)
    await closed.scan()
    await closed.ends(FlowOutcome.NO_LONGER_TRUE, "moving")
    assert await closed.told() == []
    assert await closed.notice() == 0


async def test_what_was_noticed_at_night_is_said_when_hours_begin(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = datetime.now(UTC) + timedelta(seconds=3)
    monkeypatch.setattr(Hours, "next_opening", lambda _, at: max(at, opening))
    await play.notice()
    await play.reaches(FlowState.WAITING)
    assert await play.told() == []
    row = await play.reaches(FlowState.AWAITING_CUSTOMER)
    assert datetime.fromisoformat(str(row.facts["told_at"])) >= opening
    assert len(await play.told()) == 1


async def test_a_new_date_of_the_carrier_makes_it_untrue(closed: Play) -> None:
    await closed.notice()
    await closed.reaches(FlowState.WAITING)
    async with closed.database.begin() as session:
        hour_ago, tomorrow = datetime.now(UTC) - timedelta(minutes=50), datetime.now(UTC) + timedelta(days=1)
        event = TrackingEvent(
            event_id="e",
            parcel=f"{closed.order}-S",
            state=ShipmentState.IN_TRANSIT,
            at=hour_ago,
            expected_on=tomorrow.date(),
        )
        await record_tracking(session, event)
    await closed.ends(FlowOutcome.NO_LONGER_TRUE, "on_time")
    assert await closed.told() == []


async def test_a_graver_reason_takes_the_place_of_what_was_not_said(closed: Play) -> None:
    await closed.notice()
    await closed.reaches(FlowState.WAITING)
    await closed.scan(ShipmentState.EXCEPTION)
    await closed.ends(FlowOutcome.NO_LONGER_TRUE, "exception")
    assert await closed.notice() == 1
    await closed.reaches(FlowState.WAITING, closed.exception)


@pytest.mark.parametrize("consents", [(), ("sms",)])
async def test_without_consent_nothing_is_said(play: Play, consents: tuple[str, ...]) -> None:
    await play.consents_to(*consents)
    await play.notice()
    await play.ends(FlowOutcome.DECLINED, "no_consent")
    assert await play.told() == []
    assert await play.notice() == 0


async def test_consent_that_is_taken_back_before_it_is_said_counts(closed: Play) -> None:
    await closed.notice()
    await closed.reaches(FlowState.WAITING)
    await closed.consents_to()
    async with closed.database.begin() as session:
        tell_flow(session, await lock_flow(session, closed.late), FlowEntryKind.SHIPMENT_CHANGED, ref="in_transit")
    await closed.ends(FlowOutcome.DECLINED, "no_consent")
    assert await closed.told() == []


async def test_who_cannot_be_reached_is_not_told(database: Database, temporal_address: str) -> None:
    async with playing(database, temporal_address, channels=("whatsapp", "email")) as play:
        await play.consents_to("whatsapp")
        await play.notice()
        await play.ends(FlowOutcome.DECLINED, "unreachable")
        assert await play.told() == []


async def test_news_that_comes_while_it_is_being_said_takes_it_back(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = [play.scan]

    async def say(session: AsyncSession, *args: Any) -> object:
        if scans:
            await scans.pop()()
        return await say_for_flow(session, *args)

    monkeypatch.setattr(outreaching, "say_for_flow", say)
    await play.notice()
    await play.ends(FlowOutcome.NO_LONGER_TRUE, "moving")
    assert await play.told() == []
    assert await play.count(Conversation) == 0


async def test_an_operator_calls_it_off_before_it_is_said(closed: Play) -> None:
    await closed.notice()
    await closed.reaches(FlowState.WAITING)
    await closed.story().signal("operator", "cancel")
    await closed.ends(FlowOutcome.CANCELLED, "operator")
    assert await closed.told() == []


async def test_while_a_person_speaks_with_the_customer_it_is_their_suggestion(play: Play) -> None:
    agent = await play.stage.hire()
    play.stage.assistant.failure = ValueError("a person is wanted")
    receipt = await play.stage.write("s1", "hello", verified="kim")
    await play.stage.accept(agent, receipt.interaction_id)
    await play.notice()
    row = await play.reaches(FlowState.AWAITING_CUSTOMER)
    assert row.interaction_id == receipt.interaction_id
    async with play.database.begin() as session:
        suggestion = (await session.execute(select(Suggestion))).scalar_one()
    assert (suggestion.flow_id, suggestion.state) == (play.late, "pending")
    assert play.order in suggestion.body


# --- after it was said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ShipmentState.OUT_FOR_DELIVERY, ShipmentState.DELIVERED])
async def test_the_parcel_moves_after_it_was_said(play: Play, state: ShipmentState) -> None:
    await play.notice()
    await play.reaches(FlowState.AWAITING_CUSTOMER)
    await play.scan(state)
    await play.ends(FlowOutcome.SETTLED, "moved")
    assert len(await play.told()) == 1
    assert await play.notice() == 0


async def test_an_exception_after_it_was_said_is_no_move(play: Play) -> None:
    await play.notice()
    await play.reaches(FlowState.AWAITING_CUSTOMER)
    await play.scan(ShipmentState.EXCEPTION)
    await play.stage.handled_by_relay()
    await play.scan(ShipmentState.IN_TRANSIT)
    row = await play.ends(FlowOutcome.SETTLED, "moved")
    assert row.handled_seq == row.last_seq == 3


async def test_after_days_of_silence_a_person_looks(hasty: Play) -> None:
    await hasty.notice()
    task = await hasty.task()
    assert (task.kind, task.facts["why"], task.facts["delay"]) == (TaskKind.FOLLOW_UP.value, "silence", "late")
    async with hasty.database.begin() as session:
        await finish_task(session, task.id, "robin", "agent", "done", "", hasty.stage.policy)
    await hasty.ends(FlowOutcome.SETTLED, "person")


async def test_a_parcel_that_arrives_needs_nobody_any_more(hasty: Play) -> None:
    await hasty.notice()
    task = await hasty.task()
    await hasty.scan(ShipmentState.DELIVERED)
    await hasty.ends(FlowOutcome.SETTLED, "moved")
    async with hasty.database.begin() as session:
        assert (await session.get_one(FlowTask, task.id)).state == "withdrawn"


async def test_a_customer_who_writes_back_is_answered_as_always_and_no_person_is_asked(hasty: Play) -> None:
    await hasty.notice()
    row = await hasty.reaches(FlowState.AWAITING_CUSTOMER)
    assert row.interaction_id is not None
    receipt = await hasty.stage.write("s1", "thank you for telling me", verified="kim")
    assert receipt.interaction_id == row.interaction_id
    await hasty.ends(FlowOutcome.SETTLED, "answered")
    assert await hasty.count(FlowTask) == 0


async def test_who_would_rather_wait_gets_as_long_again(hasty: Play) -> None:
    await hasty.notice()
    row = await hasty.reaches(FlowState.AWAITING_CUSTOMER)
    await hasty.choose("wait")
    task = await hasty.task()
    told_at = datetime.fromisoformat(str(row.facts["told_at"]))
    assert task.made_at is not None
    assert task.made_at - told_at >= timedelta(seconds=4)
    assert len(await hasty.told()) == 2


@pytest.mark.parametrize("choice", ["reship", "refund"])
async def test_help_that_a_rule_forbids_goes_to_a_person(play: Play, choice: str) -> None:
    async with play.database.begin() as session:
        await session.execute(delete(ShopShipmentLine))
    await play.notice()
    await play.reaches(FlowState.AWAITING_CUSTOMER)
    await play.choose(choice)
    task = await play.task()
    assert (task.facts["why"], task.facts["rule"]) == (choice, "quantity_not_left")
    assert len(await play.told()) == 2


@pytest.mark.parametrize(("choice", "remedy"), [("reship", "replacement"), ("refund", "refund")])
async def test_help_that_policy_allows_is_a_claim_of_the_customers(play: Play, choice: str, remedy: str) -> None:
    await play.notice()
    row = await play.reaches(FlowState.AWAITING_CUSTOMER)
    await play.choose(choice)
    await play.ends(FlowOutcome.SETTLED, choice)
    async with play.database.begin() as session:
        claim = (await session.execute(select(Flow).where(col(Flow.kind) == "claim"))).scalar_one()
    assert (claim.intent, claim.asked_by) == (f"outreach:{play.late}:{choice}", "customer")
    assert (claim.shop_customer_id, claim.interaction_id) == ("kim", row.interaction_id)
    assert (claim.request["complaint"], claim.request["remedy"]) == ("missing", remedy)
    assert claim.request["items"] == [{"line_id": f"{play.order}-1", "quantity": 1}]
    assert len(await play.told()) >= 2


async def test_an_unknown_choice_changes_nothing(play: Play) -> None:
    await play.notice()
    await play.reaches(FlowState.AWAITING_CUSTOMER)
    await play.choose("fireworks")
    await play.scan()
    await play.ends(FlowOutcome.SETTLED, "moved")
    assert len(await play.told()) == 1


# --- runs that end in between -----------------------------------------------------------------------------------------


async def test_a_new_run_says_nothing_twice_and_finds_the_same_story(play: Play) -> None:
    await play.notice()
    before = await play.reaches(FlowState.AWAITING_CUSTOMER)
    await play.story().terminate()
    await play.choose("wait")

    async def told_again() -> bool:
        return len(await play.told()) == 2

    await eventually(told_again)
    row = await play.flow()
    assert row.facts["told_at"] == before.facts["told_at"]
    assert [words for words in await play.told() if "late" in words] == [(await play.told())[0]]
    await play.scan(ShipmentState.DELIVERED)
    await play.ends(FlowOutcome.SETTLED, "moved")


async def test_no_history_holds_a_name_an_address_or_a_word(play: Play) -> None:
    await play.notice()
    await play.reaches(FlowState.AWAITING_CUSTOMER)
    await play.scan()
    await play.ends(FlowOutcome.SETTLED, "moved")
    recorded = (await play.story().fetch_history()).to_json()
    for secret in ("kim@", "Kim", "parcel is late"):
        assert secret not in recorded
