"""Dispatch: one holder for each item, capacity never exceeded, places in the queue kept, nobody forgotten."""

import asyncio
import contextlib
import random
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.interaction import InteractionState
from domain.work import Presence, WorkState
from store.audit import Problem
from store.errors import Conflict, StoreError
from store.handing_over import drop_work
from store.interactions import lock_case
from store.matching import next_matches, offer
from store.people import accept, be_present, decline, finish, hand_back, lose_agent, renew_presence
from store.work import Agent, WorkItem, wake
from tests.policies import small_policy
from tests.store.scene import Scene, scalar

_INVARIANTS = (Problem.LOAD_WRONG, Problem.NO_AGENT, Problem.NO_ITEM)


async def try_to(scene: Scene, verb: str, item: WorkItem, agent_id: str) -> bool:
    """One click; False if it was refused."""
    try:
        async with scene.database.begin() as session:
            match verb:
                case "accept":
                    await accept(session, item.id, agent_id, item.version, scene.policy)
                case "decline":
                    await decline(session, item.id, agent_id, item.version, "busy")
                case "finish":
                    await finish(session, item.id, agent_id, scene.policy)
                case "hand_back":
                    await hand_back(session, item.id, agent_id, scene.policy)
                case "lose":
                    await lose_agent(session, item.id, agent_id, scene.policy)
    except Conflict:
        return False
    return True


async def offered(scene: Scene) -> tuple[Agent, WorkItem]:
    """One agent with one offer."""
    agent, item = await scene.hire(), await scene.waiting()
    await scene.allocate()
    item = await scene.item(item.interaction_id)
    assert (item.state, item.agent_id) == (WorkState.OFFERED.value, agent.id)
    return agent, item


async def test_of_sixty_four_clicks_on_one_offer_one_wins(scene: Scene) -> None:
    agent, item = await offered(scene)
    others = [await scene.hire(present=False) for _ in range(7)]
    clicks = [agent.id, *(other.id for other in others)] * 8
    won = await asyncio.gather(*(try_to(scene, "accept", item, agent_id) for agent_id in clicks))
    assert sum(won) == 1
    assert (await scene.item(item.interaction_id)).agent_id == agent.id
    assert (await scene.agent(agent.id)).load == 1


async def test_dispatchers_that_race_for_agents_of_two_teams_exceed_no_capacity(scene: Scene) -> None:
    policy = small_policy()
    teams = {**policy.teams, "returns": policy.teams["support"]}
    await scene.prepare(policy.model_copy(update={"teams": teams}))
    agents = [await scene.hire("support", "returns", capacity=2) for _ in range(4)]
    items = [await scene.waiting(team) for team in ("support", "returns") for _ in range(8)]
    await asyncio.gather(*(scene.allocate(team) for team in ("support", "returns") for _ in range(4)))
    now = [await scene.item(item.interaction_id) for item in items]
    held = [item.agent_id for item in now if item.state == WorkState.OFFERED.value]
    assert len(held) == 8, "all capacity is used"
    assert all(held.count(agent.id) == 2 for agent in agents)
    assert await scene.problems(*_INVARIANTS) == []


async def test_accepting_and_expiring_at_once_leaves_one_truth(scene: Scene) -> None:
    for _ in range(6):
        agent, item = await offered(scene)
        await scene.offers_run_out()
        accepted, *_ = await asyncio.gather(
            try_to(scene, "accept", item, agent.id), scene.allocate(), try_to(scene, "decline", item, agent.id)
        )
        after = await scene.item(item.interaction_id)
        assert (after.state == WorkState.ASSIGNED.value) == accepted
        assert await scene.problems(*_INVARIANTS) == []
        async with scene.database.begin() as session:
            await session.execute(text("UPDATE agent SET presence = 'offline', lease_until = NULL"))


async def test_two_missed_offers_set_the_agent_away_and_only_they_take_it_back(scene: Scene) -> None:
    agent = await scene.hire()
    for missed in (1, 2):
        await scene.waiting()
        await scene.allocate()
        await scene.offers_run_out()
        await scene.allocate()
        row = await scene.agent(agent.id)
        assert row.presence == (Presence.AWAY if missed == 2 else Presence.AVAILABLE).value
    async with scene.database.begin() as session:
        await renew_presence(session, agent.id, 60)
    assert (await scene.agent(agent.id)).presence == Presence.AWAY.value
    async with scene.database.begin() as session:
        await be_present(session, agent.id, Presence.AVAILABLE, 60)
    assert (await scene.agent(agent.id)).missed_offers == 0


async def test_an_accepted_offer_forgives_a_missed_one(scene: Scene) -> None:
    agent = await scene.hire()
    for miss in (True, False, True):
        item = await scene.waiting()
        await scene.allocate()
        item = await scene.item(item.interaction_id)
        if miss:
            await scene.offers_run_out()
            await scene.allocate()
        else:
            assert await try_to(scene, "accept", item, agent.id)
    assert (await scene.agent(agent.id)).presence == Presence.AVAILABLE.value


async def test_a_declined_item_keeps_its_place_and_goes_to_somebody_else_first(scene: Scene) -> None:
    agent, item = await offered(scene)
    assert await try_to(scene, "decline", item, agent.id)
    later = await scene.waiting()
    await scene.allocate()
    assert (await scene.item(item.interaction_id)).state == WorkState.WAITING.value, "not asked again so soon"
    assert (await scene.item(later.interaction_id)).agent_id == agent.id
    colleague = await scene.hire()
    await scene.allocate()
    again = await scene.item(item.interaction_id)
    assert (again.agent_id, again.rank) == (colleague.id, item.rank)


async def test_who_declined_is_asked_again_after_a_while(scene: Scene) -> None:
    agent, item = await offered(scene)
    assert await try_to(scene, "decline", item, agent.id)
    due_in = await scene.allocate()
    assert 0 < due_in <= 120, "the dispatcher looks again when the pass is over"
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE work_pass SET until = clock_timestamp()"))
    await scene.allocate()
    assert (await scene.item(item.interaction_id)).agent_id == agent.id


async def test_the_longest_waiting_is_served_first_and_priority_counts(scene: Scene) -> None:
    first, second = await scene.waiting(), await scene.waiting()
    vip = await scene.chat("v", shop="c1")
    third = await scene.hand_over(vip.interaction_id)
    for expected in (third, first, second):
        await scene.hire(capacity=1)
        await scene.allocate()
        assert (await scene.item(expected.interaction_id)).state == WorkState.OFFERED.value


@pytest.mark.parametrize("how", ["lease lost", "signed off"])
async def test_offers_of_an_agent_who_is_gone_go_back_at_once(scene: Scene, how: str) -> None:
    agent, item = await offered(scene)
    if how == "lease lost":
        await scene.age(agent, timedelta(seconds=1))
        await scene.allocate()
    else:
        async with scene.database.begin() as session:
            await be_present(session, agent.id, Presence.OFFLINE, 60)
    after = await scene.item(item.interaction_id)
    assert (after.state, after.rank) == (WorkState.WAITING.value, item.rank)
    assert ((await scene.agent(agent.id)).presence, (await scene.agent(agent.id)).load) == ("offline", 0)


async def test_assigned_work_of_an_agent_who_is_gone_goes_back_after_the_grace(scene: Scene) -> None:
    agent, item = await offered(scene)
    assert await try_to(scene, "accept", item, agent.id)
    grace = scene.policy.deadlines.return_grace_seconds
    await scene.age(agent, timedelta(seconds=grace - 30))
    due_in = await scene.allocate()
    assert (await scene.item(item.interaction_id)).state == WorkState.ASSIGNED.value
    assert 0 < due_in <= 31
    await scene.age(agent, timedelta(seconds=grace + 1))
    colleague = await scene.hire()
    await scene.allocate()
    after = await scene.item(item.interaction_id)
    assert (after.agent_id, after.rank) == (colleague.id, item.rank)
    row = await scene.interaction(item.interaction_id)
    assert row.state == InteractionState.AWAITING_PERSON.value
    assert (await scene.customer(item.interaction_id)).holder_kind == "nobody"


async def test_an_expired_offer_frees_the_agent_for_their_other_team(scene: Scene) -> None:
    policy = small_policy()
    await scene.prepare(policy.model_copy(update={"teams": {**policy.teams, "returns": policy.teams["support"]}}))
    await scene.hire("support", "returns", capacity=1)
    await scene.waiting("support")
    await scene.allocate("support")
    await scene.waiting("returns")
    await scene.allocate("returns")
    await scene.offers_run_out()
    await scene.allocate("support")
    async with scene.database.begin() as session:
        woken = "SELECT wake_pending_since IS NOT NULL FROM team WHERE id = 'returns'"
        assert await scalar(session, woken), "the other team's dispatcher is told"


async def test_a_change_that_commits_after_the_dispatcher_looked_wakes_it_again(scene: Scene) -> None:
    """Two changes, one wake: the dispatcher clears the mark while the second change is not committed yet."""
    changed, look = asyncio.Event(), asyncio.Event()
    async with scene.database.begin() as session:
        await wake(session, ["support"])

    async def slow_change() -> None:
        async with scene.database.begin() as session:
            await wake(session, ["support"])
            changed.set()
            await look.wait()
            await session.execute(text("UPDATE team SET title = 'changed' WHERE id = 'support'"))

    slow = asyncio.create_task(slow_change())
    await changed.wait()
    allocating = asyncio.create_task(scene.allocate())
    done, _ = await asyncio.wait({allocating}, timeout=0.3)
    look.set()
    await asyncio.gather(slow, allocating)
    async with scene.database.begin() as session:
        pending = await scalar(session, "SELECT wake_pending_since IS NOT NULL FROM team WHERE id = 'support'")
    assert not done or pending, "it has looked too early, and nobody tells it"


async def test_wakes_coalesce_at_the_source(scene: Scene) -> None:
    for _ in range(3):
        await scene.waiting()
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT count(*) FROM outbox WHERE team = 'support'") == 1
    await scene.allocate()
    await scene.waiting()
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT count(*) FROM outbox WHERE team = 'support'") == 2


async def test_wakes_from_many_cases_at_once_do_not_deadlock(scene: Scene) -> None:
    receipts = [await scene.chat(f"s{number}") for number in range(16)]
    await asyncio.gather(*(scene.hand_over(receipt.interaction_id) for receipt in receipts), scene.allocate())
    assert await scene.problems(*_INVARIANTS) == []


@pytest.mark.parametrize("seed", range(2))
async def test_load_equals_what_is_held_whatever_people_do(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  not for secrets
    agents = [await scene.hire(capacity=chance.randint(1, 3)) for _ in range(4)]
    items = [await scene.waiting() for _ in range(6)]

    async def anything() -> None:
        agent, item = chance.choice(agents), chance.choice(items)
        match chance.choice(["click"] * 5 + ["allocate", "expire", "presence", "lapse"]):
            case "click":
                async with scene.database.begin() as session:
                    row = await session.get_one(WorkItem, item.id)
                verb = chance.choice(["accept", "accept", "decline", "finish", "hand_back", "lose"])
                await try_to(scene, verb, row, row.agent_id or agent.id)
            case "allocate":
                await scene.allocate()
            case "expire":
                await scene.offers_run_out()
                await scene.allocate()
            case "presence":
                async with scene.database.begin() as session:
                    await be_present(session, agent.id, chance.choice(list(Presence)), 600)
            case "lapse":
                await scene.age(agent, timedelta(seconds=chance.choice([1, 1000])))
                await scene.allocate()

    for _ in range(12):
        done = await asyncio.gather(*(anything() for _ in range(3)), return_exceptions=True)
        assert [one for one in done if isinstance(one, BaseException) and not isinstance(one, StoreError)] == []
        assert await scene.problems(*_INVARIANTS) == []
        async with scene.database.begin() as session:
            two = "SELECT count(*) FROM work_item WHERE state IN ('waiting', 'offered', 'assigned')"
            one = (
                "SELECT count(DISTINCT interaction_id) FROM work_item WHERE state IN ('waiting', 'offered', 'assigned')"
            )
            assert await scalar(session, two) == await scalar(session, one)


async def test_a_case_that_is_closed_while_it_is_offered_leaves_nobody_loaded(scene: Scene) -> None:
    async def close(interaction_id: str) -> None:
        while True:
            with contextlib.suppress(Conflict):
                async with scene.database.begin() as session:
                    customer, row = await lock_case(session, interaction_id)
                    await drop_work(session, row, customer)
                return

    await scene.hire(capacity=20)
    for _ in range(8):
        item = await scene.waiting()
        await asyncio.gather(close(item.interaction_id), scene.allocate())
        await close(item.interaction_id)
        assert await scene.problems(Problem.LOAD_WRONG, Problem.NO_AGENT) == []


async def test_a_case_that_is_closed_at_the_moment_of_an_offer_is_not_left_on_the_agent(scene: Scene) -> None:
    await scene.hire()
    item = await scene.waiting()

    async def close() -> None:
        async with scene.database.begin() as session:
            customer, row = await lock_case(session, item.interaction_id)
            await drop_work(session, row, customer)

    async with scene.database.begin() as session:
        await offer(session, await next_matches(session, "support", scene.policy))
        closing = asyncio.create_task(close())
        await asyncio.wait({closing}, timeout=0.3)
    with contextlib.suppress(Conflict):
        await closing
    assert await scene.problems(Problem.LOAD_WRONG) == []
    with contextlib.suppress(Conflict):
        await close()
    assert await scene.problems(Problem.LOAD_WRONG) == []


async def test_what_was_read_before_somebody_else_offered_it_is_not_offered_again(scene: Scene) -> None:
    agent, _ = await scene.hire(capacity=2), await scene.waiting()
    async with scene.database.begin() as session:
        seen = await next_matches(session, "support", scene.policy)
    for _ in range(2):
        async with scene.database.begin() as session:
            await offer(session, seen)
    assert len(seen) == 1
    assert (await scene.agent(agent.id)).load == 1
