"""A flow of a brand's own: the guide's one file and its lines of policy, run as they are printed there."""

import re
import textwrap
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select
from sqlmodel import col

from domain.commerce import Order, OrderLine, OrderState, ShopCustomer
from domain.flows.kinds import AskedBy, FlowOutcome, Requester
from domain.flows.requests import CustomRequest, ItemWanted
from domain.flows.rules import CommerceRules
from domain.flows.verdict import RequestFacts
from domain.money import Money
from domain.policy import Policy
from domain.team import RoleLimits
from integrations.shop.local import LocalShop
from store.database import Database
from store.flow_requests import request_flow
from store.flow_tasks import finish_task
from store.flows import Flow, FlowTask
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage
from workers.own_flows import BadFlowModule, own_flows, verbs

GUIDE = (Path(__file__).parents[2] / "docs/flows.md").read_text("utf-8").partition("## Adding a flow of your own")[2]
_ORDER = "BT-1"
_PRICE = Money(minor=9900, currency="EUR")


def printed(language: str) -> str:
    """The guide's first block in a language."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return textwrap.dedent(found[1])


def guide_policy() -> Policy:
    rules = CommerceRules.model_validate(yaml.safe_load(printed("yaml"))["commerce"])
    roles = {**small_policy().roles, "lead": RoleLimits(approve_up_to={"EUR": 100_000})}
    return small_policy().model_copy(update={"commerce": rules, "roles": roles})


@pytest.fixture
async def stage(
    database: Database, temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    (tmp_path / "repair.py").write_text(printed("python"))
    monkeypatch.syspath_prepend(tmp_path)
    async with set_stage(database, temporal_address, guide_policy(), flows="repair") as stage:
        yield stage


def facts(*, days_ago: float) -> RequestFacts:
    """What the shop says of an order of one thing."""
    placed = datetime.now(UTC) - timedelta(days=days_ago)
    line = OrderLine(line_id="L1", sku="watch", title="Watch", quantity=1, unit_price=_PRICE)
    order = Order(
        number=_ORDER,
        customer_id="cus-1",
        email="one@example.com",
        state=OrderState.DELIVERED,
        placed_at=placed,
        total=_PRICE,
        lines=(line,),
    )
    customer = ShopCustomer(
        customer_id="cus-1", name="One", email="one@example.com", tier="gold", lifetime_value=_PRICE
    )
    return RequestFacts(order=order, customer=customer, delivered_at={"L1": placed})


async def ask(stage: Stage, interaction_id: str, *, days_ago: float = 10) -> str:
    """The customer asks for a repair; answers the flow's id, or the rule against it."""
    request = CustomRequest(flow="repair", order=_ORDER, items=(ItemWanted(line_id="L1"),))
    row = await stage.interaction(interaction_id)
    async with stage.database.begin() as session:
        asked = await request_flow(
            session,
            request,
            facts(days_ago=days_ago),
            AskedBy(kind=Requester.CUSTOMER),
            stage.policy.model_copy(update={"version": row.policy_version}),
            intent=f"test:{days_ago}",
            interaction_id=interaction_id,
            customer_id=row.customer_id,
            shop_customer_id="cus-1",
        )
    return asked.flow_id or str(asked.verdict.refused)


async def decide(stage: Stage, flow_id: str, key: str, decision: str) -> None:
    async def look() -> FlowTask | None:
        async with stage.database.begin() as session:
            query = select(FlowTask).where(col(FlowTask.flow_id) == flow_id, col(FlowTask.key) == key)
            return (await session.execute(query)).scalar_one_or_none()

    task = await eventually(look)
    async with stage.database.begin() as session:
        await finish_task(session, task.id, "robin", "lead", decision, "", stage.policy)


async def end_of(stage: Stage, flow_id: str) -> str:
    async def look() -> str:
        async with stage.database.begin() as session:
            return (await session.get_one(Flow, flow_id)).outcome

    return await eventually(look)


async def test_the_guides_flow_runs_from_a_request_to_its_last_word(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    await stage.answered(receipt.conversation_id)
    flow_id = await ask(stage, receipt.interaction_id)
    await decide(stage, flow_id, "approve", "approved")
    await decide(stage, flow_id, "workshop", "approved")
    assert await end_of(stage, flow_id) == FlowOutcome.SETTLED.value

    async def heard() -> list[str] | None:
        words = [text for author, text in await stage.said(receipt.conversation_id) if author == "system"]
        return words if any("It is mended" in text for text in words) else None

    words = await eventually(heard)
    assert any("hand it in at any of our shops" in text for text in words)


async def test_it_is_refused_by_the_policys_rules_like_every_other(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    assert await ask(stage, receipt.interaction_id, days_ago=731) == "window_over:L1"


def test_a_module_that_is_not_there_or_holds_no_story_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty_flow.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("empty_flow", "no_such_flow"):
        with pytest.raises(BadFlowModule, match=name):
            own_flows(f" {name} ,")
    assert own_flows("") == []


def test_its_activities_are_registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verb = """
from temporalio import activity


@activity.defn
async def call_workshop(flow_id: str) -> None:
    "Call them."


def activities(database, shop):
    return [call_workshop]
"""
    (tmp_path / "repair_with_verb.py").write_text(printed("python") + verb)
    monkeypatch.syspath_prepend(tmp_path)
    database = Database("postgresql://nowhere/none")
    [module] = own_flows("repair_with_verb")
    assert [verb.__name__ for verb in verbs(module, database, LocalShop(database))] == ["call_workshop"]
