"""Whatever is sent, the answer is a problem document that says what to mend: never a 500, nothing half-stored."""

import asyncio
import json

import httpx
import pytest

from domain.parties import Role
from store.conversations import Message
from store.database import Database
from store.interactions import Interaction
from tests.api.ground import Ground, bearer, settings, standing_on


def assert_problem(answer: httpx.Response, status: int, field: str | None = None) -> None:
    """A problem document (RFC 9457) with this status, about this field."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"]
    if field is not None:
        assert field in [error["field"] for error in problem["errors"]]


BODIES = [
    (b"{", 400, None),
    (b'{"text": "a"', 400, None),
    (b'\xff\xfe{"text": "a"}', 400, None),
    (b'{"text": "\xc3\x28"}', 400, None),
    (b"[" * 100_000, 400, None),
    (b'{"text": ' + b"1" * 10_000 + b"}", 400, None),
    (b"", 422, None),
    (b"null", 422, None),
    (b'"text"', 422, None),
    (b"[]", 422, None),
    (b"{}", 422, "text"),
    (b'{"text": 5}', 422, "text"),
    (b'{"text": null}', 422, "text"),
    (b'{"text": NaN}', 422, "text"),
    (b'{"text": ["a"]}', 422, "text"),
    (b'{"text": ""}', 422, "text"),
    (b'{"text": "  \\n "}', 422, "text"),
    (b'{"text": "a\\u0000b"}', 422, "text"),
    (b'{"text": "\\ud800"}', 422, "text"),
    (b'{"text": "a", "txet": "b"}', 422, "txet"),
    (b'{"text": "a", "\\ud800": "b"}', 422, None),
    (json.dumps({"text": "x" * 20_001}).encode(), 422, "text"),
]


@pytest.mark.parametrize(("body", "status", "field"), BODIES, ids=range(len(BODIES)))
async def test_a_bad_body_is_refused_by_name_and_nothing_is_stored(
    ground: Ground, body: bytes, status: int, field: str | None
) -> None:
    headers = {**await ground.chat(), "Idempotency-Key": "k", "Content-Type": "application/json"}
    assert_problem(await ground.http.post("/v1/messages", content=body, headers=headers), status, field)
    assert await ground.count(Message) == await ground.count(Interaction) == 0


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 201, "é"])
async def test_a_key_that_cannot_be_one_is_refused(ground: Ground, key: str | None) -> None:
    headers = await ground.chat()
    if key is not None:
        headers["Idempotency-Key"] = key.encode("latin-1").decode("latin-1")
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await ground.http.post("/v1/messages", json={"text": "a"}, headers=raw)
    assert_problem(answer, 422, "Idempotency-Key")


async def test_json_without_its_content_type_is_refused(ground: Ground) -> None:
    headers = {**await ground.chat(), "Idempotency-Key": "k", "Content-Type": "text/plain"}
    assert_problem(await ground.http.post("/v1/messages", content=b'{"text": "a"}', headers=headers), 422)


async def test_a_body_over_the_limit_is_refused_by_its_declared_length(live: Ground) -> None:
    headers = {**await live.chat(), "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await live.http.post("/v1/messages", content=b'{"text": "' + b"x" * 5_000_000 + b'"}', headers=headers)
    assert_problem(answer, 413)


async def test_a_body_over_the_limit_is_refused_before_it_has_arrived(live: Ground) -> None:
    token = (await live.chat())["Authorization"]
    reader, writer = await asyncio.open_connection(live.http.base_url.host, live.http.base_url.port)
    writer.write(
        b"POST /v1/messages HTTP/1.1\r\nHost: baton\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n"
        b"Transfer-Encoding: chunked\r\nAuthorization: " + token.encode() + b"\r\n\r\n"
    )
    for _ in range(20):
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer \xe9"])
async def test_a_caller_who_is_nobody_is_told_so(ground: Ground, authorization: str | None) -> None:
    raw = [(b"idempotency-key", b"k")]
    if authorization:
        raw.append((b"authorization", authorization.encode("latin-1")))
    answer = await ground.http.post("/v1/messages", json={"text": "a"}, headers=raw)
    assert_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_forged_chat_session_is_refused(ground: Ground) -> None:
    token = (await ground.chat())["Authorization"].removeprefix("Bearer ")
    head, body, mac = token.split(".")
    for forged in (f"{head}.{body[:-2]}AA.{mac}", f"{head}.{body}.{mac[:-2]}AA", f"e30.{body}.{mac}"):
        answer = await ground.http.post(
            "/v1/messages", json={"text": "a"}, headers={**bearer(forged), "Idempotency-Key": "k"}
        )
        assert_problem(answer, 401)


async def test_unknown_paths_and_methods_are_problems_too(ground: Ground) -> None:
    assert_problem(await ground.http.get("/v1/nothing"), 404)
    assert_problem(await ground.http.delete("/v1/messages"), 405)
    assert_problem(await ground.http.get("/v1/interactions/%00"), 404)
    assert_problem(await ground.http.get("/v1/interactions/%ff%fe"), 404)


POLICIES = [
    (b"brand: [", "", 1),
    (b"brnad: {name: a}\n", "brnad", 1),
    (b"\xff", None, None),
    (b"a: *b\n", "", 1),
    (b"? [a]\n: b\n", None, None),
    (b"a: 2001-99-99\n", None, None),
    (b"&a [*a]\n", None, None),
    (b"[" * 50_000, None, None),
    (b"", None, None),
]


@pytest.mark.parametrize(("text", "field", "line"), POLICIES, ids=range(len(POLICIES)))
async def test_a_policy_with_a_mistake_is_refused_and_the_old_one_stays(
    ground: Ground, text: bytes, field: str | None, line: int | None
) -> None:
    admin = await ground.token(Role.ADMIN)
    before = (await ground.http.get("/v1/admin/policy", headers=admin)).json()
    answer = await ground.http.post("/v1/admin/policy", content=text, headers=admin)
    assert answer.status_code in {400, 422}, answer.text
    if field is not None:
        assert {"field": field, "line": line} in [
            {"field": error["field"], "line": error["line"]} for error in answer.json()["errors"]
        ]
    assert (await ground.http.get("/v1/admin/policy", headers=admin)).json() == before


STRANGE_NAMES = ['"a\\0b"', '"\\ud800"']


@pytest.mark.parametrize("name", STRANGE_NAMES)
async def test_a_policy_that_cannot_be_stored_is_refused(ground: Ground, name: str) -> None:
    text = (
        f"brand: {{name: {name}, ai_label: AI}}\noverflow: s\nteams: {{s: {{title: S}}}}\ntiers: {{}}\n"
        'matrix: {}\ndefaults: [{plan: ["queue:s"]}]\n'
    )
    answer = await ground.http.post("/v1/admin/policy", content=text.encode(), headers=await ground.token(Role.ADMIN))
    assert_problem(answer, 422)


async def test_numbers_without_end_are_no_policy(ground: Ground) -> None:
    text = (
        "brand: {name: B, ai_label: AI}\noverflow: s\nteams: {s: {title: S}}\ntiers: {}\nmatrix: {}\n"
        'defaults: [{plan: ["queue:s"]}]\npauses: {chat: .inf}\n'
    )
    answer = await ground.http.post("/v1/admin/policy", content=text.encode(), headers=await ground.token(Role.ADMIN))
    assert_problem(answer, 422)


async def test_a_store_that_is_down_is_said_so_and_the_sender_may_repeat(database: Database) -> None:
    from api.app import create_app  # noqa: PLC0415

    down = create_app(settings("postgresql://baton@127.0.0.1:1/baton"))
    async with standing_on(down, database) as ground:
        headers = {**await ground.chat(), "Idempotency-Key": "k"}
        answer = await ground.http.post("/v1/messages", json={"text": "a"}, headers=headers)
        assert_problem(answer, 503)
        assert answer.headers["retry-after"] == "2"
        assert (await ground.http.get("/healthz")).status_code == 200
        assert_problem(await ground.http.get("/readyz"), 503)


async def test_before_the_first_policy_messages_are_refused_for_now(database_url: str, database: Database) -> None:
    from api.app import create_app  # noqa: PLC0415

    async with standing_on(create_app(settings(database_url)), database) as ground:
        headers = {**await ground.chat(), "Idempotency-Key": "k"}
        assert_problem(await ground.http.post("/v1/messages", json={"text": "a"}, headers=headers), 503)
        assert await ground.count(Message) == 0
