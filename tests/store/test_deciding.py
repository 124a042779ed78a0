"""Deciding: who may approve what, once, and the plan goes on."""

import pytest

from domain.commerce import OrderState
from domain.interaction import InteractionState
from domain.money import Money
from domain.routing import OrderFacts, ShopFacts
from domain.work import WorkState
from store.deciding import decide
from store.errors import Conflict
from store.interactions import Interaction
from store.people import finish
from store.work import Agent, WorkItem
from tests.store.scene import Scene, small_policy_with


async def asked(scene: Scene, minor: int | None, currency: str = "EUR") -> tuple[Agent, WorkItem]:
    """An agent with a case that asks for a decision about an order of this amount."""
    await scene.prepare(small_policy_with())
    agent = await scene.hire()
    item = await scene.taken_by(agent, (await scene.chat("c1")).interaction_id)
    async with scene.database.begin() as session:
        (await session.get_one(WorkItem, item.id)).asks_decision = True
        if minor is not None:
            total = Money(minor=minor, currency=currency)
            order = OrderFacts(number="BT-1", state=OrderState.DELIVERED, total=total)
            row = await session.get_one(Interaction, item.interaction_id)
            row.shop_facts = ShopFacts(order=order).model_dump(mode="json")
    return agent, item


async def judge(scene: Scene, agent: Agent, item: WorkItem, *, approved: bool = True, role: str = "agent") -> str:
    """One click; the word of the refusal, if it was refused."""
    try:
        async with scene.database.begin() as session:
            await decide(session, item.id, agent.id, approved, "We refund you", scene.policy, role)
    except Conflict as conflict:
        return str(conflict)
    return ""


@pytest.mark.parametrize("approved", [True, False])
async def test_a_decision_is_kept_once_and_the_plan_goes_on(scene: Scene, *, approved: bool) -> None:
    agent, item = await asked(scene, 4_900)
    assert [await judge(scene, agent, item, approved=approved) for _ in range(2)] == ["", ""]
    assert await judge(scene, agent, item, approved=not approved) == "decided_already"
    after = await scene.item_by_id(item.id)
    decision = "approved" if approved else "refused"
    assert (after.state, after.decision, after.decision_text) == ("done", decision, "We refund you")
    assert (await scene.told(item.interaction_id))[-2:] == ["work_accepted", "work_decided"]
    assert (await scene.interaction(item.interaction_id)).state == InteractionState.WITH_AI.value
    assert (await scene.agent(agent.id)).load == 0
    assert (await scene.customer(item.interaction_id)).holder_kind == "nobody"
    assert await scene.unsound() == []


@pytest.mark.parametrize(
    ("minor", "currency", "role", "refused"),
    [
        (5_000, "EUR", "agent", ""),
        (5_001, "EUR", "agent", "needs_higher_role"),
        (5_001, "EUR", "lead", ""),
        (1, "USD", "lead", "needs_higher_role"),
        (1, "EUR", "read_only", "needs_higher_role"),
        (None, "", "agent", ""),
    ],
)
async def test_each_role_approves_up_to_its_limit(
    scene: Scene, minor: int | None, currency: str, role: str, refused: str
) -> None:
    agent, item = await asked(scene, minor, currency)
    assert await judge(scene, agent, item, role=role) == refused
    assert (await scene.item_by_id(item.id)).state == (WorkState.ASSIGNED if refused else WorkState.DONE).value


async def test_a_refusal_has_no_limit(scene: Scene) -> None:
    agent, item = await asked(scene, 1_000_000)
    assert await judge(scene, agent, item, approved=False) == ""


async def test_a_case_that_asks_for_a_decision_is_not_resolved_without_one(scene: Scene) -> None:
    agent, item = await asked(scene, 100)
    with pytest.raises(Conflict, match="decide_first"):
        async with scene.database.begin() as session:
            await finish(session, item.id, agent.id, scene.policy)
    assert (await scene.item_by_id(item.id)).state == WorkState.ASSIGNED.value


async def test_there_is_nothing_to_decide_in_other_cases_and_for_other_people(scene: Scene) -> None:
    agent, item = await asked(scene, 100)
    assert await judge(scene, await scene.hire(present=False), item) == "not_your_case"
    async with scene.database.begin() as session:
        (await session.get_one(WorkItem, item.id)).asks_decision = False
    assert await judge(scene, agent, item) == "nothing_to_decide"
