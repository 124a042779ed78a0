"""Questions to outside parties: asked once, reminded, answered or seen to by people; whoever asked is woken."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlmodel import col

from activities.inquiring import Inquired, InquiryActivities, ToInquire
from domain.flows.inquiry import Topic, inquiries_named
from domain.flows.kinds import AskedBy, FlowEntryKind, FlowKind, FlowOutcome, FlowState, Requester
from domain.flows.requests import InquiryRequest
from domain.flows.rules import CommerceRules, Partner
from domain.flows.verdict import RequestFacts
from domain.front_door import FrontDoor
from domain.parties import Channel
from integrations.channels.chat import ChatOutbound
from integrations.channels.email.sending import SmtpOutbound
from integrations.channels.protocol import Outbound
from integrations.shop.local import LocalShop
from store.database import Database
from store.flow_requests import request_flow
from store.flow_tasks import finish_task
from store.flows import Flow, FlowTask, Inquiry, lock_flow, tell_flow
from store.ids import new_id
from store.inquiries import inquiry_of, record_answer
from store.journal import JournalRow
from store.outbox import address_flow
from store.policy_versions import PolicyShelf
from tests.fakes.smtp import FakeSmtpServer, SmtpFailure
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage

WAREHOUSE = "dock@warehouse.example"
CANARY = "canary: is the blue one still there?"
SECOND = 1 / 3600
_PATIENT = Partner(title="Warehouse", email=WAREHOUSE, team="support")
_HASTY = _PATIENT.model_copy(update={"answer_hours": 3 * SECOND, "remind_hours": SECOND, "attempts": 2})
_BY_HAND = _HASTY.model_copy(update={"email": ""})
PARTNERS = {"patient": _PATIENT, "hasty": _HASTY, "by_hand": _BY_HAND}


@pytest.fixture
async def smtp() -> AsyncIterator[FakeSmtpServer]:
    async with FakeSmtpServer() as server:
        yield server


@pytest.fixture
async def stage(database: Database, temporal_address: str, smtp: FakeSmtpServer) -> AsyncIterator[Stage]:
    policy = small_policy().model_copy(update={"commerce": CommerceRules(partners=PARTNERS)})
    channels: dict[Channel, Outbound] = {
        Channel.CHAT: ChatOutbound(),
        Channel.EMAIL: SmtpOutbound("127.0.0.1", smtp.port),
    }
    async with set_stage(database, temporal_address, policy, channels=channels) as stage:
        yield stage


async def end_run(stage: Stage, flow_id: str) -> None:
    await stage.client.get_workflow_handle(f"inquiry-{flow_id}").terminate()


async def ask(stage: Stage, partner: str, *, for_flow: str = "", interaction_id: str | None = None) -> str:
    """An agent asks; returns the flow."""
    async with stage.database.begin() as session:
        asked = await request_flow(
            session,
            InquiryRequest(partner=partner, for_flow=for_flow),
            RequestFacts(),
            AskedBy(kind=Requester.AGENT, agent_id="robin"),
            await PolicyShelf().active(session),
            intent=new_id(),
            interaction_id=interaction_id,
            words=CANARY,
        )
    assert asked.verdict.allowed
    return asked.flow_id


async def inquiry(stage: Stage, flow_id: str) -> Inquiry:
    async with stage.database.begin() as session:
        return await inquiry_of(session, flow_id)


async def answers(stage: Stage, flow_id: str, words: str = "yes, on shelf 4") -> bool:
    row = await inquiry(stage, flow_id)
    async with stage.database.begin() as session:
        return await record_answer(session, row.id, words)


async def ends(stage: Stage, flow_id: str, outcome: FlowOutcome) -> Flow:
    async def look() -> Flow | None:
        async with stage.database.begin() as session:
            row = await session.get_one(Flow, flow_id)
        return None if row.is_open else row

    row = await eventually(look, 20)
    assert row.outcome == outcome.value
    return row


async def task(stage: Stage, flow_id: str) -> FlowTask:
    async def look() -> FlowTask | None:
        async with stage.database.begin() as session:
            return (
                await session.execute(select(FlowTask).where(col(FlowTask.flow_id) == flow_id))
            ).scalar_one_or_none()

    return await eventually(look, 20)


async def asker(stage: Stage) -> str:
    """A flow that waits for an answer; no story of its own runs here."""
    async with stage.database.begin() as session:
        policy = await PolicyShelf().active(session)
        row = Flow(
            kind=FlowKind.RETURN.value,
            intent=new_id(),
            asked_by="customer",
            request={"kind": "return", "order": "BT-1", "items": []},
            facts={"tracking": "TRK-7"},
            policy_version=policy.version,
            state=FlowState.CLOSED.value,
        )
        session.add(row)
        return row.id


async def woken(stage: Stage, flow_id: str) -> list[str]:
    """What told the asking flow of an answer."""
    async with stage.database.begin() as session:
        query = select(JournalRow).where(col(JournalRow.flow_id) == flow_id)
        return [row.ref for row in (await session.execute(query)).scalars()]


async def test_an_answer_settles_it_and_wakes_the_flow_that_asked_once(stage: Stage, smtp: FakeSmtpServer) -> None:
    waiting = await asker(stage)
    flow_id = await ask(stage, "patient", for_flow=waiting)
    mail = await smtp.wait_for(lambda mail: mail.recipient == WAREHOUSE)
    assert CANARY in mail.text
    row = await inquiry(stage, flow_id)
    assert inquiries_named(mail.subject, []) == inquiries_named("", [mail.message_id]) == [row.id]
    assert await answers(stage, flow_id)
    await ends(stage, flow_id, FlowOutcome.SETTLED)
    assert await woken(stage, waiting) == [row.id]
    assert not await answers(stage, flow_id, "and another thing")
    row = await inquiry(stage, flow_id)
    assert row.answer == "yes, on shelf 4\n\nand another thing"
    assert len(smtp.mails) == 1


async def test_who_does_not_answer_is_reminded_in_the_thread_and_then_people_see_to_it(
    stage: Stage, smtp: FakeSmtpServer
) -> None:
    waiting = await asker(stage)
    flow_id = await ask(stage, "hasty", for_flow=waiting)
    asked = await task(stage, flow_id)
    assert (asked.kind, asked.team_id, asked.facts["why"]) == ("follow_up", "support", "no_answer")
    first, *reminders = smtp.mails
    assert [mail.in_reply_to for mail in reminders] == [first.message_id] * 2
    assert all(CANARY in mail.text for mail in reminders)
    assert (await inquiry(stage, flow_id)).reminders == 2
    async with stage.database.begin() as session:
        await finish_task(session, asked.id, "kim", "admin", "done", "I called them: it is there.", stage.policy)
    await ends(stage, flow_id, FlowOutcome.SETTLED)
    row = await inquiry(stage, flow_id)
    assert row.answer == "I called them: it is there."
    assert await woken(stage, waiting) == [row.id]


async def test_a_late_answer_takes_the_work_from_people(stage: Stage) -> None:
    flow_id = await ask(stage, "hasty")
    asked = await task(stage, flow_id)
    await answers(stage, flow_id)
    await ends(stage, flow_id, FlowOutcome.SETTLED)
    async with stage.database.begin() as session:
        assert (await session.get_one(FlowTask, asked.id)).state == "withdrawn"


async def test_a_link_that_is_given_on_by_hand_sends_no_mail_and_has_the_same_deadline(
    stage: Stage, smtp: FakeSmtpServer
) -> None:
    flow_id = await ask(stage, "by_hand")
    await task(stage, flow_id)
    assert smtp.mails == ()
    assert (await inquiry(stage, flow_id)).asked_at is not None


async def test_an_address_that_is_refused_goes_to_people_at_once(stage: Stage, smtp: FakeSmtpServer) -> None:
    smtp.fail_next(SmtpFailure.RECIPIENT_REFUSED)
    flow_id = await ask(stage, "patient")
    assert (await task(stage, flow_id)).facts["why"] == "unreachable"


async def test_a_mail_server_that_is_away_delays_the_question_and_nothing_else(
    stage: Stage, smtp: FakeSmtpServer
) -> None:
    smtp.fail_next(SmtpFailure.RECIPIENT_DEFERRED, SmtpFailure.DROPPED_AT_RECIPIENT)
    flow_id = await ask(stage, "patient")
    await smtp.wait_for(lambda mail: mail.recipient == WAREHOUSE)
    assert len(smtp.mails) == 1
    await answers(stage, flow_id)
    await ends(stage, flow_id, FlowOutcome.SETTLED)


async def test_an_inquiry_that_is_called_off_ends_and_whoever_asked_goes_on(stage: Stage) -> None:
    waiting = await asker(stage)
    flow_id = await ask(stage, "patient", for_flow=waiting)

    async def asked() -> bool:
        return (await inquiry(stage, flow_id)).asked_at is not None

    await eventually(asked)
    async with stage.database.begin() as session:
        tell_flow(session, await lock_flow(session, flow_id), FlowEntryKind.CUSTOMER_CANCELLED, by="operator")
    await ends(stage, flow_id, FlowOutcome.CANCELLED)
    assert len(await woken(stage, waiting)) == 1


async def test_a_new_run_asks_nobody_twice(stage: Stage, smtp: FakeSmtpServer) -> None:
    flow_id = await ask(stage, "patient")
    await smtp.wait_for(lambda mail: mail.recipient == WAREHOUSE)
    await eventually(lambda: is_asked(stage, flow_id))
    await end_run(stage, flow_id)
    async with stage.database.begin() as session:
        address_flow(session, flow_id, f"inquiry-{flow_id}", None)
    await answers(stage, flow_id)
    await ends(stage, flow_id, FlowOutcome.SETTLED)
    assert len(smtp.mails) == 1


async def is_asked(stage: Stage, flow_id: str) -> bool:
    return (await inquiry(stage, flow_id)).asked_at is not None


async def test_a_flow_asks_by_a_topic_once(stage: Stage, smtp: FakeSmtpServer) -> None:
    waiting = await asker(stage)
    mail = SmtpOutbound("127.0.0.1", smtp.port)
    verbs = InquiryActivities(stage.database, LocalShop(stage.database), mail, FrontDoor())
    wish = ToInquire(flow_id=waiting, partner="patient", topic=Topic.FIND_PARCEL)
    asked = await verbs.inquire(wish)
    assert await verbs.inquire(wish) == asked != Inquired()
    assert (
        await verbs.inquire(wish.model_copy(update={"partner": "nobody", "topic": Topic.INSPECT_RETURN})) == Inquired()
    )
    question = await smtp.wait_for(lambda mail: mail.recipient == WAREHOUSE)
    assert "TRK-7" in question.text
    assert question.auto_submitted == "auto-generated"


async def test_no_history_holds_question_answer_or_address(stage: Stage) -> None:
    flow_id = await ask(stage, "hasty")
    await task(stage, flow_id)
    await answers(stage, flow_id, "canary: answer")
    await ends(stage, flow_id, FlowOutcome.SETTLED)
    history = await stage.client.get_workflow_handle(f"inquiry-{flow_id}").fetch_history()
    written = b"".join(event.SerializeToString() for event in history.events)
    assert flow_id.encode() in written
    assert b"canary" not in written
    assert WAREHOUSE.encode() not in written
