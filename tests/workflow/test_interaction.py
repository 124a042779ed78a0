"""The story of an interaction that the AI handles, on real Temporal and real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from domain.case import Case
from domain.interaction import InteractionState, Resolution
from domain.names import Pool
from domain.proposal import Handoff, HandoffReason, Proposal, Question
from store.database import Database
from tests.fakes.assistant import cited
from tests.policies import small_policy
from tests.stage import Stage, set_stage

SOON = 1 / 3600
"""A second, in hours."""


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        yield stage


@pytest.fixture
async def impatient(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    """Silence closes a case after a second."""
    async with set_stage(database, temporal_address, small_policy(assume_resolved_hours=SOON)) as stage:
        yield stage


async def test_a_question_is_answered_and_thanks_close_it(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    said = await stage.answered(receipt.conversation_id)
    assert said == [("customer", "where is my order"), ("ai", "re: where is my order")]
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.write("s1", "thanks")
    row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.CONFIRMED
    assert await stage.story(receipt.interaction_id).result() == Resolution.CONFIRMED
    await stage.all_is_well()


async def test_four_messages_in_a_burst_get_one_answer_to_all_four(stage: Stage) -> None:
    for word in ("one", "two", "three", "four"):
        receipt = await stage.write("s1", word)
    said = await stage.answered(receipt.conversation_id)
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert [words for author, words in said if author == "ai"] == ["re: one\ntwo\nthree\nfour"]
    assert stage.assistant.composed == ["one\ntwo\nthree\nfour"]


async def test_a_message_while_composing_discards_the_draft(stage: Stage) -> None:
    stage.assistant.may_compose.clear()
    receipt = await stage.write("s1", "one")
    await stage.assistant.composing.wait()
    await stage.write("s1", "two")
    stage.assistant.may_compose.set()
    said = await stage.answered(receipt.conversation_id)
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert [words for author, words in said if author == "ai"] == ["re: one\ntwo"]
    await stage.all_is_well()


async def test_a_customer_who_writes_faster_than_the_ai_gets_a_person(stage: Stage) -> None:
    receipt = await stage.write("s1", "one")
    for word in ("two", "three", "four"):
        stage.assistant.may_compose.clear()
        await stage.assistant.composing.wait()
        stage.assistant.composing.clear()
        await stage.write("s1", word)
        stage.assistant.may_compose.set()
    item = await stage.work(receipt.interaction_id, "waiting")
    assert item.reason == HandoffReason.OUTPACED
    assert "ai" not in [author for author, _ in await stage.said(receipt.conversation_id)]


async def test_silence_after_an_answer_closes_as_assumed(impatient: Stage) -> None:
    receipt = await impatient.write("s1", "hello")
    row = await impatient.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.ASSUMED
    await impatient.all_is_well()


async def test_silence_after_a_question_back_is_no_resolution(impatient: Stage) -> None:
    impatient.assistant.answer = lambda _: Question(text="Which order?")
    receipt = await impatient.write("s1", "where is it")
    row = await impatient.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.NO_ANSWER


async def test_an_answer_after_the_close_goes_on_with_the_same_interaction(impatient: Stage) -> None:
    receipt = await impatient.write("s1", "one")
    await impatient.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    again = await impatient.write("s1", "two")
    assert again.interaction_id == receipt.interaction_id
    said = await impatient.answered(receipt.conversation_id, times=2)
    assert said[-1] == ("ai", "re: two")
    await impatient.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    await impatient.all_is_well()


async def test_thanks_after_the_close_go_to_nobody(impatient: Stage) -> None:
    receipt = await impatient.write("s1", "one")
    await impatient.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    await impatient.write("s1", "thanks")
    await impatient.handled(receipt.interaction_id)
    row = await impatient.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert (row.resolution, row.runs) == (Resolution.CONFIRMED, 2)
    assert len(await impatient.said(receipt.conversation_id)) == 3


async def test_another_problem_gets_a_story_of_its_own_and_both_go_on(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    await stage.answered(receipt.conversation_id)
    await stage.write("s1", "another thing: a refund")
    said = await stage.answered(receipt.conversation_id, times=2)
    assert said[-1] == ("ai", "re: another thing: a refund")
    first, second = await stage.interactions()
    assert (second.linked_to, second.issue) == (first.id, "refund")
    assert first.issue == "order_status"
    await stage.reaches(second.id, InteractionState.AWAITING_CUSTOMER)
    await stage.reaches(first.id, InteractionState.AWAITING_CUSTOMER)
    await stage.all_is_well()


async def test_another_problem_before_the_first_is_answered_leaves_neither_unanswered(stage: Stage) -> None:
    stage.assistant.may_compose.clear()
    receipt = await stage.write("s1", "where is my order")
    await stage.assistant.composing.wait()
    await stage.write("s1", "another thing: a refund")
    stage.assistant.may_compose.set()
    said = await stage.answered(receipt.conversation_id, times=2)
    assert {words for author, words in said if author == "ai"} == {
        "re: where is my order",
        "re: another thing: a refund",
    }
    await stage.all_is_well()


async def test_a_customer_who_writes_on_after_thanks_is_answered(stage: Stage) -> None:
    receipt = await stage.write("s1", "one")
    await stage.answered(receipt.conversation_id)
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.write("s1", "thanks")
    await stage.happened(receipt.interaction_id, "triaged")
    await stage.write("s1", "but when?")
    said = await stage.answered(receipt.conversation_id, times=2)
    assert said[-1][0] == "ai"
    assert said[-1][1].endswith("but when?")
    await stage.all_is_well()


async def test_spam_is_set_aside_and_never_answered(stage: Stage) -> None:
    receipt = await stage.write("s1", "spam spam spam")
    row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.SET_ASIDE
    assert len(await stage.said(receipt.conversation_id)) == 1
    await stage.all_is_well()


async def test_an_assistant_that_fails_hands_over_to_people(stage: Stage) -> None:
    stage.assistant.failure = ValueError("my customer's secret is 1234")
    receipt = await stage.write("s1", "hello")
    item = await stage.work(receipt.interaction_id, "waiting")
    assert item.reason == HandoffReason.TOOL_FAILURE
    assert "secret" not in (await stage.history(receipt.interaction_id)).to_json()


async def test_an_assistant_that_fails_to_compose_hands_over_to_people(stage: Stage) -> None:
    def fail(_: Case) -> Proposal:
        raise ValueError("no answer today")

    stage.assistant.answer = fail
    receipt = await stage.write("s1", "hello")
    assert (await stage.work(receipt.interaction_id, "waiting")).reason == HandoffReason.TOOL_FAILURE


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [
        (Handoff(reason=HandoffReason.DISSATISFIED), HandoffReason.DISSATISFIED),
        (cited("see https://evil.example"), HandoffReason.POLICY_RESTRICTION),
    ],
)
async def test_what_the_gate_refuses_goes_to_people(stage: Stage, proposal: Proposal, reason: HandoffReason) -> None:
    stage.assistant.answer = lambda _: proposal
    receipt = await stage.write("s1", "hello")
    assert (await stage.work(receipt.interaction_id, "waiting")).reason == reason


async def test_without_the_pool_ai_a_person_gets_the_case(database: Database, temporal_address: str) -> None:
    pools = tuple(pool for pool in Pool if pool is not Pool.AI)
    async with set_stage(database, temporal_address, small_policy(ai_start_seconds=0.5), pools=pools) as stage:
        receipt = await stage.write("s1", "hello")
        item = await stage.work(receipt.interaction_id, "waiting")
        assert item.reason == HandoffReason.AI_UNAVAILABLE
        agent = await stage.hire()
        item = await stage.accept(agent, receipt.interaction_id)
        await stage.reply(agent, item, "I am here")
        assert (await stage.answered(receipt.conversation_id))[-1] == ("agent", "I am here")


async def test_without_the_pool_human_the_ai_goes_on_answering(database: Database, temporal_address: str) -> None:
    pools = tuple(pool for pool in Pool if pool is not Pool.HUMAN)
    async with set_stage(database, temporal_address, small_policy(), pools=pools) as stage:
        await stage.write("s1", "a complaint that waits for the pool")
        receipt = await stage.write("s2", "hello")
        assert (await stage.answered(receipt.conversation_id))[-1] == ("ai", "re: hello")
