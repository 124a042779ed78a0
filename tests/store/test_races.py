"""Sixty-four clients at once: of all who reach for one case, exactly one gets it, and nobody's load is wrong."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from domain.work import WorkState
from store.database import Database
from store.errors import Conflict
from store.people import accept, decline
from store.pulling import pull
from store.supervising import reassign, take_from
from store.work import Agent
from tests.store.scene import Scene, small_policy_with

CLIENTS = 64
Click = Callable[[AsyncSession], Awaitable[object]]


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    """A database that takes as many clients at once as there are."""
    database = Database(database_url, pool_size=CLIENTS // 2)
    yield await Scene(database).prepare(small_policy_with())
    await database.close()


async def won(scene: Scene, click: Click) -> bool:
    """One click; False if it was refused."""
    try:
        async with scene.database.begin() as session:
            await click(session)
    except Conflict:
        return False
    return True


async def race(scene: Scene, clicks: list[Click], seed: int) -> list[bool]:
    """All of them at once, in an order of chance; in the order of `clicks`, who won."""
    order = list(range(len(clicks)))
    random.Random(seed).shuffle(order)  # noqa: S311  not for secrets
    results = await asyncio.gather(*(won(scene, clicks[place]) for place in order))
    return [result for _, result in sorted(zip(order, results, strict=True))]


@pytest.mark.parametrize("seed", range(2))
async def test_of_all_who_pull_one_case_one_gets_it(scene: Scene, seed: int) -> None:
    item = await scene.waiting("mail")
    agents = [await scene.hire("mail") for _ in range(8)]

    def pulls(agent: Agent, wanted: str | None) -> Click:
        return lambda session: pull(session, agent.id, "mail", scene.policy, wanted, "mine")

    clicks = [pulls(agents[number % 8], item.id if number % 2 else None) for number in range(CLIENTS)]
    results = await race(scene, clicks, seed)
    assert sum(results) == 1
    after = await scene.item_by_id(item.id)
    assert (after.state, after.agent_id) == (WorkState.ASSIGNED.value, agents[results.index(True) % 8].id)
    assert sum([(await scene.agent(agent.id)).load for agent in agents]) == 1
    assert await scene.unsound() == []


@pytest.mark.parametrize("seed", range(2))
async def test_of_accepting_declining_and_a_leads_hand_one_decides_about_an_offer(scene: Scene, seed: int) -> None:
    agent, item = await scene.hire(), await scene.waiting()
    await scene.allocate()
    item = await scene.item_by_id(item.id)
    clicks: list[Click] = [
        lambda session: accept(session, item.id, agent.id, item.version, scene.policy),
        lambda session: decline(session, item.id, agent.id, item.version, "busy"),
    ] * (CLIENTS // 2)
    results = await race(scene, clicks, seed)
    assert sum(results) == 1
    accepted = results.index(True) % 2 == 0
    assert (await scene.item_by_id(item.id)).state == ("assigned" if accepted else "waiting")
    assert (await scene.told(item.interaction_id)).count("work_accepted") == accepted
    assert (await scene.agent(agent.id)).load == accepted
    assert await scene.unsound() == []


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_agents_and_leads_do_at_once_one_agent_has_the_case(scene: Scene, seed: int) -> None:
    agent, item = await scene.hire(capacity=1), await scene.waiting()
    others = [await scene.hire(capacity=1) for _ in range(3)]
    await scene.allocate()
    item = await scene.item_by_id(item.id)
    asked = item.agent_id or ""
    clicks: list[Click] = []
    for number in range(CLIENTS // 4):
        to = [agent, *others][number % 4].id
        clicks += [
            lambda session: accept(session, item.id, asked, item.version, scene.policy),
            lambda session: decline(session, item.id, asked, item.version, "busy"),
            lambda session, to=to: reassign(session, item.id, to, "lead", scene.policy),  # type: ignore[misc]
            lambda session: take_from(session, item.id, "lead", scene.policy),
        ]
    results = await race(scene, clicks, seed)
    assert sum(results[0::4]) + sum(results[1::4]) <= 1, "the offer was answered once at most"
    after = await scene.item_by_id(item.id)
    loads = {one.id: (await scene.agent(one.id)).load for one in [agent, *others]}
    assert loads == {one: int(one == after.agent_id) for one in loads}
    assert await scene.unsound() == []
