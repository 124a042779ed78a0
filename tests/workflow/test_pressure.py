"""Pressure: the AI tries while customers keep their place, and what it has not solved goes back to people."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from domain.case import Case
from domain.interaction import InteractionState, Resolution
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.pressure import Pressure
from domain.proposal import Handoff, HandoffReason, Proposal, Question
from store.database import Database
from store.ids import new_id
from store.work import wake
from tests.stage import Stage, eventually, set_stage

_POLICY = """
brand: {name: Test Shop, ai_label: Test Shop · AI assistant}
assistant: {mode: auto}
overflow: support
teams:
  support: {title: Support}
tiers: {guest: {}, standard: {}}
pauses: {chat: 0.1, messaging: 0.1, email: 0}
pressure:
  elevated: {wait_minutes: 10, confidence: 0.6}
  critical: {wait_minutes: 30, confidence: 0.5}
  dwell_seconds: 0
  handling_minutes: 6
matrix:
  return: &borderline
    any:
      - plan: [ai, "queue:support"]
        when: {confidence_at_least: 0.99}
        pressure: ai
      - plan: ["queue:support"]
  complaint: *borderline
  human: *borderline
defaults:
  - {plan: [ai, "queue:support"]}
"""


def pressed_policy() -> Policy:
    """Returns go to people, under pressure to the AI."""
    return read_policy(_POLICY)


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    async with set_stage(database, temporal_address, pressed_policy()) as stage:
        yield stage


async def one_busy_agent(stage: Stage) -> None:
    """Who is here has as much as they can take."""
    agent = await stage.hire(capacity=1)
    await stage.accept(agent, (await stage.write("busy", "a complaint")).interaction_id)


async def fill_queue(stage: Stage, cases: int = 15) -> None:
    """So many complaints wait that a customer who comes now waits for more than an hour."""
    for _ in range(cases):
        receipt = await stage.write(new_id(), "a complaint")
    await stage.work(receipt.interaction_id, "waiting")


async def pressure_is(stage: Stage, level: Pressure) -> None:
    async def look() -> bool:
        async with stage.database.begin() as session:
            await wake(session, ["support"])
            found = await session.execute(text("SELECT pressure FROM team WHERE id = 'support'"))
            return bool(found.scalar_one() == level.value)

    await eventually(look, 30)


async def empty_queue(stage: Stage) -> None:
    """All who wait are served at once, and there is room."""
    async with stage.database.begin() as session:
        await session.execute(
            text(
                "UPDATE work_item SET state = 'cancelled', due_at = NULL WHERE state = 'waiting' AND reason = 'policy'"
            )
        )
        await session.execute(text("UPDATE agent SET capacity = 9"))
        await session.execute(
            text(
                "UPDATE interaction SET state = 'resolved', next_step_due = NULL, handled_seq = last_seq"
                " WHERE state = 'awaiting_person'"
            )
        )
        await wake(session, ["support"])


async def test_a_waiting_case_is_answered_by_the_ai_and_thanks_close_it(stage: Stage) -> None:
    await one_busy_agent(stage)
    waiting = await stage.write("s1", "a return")
    place = await stage.work(waiting.interaction_id, "waiting")
    await fill_queue(stage)
    assert (await stage.answered(waiting.conversation_id, within=30))[-1] == ("ai", "re: a return")
    kept = await stage.work(waiting.interaction_id, "waiting")
    assert (kept.id, kept.rank) == (place.id, place.rank), "the customer keeps their place while the AI tries"
    await stage.write("s1", "thanks, that is all")
    row = await stage.reaches(waiting.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.CONFIRMED


async def test_who_is_not_helped_waits_on_and_the_ai_does_not_try_again(stage: Stage) -> None:
    await one_busy_agent(stage)
    waiting = await stage.write("s1", "a return")
    place = await stage.work(waiting.interaction_id, "waiting")
    await fill_queue(stage)
    await stage.answered(waiting.conversation_id, within=30)
    await stage.write("s1", "that return does not help me")
    await stage.handled(waiting.interaction_id)
    assert (await stage.work(waiting.interaction_id, "waiting")).id == place.id
    assert len([author for author, _ in await stage.said(waiting.conversation_id) if author == "ai"]) == 1


@pytest.mark.parametrize("proposal", [Handoff(reason=HandoffReason.MISSING_KNOWLEDGE), Question(text="which one?")])
async def test_without_a_grounded_answer_the_ai_keeps_silent(stage: Stage, proposal: Proposal) -> None:
    def silent(_case: Case) -> Proposal:
        return proposal

    stage.assistant.answer = silent
    await one_busy_agent(stage)
    waiting = await stage.write("s1", "a return")
    await stage.work(waiting.interaction_id, "waiting")
    await fill_queue(stage)
    await stage.happened(waiting.interaction_id, "shifted_to_ai", within=30)
    await stage.handled(waiting.interaction_id)
    assert "ai" not in {author for author, _ in await stage.said(waiting.conversation_id)}
    assert (await stage.interaction(waiting.interaction_id)).state == InteractionState.AWAITING_PERSON


@pytest.mark.parametrize("words", ["a complaint", "a return: let me talk to a person", "human"])
async def test_complaints_and_who_wants_a_person_stay_with_people_under_any_pressure(stage: Stage, words: str) -> None:
    await one_busy_agent(stage)
    await fill_queue(stage)
    await pressure_is(stage, Pressure.CRITICAL)
    receipt = await stage.write("s1", words)
    item = await stage.work(receipt.interaction_id, "waiting")
    assert item.shifts_at is None
    assert "ai" not in {author for author, _ in await stage.said(receipt.conversation_id)}


async def test_new_work_goes_to_the_ai_and_what_it_has_not_solved_comes_back_when_people_have_room(
    stage: Stage,
) -> None:
    await one_busy_agent(stage)
    await fill_queue(stage)
    await pressure_is(stage, Pressure.CRITICAL)
    stage.assistant.answer = lambda _case: Question(text="Which return?")
    receipt = await stage.write("s1", "a return")
    assert (await stage.answered(receipt.conversation_id))[-1] == ("ai", "Which return?")
    row = await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert (row.shifted_from, row.shifted_to_ai_at is not None) == ("support", True)
    await empty_queue(stage)
    await pressure_is(stage, Pressure.NORMAL)
    item = await stage.work(receipt.interaction_id, "offered", within=30)
    assert item.reason == HandoffReason.PRESSURE_EASED
