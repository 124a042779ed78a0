"""The API with the demo shop behind it: cases of proven customers, links to their pages, and flows in any state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import select
from sqlmodel import col

from domain.flows.kinds import FlowState, TaskKind
from domain.money import Money
from domain.signed_token import PortalToken, mint_customer_token
from integrations.shop.demo import load_demo_shop
from integrations.shop.local import LocalShop
from integrations.shop.scenarios import VIP, Scenario
from store.flow_tasks import ask
from store.flows import Flow, FlowTask, lock_flow
from store.ids import new_id
from store.journal import JournalRow
from tests.api.ground import KEY, Ground, bearer

FLOW = "flow_"


async def open_shop(ground: Ground) -> LocalShop:
    """Fill the demo shop as of now."""
    await load_demo_shop(ground.database, datetime.now(UTC))
    return LocalShop(ground.database)


def link_of(who: Scenario = VIP, *, order: str | None = None, flow: str = "", days: float = 1) -> dict[str, str]:
    """The header that a customer's page sends."""
    until = int((datetime.now(UTC) + timedelta(days=days)).timestamp())
    order = who.order_number if order is None else order
    return bearer(PortalToken(sub=who.customer_id, order=order, flow=flow, exp=until).sign(KEY))


async def lines_of(shop: LocalShop, order: str) -> list[str]:
    """The ids of an order's lines."""
    found = await shop.order(order)
    assert found is not None
    return [line.line_id for line in found.lines]


async def return_wish(shop: LocalShop, who: Scenario = VIP, **more: object) -> dict[str, Any]:
    """The first line of the customer's order comes back."""
    [first, *_] = await lines_of(shop, who.order_number)
    return {
        "kind": "return",
        "order": who.order_number,
        "items": [{"line_id": first, "quantity": 1}],
        "reason": "changed_mind",
        **more,
    }


async def wish(
    ground: Ground, link: dict[str, str], request: dict[str, Any], *, key: str = "", confirmed: bool = True
) -> httpx.Response:
    """The customer asks on their page."""
    headers = {**link, "Idempotency-Key": key or new_id()}
    return await ground.http.post(
        "/v1/portal/flows", json={"request": request, "confirmed": confirmed}, headers=headers
    )


async def started(ground: Ground, shop: LocalShop, who: Scenario = VIP) -> str:
    """The id of a return that the customer has asked for."""
    answer = await wish(ground, link_of(who), await return_wish(shop, who))
    assert answer.status_code == 201, answer.text
    flow_id: str = answer.json()["flow_id"]
    return flow_id


async def in_state(ground: Ground, flow_id: str, state: FlowState, **facts: object) -> None:
    """What a flow's story would have reported."""
    async with ground.database.begin() as session:
        flow = await lock_flow(session, flow_id)
        flow.state, flow.facts = state.value, {**flow.facts, **facts}


async def flow_row(ground: Ground, flow_id: str) -> Flow:
    """The flow as it is now."""
    async with ground.database.begin() as session:
        return await session.get_one(Flow, flow_id)


async def told(ground: Ground, flow_id: str) -> list[tuple[str, str]]:
    """What the flow was told: kind and ref, in order."""
    query = select(JournalRow).where(col(JournalRow.flow_id) == flow_id, col(JournalRow.seq).is_not(None))
    async with ground.database.begin() as session:
        rows = (await session.execute(query.order_by(col(JournalRow.seq)))).scalars()
        return [(row.kind.removeprefix(FLOW), row.ref) for row in rows]


async def happened(ground: Ground, flow_id: str, kind: str) -> int:
    """How often the journal has something of a kind about the flow."""
    query = select(JournalRow).where(col(JournalRow.flow_id) == flow_id, col(JournalRow.kind) == kind)
    async with ground.database.begin() as session:
        return len((await session.execute(query)).scalars().all())


async def task_for(
    ground: Ground, flow_id: str, kind: TaskKind, *, team: str = "support", amount: int | None = None
) -> FlowTask:
    """What the flow's story would ask people."""
    async with ground.database.begin() as session:
        flow = await lock_flow(session, flow_id)
        money = None if amount is None else Money(minor=amount, currency="EUR")
        return await ask(session, flow, kind.value, kind, team, hours=24, amount=money)


async def case_of(ground: Ground, who: Scenario = VIP) -> str:
    """The id of a case of the proven customer that has come to team support."""
    token = mint_customer_token(KEY, who.customer_id, who.email, now=datetime.now(UTC), lifetime=timedelta(minutes=5))
    accepted = await ground.say(await ground.chat(token), "It does not fit")
    await ground.hand_off(accepted["interaction_id"])
    return accepted["interaction_id"]


def rule_of(answer: httpx.Response) -> str:
    """The rule that a refusal names."""
    rule: str = answer.json()["errors"][0]["rule"]
    return rule
