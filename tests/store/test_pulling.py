"""Pulling: agents pick by rank; two never get the same; out of order only with a reason, if the role allows it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.hours import Hours, Weekday
from domain.team import RoleLimits
from domain.work import Presence, WorkState
from store.errors import Conflict
from store.journal import Happening
from store.people import be_present
from store.pulling import in_line, pull
from store.work import Agent, WorkItem
from tests.store.scene import Scene, small_policy_with

TEAM = "mail"


async def line(scene: Scene, length: int) -> list[WorkItem]:
    """A team whose agents pull, with cases that wait."""
    await scene.prepare(small_policy_with())
    return [await scene.waiting(TEAM) for _ in range(length)]


async def take(scene: Scene, agent: Agent, item: WorkItem | None = None, reason: str = "") -> str:
    """One click; the item's id, or the word of the refusal."""
    try:
        async with scene.database.begin() as session:
            wanted = item.id if item else None
            return (await pull(session, agent.id, TEAM, scene.policy, wanted, reason)).id
    except Conflict as conflict:
        return str(conflict)


async def test_what_is_picked_is_offered_to_nobody(scene: Scene) -> None:
    await line(scene, 1)
    agent = await scene.hire(TEAM)
    await scene.allocate(TEAM)
    assert (await scene.agent(agent.id)).load == 0


async def test_the_next_in_line_is_picked_first(scene: Scene) -> None:
    first, second = await line(scene, 2)
    agent = await scene.hire(TEAM)
    assert [await take(scene, agent) for _ in range(3)] == [first.id, second.id, "nothing_to_pull"]
    taken = await scene.item_by_id(first.id)
    assert (taken.state, taken.agent_id, taken.taken) == ("assigned", agent.id, 1)
    assert taken.chosen is not None
    assert taken.chosen["because"] == "pulled"
    assert await scene.happened(Happening.PULLED_OUT_OF_ORDER) == []
    assert await scene.unsound() == []


async def test_two_who_pull_at_once_get_different_cases(scene: Scene) -> None:
    items = await line(scene, 6)
    agents = [await scene.hire(TEAM, capacity=1) for _ in range(6)]
    got = await asyncio.gather(*(take(scene, agent) for agent in agents))
    assert sorted(got) == sorted(item.id for item in items)
    assert await scene.unsound() == []


async def test_what_somebody_took_after_the_line_was_read_is_not_taken_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await line(scene, 2)
    async with scene.database.begin() as session:
        seen = await in_line(session, [TEAM])
    faster, slower = await scene.hire(TEAM), await scene.hire(TEAM)
    assert await take(scene, faster) == first.id
    monkeypatch.setattr("store.pulling.in_line", lambda *_: asyncio.sleep(0, seen))
    assert await take(scene, slower) == second.id
    assert (await scene.item_by_id(first.id)).agent_id == faster.id
    assert await scene.unsound() == []


async def test_a_double_click_takes_what_there_is_room_for(scene: Scene) -> None:
    await line(scene, 3)
    agent = await scene.hire(TEAM, capacity=1)
    got = await asyncio.gather(*(take(scene, agent) for _ in range(2)))
    assert sorted(word == "no_capacity" for word in got) == [False, True]
    assert (await scene.agent(agent.id)).load == 1


async def test_out_of_order_it_takes_a_reason_which_is_kept(scene: Scene) -> None:
    first, second = await line(scene, 2)
    agent = await scene.hire(TEAM)
    assert await take(scene, agent, second) == "needs_reason"
    assert await take(scene, agent, second, "speaks to my colleague") == second.id
    (row,) = await scene.happened(Happening.PULLED_OUT_OF_ORDER)
    assert (row.ref, row.by, row.facts["reason"]) == (second.id, agent.id, "speaks to my colleague")
    assert await take(scene, agent, first) == first.id, "the next in line takes no reason"
    assert await take(scene, agent, first, "again") == "item_taken"
    assert await take(scene, agent, first) == "item_taken", "nobody gives a reason for what is gone"


async def test_a_role_that_may_not_choose_takes_what_is_next(scene: Scene) -> None:
    _, second = await line(scene, 2)
    roles = {**scene.policy.roles, "agent": RoleLimits(out_of_order=False)}
    scene.policy = scene.policy.model_copy(update={"roles": roles})
    assert await take(scene, await scene.hire(TEAM), second, "please") == "must_take_next"


@pytest.mark.parametrize("why", ["not_in_team", "not_available", "off_shift", "no_capacity"])
async def test_who_cannot_work_now_picks_nothing(scene: Scene, why: str) -> None:
    (item,) = await line(scene, 1)
    agent = await scene.hire("support" if why == "not_in_team" else TEAM, capacity=0 if why == "no_capacity" else 1)
    async with scene.database.begin() as session:
        if why == "not_available":
            await be_present(session, agent.id, Presence.BREAK, 60)
        if why == "off_shift":
            (await session.get_one(Agent, agent.id)).shift = _week_off()
    assert await take(scene, agent) == why
    assert (await scene.item_by_id(item.id)).state == WorkState.WAITING.value


def _week_off() -> dict[str, object]:
    """A shift around the clock, with these days as holidays."""
    today = datetime.now(UTC).date()
    free = tuple(today + timedelta(days=number) for number in range(-3, 4))
    return Hours(week=dict.fromkeys(Weekday, ("00:00-24:00",)), holidays=free).model_dump(mode="json")


async def test_the_front_of_the_line_is_by_rank_whatever_the_cost(scene: Scene) -> None:
    items = await line(scene, 4)
    async with scene.database.begin() as session:
        (await session.get_one(WorkItem, items[1].id)).cost = 3
    async with scene.database.begin() as session:
        assert [item_id for item_id, _ in await in_line(session, [TEAM])] == [item.id for item in items]
    small = await scene.hire(TEAM, capacity=4)
    assert [await take(scene, small) for _ in range(3)] == [items[0].id, items[1].id, "no_capacity"]
