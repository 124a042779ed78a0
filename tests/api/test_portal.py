"""The customer's own pages: who gets in, what they see and ask, and what they may not."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.flows.kinds import FlowState
from domain.parties import Role
from domain.signed_token import ChatToken, PortalToken
from integrations.shop.local import LocalShop
from integrations.shop.scenarios import PLAIN, SPLIT_SHIPMENT, TWO_OPEN, VIP
from store.commerce import ShopCustomer
from store.conversations import Attachment
from store.flows import Flow, FlowStep
from store.ids import new_id
from tests.api.ground import KEY, Ground, bearer
from tests.api.shop_ground import (
    case_of,
    flow_row,
    in_state,
    lines_of,
    link_of,
    open_shop,
    return_wish,
    rule_of,
    started,
    told,
    wish,
)
from tests.api.test_attachments import KINDS, PNG, files
from tests.api.test_bad_input import assert_problem


@pytest.fixture
async def shop(ground: Ground) -> LocalShop:
    """The demo shop."""
    return await open_shop(ground)


async def see(ground: Ground, link: dict[str, str], order: str = "") -> dict[str, Any]:
    """What the page shows."""
    answer = await ground.http.get("/v1/portal", params={"order": order} if order else {}, headers=link)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("address", ["/portal?token={}", "/portal/{}"])
async def test_the_token_of_a_link_moves_where_no_server_and_no_referer_sees_it(ground: Ground, address: str) -> None:
    token = link_of()["Authorization"].split()[1]
    answer = await ground.http.get(address.format(token))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/portal#{token}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_what_is_no_token_is_passed_on_to_nobody(ground: Ground) -> None:
    answer = await ground.http.get("/portal", params={"token": "a\r\nSet-Cookie: b=c"})
    assert answer.headers["location"] == "/portal"


@pytest.mark.parametrize("path", ["/portal", f"/pay/{'0' * 26}"])
async def test_the_pages_run_nothing_but_their_own_scripts(ground: Ground, path: str) -> None:
    answer = await ground.http.get(path)
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "<script>" not in answer.text


def _expired() -> str:
    return link_of(days=-1)["Authorization"].split()[1]


def _of_a_chat() -> str:
    until = int((datetime.now(UTC) + timedelta(days=1)).timestamp())
    return ChatToken(sub="s", exp=until, customer=VIP.customer_id).sign(KEY)


def _forged() -> str:
    until = int((datetime.now(UTC) + timedelta(days=1)).timestamp())
    return PortalToken(sub=VIP.customer_id, order=VIP.order_number, exp=until).sign("another key, long enough as well")


@pytest.mark.parametrize("token", [_expired, _of_a_chat, _forged])
async def test_no_other_token_opens_the_page(ground: Ground, shop: LocalShop, token: Any) -> None:
    assert (await ground.http.get("/v1/portal", headers=bearer(token()))).status_code == 401


@pytest.mark.parametrize("role", list(Role))
async def test_no_token_of_staff_opens_the_page(ground: Ground, role: Role) -> None:
    assert (await ground.http.get("/v1/portal", headers=await ground.token(role))).status_code == 403


async def test_the_customer_sees_their_order_and_what_can_be_asked_about_it(ground: Ground, shop: LocalShop) -> None:
    seen = await see(ground, link_of())
    assert (seen["order"]["number"], seen["orders"], seen["name"]) == (VIP.order_number, [VIP.order_number], VIP.name)
    said = {offer["kind"]: offer["verdict"] for offer in seen["offers"]}
    assert said["return"]["allowed"]
    assert said["return"]["refund_minor"] > 0
    assert (said["cancellation"]["allowed"], said["cancellation"]["rule"]) == (False, "order_state")
    assert said["cancellation"]["words"]
    assert {product["title"] for product in seen["products"]}


async def test_each_line_that_cannot_come_back_says_why(ground: Ground, shop: LocalShop) -> None:
    seen = await see(ground, link_of(SPLIT_SHIPMENT))
    offer = next(offer for offer in seen["offers"] if offer["kind"] == "return")
    assert [line["allowed"] for line in offer["lines"]] == [True, False]
    assert "not been delivered" in offer["lines"][1]["words"]
    assert offer["verdict"]["allowed"], "what has arrived can come back"


async def test_a_link_about_one_order_opens_no_other(ground: Ground, shop: LocalShop) -> None:
    other = VIP.order_numbers[1]
    answer = await ground.http.get("/v1/portal", params={"order": other}, headers=link_of())
    assert answer.status_code == 404
    refused = await wish(ground, link_of(), {**await return_wish(shop), "order": other})
    assert (refused.status_code, rule_of(refused)) == (404, "unknown_order")


async def test_a_link_about_no_order_lets_the_customer_choose_among_their_own(ground: Ground, shop: LocalShop) -> None:
    link = link_of(order="")
    assert set((await see(ground, link))["orders"]) == set(VIP.order_numbers)
    assert (await see(ground, link, VIP.order_numbers[2]))["order"]["number"] == VIP.order_numbers[2]
    stranger = await ground.http.get("/v1/portal", params={"order": PLAIN.order_number}, headers=link)
    unknown = await ground.http.get("/v1/portal", params={"order": "BT-99999"}, headers=link)
    assert (stranger.status_code, stranger.text) == (404, unknown.text)


async def test_a_link_whose_order_is_somebody_elses_shows_nothing(ground: Ground, shop: LocalShop) -> None:
    link = link_of(VIP, order=PLAIN.order_number)
    assert (await ground.http.get("/v1/portal", headers=link)).status_code == 404
    refused = await wish(ground, link, await return_wish(shop, PLAIN))
    assert (refused.status_code, rule_of(refused)) == (404, "unknown_order")
    assert await ground.count(Flow) == 0


async def test_policy_is_told_before_anything_is_sent(ground: Ground, shop: LocalShop) -> None:
    request = await return_wish(shop)
    answer = await ground.http.post("/v1/portal/verdict", json={"request": request}, headers=link_of())
    assert answer.json()["allowed"]
    request["items"][0]["quantity"] = 5
    answer = await ground.http.post("/v1/portal/verdict", json={"request": request}, headers=link_of())
    assert (answer.json()["allowed"], answer.json()["rule"]) == (False, "quantity_not_left")
    assert answer.json()["words"]
    assert await ground.count(Flow) == 0


async def test_an_order_of_which_nothing_is_left_says_so(ground: Ground, shop: LocalShop) -> None:
    lines = await lines_of(shop, VIP.order_number)
    await wish(ground, link_of(), await return_wish(shop, items=[{"line_id": line} for line in lines]))
    rules = {offer["kind"]: offer["verdict"]["rule"] for offer in (await see(ground, link_of()))["offers"]}
    assert {rules[kind] for kind in ("return", "exchange", "claim")} == {"quantity_not_left"}


async def test_nothing_starts_without_an_explicit_yes(ground: Ground, shop: LocalShop) -> None:
    refused = await wish(ground, link_of(), await return_wish(shop), confirmed=False)
    assert (refused.status_code, rule_of(refused)) == (409, "not_confirmed")
    assert await ground.count(Flow) == 0


async def test_a_request_that_is_sent_again_is_one_flow(ground: Ground, shop: LocalShop) -> None:
    request = await return_wish(shop)
    answers = await asyncio.gather(*(wish(ground, link_of(), request, key="once") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["flow_id"] for answer in answers}) == 1
    assert await ground.count(Flow) == 1


async def test_the_same_key_of_two_customers_is_two_flows(ground: Ground, shop: LocalShop) -> None:
    first = await wish(ground, link_of(), await return_wish(shop), key="1")
    second = await wish(ground, link_of(SPLIT_SHIPMENT), await return_wish(shop, SPLIT_SHIPMENT), key="1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["flow_id"] != second.json()["flow_id"]


async def test_an_order_spelled_otherwise_is_the_same_order(ground: Ground, shop: LocalShop) -> None:
    await started(ground, shop)
    again = {**await return_wish(shop), "order": f" {VIP.order_number.lower()} "}
    refused = await wish(ground, link_of(), again)
    assert (refused.status_code, rule_of(refused)) == (409, "quantity_not_left")
    refused = await wish(ground, link_of(order=""), again)
    assert (refused.status_code, rule_of(refused)) == (409, "quantity_not_left")


async def test_a_flow_belongs_to_the_customers_open_case_and_speaks_their_language(
    ground: Ground, shop: LocalShop
) -> None:
    async with ground.database.begin() as session:
        (await session.get_one(ShopCustomer, VIP.customer_id)).locale = "de-DE"
    interaction_id = await case_of(ground)
    flow = await flow_row(ground, await started(ground, shop))
    assert (flow.interaction_id, flow.language, flow.asked_by) == (interaction_id, "de", "customer")


async def test_a_mark_on_a_customer_is_not_told_to_them(ground: Ground, shop: LocalShop) -> None:
    commerce = ground.policy.commerce
    returns = commerce.returns.model_copy(update={"refused_flags": ("fraud_risk",)})
    ground.policy = ground.policy.model_copy(update={"commerce": commerce.model_copy(update={"returns": returns})})
    await ground.open_policy()
    async with ground.database.begin() as session:
        (await session.get_one(ShopCustomer, VIP.customer_id)).flags = ["fraud_risk"]
    refused = await wish(ground, link_of(), await return_wish(shop))
    assert (refused.status_code, rule_of(refused)) == (409, "not_offered")
    page = await ground.http.get("/v1/portal", headers=link_of())
    assert "fraud" not in page.text + refused.text
    assert "flagged" not in page.text + refused.text


async def test_the_customer_calls_it_off_once_and_only_in_time(ground: Ground, shop: LocalShop) -> None:
    flow_id = await started(ground, shop)
    await in_state(ground, flow_id, FlowState.IN_TRANSIT)
    late = await ground.http.post(f"/v1/portal/flows/{flow_id}/cancel", json={}, headers=link_of())
    assert late.status_code == 409
    await in_state(ground, flow_id, FlowState.AWAITING_PARCEL)
    for _ in range(2):
        assert (await ground.http.post(f"/v1/portal/flows/{flow_id}/cancel", json={}, headers=link_of())).is_success
    assert await told(ground, flow_id) == [("requested", ""), ("customer_cancelled", "")]


async def test_the_customer_chooses_among_what_is_offered(ground: Ground, shop: LocalShop) -> None:
    flow_id = await started(ground, shop)

    async def choose(choice: str) -> int:
        body = {"choice": choice}
        return (await ground.http.post(f"/v1/portal/flows/{flow_id}/choice", json=body, headers=link_of())).status_code

    assert await choose("refund") == 409
    await in_state(ground, flow_id, FlowState.AWAITING_CUSTOMER, choose=["refund", "wait"])
    [shown] = (await see(ground, link_of()))["flows"]
    assert [one["choice"] for one in shown["choices"]] == ["refund", "wait"]
    assert await choose("store_credit") == 409
    assert await choose("refund") == 200
    assert (await told(ground, flow_id))[1:] == [("customer_chose", "refund")]


async def send_photo(ground: Ground, flow_id: str, content: bytes, key: str = "k") -> int:
    """Send a file; the status."""
    headers = {**link_of(), "Idempotency-Key": key}
    path = f"/v1/portal/flows/{flow_id}/photo"
    return (await ground.http.post(path, files=files(content), headers=headers)).status_code


async def test_a_photo_reaches_the_case_and_the_flow_once(ground: Ground, shop: LocalShop) -> None:
    await case_of(ground)
    flow_id = await started(ground, shop)
    assert await send_photo(ground, flow_id, PNG) == 409
    await in_state(ground, flow_id, FlowState.AWAITING_PHOTO)
    assert [await send_photo(ground, flow_id, PNG) for _ in range(2)] == [200, 200]
    assert await ground.count(Attachment) == 1
    assert [kind for kind, _ in await told(ground, flow_id)] == ["requested", "photo_sent"]


async def test_a_photo_without_a_case_opens_one_where_the_customer_can_be_answered(
    ground: Ground, shop: LocalShop
) -> None:
    flow_id = await started(ground, shop)
    await in_state(ground, flow_id, FlowState.AWAITING_PHOTO)
    assert await send_photo(ground, flow_id, PNG + bytes(2_000_000)) == 200
    assert (await flow_row(ground, flow_id)).interaction_id


@pytest.mark.parametrize("content", [KINDS["application/pdf"], b"<svg onload='alert(1)'/>", b""])
async def test_only_a_picture_is_a_photo(ground: Ground, shop: LocalShop, content: bytes) -> None:
    flow_id = await started(ground, shop)
    await in_state(ground, flow_id, FlowState.AWAITING_PHOTO)
    assert await send_photo(ground, flow_id, content) == 422
    assert await ground.count(Attachment) == 0


async def test_flows_of_others_do_not_exist(ground: Ground, shop: LocalShop) -> None:
    flow_id = await started(ground, shop)
    await in_state(ground, flow_id, FlowState.AWAITING_PHOTO, choose=["refund"])
    for link in (link_of(PLAIN), link_of(VIP, order=VIP.order_numbers[1])):
        for verb, body in (("cancel", {}), ("choice", {"choice": "refund"})):
            answer = await ground.http.post(f"/v1/portal/flows/{flow_id}/{verb}", json=body, headers=link)
            assert answer.status_code == 404
        headers = {**link, "Idempotency-Key": "k"}
        photo = await ground.http.post(f"/v1/portal/flows/{flow_id}/photo", files=files(PNG), headers=headers)
        assert photo.status_code == 404
    assert await told(ground, flow_id) == [("requested", "")]


async def test_progress_tells_the_label_and_until_when(ground: Ground, shop: LocalShop) -> None:
    flow_id = await started(ground, shop)
    async with ground.database.begin() as session:
        session.add(FlowStep(flow_id=flow_id, name="issue_label", state="done", done_at=datetime.now(UTC)))
    await in_state(ground, flow_id, FlowState.AWAITING_PARCEL, label="BACK-1")
    [shown] = (await ground.http.get("/v1/portal/flows", headers=link_of())).json()
    assert (shown["label"], shown["headline"], shown["can_cancel"]) == ("BACK-1", "Please send it back", True)
    left = datetime.fromisoformat(shown["deadline"]) - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    assert [one["text"] for one in shown["done"]] == ["You have asked for this.", "Your label is ready."]


WISHES = [
    (b"{", 400, None),
    (b"null", 422, None),
    (b"{}", 422, "request"),
    (b'{"request": {}, "confirmed": true}', 422, "request"),
    (b'{"request": {"kind": "refund", "order": "a", "amount_minor": 1, "currency": "EUR"}}', 422, "request"),
    (b'{"request": {"kind": "outreach", "order": "a"}, "confirmed": true}', 422, "request"),
    (b'{"request": {"kind": "return", "order": "", "items": []}, "confirmed": true}', 422, "request.return.order"),
    (b'{"request": {"kind": "return", "order": "a"}, "confirmed": true}', 422, "request.return.items"),
    (b'{"request": {"kind": "return", "order": "a", "items": [], "x": 1}, "confirmed": true}', 422, "request.return.x"),
    (b'{"request": {"kind": "return", "order": "a", "items": []}, "confirmed": "yes"}', 422, "confirmed"),
    (b'{"request": {"kind": "return", "order": "a\\u0000", "items": []}, "confirmed": true}', 422, "request"),
    (b'{"request": {"kind": "return", "order": "\\ud800", "items": []}, "confirmed": true}', 422, None),
    (json.dumps({"request": {"kind": "return", "order": "a", "items": [{"line_id": "x"}] * 101}}).encode(), 422, None),
    (b'{"request": {"kind": "return", "order": "a", "items": [{"line_id": "b", "quantity": 1e9}]}}', 422, None),
    (b'{"request": {"kind": "cancellation", "order": "a"}, "confirmed": true, "words": "\\u0000"}', 422, "words"),
]


@pytest.mark.parametrize(("body", "status", "field"), WISHES, ids=range(len(WISHES)))
async def test_a_bad_wish_is_refused_by_name_and_nothing_starts(
    ground: Ground, body: bytes, status: int, field: str | None
) -> None:
    headers = {**link_of(), "Idempotency-Key": "k", "Content-Type": "application/json"}
    assert_problem(await ground.http.post("/v1/portal/flows", content=body, headers=headers), status, field)
    assert await ground.count(Flow) == 0


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"items": []}, "nothing_chosen"),
    ({"items": [{"line_id": "{line}", "quantity": 0}]}, "quantity_not_positive"),
    ({"items": [{"line_id": "{line}", "quantity": -3}]}, "quantity_not_positive"),
    ({"items": [{"line_id": "{line}", "quantity": 2}]}, "quantity_not_left"),
    ({"items": [{"line_id": "{line}"}, {"line_id": "{line}"}]}, "quantity_not_left"),
    ({"items": [{"line_id": "nowhere"}]}, "unknown_line"),
    ({"refund_to": "method", "method_id": "somebody-elses"}, "unknown_method"),
    ({"kind": "exchange", "swaps": [{"line_id": "{line}", "new_sku": "nothing"}]}, "unknown_variant"),
    ({"kind": "cancellation"}, "order_state"),
]


@pytest.mark.parametrize(("change", "rule"), REFUSED, ids=[f"{n}-{row[1]}" for n, row in enumerate(REFUSED)])
async def test_what_policy_forbids_is_refused_by_its_rule(
    ground: Ground, shop: LocalShop, change: dict[str, Any], rule: str
) -> None:
    [line, *_] = await lines_of(shop, VIP.order_number)
    request = json.loads(json.dumps({**await return_wish(shop), **change}).replace("{line}", line))
    if request["kind"] != "return":
        request = {key: value for key, value in request.items() if key in {"kind", "order", "swaps"}}
    refused = await wish(ground, link_of(), request)
    assert (refused.status_code, rule_of(refused)) == (409, rule)
    assert await ground.count(Flow) == 0


async def test_an_order_that_is_packed_can_be_cancelled_and_moved(ground: Ground, shop: LocalShop) -> None:
    address = {"name": "A", "line1": "B 1", "city": "C", "postcode": "1", "country": "DE"}
    link, order = link_of(TWO_OPEN), TWO_OPEN.order_number
    moved = await wish(ground, link, {"kind": "address_change", "order": order, "address": address})
    assert (moved.status_code, moved.json()["title"]) == (201, "New delivery address")
    gone = await wish(ground, link, {"kind": "cancellation", "order": order})
    assert gone.status_code == 201


async def test_a_payment_link_is_paid_once_and_its_flow_hears_of_it(ground: Ground, shop: LocalShop) -> None:
    flow_id = await started(ground, shop)
    opened = await shop.open_payment_link("k", VIP.order_number, 1500)
    link_id = opened.ref  # type: ignore[union-attr]
    await in_state(ground, flow_id, FlowState.AWAITING_PAYMENT, payment_link=link_id, payment_url="/pay/x")
    path = f"/v1/payment-links/{link_id}"
    assert (await ground.http.get(path)).json()["state"] == "open"
    paid = await asyncio.gather(*(ground.http.post(f"{path}/pay", json={"method": "card"}) for _ in range(3)))
    assert {(answer.status_code, answer.json()["state"]) for answer in paid} == {(200, "paid")}
    assert (await told(ground, flow_id))[1:] == [("paid", link_id)]
    order = await shop.order(VIP.order_number)
    assert [one.amount.minor for one in order.payments].count(1500) == 1  # type: ignore[union-attr]


async def test_a_closed_or_unknown_payment_link_takes_no_money(ground: Ground, shop: LocalShop) -> None:
    flow_id = await started(ground, shop)
    opened = await shop.open_payment_link("k", VIP.order_number, 1500)
    link_id = opened.ref  # type: ignore[union-attr]
    await in_state(ground, flow_id, FlowState.AWAITING_PAYMENT, payment_link=link_id)
    await shop.close_payment_link("c", link_id)
    for one, status in ((link_id, 409), (new_id(), 404)):
        answer = await ground.http.post(f"/v1/payment-links/{one}/pay", json={"method": "card"})
        assert_problem(answer, status)
    bad = await ground.http.post(f"/v1/payment-links/{link_id}/pay", json={"method": "cash"})
    assert_problem(bad, 422, "method")
    assert len(await told(ground, flow_id)) == 1
