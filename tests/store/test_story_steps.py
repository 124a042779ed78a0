"""The story's own reads and writes: safe to run again, and never over what came since."""

from sqlalchemy import text

from activities.records import CaseRef, Closing, Resting, Splitting
from activities.storytelling import StoryActivities
from domain.interaction import InteractionState, Resolution
from domain.proposal import HandoffReason
from store.audit import Problem
from store.interactions import lock_case
from store.journal import EntryKind, tell
from tests.store.scene import Scene, scalar


def resting(interaction_id: str, seq: int, state: InteractionState, due_in: float = 600) -> Resting:
    return Resting(interaction_id=interaction_id, handled_seq=seq, state=state, due_in=due_in)


async def test_a_story_that_has_seen_everything_reports_its_own_state(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    told = resting(receipt.interaction_id, 1, InteractionState.AWAITING_CUSTOMER)
    assert (await StoryActivities(scene.database).report_in(told)).entries == ()
    row = await scene.interaction(receipt.interaction_id)
    assert (row.state, row.handled_seq, row.misses) == ("awaiting_customer", 1, 0)


async def test_what_a_reporting_story_has_in_hand_is_not_yet_dealt_with(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await scene.chat("s1")
    told = resting(receipt.interaction_id, 1, InteractionState.AWAITING_CUSTOMER)
    missed = await StoryActivities(scene.database).report_in(told)
    assert [entry.seq for entry in missed.entries] == [2]
    row = await scene.interaction(receipt.interaction_id)
    assert (row.state, row.handled_seq) == ("new", 0), "a run that takes up from here must read both messages"


async def test_a_late_step_of_the_story_does_not_undo_what_people_did_since(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    agent = await scene.hire()
    await scene.taken_by(agent, receipt.interaction_id)
    late = resting(receipt.interaction_id, 1, InteractionState.AWAITING_CUSTOMER)
    await StoryActivities(scene.database).rest(late)
    assert (await scene.interaction(receipt.interaction_id)).state == InteractionState.WITH_PERSON.value


async def test_a_late_step_does_not_put_off_the_deadline_of_a_newer_message(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    await scene.chat("s1")
    before = (await scene.interaction(receipt.interaction_id)).next_step_due
    late = resting(receipt.interaction_id, 1, InteractionState.AWAITING_CUSTOMER, due_in=300_000)
    await StoryActivities(scene.database).rest(late)
    assert (await scene.interaction(receipt.interaction_id)).next_step_due == before


async def test_closing_is_refused_while_anything_is_not_handled_and_is_the_same_twice(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    story = StoryActivities(scene.database)
    closing = Closing(interaction_id=receipt.interaction_id, handled_seq=1, how=Resolution.CONFIRMED)
    await scene.chat("s1")
    assert not await story.close(closing)
    assert (await scene.interaction(receipt.interaction_id)).state != InteractionState.RESOLVED.value
    closing = closing.model_copy(update={"handled_seq": 2})
    assert [await story.close(closing), await story.close(closing)] == [True, True]
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT count(*) FROM journal WHERE kind = 'resolved'") == 1


async def test_closing_frees_the_agent_and_the_baton(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    agent = await scene.hire()
    await scene.taken_by(agent, receipt.interaction_id)
    seq = (await scene.interaction(receipt.interaction_id)).last_seq
    closing = Closing(interaction_id=receipt.interaction_id, handled_seq=seq, how=Resolution.BY_OPERATOR)
    assert await StoryActivities(scene.database).close(closing)
    assert (await scene.agent(agent.id)).load == 0
    assert (await scene.customer(receipt.interaction_id)).holder_kind == "nobody"
    assert await scene.problems(Problem.LOAD_WRONG, Problem.UNTOLD) == []


async def test_a_case_that_is_handed_over_after_its_close_is_open_again(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    closing = Closing(interaction_id=receipt.interaction_id, handled_seq=1, how=Resolution.ASSUMED)
    await StoryActivities(scene.database).close(closing)
    await scene.hand_over(receipt.interaction_id)
    row = await scene.interaction(receipt.interaction_id)
    assert (row.state, row.resolution, row.closed_at) == ("awaiting_person", "", None)


async def test_splitting_off_twice_is_splitting_off_once(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    second = await scene.chat("s1")
    splitting = Splitting(interaction_id=receipt.interaction_id, handled_seq=2, message_ids=(second.message_id,))
    story = StoryActivities(scene.database)
    other = await story.split_off(splitting)
    assert await story.split_off(splitting) == other != receipt.interaction_id
    assert (await scene.interaction(other)).linked_to == receipt.interaction_id
    assert (await scene.chat("s1")).interaction_id == other, "what comes next is about the newer problem"
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT count(*) FROM interaction") == 2


async def test_a_new_run_learns_where_things_stand(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    agent = await scene.hire()
    await scene.taken_by(agent, receipt.interaction_id)
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE interaction SET issue = 'refund', asked = true, handled_seq = 1"))
    standing = await StoryActivities(scene.database).take_up(
        CaseRef(interaction_id=receipt.interaction_id, handled_seq=0)
    )
    assert (standing.state, standing.handled_seq) == (InteractionState.WITH_PERSON, 1)
    assert (standing.agent_id, standing.issue, standing.asked) == (agent.id, "refund", True)


async def test_an_entry_for_a_resolved_interaction_is_still_handled(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    story = StoryActivities(scene.database)
    closing = Closing(interaction_id=receipt.interaction_id, handled_seq=1, how=Resolution.CONFIRMED)
    await story.close(closing)
    async with scene.database.begin() as session:
        _, row = await lock_case(session, receipt.interaction_id)
        tell(session, row, EntryKind.BATON_FREED)
    assert await scene.problems(Problem.UNTOLD) != []
    assert await story.close(closing.model_copy(update={"handled_seq": 2}))
    assert await scene.problems(Problem.UNTOLD) == []
    assert (await scene.interaction(receipt.interaction_id)).resolution == Resolution.CONFIRMED.value


async def test_a_case_that_is_handed_over_twice_has_one_work_item(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    first = await scene.hand_over(receipt.interaction_id)
    again = await scene.hand_over(receipt.interaction_id)
    assert (again.id, again.rank, again.reason) == (first.id, first.rank, HandoffReason.POLICY.value)
