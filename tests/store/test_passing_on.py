"""Passing on: a case goes to a team or to one colleague with a note, keeps its place, and overloads nobody."""

import pytest

from domain.interaction import InteractionState
from domain.requirement import Widening
from domain.sla import SlaTargets
from domain.work import Presence, WorkState
from store.errors import Conflict
from store.passing_on import transfer
from store.people import be_present
from store.work import Agent, WorkItem
from tests.store.scene import Scene, scalar, small_policy_with


async def held(scene: Scene, **policy: object) -> tuple[Agent, WorkItem]:
    """An agent of `support` with a case, in a brand with a team `returns`."""
    await scene.prepare(small_policy_with(**policy))  # type: ignore[arg-type]
    agent = await scene.hire()
    return agent, await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)


async def passed(scene: Scene, agent: Agent, item: WorkItem, **to: str) -> WorkItem:
    """The agent passes the case on; the item afterwards."""
    async with scene.database.begin() as session:
        await transfer(session, item.id, agent.id, scene.policy, **to)
    return await scene.item_by_id(item.id)


async def test_a_case_goes_to_another_team_as_that_team_works_and_keeps_its_place(scene: Scene) -> None:
    agent, item = await held(scene, sla=SlaTargets(resolution_minutes=60))
    after = await passed(scene, agent, item, team="returns", words="Wants an exchange")
    assert (after.state, after.team_id, after.agent_id, after.rank) == ("waiting", "returns", None, item.rank)
    assert (after.cost, after.offer_seconds, after.taken, after.note) == (2, 40, 0, "Wants an exchange")
    assert (await scene.agent(agent.id)).load == 0
    assert (await scene.customer(item.interaction_id)).holder_kind == "nobody"
    assert (await scene.told(item.interaction_id))[-1] == "work_moved"
    assert (await scene.interaction(item.interaction_id)).state == InteractionState.AWAITING_PERSON.value
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT team_id FROM sla_clock") == "returns", "its dispatcher minds the clocks"
        assert await scalar(session, "SELECT wake_pending_since IS NOT NULL FROM team WHERE id = 'returns'")
    expert = await scene.hire("returns")
    await scene.allocate("returns")
    assert (await scene.item_by_id(item.id)).agent_id == expert.id
    assert await scene.unsound() == []


async def test_a_skill_that_the_other_team_does_not_list_is_not_asked_for_there(scene: Scene) -> None:
    agent, item = await held(scene, skills=("sizes",))
    async with scene.database.begin() as session:
        row = await session.get_one(WorkItem, item.id)
        row.widening = Widening(keys=("legal>=2 sizes>=3",), asks="legal>=2 sizes>=3").model_dump(mode="json")
        (await session.get_one(Agent, agent.id)).skills = {"sizes": 3}
    await scene.hire("returns", skills={"sizes": 3})
    assert (await passed(scene, agent, item, team="returns")).requirement_key == "sizes>=3"


async def test_who_puts_a_case_back_into_their_own_team_is_not_asked_again_so_soon(scene: Scene) -> None:
    agent, item = await held(scene)
    after = await passed(scene, agent, item, team="support", words="I know too little of this")
    assert (await scene.told(item.interaction_id))[-1] == "work_requeued"
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.WAITING.value
    assert (after.team_id, after.own_agent_id) == ("support", "")


async def test_a_colleague_is_asked_alone_and_then_their_team(scene: Scene) -> None:
    agent, item = await held(scene)
    kim, lou = await scene.hire(capacity=1), await scene.hire()
    busy = await scene.taken_by_one_of(kim, (await scene.chat("c2", shop="s2")).interaction_id)
    after = await passed(scene, agent, item, to_agent=kim.id, words="You know them")
    assert after.requirement_key == f"agent:{kim.id}"
    assert (await scene.told(item.interaction_id))[-1] == "work_requeued"
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).state == WorkState.WAITING.value, "nobody else is asked, and she is full"
    await scene.timers_run_out()
    await scene.allocate()
    assert (await scene.item_by_id(item.id)).agent_id == lou.id, "not the one who passed it on"
    assert busy.agent_id == kim.id
    assert await scene.unsound() == []


async def test_a_colleague_of_another_team_gets_it_there(scene: Scene) -> None:
    agent, item = await held(scene)
    expert = await scene.hire("returns")
    after = await passed(scene, agent, item, to_agent=expert.id)
    assert (after.team_id, (await scene.told(item.interaction_id))[-1]) == ("returns", "work_moved")
    await scene.allocate("returns")
    assert (await scene.item_by_id(item.id)).agent_id == expert.id


@pytest.mark.parametrize(
    ("to", "word"),
    [
        ({"team": "nowhere"}, "unknown_team"),
        ({"to_agent": "nobody"}, "unknown_agent"),
        ({"to_agent": "self"}, "transfer_to_self"),
        ({"to_agent": "absent"}, "agent_offline"),
    ],
)
async def test_a_transfer_that_makes_no_sense_is_refused_and_changes_nothing(
    scene: Scene, to: dict[str, str], word: str
) -> None:
    agent, item = await held(scene)
    absent = await scene.hire()
    async with scene.database.begin() as session:
        await be_present(session, absent.id, Presence.OFFLINE, 60)
    named = {"self": agent.id, "absent": absent.id}
    with pytest.raises(Conflict, match=word):
        await passed(scene, agent, item, **{key: named.get(value, value) for key, value in to.items()})
    after = await scene.item_by_id(item.id)
    assert (after.state, after.version) == (WorkState.ASSIGNED.value, item.version)


async def test_a_case_is_passed_on_once(scene: Scene) -> None:
    agent, item = await held(scene)
    await passed(scene, agent, item, team="returns")
    with pytest.raises(Conflict, match="not_your_case"):
        await passed(scene, agent, item, team="returns")
    assert (await scene.told(item.interaction_id)).count("work_moved") == 1
