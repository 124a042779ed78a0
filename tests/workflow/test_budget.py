"""What an interaction may cost: billable actions, events and bytes of history."""

from temporalio.client import WorkflowHistory

from domain.interaction import InteractionState
from store.database import Database
from tests.policies import small_policy
from tests.stage import Stage, set_stage
from tests.workflow.billing import actions

SOON = 1 / 3600
KIB = 1024


def size(history: WorkflowHistory) -> int:
    """Bytes, as the server stores the events."""
    return sum(event.ByteSize() for event in history.events)


async def test_an_ai_resolved_chat_of_one_message_stays_within_its_budget(
    database: Database, temporal_address: str
) -> None:
    async with set_stage(database, temporal_address, small_policy(assume_resolved_hours=SOON)) as stage:
        receipt = await stage.write("s1", "where is my order")
        await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
        await stage.story(receipt.interaction_id).result()
        history = await stage.history(receipt.interaction_id)
    spent = actions(history)
    print(f"ai: {spent.total()} actions {dict(spent)}, {len(history.events)} events, {size(history)} bytes")
    assert spent.total() <= 10, spent
    assert len(history.events) <= 45
    assert size(history) <= 10 * KIB


async def by_a_person(stage: Stage, thread: str, replies: int) -> WorkflowHistory:
    """A complaint that the agent answers so often and resolves."""
    agent = await stage.hire(f"robin {thread}")
    receipt = await stage.write(thread, "a complaint")
    item = await stage.accept(agent, receipt.interaction_id)
    for number in range(1, replies + 1):
        await stage.reply(agent, item, "so it is", f"k{number}")
        await stage.answered(receipt.conversation_id, times=number)
    await stage.finish(agent, item)
    await stage.story(receipt.interaction_id).result()
    return await stage.history(receipt.interaction_id)


async def test_a_chat_that_a_person_handles_stays_within_its_budget(database: Database, temporal_address: str) -> None:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        once = actions(await by_a_person(stage, "s1", 1))
    print(f"person: {once.total()} actions {dict(once)}")
    assert once.total() <= 16, once


async def test_each_further_reply_costs_two_actions(database: Database, temporal_address: str) -> None:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        thrice = actions(await by_a_person(stage, "s1", 3))
    print(f"three replies: {thrice.total()} actions {dict(thrice)}")
    assert thrice.total() <= 16 + 2 * 2, thrice
