"""What a warehouse's token can do: tell what came back, once, and nothing else at all."""

import asyncio
import json
import re
from typing import Any

import httpx
import pytest

from cli.errors import CommandFailed
from cli.settings import CommandSettings
from cli.tokens import create
from domain.flows.kinds import FlowState, TaskKind
from domain.parties import Role
from integrations.shop.local import LocalShop
from integrations.shop.scenarios import VIP
from store.flows import Flow
from store.ids import new_id
from tests.api.ground import Ground
from tests.api.shop_ground import (
    flow_row,
    happened,
    in_state,
    lines_of,
    link_of,
    open_shop,
    return_wish,
    task_for,
    told,
    wish,
)
from tests.api.test_bad_input import assert_problem

RETURN = "ret-1"
_OWN = {"/v1/returns/{return_id}/received", "/v1/returns/{return_id}/inspected"}


@pytest.fixture
async def shop(ground: Ground) -> LocalShop:
    """The demo shop."""
    return await open_shop(ground)


@pytest.fixture
async def flow_id(ground: Ground, shop: LocalShop) -> str:
    """A return of both lines of an order, whose parcel is awaited."""
    lines = await lines_of(shop, VIP.order_number)
    request = await return_wish(shop, items=[{"line_id": line, "quantity": 1} for line in lines])
    found: str = (await wish(ground, link_of(), request)).json()["flow_id"]
    await in_state(ground, found, FlowState.AWAITING_PARCEL, return_id=RETURN)
    return found


async def tell(ground: Ground, what: str, lines: object, return_id: str = RETURN) -> httpx.Response:
    """What the warehouse's system sends."""
    headers = await ground.token(Role.WAREHOUSE)
    return await ground.http.post(f"/v1/returns/{return_id}/{what}", json={"lines": lines}, headers=headers)


def counted(lines: list[str], received: int = 1, accepted: int = 1) -> list[dict[str, Any]]:
    """The same count for each line."""
    return [{"line_id": line, "received": received, "accepted": accepted} for line in lines]


async def test_a_warehouses_token_can_do_nothing_else(ground: Ground) -> None:
    headers = {**await ground.token(Role.WAREHOUSE), "Idempotency-Key": "k"}
    refused = 0
    for path, operations in (await ground.http.get("/openapi.json")).json()["paths"].items():
        for method, operation in operations.items():
            if path in _OWN or "security" not in operation:
                continue
            address = re.sub(r"\{[^}]*\}", "0" * 26, path)
            answer = await ground.http.request(method, address, headers=headers)
            assert answer.status_code in {401, 403}, (method, path, answer.text)
            refused += 1
    assert refused > 60


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.WAREHOUSE])
@pytest.mark.parametrize("what", ["received", "inspected"])
async def test_nobody_else_counts_for_the_warehouse(ground: Ground, role: Role, what: str) -> None:
    headers = await ground.token(role)
    answer = await ground.http.post(f"/v1/returns/x/{what}", json={"lines": counted(["a"])}, headers=headers)
    assert answer.status_code == 403


async def test_a_warehouses_token_is_no_agents() -> None:
    with pytest.raises(CommandFailed):
        await create("warehouse", Role.WAREHOUSE, new_id(), CommandSettings.model_construct())


async def test_what_arrives_and_what_it_came_to_reach_the_flow_once(
    ground: Ground, shop: LocalShop, flow_id: str
) -> None:
    lines = await lines_of(shop, VIP.order_number)
    for what in ("received", "inspected"):
        answers = await asyncio.gather(*(tell(ground, what, counted(lines)) for _ in range(3)))
        assert {(one.status_code, one.json()["told"]) for one in answers} == {(200, "recorded")}
    assert await told(ground, flow_id) == [
        ("requested", ""),
        ("parcel_received", RETURN),
        ("inspected", RETURN),
    ]
    facts = (await flow_row(ground, flow_id)).facts
    assert [one["received"] for one in facts["received"]] == [1, 1]  # type: ignore[attr-defined]
    assert [one["accepted"] for one in facts["inspected"]] == [1, 1]  # type: ignore[attr-defined]


async def test_a_return_goes_on_when_every_line_was_looked_at(ground: Ground, shop: LocalShop, flow_id: str) -> None:
    first, second = await lines_of(shop, VIP.order_number)
    assert (await tell(ground, "inspected", counted([first]))).json()["told"] == "partly"
    assert len(await told(ground, flow_id)) == 1
    assert (await tell(ground, "inspected", counted([second], accepted=0))).json()["told"] == "recorded"
    assert (await told(ground, flow_id))[1:] == [("inspected", RETURN)]


async def test_a_line_that_was_inspected_stays_as_it_was(ground: Ground, shop: LocalShop, flow_id: str) -> None:
    lines = await lines_of(shop, VIP.order_number)
    await tell(ground, "inspected", counted(lines))
    before = (await flow_row(ground, flow_id)).facts
    assert_problem(await tell(ground, "inspected", counted(lines, accepted=0)), 409)
    assert_problem(await tell(ground, "received", counted(lines, received=0)), 409)
    assert (await flow_row(ground, flow_id)).facts == before


async def test_counting_finishes_the_task_that_asked_people_for_it(
    ground: Ground, shop: LocalShop, flow_id: str
) -> None:
    task = await task_for(ground, flow_id, TaskKind.INSPECT)
    await tell(ground, "inspected", counted(await lines_of(shop, VIP.order_number)))
    robin = await ground.hire("robin")
    assert (await ground.http.get("/v1/desk/tasks", headers=await ground.agent_headers(robin))).json() == []
    async with ground.database.begin() as session:
        done = await session.get_one(type(task), task.id)
    assert (done.state, done.done_by) == ("done", "warehouse")


async def test_a_parcel_that_comes_after_the_end_starts_nothing(ground: Ground, shop: LocalShop, flow_id: str) -> None:
    await in_state(ground, flow_id, FlowState.CLOSED)
    lines = await lines_of(shop, VIP.order_number)
    for what in ("received", "inspected"):
        answer = await tell(ground, what, counted(lines))
        assert (answer.status_code, answer.json()["told"]) == (200, "late")
    assert len(await told(ground, flow_id)) == 1
    assert await happened(ground, flow_id, "late") == 2
    assert "inspected" not in (await flow_row(ground, flow_id)).facts


@pytest.mark.parametrize("return_id", ["ret-2", new_id()])
async def test_an_unknown_return_is_404(ground: Ground, return_id: str) -> None:
    for what in ("received", "inspected"):
        assert_problem(await tell(ground, what, counted(["a"]), return_id), 404)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("received", {"received": 2}, "lines.0.received"),
    ("received", {"received": -1}, "lines.0.received"),
    ("received", {"received": 2**31}, "lines.0.received"),
    ("received", {"received": "1"}, "lines.0.received"),
    ("received", {"received": 1.5}, "lines.0.received"),
    ("received", {"line_id": "nowhere"}, "lines.0.line_id"),
    ("received", {"line_id": "a\x00"}, "lines.0.line_id"),
    ("received", {"more": 1}, "lines.0.more"),
    ("inspected", {"accepted": 2}, "lines.0.accepted"),
    ("inspected", {"received": 0}, "lines.0.accepted"),
    ("inspected", {"accepted": -1}, "lines.0.accepted"),
    ("inspected", {"accepted": None}, "lines.0.accepted"),
]


@pytest.mark.parametrize(("what", "change", "field"), BAD, ids=range(len(BAD)))
async def test_a_count_that_cannot_be_is_refused_by_its_field(
    ground: Ground, shop: LocalShop, flow_id: str, what: str, change: dict[str, Any], field: str
) -> None:
    lines = counted(await lines_of(shop, VIP.order_number))
    before = await flow_row(ground, flow_id)
    assert_problem(await tell(ground, what, [{**lines[0], **change}, lines[1]]), 422, field)
    after = await flow_row(ground, flow_id)
    assert (after.facts, after.last_seq) == (before.facts, before.last_seq)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b"{}", 422), (b'{"lines": []}', 422), (b'{"lines": {}}', 422), (b"\xff", 400)],
)
async def test_a_broken_report_is_refused(ground: Ground, body: bytes, status: int) -> None:
    headers = {**await ground.token(Role.WAREHOUSE), "Content-Type": "application/json"}
    assert_problem(await ground.http.post(f"/v1/returns/{RETURN}/received", content=body, headers=headers), status)


async def test_a_line_told_twice_in_one_report_is_refused(ground: Ground, shop: LocalShop, flow_id: str) -> None:
    [line, _] = await lines_of(shop, VIP.order_number)
    assert_problem(await tell(ground, "received", counted([line, line])), 422, "lines.1.line_id")
    assert "received" not in (await flow_row(ground, flow_id)).facts


async def test_units_of_one_line_that_become_several_things_are_counted_together(
    ground: Ground, shop: LocalShop, flow_id: str
) -> None:
    [line, _] = await lines_of(shop, VIP.order_number)
    async with ground.database.begin() as session:
        flow = await session.get_one(Flow, flow_id)
        swaps = [{"line_id": line, "quantity": 1, "new_sku": sku} for sku in ("a", "b")]
        flow.kind, flow.request = "exchange", {"kind": "exchange", "order": VIP.order_number, "swaps": swaps}
    assert (await tell(ground, "received", counted([line], received=2))).status_code == 200
    assert_problem(await tell(ground, "received", counted([line], received=3)), 422, "lines.0.received")


async def test_reports_in_any_shape_never_break_it(ground: Ground, shop: LocalShop, flow_id: str) -> None:
    headers = {**await ground.token(Role.WAREHOUSE), "Content-Type": "application/json"}
    odd = [None, True, 0, -1, 10**40, 1.5, "", "\x00", "\ud800", [], {}, [{}], {"lines": []}, "x" * 5000]
    for value in odd:
        for lines in ([value], [{"line_id": value, "received": value, "accepted": value}], value):
            content = json.dumps({"lines": lines}).encode()
            for what in ("received", "inspected"):
                answer = await ground.http.post(f"/v1/returns/{RETURN}/{what}", content=content, headers=headers)
                assert_problem(answer, 422)
    assert len(await told(ground, flow_id)) == 1
