"""The question of how it was, on real Temporal: durable, asked once, and no burden to the case's own story."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle

from domain.baton import HolderKind
from domain.interaction import InteractionState, Resolution
from domain.message import ClaimedIdentity, InboundMessage, OutboundMessage, Receipt, SendOutcome, SendResult
from domain.names import satisfaction_workflow_id
from domain.parties import Channel, IdentityKind
from domain.policy import Policy, SatisfactionRules
from domain.satisfaction import NotAsked, QuestionState
from domain.satisfaction_words import satisfaction_question
from domain.work import WorkState
from integrations.channels.chat import ChatOutbound
from integrations.channels.protocol import ChannelUnavailable, Outbound
from store import asking
from store.database import Database
from store.ids import new_id
from store.interactions import lock_case
from store.receiving import Reception
from store.satisfaction import Satisfaction, ask_later
from store.speaking import pass_baton
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage
from tests.workflow.billing import actions

ASKED = ("system", satisfaction_question("en"))
SECOND, HOUR = 1 / 60, 60.0
"""In minutes."""


def policy(after_minutes: float, **deadlines: float) -> Policy:
    """A brand that asks."""
    rules = SatisfactionRules(ask=True, after_minutes=after_minutes)
    return small_policy(**deadlines).model_copy(update={"satisfaction": rules})


class Play:
    """What a test of the question holds in its hands."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def resolved(self, thread: str = "s1") -> Receipt:
        """A chat that the AI has resolved, and whose customer is to be asked."""
        receipt = await self.stage.write(thread, "where is my order")
        await self.stage.answered(receipt.conversation_id)
        await self.stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
        await self.stage.write(thread, "thanks")
        await self.stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
        await self.ask_later(receipt.interaction_id)
        return receipt

    async def ask_later(self, interaction_id: str) -> None:
        async with self.stage.database.begin() as session:
            customer, row = await lock_case(session, interaction_id)
            await ask_later(session, row, customer, self.stage.policy)
        self.stage.relay.poke()

    async def question(self, interaction_id: str) -> Satisfaction:
        async with self.stage.database.begin() as session:
            return await session.get_one(Satisfaction, interaction_id)

    async def becomes(self, interaction_id: str, state: QuestionState) -> Satisfaction:
        async def look() -> Satisfaction | None:
            row = await self.question(interaction_id)
            return row if row.state == state.value else None

        return await eventually(look)

    async def comes_due(self, interaction_id: str) -> None:
        """The hour is over, in the store."""
        async with self.stage.database.begin() as session:
            change = "UPDATE satisfaction SET due_at = clock_timestamp(), next_step_due = clock_timestamp()"
            await session.execute(text(f"{change} WHERE interaction_id = :id"), {"id": interaction_id})

    async def passes_to(self, interaction_id: str, kind: HolderKind) -> None:
        """Somebody takes or frees the baton."""
        async with self.stage.database.begin() as session:
            customer, _ = await lock_case(session, interaction_id)
            await pass_baton(session, customer, kind, "robin" if kind is HolderKind.AGENT else "")

    def story(self, interaction_id: str) -> WorkflowHandle[object, None]:
        return self.stage.client.get_workflow_handle(satisfaction_workflow_id(interaction_id))

    async def running(self, interaction_id: str) -> None:
        """Wait until its workflow is under way."""

        async def look() -> bool:
            await self.stage.handled_by_relay()
            return (await self.story(interaction_id).describe()).status is WorkflowExecutionStatus.RUNNING

        await eventually(look)


@asynccontextmanager
async def playing(
    database: Database, address: str, rules: Policy, channels: dict[Channel, Outbound] | None = None
) -> AsyncIterator[Play]:
    async with set_stage(database, address, rules, channels=channels) as stage:
        yield Play(stage)


@pytest.fixture
async def soon(database: Database, temporal_address: str) -> AsyncIterator[Play]:
    """Asked a second after the end."""
    async with playing(database, temporal_address, policy(SECOND)) as play:
        yield play


@pytest.fixture
async def later(database: Database, temporal_address: str) -> AsyncIterator[Play]:
    """Asked an hour after the end."""
    async with playing(database, temporal_address, policy(HOUR)) as play:
        yield play


async def test_the_customer_is_asked_once_and_the_case_stays_as_it_was(soon: Play) -> None:
    receipt = await soon.resolved()
    await soon.stage.story(receipt.interaction_id).result()
    before = await soon.stage.history(receipt.interaction_id)
    await soon.becomes(receipt.interaction_id, QuestionState.ASKED)
    await soon.story(receipt.interaction_id).result()
    assert (await soon.stage.said(receipt.conversation_id))[-1] == ASKED
    after = await soon.stage.history(receipt.interaction_id)
    assert len(after.events) == len(before.events), "the question is no event of the case's own story"
    spent = actions(await soon.story(receipt.interaction_id).fetch_history())
    assert spent.total() <= 3, spent
    await soon.stage.all_is_well()


async def test_a_rating_wakes_nobody_and_a_low_one_reaches_a_person(soon: Play) -> None:
    receipt = await soon.resolved()
    await soon.becomes(receipt.interaction_id, QuestionState.ASKED)
    await soon.stage.write("s1", "5")
    assert (await soon.question(receipt.interaction_id)).score == 5
    assert not (await soon.stage.interaction(receipt.interaction_id)).is_open
    await soon.stage.all_is_well()
    await soon.stage.write("s1", "1 - it was all wrong")
    await soon.stage.work(receipt.interaction_id, WorkState.WAITING)
    await soon.stage.all_is_well()


async def test_a_question_whose_workflow_was_terminated_is_asked_all_the_same(later: Play) -> None:
    receipt = await later.resolved()
    await later.running(receipt.interaction_id)
    await later.story(receipt.interaction_id).terminate()
    await later.comes_due(receipt.interaction_id)
    await later.stage.watch.sweep()
    await later.becomes(receipt.interaction_id, QuestionState.ASKED)
    assert [line for line in await later.stage.said(receipt.conversation_id) if line == ASKED] == [ASKED]
    await later.stage.all_is_well()


async def test_a_terminated_question_runs_again_long_before_it_is_due(later: Play) -> None:
    receipt = await later.resolved()
    await later.running(receipt.interaction_id)
    await later.story(receipt.interaction_id).terminate()

    async def repaired() -> bool:
        await later.stage.watch.sweep()
        await later.stage.handled_by_relay()
        found = await later.story(receipt.interaction_id).describe()
        return found.status is WorkflowExecutionStatus.RUNNING

    await eventually(repaired)
    await later.stage.all_is_well()


async def test_a_cancelled_question_is_never_asked(later: Play) -> None:
    receipt = await later.resolved()
    await later.running(receipt.interaction_id)
    await later.story(receipt.interaction_id).cancel()
    with pytest.raises(WorkflowFailureError):
        await later.story(receipt.interaction_id).result()
    row = await later.question(receipt.interaction_id)
    assert (row.state, row.why) == (QuestionState.DROPPED, NotAsked.CALLED_OFF)
    await later.stage.watch.sweep()
    await later.stage.all_is_well()


async def test_it_waits_while_a_person_speaks_to_the_customer(soon: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SHORTEST_PAUSE", timedelta(milliseconds=200))
    receipt = await soon.stage.write("s1", "where is my order")
    await soon.stage.answered(receipt.conversation_id)
    await soon.stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await soon.stage.write("s1", "thanks")
    await soon.stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    await soon.passes_to(receipt.interaction_id, HolderKind.AGENT)
    await soon.ask_later(receipt.interaction_id)
    due = (await soon.question(receipt.interaction_id)).due_at

    async def put_off() -> bool:
        return (await soon.question(receipt.interaction_id)).due_at != due

    await eventually(put_off)
    await soon.passes_to(receipt.interaction_id, HolderKind.NOBODY)
    await soon.becomes(receipt.interaction_id, QuestionState.ASKED)
    await soon.stage.all_is_well()


class Robot:
    """A mailbox behind which a machine answers every mail at once, and says so (RFC 3834)."""

    by_commit = False
    resend_when_unknown = True

    def __init__(self, database: Database) -> None:
        self.reception = Reception(database)
        self.got: list[str] = []
        self.closed = False

    def provider_id(self, message: OutboundMessage) -> str:
        return f"<{message.message_id}@shop.example>"

    async def send(self, message: OutboundMessage) -> SendOutcome:
        if self.closed:
            raise ChannelUnavailable
        self.got.append(message.text)
        await self.writes("5", self.provider_id(message))
        return SendOutcome(result=SendResult.SENT, provider_message_id=self.provider_id(message))

    async def reconcile(self, message: OutboundMessage) -> SendOutcome:
        return await self.send(message)

    async def writes(self, words: str, *answers: str, automatic: bool = True) -> Receipt:
        return await self.reception.receive(
            InboundMessage(
                channel=Channel.EMAIL,
                account="support@shop.example",
                provider_message_id=f"<{new_id()}@robot.example>",
                thread_refs=answers,
                sender=ClaimedIdentity(kind=IdentityKind.EMAIL, value="robot@mail.example", verified=True),
                text=words,
                auto_submitted=automatic,
            )
        )


async def test_two_machines_that_answer_one_another_come_to_an_end(database: Database, temporal_address: str) -> None:
    robot = Robot(database)
    channels: dict[Channel, Outbound] = {Channel.CHAT: ChatOutbound(), Channel.EMAIL: robot}
    rules = policy(SECOND, assume_resolved_hours=1 / 3600)
    async with playing(database, temporal_address, rules, channels) as play:
        unasked = await robot.writes("I am out of office")
        await play.stage.reaches(unasked.interaction_id, InteractionState.RESOLVED)
        assert robot.got == [], "a machine's first word is never answered"
        mail = await robot.writes("where is my order", automatic=False)
        row = await play.stage.reaches(mail.interaction_id, InteractionState.RESOLVED)
        assert row.resolution == Resolution.ASSUMED
        assert len(robot.got) == 1
        await play.ask_later(mail.interaction_id)
        await play.becomes(mail.interaction_id, QuestionState.ASKED)
        assert (await play.question(mail.interaction_id)).score is None
        assert not (await play.stage.interaction(mail.interaction_id)).is_open
        await play.ask_later(mail.interaction_id)
        await play.stage.all_is_well()
        assert len(robot.got) == 2, "one answer and one question, whatever the machine says to them"


async def test_a_question_outlasts_an_outage_of_its_channel(database: Database, temporal_address: str) -> None:
    robot = Robot(database)
    channels: dict[Channel, Outbound] = {Channel.CHAT: ChatOutbound(), Channel.EMAIL: robot}
    rules = policy(SECOND, assume_resolved_hours=1 / 3600)
    async with playing(database, temporal_address, rules, channels) as play:
        mail = await robot.writes("where is my order", automatic=False)
        await play.stage.reaches(mail.interaction_id, InteractionState.RESOLVED)
        robot.closed = True
        await play.ask_later(mail.interaction_id)
        await play.becomes(mail.interaction_id, QuestionState.ASKING)
        robot.closed = False
        await play.becomes(mail.interaction_id, QuestionState.ASKED)
        assert len(robot.got) == 2
