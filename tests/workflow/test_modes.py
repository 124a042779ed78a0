"""How far the AI may go: drafts that people release, words that nobody sees, and the switch that stops it at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from domain.interaction import EntryKind, InteractionState, Resolution
from domain.modes import EVERY_CELL, Mode
from domain.parties import AuthorKind, Role
from domain.policy import Policy
from domain.proposal import HandoffReason, Question
from domain.readiness import RejectionReason
from store.asking_briefs import ask_for_brief
from store.conversations import Message
from store.database import Database
from store.drafts import reject_draft, send_draft
from store.errors import Conflict
from store.interactions import lock_case, move
from store.journal import tell
from store.people import hand_back
from store.policy_versions import PolicyShelf
from store.queueing import place
from store.speaking import Draft, DraftState
from store.stopping import start_ai, stop_ai
from store.supervising import take_from
from store.work import Agent, WorkItem
from tests.policies import small_policy, story_policy
from tests.stage import Stage, eventually, set_stage


def in_mode(mode: Mode, policy: Policy | None = None) -> Policy:
    policy = policy or small_policy()
    return policy.model_copy(update={"assistant": policy.assistant.model_copy(update={"mode": mode})})


class Modes(Stage):
    """A stage with what people do to drafts."""

    async def drafts(self, interaction_id: str) -> list[Draft]:
        async with self.database.begin() as session:
            query = select(Draft).where(col(Draft.interaction_id) == interaction_id).order_by(col(Draft.created_at))
            return list((await session.execute(query)).scalars())

    async def draft_of(self, item: WorkItem) -> Draft:
        async with self.database.begin() as session:
            return await session.get_one(Draft, item.draft_id)

    async def reviewed(self, thread: str = "s1", words: str = "where is my order") -> tuple[Agent, WorkItem, str, str]:
        """An agent has the review of a draft: agent, item, interaction, conversation."""
        agent = await self.hire()
        receipt = await self.write(thread, words)
        item = await self.accept(agent, receipt.interaction_id)
        assert item.draft_id is not None
        return agent, item, receipt.interaction_id, receipt.conversation_id

    async def send(self, agent: Agent, item: WorkItem, draft_id: str | None, words: str | None = None) -> Message:
        async with self.database.begin() as session:
            return await send_draft(session, item.id, agent.id, draft_id or "", self.policy, words)

    async def another_draft(self, item: WorkItem) -> str:
        """Wait until another draft lies with the item."""

        async def look() -> str | None:
            async with self.database.begin() as session:
                now = await session.get_one(WorkItem, item.id)
            return now.draft_id if now.draft_id != item.draft_id else None

        return await eventually(look)

    async def brief_of(self, item: WorkItem, summary: str) -> WorkItem:
        """Wait until the item has a brief with this summary."""

        async def look() -> WorkItem | None:
            async with self.database.begin() as session:
                now = await session.get_one(WorkItem, item.id)
            return now if now.brief and now.brief["summary"] == summary else None

        return await eventually(look)

    async def stop(self, cell: str = EVERY_CELL) -> int:
        return await stop_ai(self.database, cell, "lead", "a test")


@asynccontextmanager
async def stand(database: Database, temporal_address: str, policy: Policy) -> AsyncIterator[Modes]:
    async with set_stage(database, temporal_address, policy) as stage:
        stage.__class__ = Modes
        assert isinstance(stage, Modes)
        yield stage


@pytest.fixture
async def drafting(database: Database, temporal_address: str) -> AsyncIterator[Modes]:
    async with stand(database, temporal_address, in_mode(Mode.DRAFT)) as stage:
        yield stage


@pytest.fixture
async def acting(database: Database, temporal_address: str) -> AsyncIterator[Modes]:
    async with stand(database, temporal_address, small_policy()) as stage:
        yield stage


# --- mode draft -------------------------------------------------------------------------------------------------------


async def test_a_draft_goes_to_people_and_the_customer_hears_nothing_of_it(drafting: Modes) -> None:
    _, item, interaction_id, conversation_id = await drafting.reviewed()
    assert (item.reason, (await drafting.draft_of(item)).body) == (HandoffReason.DRAFT_REVIEW, "re: where is my order")
    await drafting.handled_by_relay()
    assert [author for author, _ in await drafting.said(conversation_id)] == ["customer"]
    async with drafting.database.begin() as session:
        assert await place(session, interaction_id, PolicyShelf()) is None, "no queue where nobody was announced"
    await drafting.all_is_well()


async def test_a_released_draft_is_the_ais_own_word_and_the_ai_has_the_case_again(drafting: Modes) -> None:
    agent, item, interaction_id, conversation_id = await drafting.reviewed()
    message = await drafting.send(agent, item, item.draft_id)
    assert (message.author, message.author_id) == (AuthorKind.AI, "")
    assert (await drafting.answered(conversation_id))[-1] == ("ai", "re: where is my order")
    await drafting.reaches(interaction_id, InteractionState.AWAITING_CUSTOMER)
    await drafting.handled(interaction_id)
    await drafting.write("s1", "and the other one")
    following = await drafting.accept(agent, interaction_id)
    assert (await drafting.draft_of(following)).body == "re: and the other one"
    await drafting.all_is_well()


async def test_an_edited_draft_is_the_agents_own_word(drafting: Modes) -> None:
    agent, item, _, conversation_id = await drafting.reviewed()
    message = await drafting.send(agent, item, item.draft_id, "It left us today.")
    assert (message.author, message.author_id) == (AuthorKind.AGENT, agent.id)
    assert (await drafting.answered(conversation_id))[-1] == ("agent", "It left us today.")
    await drafting.all_is_well()


async def test_silence_after_a_released_draft_closes_the_case(database: Database, temporal_address: str) -> None:
    policy = in_mode(Mode.DRAFT, small_policy(assume_resolved_hours=1 / 3600))
    async with stand(database, temporal_address, policy) as stage:
        agent, item, interaction_id, _ = await stage.reviewed()
        await stage.send(agent, item, item.draft_id)
        row = await stage.reaches(interaction_id, InteractionState.RESOLVED)
        assert row.resolution == Resolution.ASSUMED
        await stage.all_is_well()


async def test_silence_after_a_released_question_is_no_resolution(database: Database, temporal_address: str) -> None:
    policy = in_mode(Mode.DRAFT, small_policy(assume_resolved_hours=1 / 3600))
    async with stand(database, temporal_address, policy) as stage:
        stage.assistant.answer = lambda _: Question(text="Which order?")
        agent, item, interaction_id, _ = await stage.reviewed()
        await stage.send(agent, item, item.draft_id)
        row = await stage.reaches(interaction_id, InteractionState.RESOLVED)
        assert (row.resolution, row.questions_asked) == (Resolution.NO_ANSWER, 1)


async def test_who_rejects_a_draft_keeps_the_case_and_answers(drafting: Modes) -> None:
    agent, item, interaction_id, conversation_id = await drafting.reviewed()
    async with drafting.database.begin() as session:
        await reject_draft(session, item.id, agent.id, item.draft_id or "", RejectionReason.WRONG, drafting.policy)
    await drafting.write("s1", "hello?")
    await drafting.reply(agent, item, "It is lost.")
    assert (await drafting.answered(conversation_id))[-1] == ("agent", "It is lost.")
    await drafting.finish(agent, item)
    await drafting.handled(interaction_id)
    assert drafting.assistant.composed == ["where is my order"], "the AI drafts no more once it was rejected"
    await drafting.all_is_well()


async def test_a_draft_that_the_customer_has_overtaken_cannot_be_sent_and_another_takes_its_place(
    drafting: Modes,
) -> None:
    agent, item, _, conversation_id = await drafting.reviewed()
    drafting.assistant.may_compose.clear()
    await drafting.write("s1", "and the other one")
    with pytest.raises(Conflict, match="customer_wrote"):
        await drafting.send(agent, item, item.draft_id)
    drafting.assistant.may_compose.set()
    draft_id = await drafting.another_draft(item)
    assert (await drafting.draft_of(item)).state == DraftState.DISCARDED
    await drafting.send(agent, item, draft_id)
    said = await drafting.answered(conversation_id)
    assert said[-1] == ("ai", "re: where is my order\nand the other one")
    await drafting.all_is_well()


async def test_a_draft_for_which_the_ai_has_no_second_answer_leaves_ordinary_work(drafting: Modes) -> None:
    agent, item, interaction_id, _ = await drafting.reviewed()
    drafting.assistant.failure = ValueError("no answer")
    await drafting.write("s1", "and the other one")
    assert await eventually(lambda: _withdrawn(drafting, item)) == HandoffReason.TOOL_FAILURE
    await drafting.reply(agent, item, "Let me see.")
    await drafting.finish(agent, item)
    await drafting.handled(interaction_id)
    await drafting.all_is_well()


async def _withdrawn(stage: Modes, item: WorkItem) -> str | None:
    async with stage.database.begin() as session:
        now = await session.get_one(WorkItem, item.id)
    return now.reason if now.draft_id is None else None


async def test_a_draft_outlives_whoever_had_it(drafting: Modes) -> None:
    agent, item, interaction_id, conversation_id = await drafting.reviewed()
    colleague = await drafting.hire("kim")
    async with drafting.database.begin() as session:
        await take_from(session, item.id, "lead", drafting.policy)
    with pytest.raises(Conflict, match="not_your_case"):
        await drafting.send(agent, item, item.draft_id)
    taken = await drafting.accept(colleague, interaction_id)
    await drafting.send(colleague, taken, taken.draft_id)
    await drafting.answered(conversation_id)
    await drafting.all_is_well()


async def test_a_run_that_was_killed_in_a_review_drafts_again_when_the_customer_writes(drafting: Modes) -> None:
    agent, item, interaction_id, conversation_id = await drafting.reviewed()
    await drafting.handled_by_relay()
    await drafting.story(interaction_id).terminate("by hand")
    await drafting.write("s1", "and the other one")
    draft_id = await drafting.another_draft(item)
    await drafting.send(agent, item, draft_id)
    await drafting.answered(conversation_id)
    await drafting.all_is_well(within=30)


async def test_who_hands_a_review_back_gets_another_draft(drafting: Modes) -> None:
    agent, item, interaction_id, _ = await drafting.reviewed()
    async with drafting.database.begin() as session:
        await hand_back(session, item.id, agent.id, drafting.policy)
    following = await drafting.accept(agent, interaction_id)
    assert following.draft_id not in {None, item.draft_id}
    assert (await drafting.draft_of(item)).state == DraftState.DISCARDED
    await drafting.all_is_well()


async def test_what_a_plan_collects_is_asked_for_by_drafts_too(database: Database, temporal_address: str) -> None:
    async with stand(database, temporal_address, in_mode(Mode.DRAFT, story_policy())) as stage:
        agent, item, interaction_id, conversation_id = await stage.reviewed(words="damaged_wrong: it is broken")
        assert not item.asks_decision, "the decision comes later"
        await stage.send(agent, item, item.draft_id)
        assert "your order number" in (await stage.answered(conversation_id))[-1][1]
        await stage.write("s1", "damaged_wrong: it is BT-10001")
        assert (await stage.accept(agent, interaction_id)).asks_decision
        await stage.all_is_well()


async def test_a_review_that_takes_long_ends_the_silence_with_the_words_for_all_who_wait(
    drafting: Modes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.interaction_state._SILENCE", timedelta(seconds=0.5))
    receipt = await drafting.write("s1", "where is my order")
    item = await drafting.work(receipt.interaction_id, "waiting")
    await drafting.happened(receipt.interaction_id, "message_sent")
    said = await drafting.said(receipt.conversation_id)
    assert [author for author, _ in said] == ["customer", "system"]
    async with drafting.database.begin() as session:
        assert await place(session, receipt.interaction_id, PolicyShelf()) is not None
    agent = await drafting.hire()
    taken = await drafting.accept(agent, receipt.interaction_id)
    assert taken.draft_id == item.draft_id, "the draft waits on"
    await drafting.send(agent, taken, taken.draft_id)
    await drafting.answered(receipt.conversation_id)
    await drafting.all_is_well()


async def test_the_run_shows_that_a_draft_is_waited_for(drafting: Modes) -> None:
    _, _, interaction_id, _ = await drafting.reviewed()

    async def shown() -> bool:
        details = (await drafting.story(interaction_id).query("__temporal_workflow_metadata")).current_details
        return "the agent's word on the AI's draft" in details and "**Mode**: draft" in details

    await eventually(shown)


# --- mode shadow ------------------------------------------------------------------------------------------------------


async def test_in_shadow_people_answer_at_once_and_nobody_sees_the_draft(
    database: Database, temporal_address: str
) -> None:
    async with stand(database, temporal_address, in_mode(Mode.SHADOW)) as stage:
        agent = await stage.hire()
        stage.assistant.may_compose.clear()
        receipt = await stage.write("s1", "where is my order")
        item = await stage.accept(agent, receipt.interaction_id)
        assert (item.reason, item.draft_id) == (HandoffReason.SHADOWED, None)
        stage.assistant.may_compose.set()
        await stage.happened(receipt.interaction_id, "draft_shadowed")
        assert [(draft.state, draft.mode) for draft in await stage.drafts(receipt.interaction_id)] == [
            (DraftState.SHADOWED, Mode.SHADOW)
        ]
        await stage.reply(agent, item, "It is on its way.")
        said = await stage.answered(receipt.conversation_id)
        assert [author for author, _ in said if author != "system"] == ["customer", "agent"]
        await stage.all_is_well()


# --- the switch -------------------------------------------------------------------------------------------------------


async def test_a_stop_while_the_ai_composes_hands_the_case_over_unsaid(acting: Modes) -> None:
    acting.assistant.may_compose.clear()
    receipt = await acting.write("s1", "where is my order")
    await acting.assistant.composing.wait()
    assert await acting.stop() == 1
    acting.assistant.may_compose.set()
    item = await acting.work(receipt.interaction_id, "waiting")
    assert item.reason == HandoffReason.AI_STOPPED
    assert [author for author, _ in await acting.said(receipt.conversation_id) if author == "ai"] == []
    await acting.brief_of(item, "a customer waits")
    await acting.all_is_well()


async def test_a_case_in_which_the_ai_has_asked_goes_to_people_at_once_and_an_answered_one_when_they_write(
    acting: Modes,
) -> None:
    answered = await acting.write("answered", "where is my order")
    await acting.answered(answered.conversation_id)
    acting.assistant.answer = lambda _: Question(text="Which order?")
    asked = await acting.write("asked", "where is it")
    await acting.answered(asked.conversation_id)
    for receipt in (answered, asked):
        await acting.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert await acting.stop() == 1
    assert (await acting.work(asked.interaction_id, "waiting")).reason == HandoffReason.AI_STOPPED
    assert (await acting.interaction(answered.interaction_id)).state == InteractionState.AWAITING_CUSTOMER
    await acting.write("answered", "and the other one")
    assert (await acting.work(answered.interaction_id, "waiting")).reason == HandoffReason.AI_STOPPED
    await acting.all_is_well()


async def test_a_stopped_cell_leaves_the_others_to_the_ai_and_a_start_gives_new_turns_back(acting: Modes) -> None:
    await acting.stop("complaint x any")
    first = await acting.write("s1", "where is my order")
    await acting.answered(first.conversation_id)
    await acting.stop("defaults")
    second = await acting.write("s2", "where is my order")
    assert (await acting.work(second.interaction_id, "waiting")).reason == HandoffReason.AI_STOPPED
    async with acting.database.begin() as session:
        assert await start_ai(session, "defaults", "lead")
    third = await acting.write("s3", "where is my order")
    await acting.answered(third.conversation_id)
    assert (await acting.work(second.interaction_id, "waiting")).draft_id is None
    await acting.all_is_well()


async def test_a_stop_withdraws_a_draft_and_leaves_its_case_to_people(drafting: Modes) -> None:
    agent, item, interaction_id, _ = await drafting.reviewed()
    await drafting.stop()
    assert await _withdrawn(drafting, item) == HandoffReason.AI_STOPPED
    with pytest.raises(Conflict, match="ai_stopped"):
        await drafting.send(agent, item, item.draft_id)
    await drafting.reply(agent, item, "It is on its way.")
    await drafting.finish(agent, item)
    await drafting.handled(interaction_id)
    await drafting.all_is_well()


async def test_a_plan_that_collects_ends_with_people_when_its_cell_is_stopped(
    database: Database, temporal_address: str
) -> None:
    async with stand(database, temporal_address, story_policy()) as stage:
        receipt = await stage.write("s1", "damaged_wrong: it is broken")
        await stage.answered(receipt.conversation_id)
        await stage.stop("damaged_wrong x any")
        await stage.write("s1", "damaged_wrong: it is BT-10001")
        item = await stage.work(receipt.interaction_id, "waiting")
        assert item.reason == HandoffReason.AI_STOPPED
        await stage.all_is_well()


async def test_requests_for_proof_use_up_no_questions_back(acting: Modes) -> None:
    acting.assistant.answer = lambda _: Question(text="Who are you?", asks_proof=True)
    receipt = await acting.write("s1", "where is my order")
    for number in range(1, acting.policy.assistant.questions + 2):
        await acting.answered(receipt.conversation_id, times=number)
        await acting.write("s1", f"my order, please ({number})")
    row = await acting.interaction(receipt.interaction_id)
    assert row.questions_asked == 0
    await acting.all_is_well()


# --- briefs, and customers who were not content -----------------------------------------------------------------------


async def test_an_agent_gets_a_new_brief_on_demand(acting: Modes) -> None:
    agent = await acting.hire()
    receipt = await acting.write("s1", "a complaint")
    item = await acting.accept(agent, receipt.interaction_id)
    await acting.brief_of(item, "a customer waits")
    acting.assistant.summary = "a customer waits for long"
    await acting.handled_by_relay()
    await acting.deafen()
    for on_its_way in (False, True):
        async with acting.database.begin() as session:
            assert await ask_for_brief(session, item.id, agent.id, supervises=False) is not on_its_way
    await acting.listen()
    await acting.brief_of(item, "a customer waits for long")
    await acting.all_is_well()


async def test_a_low_rating_opens_the_case_again_for_a_lead(acting: Modes) -> None:
    await acting.hire()
    lead = await acting.hire("kim")
    async with acting.database.begin() as session:
        (await session.get_one(Agent, lead.id)).role = Role.LEAD.value
    receipt = await acting.write("s1", "where is my order")
    await acting.answered(receipt.conversation_id)
    await acting.write("s1", "thanks")
    await acting.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    async with acting.database.begin() as session:
        _, row = await lock_case(session, receipt.interaction_id)
        await move(session, row, InteractionState.AWAITING_CUSTOMER, due_in=20)
        tell(session, row, EntryKind.RATED_LOW, ref="support")
    item = await acting.accept(lead, receipt.interaction_id)
    assert item.reason == HandoffReason.LOW_SATISFACTION
    await acting.all_is_well()
