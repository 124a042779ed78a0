"""Fair dispatch over time: large cases are not starved by small ones, and whoever was freed first gets the next one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.hours import Hours, Weekday
from domain.parties import Channel
from domain.plan import Plan, Stage, StageKind
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.sla import SlaTargets
from domain.team import WHOLE_AGENT, TeamChannel
from domain.work import Presence, WorkState
from store.errors import Conflict
from store.interactions import Interaction
from store.matching import FEWEST_HEADS
from store.parking import park
from store.people import accept, be_present, decline, finish
from store.pulling import IN_REACH, pull
from store.queueing import leave_message, leave_queue
from store.supervising import reassign, take_from
from store.work import Agent, WorkItem, wake
from tests.store.day_customers import time_passes
from tests.store.random_day import POLICY
from tests.store.scene import Scene, scalar, small_policy_with

_ROUNDS = 12


async def busy(scene: Scene, *, cost: int, teams: tuple[str, ...]) -> tuple[list[Agent], WorkItem]:
    """Two agents of these teams who are full of small cases, and a large one in `support`, which has waited long."""
    policy = small_policy_with()
    support = policy.teams["support"]
    small = support.model_copy(update={"channels": {**support.channels, Channel.CHAT: TeamChannel(cost=1)}})
    await scene.prepare(policy.model_copy(update={"teams": {**policy.teams, "support": small, "returns": small}}))
    agents = [await scene.hire(*teams, capacity=3) for _ in range(2)]
    for _ in range(6):
        await _small(scene, teams[-1])
    await _everybody_accepts(scene, teams)
    large = await scene.waiting("support")
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE work_item SET cost = :cost WHERE id = :id"), {"cost": cost, "id": large.id})
        await time_passes(session, 120)
        await session.execute(text("UPDATE agent SET lease_until = clock_timestamp() + interval '1 hour'"))
    return agents, large


async def _small(scene: Scene, team: str) -> None:
    await scene.waiting(team)


async def _everybody_accepts(scene: Scene, teams: tuple[str, ...]) -> None:
    for team in sorted(set(teams), reverse=True):
        await scene.allocate(team)
    async with scene.database.begin() as session:
        query = text("SELECT id, agent_id, version FROM work_item WHERE state = 'offered'")
        offered = (await session.execute(query)).all()
    for item_id, agent_id, version in offered:
        async with scene.database.begin() as session:
            await accept(session, item_id, agent_id, version, scene.policy)


async def _finishes_one(scene: Scene, agent: Agent, but: WorkItem) -> None:
    query = text("SELECT min(id) FROM work_item WHERE state = 'assigned' AND agent_id = :agent AND id <> :but")
    async with scene.database.begin() as session:
        item_id = (await session.execute(query, {"agent": agent.id, "but": but.id})).scalar_one()
    if item_id is not None:
        async with scene.database.begin() as session:
            await finish(session, item_id, agent.id, scene.policy)


@pytest.mark.parametrize("cost", [2, 3, WHOLE_AGENT])
@pytest.mark.parametrize(
    "teams",
    [
        pytest.param(("support",), id="of its team"),
        pytest.param(("support", "returns"), id="of another team"),
    ],
)
async def test_a_large_case_is_served_although_small_ones_keep_coming(
    scene: Scene, cost: int, teams: tuple[str, ...]
) -> None:
    agents, large = await busy(scene, cost=cost, teams=teams)
    for number in range(_ROUNDS):
        await _small(scene, teams[-1])
        await _finishes_one(scene, agents[number % 2], large)
        await _everybody_accepts(scene, teams)
        if (await scene.item_by_id(large.id)).state == WorkState.ASSIGNED.value:
            break
    assert (await scene.item_by_id(large.id)).state == WorkState.ASSIGNED.value
    assert number < 2 * min(cost, 3), "it waits only until one of the two has finished what they have"
    assert await scene.unsound() == []


async def test_a_level_missed_while_somebody_thinks_about_an_offer_still_escalates(scene: Scene) -> None:
    policy = small_policy_with(sla=SlaTargets(first_response_minutes=10))
    support = policy.teams["support"].model_copy(update={"escalate_to": "returns"})
    await scene.prepare(policy.model_copy(update={"teams": {**policy.teams, "support": support}}))
    await scene.hire()
    item = await scene.waiting()
    async with scene.database.begin() as session:
        await time_passes(session, 595)
        await session.execute(text("UPDATE agent SET lease_until = clock_timestamp() + interval '1 hour'"))
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.OFFERED.value
    for seconds in (10, 25):
        async with scene.database.begin() as session:
            await time_passes(session, seconds)
        await scene.allocate()
    assert (await scene.item_by_id(item.id)).team_id == "returns"


async def test_a_breached_case_stays_with_its_team_while_the_next_one_is_closed(scene: Scene) -> None:
    policy = small_policy_with(sla=SlaTargets(first_response_minutes=10))
    support = policy.teams["support"].model_copy(update={"escalate_to": "returns"})
    closed = policy.teams["returns"].model_copy(update={"hours": Hours(week={Weekday.MON: ()})})
    teams = {**policy.teams, "support": support, "returns": closed}
    await scene.prepare(policy.model_copy(update={"teams": teams}))
    item = await scene.waiting()
    async with scene.database.begin() as session:
        await time_passes(session, 605)
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).team_id == "support"
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT count(*) FROM journal WHERE kind = 'sla_breached'") == 1


async def test_only_who_parked_a_case_gets_it_back_without_accepting(scene: Scene) -> None:
    """Although a colleague holds the baton with another case of the same customer."""
    await scene.prepare(small_policy_with())
    owner, colleague = await scene.hire(), await scene.hire()
    receipt = await scene.chat("c1")
    item = await scene.taken_by_one_of(owner, receipt.interaction_id)
    async with scene.database.begin() as session:
        await park(session, item.id, owner.id, scene.policy, None)
        for change in (
            "UPDATE customer SET holder_kind = 'agent', holder_id = :colleague",
            "UPDATE agent SET load = capacity WHERE id = :owner",
        ):
            await session.execute(text(change), {"colleague": colleague.id, "owner": owner.id})
    await scene.chat("c1", "are you there?")
    await scene.timers_run_out()
    await scene.allocate()
    after = await scene.item_by_id(item.id)
    assert (after.state, after.agent_id) == (WorkState.OFFERED.value, colleague.id)


async def test_two_offers_missed_with_an_answer_between_them_are_not_two_in_a_row(scene: Scene) -> None:
    agent = await scene.hire()
    for answered in (False, True, False):
        item = await scene.waiting()
        await scene.allocate()
        item = await scene.item_by_id(item.id)
        if answered:
            async with scene.database.begin() as session:
                await decline(session, item.id, agent.id, item.version, "busy")
        else:
            await scene.offers_run_out()
            await scene.allocate()
    assert (await scene.agent(agent.id)).presence == Presence.AVAILABLE.value


async def test_the_first_in_line_is_found_behind_many_who_came_earlier(scene: Scene) -> None:
    for _ in range(FEWEST_HEADS + 2):
        await scene.waiting()
    vip = await scene.hand_over((await scene.chat("v", shop="c1")).interaction_id)
    agent = await scene.hire(capacity=1)
    await scene.allocate()
    assert (await scene.item_by_id(vip.id)).agent_id == agent.id


async def test_transactions_that_wake_the_same_teams_in_any_order_do_not_wait_for_each_other(scene: Scene) -> None:
    await scene.prepare(small_policy_with())
    teams = ["mail", "returns", "support"]

    async def change(order: list[str]) -> None:
        async with scene.database.begin() as session:
            for team in order:
                await wake(session, [team])
                await session.execute(text("SELECT 1"))

    await asyncio.gather(*(change(teams[::direction]) for direction in (1, -1) * 8))
    async with scene.database.begin() as session:
        woken = (await session.execute(text("SELECT team FROM outbox ORDER BY team"))).scalars().all()
    assert woken == teams, "each of them once"


async def test_a_change_that_commits_while_the_dispatcher_clears_its_mark_wakes_it_again(scene: Scene) -> None:
    async with scene.database.begin() as session:
        await wake(session, ["support"])

    async def change() -> None:
        async with scene.database.begin() as session:
            await wake(session, ["support"])

    async with scene.database.begin() as dispatcher:
        await dispatcher.execute(text("UPDATE team SET wake_pending_since = NULL"))
        changing = asyncio.create_task(change())
        await asyncio.wait({changing}, timeout=0.5)
        assert not changing.done(), "it waits for the dispatcher, which has not seen it"
    await changing
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT wake_pending_since IS NOT NULL FROM team WHERE id = 'support'")
        assert await scalar(session, "SELECT count(*) FROM outbox WHERE team = 'support'") == 2


@pytest.mark.parametrize("verb", [leave_queue, leave_message], ids=["leaves", "leaves a message"])
async def test_a_customer_who_goes_while_somebody_is_asked_frees_them_for_all_their_teams(
    scene: Scene, verb: Callable[[AsyncSession, str, Policy], Awaitable[object]]
) -> None:
    await scene.prepare(small_policy_with())
    await scene.hire("support", "returns", capacity=1)
    item = await scene.waiting()
    await scene.allocate()
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE team SET wake_pending_since = NULL"))
    async with scene.database.begin() as session:
        await verb(session, item.interaction_id, scene.policy)
    assert await _woken(scene) >= {"returns"}


async def test_a_customer_who_comes_back_to_a_parked_case_wakes_its_team(scene: Scene) -> None:
    agent = await scene.hire()
    item = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    async with scene.database.begin() as session:
        await park(session, item.id, agent.id, scene.policy, None)
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE team SET wake_pending_since = NULL"))
    await scene.chat("c1", "are you there?")
    assert await _woken(scene) == {"support"}


async def _woken(scene: Scene) -> set[str]:
    async with scene.database.begin() as session:
        found = await session.execute(text("SELECT id FROM team WHERE wake_pending_since IS NOT NULL"))
        return set(found.scalars())


async def test_one_ring_after_the_other_is_asked_and_anew_if_a_lead_takes_the_case_back(scene: Scene) -> None:
    await scene.prepare(read_policy(POLICY))
    expert = await scene.hire(skills={"returns": 4})
    case = (await scene.chat("c1")).interaction_id
    async with scene.database.begin() as session:
        stage = Stage(kind=StageKind.QUEUE, team="support", needs=(("returns", 4),))
        row = await session.get_one(Interaction, case)
        row.plan = Plan(stages=(stage,), cell="any").model_dump(mode="json")
    item = await scene.hand_over(case)
    await scene.allocate()
    asked = [(await scene.item_by_id(item.id)).requirement_key]
    async with scene.database.begin() as session:
        await be_present(session, expert.id, Presence.BREAK, 6000)
    for _ in range(2):
        async with scene.database.begin() as session:
            await time_passes(session, 61)
        await scene.allocate()
        asked.append((await scene.item_by_id(item.id)).requirement_key)
    assert asked == ["returns>=4", "returns>=3", ""]
    async with scene.database.begin() as session:
        await reassign(session, item.id, expert.id, "lead", scene.policy)
        await take_from(session, item.id, "lead", scene.policy)
    assert (await scene.item_by_id(item.id)).requirement_key == "returns>=4"


async def test_a_click_on_an_earlier_offer_does_not_take_a_later_one(scene: Scene) -> None:
    agent, item = await scene.hire(), await scene.waiting()
    await scene.allocate()
    earlier = await scene.item_by_id(item.id)
    async with scene.database.begin() as session:
        await decline(session, item.id, agent.id, earlier.version, "busy")
        await time_passes(session, 121)
    await scene.allocate()
    later = await scene.item_by_id(item.id)
    assert (later.state, later.agent_id) == (WorkState.OFFERED.value, agent.id)
    with pytest.raises(Conflict, match="offer_gone"):
        async with scene.database.begin() as session:
            await accept(session, item.id, agent.id, earlier.version, scene.policy)
    with pytest.raises(Conflict, match="offer_gone"):
        async with scene.database.begin() as session:
            await decline(session, item.id, agent.id, earlier.version, "busy")


async def test_who_pulls_gets_the_first_in_line_however_many_came_earlier(scene: Scene) -> None:
    await scene.prepare(small_policy_with())
    for _ in range(IN_REACH + 1):
        await scene.waiting("mail")
    vip = await scene.hand_over((await scene.chat("v", shop="c1")).interaction_id, "mail")
    agent = await scene.hire("mail")
    async with scene.database.begin() as session:
        assert (await pull(session, agent.id, "mail", scene.policy)).id == vip.id


async def test_who_is_set_away_keeps_nobody_else_waiting(scene: Scene) -> None:
    agent, items = await scene.hire(), [await scene.waiting() for _ in range(3)]
    await scene.allocate()
    await scene.offers_run_out()
    async with scene.database.begin() as session:
        later = "clock_timestamp() + interval '20 seconds'"
        last = f"UPDATE work_item SET offered_until = {later}, due_at = {later} WHERE id = :id"  # noqa: S608
        await session.execute(text(last), {"id": items[2].id})
    await scene.allocate()
    assert (await scene.agent(agent.id)).presence == Presence.AWAY.value
    assert {(await scene.item_by_id(item.id)).state for item in items} == {"waiting"}
    assert await scene.unsound() == []
