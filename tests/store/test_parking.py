"""Parking: a case rests without capacity, and comes back to its agent first, without anybody being overloaded."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.interaction import InteractionState
from domain.sla import ClockState, SlaTargets
from domain.work import Presence, WorkState
from store.errors import Conflict
from store.journal import Happening
from store.parking import park, park_idle, resume, unpark
from store.people import be_present, reply
from store.sla import clocks_of
from store.work import Agent, WorkItem
from tests.store.scene import Scene, small_policy_with


async def parked(
    scene: Scene, *, minutes: float | None = None, capacity: int = 1, words: bool = False
) -> tuple[Agent, WorkItem, str]:
    """An agent who has parked a case: agent, item, and the customer's chat."""
    agent, receipt = await scene.hire(capacity=capacity), await scene.chat("c1")
    item = await scene.taken_by(agent, receipt.interaction_id)
    until = datetime.now(UTC) + timedelta(minutes=minutes) if minutes else None
    async with scene.database.begin() as session:
        if words:
            await reply(session, item.id, agent.id, "One moment", "k1", scene.policy)
        await park(session, item.id, agent.id, scene.policy, until)
    return agent, await scene.item(receipt.interaction_id), "c1"


async def test_a_parked_case_takes_no_capacity_and_stays_its_agents(scene: Scene) -> None:
    agent, item, _ = await parked(scene, minutes=30)
    assert (item.state, item.agent_id, item.taken, item.parked_for) == ("parked", agent.id, 0, "snoozed")
    assert (await scene.agent(agent.id)).load == 0
    assert (await scene.interaction(item.interaction_id)).state == InteractionState.WITH_PERSON.value
    assert (await scene.customer(item.interaction_id)).holder_kind == "nobody"
    assert [row.ref for row in await scene.happened(Happening.WORK_PARKED)] == [item.id]
    other = await scene.waiting()
    await scene.allocate()
    assert (await scene.item(other.interaction_id)).agent_id == agent.id, "there is room for another case"
    assert await scene.unsound() == []


@pytest.mark.parametrize(
    ("ahead", "word"), [(timedelta(minutes=-1), "time_is_past"), (timedelta(days=500), "time_too_far")]
)
async def test_a_case_is_parked_until_a_time_that_makes_sense(scene: Scene, ahead: timedelta, word: str) -> None:
    agent = await scene.hire()
    item = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    with pytest.raises(Conflict, match=word):
        async with scene.database.begin() as session:
            await park(session, item.id, agent.id, scene.policy, datetime.now(UTC) + ahead)
    assert (await scene.item_by_id(item.id)).state == WorkState.ASSIGNED.value


async def test_only_who_has_a_case_parks_it_and_only_once(scene: Scene) -> None:
    agent, item, _ = await parked(scene)
    stranger = await scene.hire(present=False)
    for who in (agent, stranger):
        with pytest.raises(Conflict, match="not_your_case"):
            async with scene.database.begin() as session:
                await park(session, item.id, who.id, scene.policy, None)
    assert len(await scene.happened(Happening.WORK_PARKED)) == 1


async def test_when_its_time_comes_it_is_its_agents_again_without_an_accept_step(scene: Scene) -> None:
    agent, item, _ = await parked(scene, minutes=30)
    async with scene.database.begin() as session:
        await unpark(session, item.id, scene.policy)
    assert (await scene.item_by_id(item.id)).state == WorkState.PARKED.value, "its time has not come"
    await scene.timers_run_out()
    await scene.allocate()
    after = await scene.item_by_id(item.id)
    assert (after.state, after.agent_id, after.rank) == ("assigned", agent.id, item.rank)
    assert await scene.told(item.interaction_id) == [
        "message_received", "work_accepted", "work_requeued", "work_accepted",
    ]  # fmt: skip
    assert await scene.unsound() == []


async def test_when_the_customer_writes_a_snoozed_case_comes_back_at_once(scene: Scene) -> None:
    agent, item, chat = await parked(scene, minutes=600)
    await scene.chat(chat, "are you there?")
    waiting = await scene.item_by_id(item.id)
    assert (waiting.state, waiting.returning, waiting.rank) == ("waiting", True, item.rank)
    assert (await scene.interaction(item.interaction_id)).state == InteractionState.AWAITING_PERSON.value
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).agent_id == agent.id
    assert await scene.unsound() == []


async def test_a_case_that_comes_back_is_not_forced_on_an_agent_who_is_full(scene: Scene) -> None:
    agent, item, chat = await parked(scene, capacity=1)
    other = await scene.waiting()
    await scene.allocate()
    await scene.chat(chat, "are you there?")
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.WAITING.value
    assert (await scene.agent(agent.id)).load == 1
    colleague = await scene.hire()
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.WAITING.value, "its own agent is asked alone first"
    await scene.timers_run_out()
    await scene.allocate()
    after = [await scene.item_by_id(one.id) for one in (item, other)]
    assert colleague.id in [one.agent_id for one in after]
    assert await scene.unsound() == []


async def test_a_case_whose_agent_is_gone_goes_to_whoever_is_here(scene: Scene) -> None:
    agent, item, chat = await parked(scene)
    async with scene.database.begin() as session:
        await be_present(session, agent.id, Presence.OFFLINE, 60)
    colleague = await scene.hire()
    await scene.chat(chat, "are you there?")
    await scene.allocate()
    after = await scene.item_by_id(item.id)
    assert (after.state, after.agent_id) == (WorkState.OFFERED.value, colleague.id)


async def test_its_agent_takes_a_parked_case_up_again_if_they_have_room(scene: Scene) -> None:
    agent, item, _ = await parked(scene, minutes=30, capacity=1)
    async with scene.database.begin() as session:
        await resume(session, item.id, agent.id, scene.policy)
    assert ((await scene.item_by_id(item.id)).state, (await scene.agent(agent.id)).load) == ("assigned", 1)
    async with scene.database.begin() as session:
        await park(session, item.id, agent.id, scene.policy, None)
    await scene.taken_by(agent, (await scene.chat("c2")).interaction_id)
    with pytest.raises(Conflict, match="no_capacity"):
        async with scene.database.begin() as session:
            await resume(session, item.id, agent.id, scene.policy)
    assert await scene.unsound() == []


async def test_only_its_agent_takes_a_parked_case_up(scene: Scene) -> None:
    _, item, _ = await parked(scene)
    stranger = await scene.hire()
    with pytest.raises(Conflict, match="not_parked"):
        async with scene.database.begin() as session:
            await resume(session, item.id, stranger.id, scene.policy)


async def test_a_silent_customer_takes_no_capacity_until_they_write(scene: Scene) -> None:
    await scene.prepare(small_policy_with(idle_seconds=90))
    agent = await scene.hire(capacity=1)
    item = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    assert item.idle_at is None, "it is the agent's turn"
    async with scene.database.begin() as session:
        await reply(session, item.id, agent.id, "Which size?", "k1", scene.policy)
    assert (await scene.item_by_id(item.id)).idle_at is not None
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.ASSIGNED.value
    await scene.timers_run_out()
    await scene.allocate()
    idle = await scene.item_by_id(item.id)
    assert (idle.state, idle.parked_for, idle.parked_until) == ("parked", "idle", None)
    await scene.chat("c1", "M")
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).agent_id == agent.id
    assert await scene.unsound() == []


async def test_a_customer_who_writes_in_time_is_not_parked(scene: Scene) -> None:
    await scene.prepare(small_policy_with(idle_seconds=90))
    agent = await scene.hire(capacity=1)
    item = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    async with scene.database.begin() as session:
        await reply(session, item.id, agent.id, "Which size?", "k1", scene.policy)
    await scene.chat("c1", "M")
    assert (await scene.item_by_id(item.id)).idle_at is None
    await scene.timers_run_out()
    async with scene.database.begin() as session:
        await park_idle(session, item.id, scene.policy)
    assert (await scene.item_by_id(item.id)).state == WorkState.ASSIGNED.value


async def test_service_levels_rest_while_a_case_is_parked(scene: Scene) -> None:
    await scene.prepare(small_policy_with(sla=SlaTargets(first_response_minutes=10, resolution_minutes=60)))
    _, item, chat = await parked(scene, minutes=30)

    async def states() -> set[ClockState]:
        async with scene.database.begin() as session:
            return {clock.state for clock in (await clocks_of(session, [item.id]))[item.id]}

    assert await states() == {ClockState.PAUSED}
    await scene.chat(chat, "are you there?")
    assert await states() == {ClockState.RUNNING}
