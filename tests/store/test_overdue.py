"""The sweep: what is overdue is poked once, then given to a person; no team is left asleep."""

import asyncio

from sqlalchemy import text

from domain.interaction import EntryKind, InteractionState
from domain.message import Receipt
from domain.proposal import HandoffReason
from store.audit import Problem
from store.overdue import look_after, overdue_interactions, poke_if_open, wake_overdue_teams
from store.policy_versions import PolicyShelf
from tests.store.scene import Scene, scalar

_SHELF = PolicyShelf


async def neglected(scene: Scene) -> Receipt:
    """An interaction whose story has died: its deadline passes."""
    receipt = await scene.chat("s1")
    async with scene.database.begin() as session:
        await session.execute(text("DELETE FROM outbox"))
    await time_passes(scene)
    return receipt


async def time_passes(scene: Scene) -> None:
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE interaction SET next_step_due = clock_timestamp() - interval '1 second'"))


async def look(scene: Scene, interaction_id: str) -> bool:
    async with scene.database.begin() as session:
        return await look_after(session, interaction_id, _SHELF())


async def outbox(scene: Scene, interaction_id: str) -> list[object]:
    async with scene.database.begin() as session:
        query = text("SELECT entry ->> 'kind' FROM outbox WHERE interaction_id = :id ORDER BY id")
        return list((await session.execute(query, {"id": interaction_id})).scalars())


async def test_the_first_miss_is_a_poke(scene: Scene) -> None:
    receipt = await neglected(scene)
    async with scene.database.begin() as session:
        assert await overdue_interactions(session) == [receipt.interaction_id]
    assert not await look(scene, receipt.interaction_id)
    assert await outbox(scene, receipt.interaction_id) == [None], "a signal without entries: report in"
    async with scene.database.begin() as session:
        assert await overdue_interactions(session) == []


async def test_at_the_second_miss_a_person_gets_it_as_stuck(scene: Scene) -> None:
    receipt = await neglected(scene)
    await look(scene, receipt.interaction_id)
    await time_passes(scene)
    assert await look(scene, receipt.interaction_id)
    item = await scene.item(receipt.interaction_id)
    assert (item.team_id, item.reason) == ("support", HandoffReason.STUCK.value)
    assert (await scene.interaction(receipt.interaction_id)).state == InteractionState.AWAITING_PERSON.value
    assert await outbox(scene, receipt.interaction_id) == [None, EntryKind.STUCK.value]
    assert await scene.problems(Problem.NO_DEADLINE, Problem.OVERDUE, Problem.NO_ITEM) == []


async def test_two_sweeps_at_once_count_one_miss(scene: Scene) -> None:
    receipt = await neglected(scene)
    await asyncio.gather(*(look(scene, receipt.interaction_id) for _ in range(6)))
    assert (await scene.interaction(receipt.interaction_id)).misses == 1
    assert await outbox(scene, receipt.interaction_id) == [None]


async def test_a_case_that_people_have_is_poked_and_not_given_twice(scene: Scene) -> None:
    receipt = await neglected(scene)
    item = await scene.hand_over(receipt.interaction_id)
    for _ in range(3):
        await time_passes(scene)
        assert not await look(scene, receipt.interaction_id)
    assert (await scene.item(receipt.interaction_id)).id == item.id


async def test_what_is_resolved_is_left_in_peace(scene: Scene) -> None:
    receipt = await neglected(scene)
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE interaction SET state = 'resolved'"))
    assert not await look(scene, receipt.interaction_id)
    async with scene.database.begin() as session:
        assert not await poke_if_open(session, receipt.interaction_id)
        assert await overdue_interactions(session) == []
    assert await outbox(scene, receipt.interaction_id) == []


async def test_a_dispatcher_that_was_never_started_is_woken(scene: Scene) -> None:
    async with scene.database.begin() as session:
        assert await wake_overdue_teams(session) == 1
    async with scene.database.begin() as session:
        assert await wake_overdue_teams(session) == 0, "its wake is on the way"
        assert await scalar(session, "SELECT workflow_id FROM outbox") == "dispatcher-support"


async def test_a_dispatcher_that_slept_past_its_deadline_is_woken(scene: Scene) -> None:
    await scene.allocate()
    async with scene.database.begin() as session:
        assert await wake_overdue_teams(session) == 0
        await session.execute(text("UPDATE team SET next_due = clock_timestamp() - interval '1 minute'"))
    async with scene.database.begin() as session:
        assert await wake_overdue_teams(session) == 1


async def test_a_wake_that_was_lost_is_sent_again(scene: Scene) -> None:
    await scene.allocate()
    await scene.waiting()
    async with scene.database.begin() as session:
        await session.execute(text("DELETE FROM outbox"))
        assert await wake_overdue_teams(session) == 0
        await session.execute(text("UPDATE team SET wake_pending_since = clock_timestamp() - interval '11 seconds'"))
    async with scene.database.begin() as session:
        assert await wake_overdue_teams(session) == 1
