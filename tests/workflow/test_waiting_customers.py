"""What the story does when a customer no longer waits."""

from domain.interaction import EntryKind, InteractionState, Resolution
from store.database import Database
from store.journal import Happening
from store.queueing import leave_message, leave_queue
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage


async def waits(stage: Stage) -> tuple[str, str]:
    """A customer who waits for a person: interaction and conversation."""
    receipt = await stage.write("s1", "a complaint")
    await stage.work(receipt.interaction_id, "waiting")
    await notices(stage, receipt.conversation_id, 1)
    return receipt.interaction_id, receipt.conversation_id


async def notices(stage: Stage, conversation_id: str, times: int) -> list[str]:
    """Wait until Baton's own notices have been delivered so often."""

    async def look() -> list[str] | None:
        found = [words for author, words in await stage.said(conversation_id) if author == "system"]
        return found if len(found) >= times else None

    return await eventually(look)


async def test_who_leaves_the_queue_has_their_case_closed_as_left(database: Database, temporal_address: str) -> None:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        interaction_id, _ = await waits(stage)
        async with database.begin() as session:
            await leave_queue(session, interaction_id, stage.policy)
        row = await stage.reaches(interaction_id, InteractionState.RESOLVED)
        assert row.resolution == Resolution.LEFT_QUEUE.value
        await stage.all_is_well()


async def test_who_leaves_a_message_is_told_and_answered_by_a_person(database: Database, temporal_address: str) -> None:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        interaction_id, conversation_id = await waits(stage)
        await stage.write("s1", "My zip is broken.")
        await stage.happened(interaction_id, EntryKind.MESSAGE_RECEIVED.value)
        async with database.begin() as session:
            answer_by = await leave_message(session, interaction_id, stage.policy)
        assert answer_by is not None
        said = await notices(stage, conversation_id, 2)
        assert said[1].startswith("Thank you, we have your message.")
        agent = await stage.hire()
        item = await stage.work(interaction_id, "assigned")
        await stage.reply(agent, item, "A new one is on its way.")
        await stage.answered(conversation_id)
        await stage.happened(interaction_id, Happening.COMMITMENT_KEPT.value)
