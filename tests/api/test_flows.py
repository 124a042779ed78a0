"""Flows as agents meet them: verdicts, requests for proven customers alone, and the tasks that flows give to people."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from domain.flows.kinds import FlowState, TaskKind
from domain.parties import Role
from domain.signed_token import PortalToken
from integrations.shop.local import LocalShop
from integrations.shop.scenarios import PLAIN, VIP
from store.flow_tasks import overdue
from store.flows import Flow, lock_flow
from store.ids import new_id
from store.work import Agent, Team
from tests.api.ground import KEY, Ground
from tests.api.shop_ground import (
    case_of,
    flow_row,
    in_state,
    lines_of,
    open_shop,
    return_wish,
    rule_of,
    started,
    task_for,
    told,
    wish,
)
from tests.api.shop_ground import link_of as page_of
from tests.api.test_attachments import PNG, files
from tests.api.test_bad_input import assert_problem

Headers = dict[str, str]


@pytest.fixture
async def shop(ground: Ground) -> LocalShop:
    """The demo shop."""
    return await open_shop(ground)


@pytest.fixture
async def robin(ground: Ground, shop: LocalShop) -> tuple[Agent, Headers]:
    """An agent of team support."""
    agent = await ground.hire("robin")
    return agent, await ground.agent_headers(agent)


async def stranger(ground: Ground, name: str = "kim", role: Role = Role.AGENT) -> Headers:
    """Somebody of another team."""
    async with ground.database.begin() as session:
        if await session.get(Team, "others") is None:
            session.add(Team(id="others", title="Others"))
    return await ground.agent_headers(await ground.hire(name, team="others", role=role))


async def ask(
    ground: Ground, headers: Headers, interaction_id: str, request: dict[str, Any], key: str = ""
) -> httpx.Response:
    """The agent asks for a flow."""
    body = {"interaction_id": interaction_id, "request": request, "words": "please"}
    return await ground.http.post("/v1/flows", json=body, headers={**headers, "Idempotency-Key": key or new_id()})


async def finish(ground: Ground, headers: Headers, task_id: str, decision: str, **more: object) -> httpx.Response:
    """The agent finishes a task."""
    return await ground.http.post(f"/v1/desk/tasks/{task_id}", json={"decision": decision, **more}, headers=headers)


async def test_an_agent_asks_for_the_customer_of_their_case_once(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    case, request = await case_of(ground), await return_wish(shop)
    answers = await asyncio.gather(*(ask(ground, robin[1], case, request, "once") for _ in range(3)))
    assert {answer.status_code for answer in answers} == {201}
    [flow_id] = {answer.json()["id"] for answer in answers}
    row = await flow_row(ground, flow_id)
    assert (row.asked_by, row.interaction_id, row.shop_customer_id) == (f"agent:{robin[0].id}", case, VIP.customer_id)
    listed = (await ground.http.get("/v1/flows", params={"interaction": case}, headers=robin[1])).json()
    assert [(one["id"], one["asked_by_name"]) for one in listed] == [(flow_id, "Robin")]
    of_order = (await ground.http.get("/v1/flows", params={"order": VIP.order_number.lower()}, headers=robin[1])).json()
    assert [one["id"] for one in of_order] == [flow_id]
    detail = (await ground.http.get(f"/v1/flows/{flow_id}", headers=robin[1])).json()
    assert (detail["workflow_id"], [one["kind"] for one in detail["entries"]]) == (
        f"return-{flow_id}",
        ["flow_requested"],
    )


async def test_the_verdict_stands_beside_each_button(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    params = {"interaction": await case_of(ground), "order": VIP.order_number}
    answer = await ground.http.get("/v1/flows/offers", params=params, headers=robin[1])
    said = {offer["kind"]: offer["verdict"] for offer in answer.json()["offers"]}
    assert set(said) == {"return", "exchange", "cancellation", "address_change", "refund", "claim"}
    assert said["return"]["allowed"]
    assert said["return"]["return_by"]
    assert (said["cancellation"]["rule"], said["cancellation"]["detail"]) == ("order_state", "delivered")
    assert said["refund"]["refund_minor"] > 0
    body = {"interaction_id": params["interaction"], "request": await return_wish(shop, items=[])}
    verdict = (await ground.http.post("/v1/flows/verdict", json=body, headers=robin[1])).json()
    assert (verdict["allowed"], verdict["rule"]) == (False, "nothing_chosen")
    assert await ground.count(Flow) == 0


@pytest.mark.parametrize("order", [PLAIN.order_number, "BT-99999", "' OR 1=1", "x" * 64])
async def test_orders_of_others_and_of_nobody_look_the_same(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers], order: str
) -> None:
    case = await case_of(ground)
    refused = await ask(ground, robin[1], case, {**await return_wish(shop, PLAIN), "order": order})
    assert (refused.status_code, rule_of(refused)) == (404, "unknown_order")
    link = {"interaction_id": case, "order": order}
    for answer in (
        await ground.http.post("/v1/flows/link", json=link, headers=robin[1]),
        await ground.http.get("/v1/flows/offers", params={"interaction": case, "order": order}, headers=robin[1]),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (404, refused.json()["detail"])
    assert await ground.count(Flow) == 0


async def test_nothing_of_orders_is_told_or_done_for_who_is_not_proven(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    accepted = await ground.say(await ground.chat(), f"My order is {VIP.order_number}")
    case = accepted["interaction_id"]
    await ground.hand_off(case)
    shown = (await ground.http.get("/v1/flows/orders", params={"interaction": case}, headers=robin[1])).json()
    assert shown == {"verified": False, "orders": [], "flows": []}
    assert_problem(await ask(ground, robin[1], case, await return_wish(shop)), 409)
    assert await ground.count(Flow) == 0


async def test_an_agent_acts_only_for_cases_that_came_to_them_or_their_teams(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    case, other = await case_of(ground), await stranger(ground)
    flow_id = (await ask(ground, robin[1], case, await return_wish(shop))).json()["id"]
    assert (await ask(ground, other, case, await return_wish(shop))).status_code == 404
    for path in (f"/v1/flows/{flow_id}", f"/v1/flows?interaction={case}", f"/v1/flows/orders?interaction={case}"):
        assert (await ground.http.get(path, headers=other)).status_code == 404
    assert (await ground.http.get(f"/v1/flows?order={VIP.order_number}", headers=other)).json() == []
    await in_state(ground, flow_id, FlowState.AWAITING_PARCEL)
    assert (await ground.http.post(f"/v1/flows/{flow_id}/cancel", json={}, headers=other)).status_code == 404
    lead = await stranger(ground, "lea", Role.LEAD)
    assert (await ground.http.get(f"/v1/flows/{flow_id}", headers=lead)).status_code == 200


async def test_an_agent_calls_a_flow_off_in_time(ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]) -> None:
    flow_id = (await ask(ground, robin[1], await case_of(ground), await return_wish(shop))).json()["id"]
    await in_state(ground, flow_id, FlowState.AWAITING_INSPECTION)
    assert (await ground.http.post(f"/v1/flows/{flow_id}/cancel", json={}, headers=robin[1])).status_code == 409
    await in_state(ground, flow_id, FlowState.AWAITING_PARCEL)
    assert (await ground.http.post(f"/v1/flows/{flow_id}/cancel", json={}, headers=robin[1])).status_code == 200
    assert [kind for kind, _ in await told(ground, flow_id)] == ["requested", "customer_cancelled"]


async def test_a_link_is_for_the_customer_and_the_order_alone_and_ends(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    body = {"interaction_id": await case_of(ground), "order": VIP.order_number.lower()}
    link = (await ground.http.post("/v1/flows/link", json=body, headers=robin[1])).json()
    token = PortalToken.read(link["url"].rpartition("/")[2], KEY, datetime.now(UTC))
    assert (token.sub, token.order) == (VIP.customer_id, VIP.order_number)
    left = token.exp - datetime.now(UTC).timestamp()
    assert 0 < left <= ground.policy.commerce.portal_days * 86400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{}", "interaction_id"),
        (b'{"interaction_id": "x"}', "interaction_id"),
        (b'{"interaction_id": "%s"}', "request"),
        (b'{"interaction_id": "%s", "request": {"kind": "outreach", "order": "a"}}', "request"),
        (b'{"interaction_id": "%s", "request": {"kind": "refund", "order": "a"}}', "request.refund.amount_minor"),
        (b'{"interaction_id": "%s", "request": {"kind": "cancellation", "order": "\\u0000"}}', "request"),
    ],
    ids=range(6),
)
async def test_a_bad_request_of_an_agent_names_its_field(
    ground: Ground, robin: tuple[Agent, Headers], body: bytes, field: str
) -> None:
    content = body.replace(b"%s", b"0" * 26)
    headers = {**robin[1], "Idempotency-Key": "k", "Content-Type": "application/json"}
    assert_problem(await ground.http.post("/v1/flows", content=content, headers=headers), 422, field)


REFUNDS = [(0, "EUR", "amount_not_positive"), (-5, "EUR", "amount_not_positive"), (1, "USD", "other_currency")]


@pytest.mark.parametrize(("amount", "currency", "rule"), [*REFUNDS, (10**30, "EUR", "amount_above_paid")])
async def test_a_refund_that_cannot_be_is_refused_by_its_rule(
    ground: Ground, robin: tuple[Agent, Headers], amount: int, currency: str, rule: str
) -> None:
    request = {"kind": "refund", "order": VIP.order_number, "amount_minor": amount, "currency": currency}
    refused = await ask(ground, robin[1], await case_of(ground), request)
    assert (refused.status_code, rule_of(refused)) == (409, rule)


async def test_nobody_decides_what_they_have_asked_for(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    flow_id = (await ask(ground, robin[1], await case_of(ground), await return_wish(shop))).json()["id"]
    task = await task_for(ground, flow_id, TaskKind.APPROVE)
    [shown] = (await ground.http.get("/v1/desk/tasks", headers=robin[1])).json()
    assert shown["refused_to_me"] == "own_request"
    refused = await finish(ground, robin[1], task.id, "approved")
    assert (refused.status_code, "yourself" in refused.json()["detail"]) == (409, True)
    assert len(await told(ground, flow_id)) == 1
    other = await ground.agent_headers(await ground.hire("nico"))
    assert (await finish(ground, other, task.id, "approved", words="Gladly.")).status_code == 200
    assert (await told(ground, flow_id))[1:] == [("approved", task.id)]


async def test_an_amount_above_the_roles_limit_needs_a_higher_role(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    task = await task_for(ground, await started(ground, shop), TaskKind.APPROVE, amount=10_000_000)
    [shown] = (await ground.http.get("/v1/desk/tasks", headers=robin[1])).json()
    assert shown["refused_to_me"] == "needs_higher_role"
    assert_problem(await finish(ground, robin[1], task.id, "approved"), 409)
    assert (await finish(ground, robin[1], task.id, "refused")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "decision"),
    [
        (TaskKind.APPROVE, "done"),
        (TaskKind.JUDGE, "done"),
        (TaskKind.REPAIR, "approved"),
        (TaskKind.FOLLOW_UP, "refused"),
    ],
)
async def test_a_decision_that_does_not_suit_the_task_is_refused(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers], kind: TaskKind, decision: str
) -> None:
    flow_id = await started(ground, shop)
    task = await task_for(ground, flow_id, kind)
    assert_problem(await finish(ground, robin[1], task.id, decision), 409)
    assert_problem(await finish(ground, robin[1], task.id, "perhaps"), 422, "decision")
    assert len(await told(ground, flow_id)) == 1


async def test_the_first_decision_counts_and_its_repetition_changes_nothing(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    flow_id = await started(ground, shop)
    task = await task_for(ground, flow_id, TaskKind.APPROVE)
    answers = await asyncio.gather(*(finish(ground, robin[1], task.id, "approved") for _ in range(3)))
    assert {answer.status_code for answer in answers} == {200}
    assert_problem(await finish(ground, robin[1], task.id, "refused"), 409)
    assert (await told(ground, flow_id))[1:] == [("approved", task.id)]


async def test_an_inspection_is_counted_line_by_line(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    flow_id = await started(ground, shop)
    await in_state(ground, flow_id, FlowState.AWAITING_INSPECTION, return_id="ret-1")
    task = await task_for(ground, flow_id, TaskKind.INSPECT)
    [shown] = (await ground.http.get("/v1/desk/tasks", headers=robin[1])).json()
    [line] = shown["lines"]
    assert (line["quantity"], line["received"]) == (1, None)
    assert line["title"]
    assert_problem(await finish(ground, robin[1], task.id, "done"), 422, "lines")
    wrong = [{"line_id": line["line_id"], "received": 1, "accepted": 2}]
    assert_problem(await finish(ground, robin[1], task.id, "done", lines=wrong), 422, "lines.0.accepted")
    assert len(await told(ground, flow_id)) == 1
    right = [{"line_id": line["line_id"], "received": 1, "accepted": 1}]
    for _ in range(2):
        assert (await finish(ground, robin[1], task.id, "done", lines=right)).status_code == 200
    assert (await told(ground, flow_id))[1:] == [("inspected", "ret-1")]


async def test_tasks_are_for_their_team_and_overdue_ones_for_every_lead(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    flow_id = await started(ground, shop)
    task = await task_for(ground, flow_id, TaskKind.FOLLOW_UP)
    agent, lead = await stranger(ground), await stranger(ground, "lea", Role.LEAD)

    async def seen(headers: Headers) -> list[str]:
        return [one["id"] for one in (await ground.http.get("/v1/desk/tasks", headers=headers)).json()]

    assert [await seen(who) for who in (robin[1], agent, lead)] == [[task.id], [], []]
    async with ground.database.begin() as session:
        await overdue(session, await lock_flow(session, flow_id), TaskKind.FOLLOW_UP.value)
    assert [await seen(who) for who in (robin[1], agent, lead)] == [[task.id], [], [task.id]]
    assert (await finish(ground, agent, task.id, "done")).status_code == 404
    assert (await finish(ground, lead, task.id, "done")).status_code == 200


async def test_who_judges_a_photo_sees_it_and_other_teams_do_not(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    flow_id = await started(ground, shop)
    await in_state(ground, flow_id, FlowState.AWAITING_PHOTO)
    headers = {**page_of(), "Idempotency-Key": "k"}
    await ground.http.post(f"/v1/portal/flows/{flow_id}/photo", files=files(PNG), headers=headers)
    await task_for(ground, flow_id, TaskKind.JUDGE)
    [shown] = (await ground.http.get("/v1/desk/tasks", headers=robin[1])).json()
    [picture] = shown["pictures"]
    path = f"/v1/attachments/{picture['attachment_id']}"
    assert (await ground.http.get(path, headers=robin[1])).content == PNG
    assert (await ground.http.get(path, headers=await stranger(ground))).status_code == 404


async def test_customers_and_agents_start_the_same_flow(
    ground: Ground, shop: LocalShop, robin: tuple[Agent, Headers]
) -> None:
    [first, second] = await lines_of(shop, VIP.order_number)
    case = await case_of(ground)
    theirs = await wish(ground, page_of(), await return_wish(shop, items=[{"line_id": first}]))
    ours = await ask(ground, robin[1], case, await return_wish(shop, items=[{"line_id": second}]))
    one, other = await flow_row(ground, theirs.json()["flow_id"]), await flow_row(ground, ours.json()["id"])
    same = ("kind", "order_number", "shop_customer_id", "interaction_id", "policy_version", "state")
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]
    assert json.dumps(one.verdict).count("minor") == json.dumps(other.verdict).count("minor")
