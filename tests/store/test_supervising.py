"""Supervising: leads give work, take it back and move it in the queue; nobody is overloaded, and it is journalled."""

import pytest
from sqlalchemy import text

from domain.work import Presence, WorkState
from store.errors import Conflict
from store.journal import Happening
from store.parking import park
from store.people import accept, be_present
from store.supervising import change_priority, reassign, take_from
from store.work import Agent, WorkItem
from tests.store.scene import Scene


async def in_state(scene: Scene, state: WorkState) -> tuple[Agent, WorkItem]:
    """An item in a state, and the agent who has it, if anybody does."""
    agent = await scene.hire(capacity=1)
    item = await scene.waiting()
    if state is not WorkState.WAITING:
        await scene.allocate()
    item = await scene.item(item.interaction_id)
    async with scene.database.begin() as session:
        if state in {WorkState.ASSIGNED, WorkState.PARKED}:
            item = await accept(session, item.id, agent.id, item.version, scene.policy)
        if state is WorkState.PARKED:
            await park(session, item.id, agent.id, scene.policy, None)
    assert (await scene.item_by_id(item.id)).state == state.value
    return agent, item


async def give(scene: Scene, item: WorkItem, agent_id: str) -> str:
    """A lead's click; the word of the refusal, if it was refused."""
    try:
        async with scene.database.begin() as session:
            await reassign(session, item.id, agent_id, "lead", scene.policy)
    except Conflict as conflict:
        return str(conflict)
    return ""


_OPEN = [WorkState.WAITING, WorkState.OFFERED, WorkState.ASSIGNED, WorkState.PARKED]


@pytest.mark.parametrize("state", _OPEN)
async def test_a_case_is_given_to_somebody_whoever_has_it(scene: Scene, state: WorkState) -> None:
    before, item = await in_state(scene, state)
    kim = await scene.hire()
    assert [await give(scene, item, kim.id) for _ in range(2)] == ["", ""], "twice is once"
    after = await scene.item_by_id(item.id)
    assert (after.state, after.agent_id, after.taken) == ("assigned", kim.id, 1)
    assert after.chosen is not None
    assert after.chosen["because"] == "reassigned"
    assert ((await scene.agent(before.id)).load, (await scene.agent(kim.id)).load) == (0, 1)
    customer = await scene.customer(item.interaction_id)
    assert (customer.holder_kind, customer.holder_id) == ("agent", kim.id)
    (row,) = await scene.happened(Happening.WORK_REASSIGNED)
    assert (row.ref, row.by, row.facts["to"]) == (item.id, "lead", kim.id)
    assert (await scene.told(item.interaction_id))[-1] == "work_accepted"
    assert await scene.unsound() == []


@pytest.mark.parametrize("why", ["unknown_agent", "agent_not_in_team", "agent_offline", "no_capacity", "case_closed"])
async def test_a_case_is_given_only_to_who_can_work_on_it(scene: Scene, why: str) -> None:
    before, item = await in_state(scene, WorkState.ASSIGNED)
    kim = await scene.hire(capacity=1)
    if why == "no_capacity":
        await scene.taken_by_one_of(kim, (await scene.chat("c2")).interaction_id)
    async with scene.database.begin() as session:
        if why == "agent_not_in_team":
            await session.execute(text("DELETE FROM agent_team WHERE agent_id = :id"), {"id": kim.id})
        if why == "agent_offline":
            await be_present(session, kim.id, Presence.OFFLINE, 60)
        if why == "case_closed":
            await session.execute(text("UPDATE work_item SET state = 'cancelled', taken = 0, agent_id = NULL"))
            await session.execute(text("UPDATE agent SET load = 0"))
    assert await give(scene, item, "nobody" if why == "unknown_agent" else kim.id) == why
    if why != "case_closed":
        assert (await scene.item_by_id(item.id)).agent_id == before.id, "it stays where it was"
    assert await scene.unsound() == []


@pytest.mark.parametrize("state", _OPEN)
async def test_a_case_is_taken_back_into_the_queue_at_its_place(scene: Scene, state: WorkState) -> None:
    agent, item = await in_state(scene, state)
    for _ in range(2):
        async with scene.database.begin() as session:
            await take_from(session, item.id, "lead", scene.policy)
    after = await scene.item_by_id(item.id)
    assert (after.state, after.agent_id, after.rank, after.taken) == ("waiting", None, item.rank, 0)
    assert (await scene.agent(agent.id)).load == 0
    expected = 0 if state is WorkState.WAITING else 1
    assert len(await scene.happened(Happening.WORK_REASSIGNED)) == expected
    assert ("work_requeued" in await scene.told(item.interaction_id)) == (state in {"assigned", "parked"})
    await scene.allocate()
    assert ((await scene.item_by_id(item.id)).state == "waiting") == (expected == 1), "not asked again so soon"
    assert await scene.unsound() == []


async def test_a_lead_moves_a_case_in_the_queue(scene: Scene) -> None:
    first, second = await scene.waiting(), await scene.waiting()
    async with scene.database.begin() as session:
        await change_priority(session, second.id, second.version, 30, "lead")
    with pytest.raises(Conflict, match="changed_since"):
        async with scene.database.begin() as session:
            await change_priority(session, second.id, second.version, 30, "lead")
    await scene.hire(capacity=1)
    await scene.allocate()
    assert (await scene.item_by_id(second.id)).state == WorkState.OFFERED.value
    assert (await scene.item_by_id(first.id)).state == WorkState.WAITING.value
    (row,) = await scene.happened(Happening.PRIORITY_CHANGED)
    assert (row.ref, row.by, row.facts["minutes"]) == (second.id, "lead", 30)
    with pytest.raises(Conflict, match="not_in_queue"):
        async with scene.database.begin() as session:
            await change_priority(session, second.id, second.version + 2, 30, "lead")


async def test_a_lead_closes_a_forgotten_desk(scene: Scene) -> None:
    agent, item = await in_state(scene, WorkState.OFFERED)
    async with scene.database.begin() as session:
        await be_present(session, agent.id, Presence.OFFLINE, 60, by="lead")
    assert (await scene.item_by_id(item.id)).state == WorkState.WAITING.value
    assert (await scene.happened(Happening.PRESENCE_CHANGED))[-1].facts["set_by"] == "lead"
