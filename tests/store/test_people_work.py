"""Working a case: notes after it, presence, and what an agent's room and offers make of it."""

import pytest

from domain.work import Presence, WorkState
from store.errors import Conflict
from store.people import be_present, end_wrap_up, finish
from store.work import Agent, WorkItem
from tests.store.scene import Scene, scalar, small_policy_with


async def wrapping(scene: Scene) -> tuple[Agent, WorkItem]:
    """An agent who writes notes about a case that they resolved."""
    await scene.prepare(small_policy_with(wrap_up_seconds=60))
    agent = await scene.hire(capacity=1)
    item = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    async with scene.database.begin() as session:
        await finish(session, item.id, agent.id, scene.policy)
    return agent, await scene.item_by_id(item.id)


async def test_while_notes_are_written_the_agent_gets_nothing_new(scene: Scene) -> None:
    agent, item = await wrapping(scene)
    assert (item.state, item.taken, item.wrap_until == item.due_at) == ("wrapping", 1, True)
    await scene.waiting()
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.WRAPPING.value
    assert (await scene.agent(agent.id)).load == 1
    assert await scene.unsound() == []


@pytest.mark.parametrize("how", ["by the agent", "by the dispatcher"])
async def test_when_the_notes_are_over_the_agent_is_free(scene: Scene, how: str) -> None:
    agent, item = await wrapping(scene)
    following = await scene.waiting()
    if how == "by the agent":
        for _ in range(2):
            async with scene.database.begin() as session:
                await end_wrap_up(session, item.id, agent.id)
    else:
        await scene.timers_run_out()
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.DONE.value
    assert (await scene.item_by_id(following.id)).agent_id == agent.id
    assert await scene.unsound() == []


async def test_notes_end_for_nobody_else_and_not_before_their_time(scene: Scene) -> None:
    _, item = await wrapping(scene)
    stranger = await scene.hire(present=False)
    with pytest.raises(Conflict, match="not_your_case"):
        async with scene.database.begin() as session:
            await end_wrap_up(session, item.id, stranger.id)
    async with scene.database.begin() as session:
        await end_wrap_up(session, item.id, None)
    assert (await scene.item_by_id(item.id)).state == WorkState.WRAPPING.value


async def test_without_time_for_notes_a_resolved_case_is_done(scene: Scene) -> None:
    agent = await scene.hire()
    item = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    with pytest.raises(Conflict, match="not_wrapping"):
        async with scene.database.begin() as session:
            await end_wrap_up(session, item.id, agent.id)
    async with scene.database.begin() as session:
        await finish(session, item.id, agent.id, scene.policy)
    done = await scene.item_by_id(item.id)
    assert (done.state, done.wrap_until, done.due_at) == ("done", None, None)


@pytest.mark.parametrize("presence", [Presence.BUSY, Presence.BREAK])
async def test_who_is_busy_keeps_their_cases_and_gets_nothing_new(scene: Scene, presence: Presence) -> None:
    agent = await scene.hire()
    held = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    asked = await scene.waiting()
    await scene.allocate()
    assert (await scene.item_by_id(asked.id)).agent_id == agent.id
    async with scene.database.begin() as session:
        await be_present(session, agent.id, presence, 600)
    assert (await scene.item_by_id(asked.id)).state == WorkState.WAITING.value, "what was offered goes back at once"
    await scene.waiting()
    await scene.allocate()
    row = await scene.agent(agent.id)
    assert (row.presence, row.load, row.missed_offers) == (presence.value, 1, 0)
    assert (await scene.item_by_id(held.id)).state == WorkState.ASSIGNED.value
    assert await scene.unsound() == []


async def test_since_when_somebody_is_as_they_are_is_known(scene: Scene) -> None:
    agent = await scene.hire()
    chosen = (await scene.agent(agent.id)).presence_since
    async with scene.database.begin() as session:
        await be_present(session, agent.id, Presence.AVAILABLE, 600)
    assert (await scene.agent(agent.id)).presence_since == chosen, "nothing has changed"
    async with scene.database.begin() as session:
        await be_present(session, agent.id, Presence.BREAK, 600)
        assert await scalar(session, "SELECT presence_since > :at FROM agent", at=chosen)
