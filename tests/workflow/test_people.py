"""Stories in which people take part."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.interaction import InteractionState, Resolution
from domain.proposal import HandoffReason
from store.database import Database
from store.people import hand_back, use_suggestion
from store.speaking import Suggestion
from store.work import Agent, WorkItem, wake
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        yield stage


async def with_agent(stage: Stage, thread: str = "s1", verified: str = "") -> tuple[Agent, WorkItem, str, str]:
    """An agent holds a complaint: agent, item, interaction, conversation."""
    agent = await stage.hire()
    receipt = await stage.write(thread, "a complaint", verified=verified)
    item = await stage.accept(agent, receipt.interaction_id)
    return agent, item, receipt.interaction_id, receipt.conversation_id


async def test_a_complaint_reaches_a_person_who_answers_and_resolves(stage: Stage) -> None:
    agent, item, interaction_id, conversation_id = await with_agent(stage)
    await stage.reply(agent, item, "I am sorry, I will mend it.")
    assert (await stage.answered(conversation_id))[-1] == ("agent", "I am sorry, I will mend it.")
    await stage.finish(agent, item)
    row = await stage.reaches(interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.BY_AGENT
    await stage.all_is_well()


async def test_the_last_reply_before_resolving_reaches_the_customer(stage: Stage) -> None:
    agent, item, interaction_id, conversation_id = await with_agent(stage)
    await stage.deafen()
    await stage.reply(agent, item, "one", "k1")
    await stage.reply(agent, item, "two", "k2")
    await stage.finish(agent, item)
    await stage.listen()
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    assert [words for author, words in await stage.said(conversation_id) if author == "agent"] == ["one", "two"]
    await stage.all_is_well()


async def test_a_message_right_after_the_agent_resolved_is_not_closed_away(stage: Stage) -> None:
    agent, item, interaction_id, conversation_id = await with_agent(stage)
    await stage.deafen()
    await stage.finish(agent, item)
    await stage.write("s1", "and my refund?")
    await stage.listen()
    assert (await stage.answered(conversation_id))[-1] == ("ai", "re: a complaint\nand my refund?")
    assert (await stage.interaction(interaction_id)).state != InteractionState.RESOLVED
    await stage.all_is_well()


async def test_a_case_handed_back_goes_on_with_the_ai(stage: Stage) -> None:
    agent, item, interaction_id, conversation_id = await with_agent(stage)
    await stage.reply(agent, item, "the machine can do the rest")
    await stage.answered(conversation_id)
    async with stage.database.begin() as session:
        await hand_back(session, item.id, agent.id, stage.policy)
    await stage.reaches(interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.write("s1", "where is my order")
    assert (await stage.answered(conversation_id, times=2))[-1] == ("ai", "re: where is my order")
    await stage.all_is_well()


async def test_what_the_customer_writes_to_a_person_is_not_answered_by_the_ai(stage: Stage) -> None:
    _, _, interaction_id, conversation_id = await with_agent(stage)
    await stage.write("s1", "are you there?")
    await stage.handled_by_relay()
    await stage.story(interaction_id).signal("entries", [])
    assert "ai" not in [author for author, _ in await stage.said(conversation_id)]
    assert (await stage.interaction(interaction_id)).state == InteractionState.WITH_PERSON


async def test_the_case_of_an_agent_who_is_lost_goes_to_a_colleague(stage: Stage) -> None:
    agent, item, interaction_id, conversation_id = await with_agent(stage)
    colleague = await stage.hire("kim")
    async with stage.database.begin() as session:
        gone = text("UPDATE agent SET lease_until = clock_timestamp() - :ago WHERE id = :id")
        await session.execute(gone, {"ago": timedelta(seconds=1000), "id": agent.id})
        await wake(session, ["support"])
    item = await stage.accept(colleague, interaction_id)
    await stage.reply(colleague, item, "I have it now")
    assert (await stage.answered(conversation_id))[-1] == ("agent", "I have it now")
    await stage.finish(colleague, item)
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    await stage.all_is_well()


async def suggestion_of(stage: Stage, interaction_id: str) -> Suggestion:
    """Wait until an interaction has laid its words before the holder."""

    async def look() -> Suggestion | None:
        async with stage.database.begin() as session:
            query = text("SELECT id FROM suggestion WHERE interaction_id = :id AND state = 'pending'")
            found = (await session.execute(query, {"id": interaction_id})).scalar_one_or_none()
            return await session.get(Suggestion, found) if found else None

    return await eventually(look)


async def second_problem(stage: Stage, interaction_id: str) -> tuple[str, str]:
    """The customer whose complaint an agent holds asks something else on another channel."""
    async with stage.database.begin() as session:
        hide = "UPDATE interaction SET state = :state WHERE id = :id"
        await session.execute(text(hide), {"state": "resolved", "id": interaction_id})
    other = await stage.write("s2", "where is my order", verified="c1")
    async with stage.database.begin() as session:
        await session.execute(text(hide), {"state": "with_person", "id": interaction_id})
    await stage.reaches(other.interaction_id, InteractionState.AWAITING_HOLDER)
    return other.interaction_id, other.conversation_id


async def test_a_suggestion_is_said_by_the_agent_who_holds_the_baton(stage: Stage) -> None:
    agent, item, interaction_id, conversation_id = await with_agent(stage, verified="c1")
    other, their_thread = await second_problem(stage, interaction_id)
    suggestion = await suggestion_of(stage, other)
    assert suggestion.body == "re: where is my order"
    async with stage.database.begin() as session:
        await use_suggestion(session, item.id, agent.id, suggestion.id, suggestion.body, stage.policy)
    assert (await stage.answered(conversation_id))[-1] == ("agent", "re: where is my order")
    await stage.reaches(other, InteractionState.AWAITING_CUSTOMER)
    await stage.story(other).terminate()
    async with stage.database.begin() as session:
        await session.execute(text("UPDATE interaction SET next_step_due = clock_timestamp()"))
    await stage.watch.sweep()
    await stage.all_is_well()
    assert (await stage.interaction(other)).state == InteractionState.AWAITING_CUSTOMER
    assert "ai" not in [author for author, _ in await stage.said(their_thread)]


async def test_a_dismissed_suggestion_leaves_its_case_to_a_person(stage: Stage) -> None:
    agent, item, interaction_id, _ = await with_agent(stage, verified="c1")
    other, _ = await second_problem(stage, interaction_id)
    suggestion = await suggestion_of(stage, other)
    async with stage.database.begin() as session:
        await use_suggestion(session, item.id, agent.id, suggestion.id, None, stage.policy)
    theirs = await stage.work(other, "offered")
    assert theirs.reason == HandoffReason.SUGGESTION_UNANSWERED


async def test_a_freed_baton_lets_the_waiting_case_speak_for_itself(stage: Stage) -> None:
    agent, item, interaction_id, _ = await with_agent(stage, verified="c1")
    _, their_thread = await second_problem(stage, interaction_id)
    await stage.finish(agent, item)
    assert (await stage.answered(their_thread))[-1] == ("ai", "re: where is my order")
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    await stage.all_is_well()


async def test_a_suggestion_that_nobody_looks_at_leaves_its_case_to_a_person(
    database: Database, temporal_address: str
) -> None:
    async with set_stage(database, temporal_address, small_policy(suggestion_seconds=0.5)) as stage:
        _, _, interaction_id, _ = await with_agent(stage, verified="c1")
        other, _ = await second_problem(stage, interaction_id)
        theirs = await stage.work(other, "offered")
        assert theirs.reason == HandoffReason.SUGGESTION_UNANSWERED
        async with stage.database.begin() as session:
            state = await session.execute(text("SELECT state FROM suggestion"))
            assert state.scalar_one() == "lapsed", "two people would answer the same"
