"""The story of an interaction on real Temporal and real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from domain.interaction import InteractionState, Resolution
from store.database import Database
from store.people import accept, finish, reply
from tests.policies import small_policy
from tests.stage import Stage, set_stage


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        yield stage


async def test_a_question_is_answered_and_thanks_close_it(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    said = await stage.answered(receipt.conversation_id)
    assert said == [("customer", "where is my order"), ("ai", "re: where is my order")]
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.write("s1", "thanks")
    row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.CONFIRMED


async def test_a_complaint_reaches_a_person_who_answers_and_resolves(stage: Stage) -> None:
    agent = await stage.hire()
    policy = small_policy()
    receipt = await stage.write("s1", "a complaint about the parcel")
    item = await stage.work(receipt.interaction_id, "offered")
    async with stage.database.begin() as session:
        await accept(session, item.id, agent.id, item.version, policy)
    async with stage.database.begin() as session:
        await reply(session, item.id, agent.id, "I am sorry, I will mend it.", "k1")
    said = await stage.answered(receipt.conversation_id)
    assert said[-1] == ("agent", "I am sorry, I will mend it.")
    async with stage.database.begin() as session:
        await finish(session, item.id, agent.id, policy)
    row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.BY_AGENT
