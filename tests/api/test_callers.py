"""Who may call what: tokens, roles, the desk's cookie with its CSRF token, and a limit on guessing."""

import httpx
import pytest

from api.attempts import FAILURES, WINDOW_SECONDS, Attempts
from domain.parties import Role
from store.work import Agent
from tests.api.ground import PASSWORD, Ground

CHANNEL, AGENT, LEAD, ADMIN, READ_ONLY = Role.CHANNEL, Role.AGENT, Role.LEAD, Role.ADMIN, Role.READ_ONLY
PEOPLE = {AGENT, LEAD, ADMIN}
READERS = {LEAD, ADMIN, READ_ONLY}

MATRIX = [
    ("GET", "/v1/desk/me", PEOPLE),
    ("PUT", "/v1/desk/presence", PEOPLE),
    ("GET", "/v1/desk/work", PEOPLE),
    ("GET", "/v1/desk/floor", {LEAD, ADMIN}),
    ("GET", "/v1/admin/agents", READERS),
    ("POST", "/v1/admin/agents", {ADMIN}),
    ("PATCH", f"/v1/customers/{'0' * 26}", {CHANNEL, LEAD, ADMIN}),
    ("GET", "/v1/admin/dead-letters", READERS),
    ("GET", "/v1/admin/quarantine", READERS),
    ("GET", "/v1/admin/interactions", READERS),
    ("GET", "/v1/admin/policy", READERS),
    ("GET", "/v1/admin/policy/gaps", READERS),
    ("GET", "/v1/admin/me", READERS),
    ("GET", "/v1/admin/policy/matrix", READERS),
    ("GET", "/v1/admin/policy/versions", READERS),
    ("GET", "/v1/admin/policy/versions/1", READERS),
    ("GET", "/v1/admin/policy/versions/1/diff", READERS),
    ("POST", "/v1/admin/policy/check", READERS),
    ("POST", "/v1/admin/policy/explain", READERS),
    ("POST", "/v1/admin/policy/replay", READERS),
    ("POST", "/v1/admin/policy", {ADMIN}),
    ("POST", "/v1/admin/policy/cell", {ADMIN}),
    ("POST", "/v1/admin/policy/rollback", {ADMIN}),
    ("POST", "/v1/messages", {CHANNEL}),
    ("GET", "/metrics", {ADMIN, READ_ONLY}),
]


@pytest.mark.parametrize(("method", "path", "admitted"), MATRIX, ids=[f"{row[0]} {row[1]}" for row in MATRIX])
async def test_each_route_admits_its_roles_and_no_others(
    ground: Ground, method: str, path: str, admitted: set[Role]
) -> None:
    agent = await ground.hire("robin")
    for role in Role:
        answer = await ground.http.request(method, path, headers=await ground.token(role, agent.id))
        assert (answer.status_code != 403) == (role in admitted), (role, answer.text)
        assert answer.status_code < 500


@pytest.mark.parametrize(("method", "path"), [row[:2] for row in MATRIX if row[1] != "/metrics"])
async def test_nobody_gets_in_without_saying_who_they_are(ground: Ground, method: str, path: str) -> None:
    assert (await ground.http.request(method, path)).status_code == 401


async def test_a_token_that_is_nobodys_does_no_agents_work(ground: Ground) -> None:
    answer = await ground.http.get("/v1/desk/me", headers=await ground.token(ADMIN))
    assert (answer.status_code, answer.json()["detail"]) == (403, "This token belongs to no agent.")


async def sign_in(ground: Ground, login: str, password: str, **headers: str) -> httpx.Response:
    """Send the form."""
    return await ground.http.post("/desk/sign-in", data={"login": login, "password": password}, headers=headers)


async def test_a_signed_in_browser_writes_only_with_its_csrf_token(ground: Ground) -> None:
    await ground.hire("robin", present=False)
    entered = await sign_in(ground, "robin", PASSWORD)
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    csrf = (await ground.http.get("/v1/desk/me")).json()["csrf"]
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}):
        refused = await ground.http.put("/v1/desk/presence", json={"presence": "available"}, headers=headers)
        assert refused.status_code == 403
    allowed = await ground.http.put("/v1/desk/presence", json={"presence": "available"}, headers={"X-CSRF-Token": csrf})
    assert allowed.status_code == 200


async def test_a_browser_that_signed_out_is_nobody(ground: Ground) -> None:
    await ground.hire("robin")
    secret = (await sign_in(ground, "robin", PASSWORD)).cookies["baton_desk"]
    csrf = (await ground.http.get("/v1/desk/me")).json()["csrf"]
    assert (await ground.http.post("/desk/sign-out", headers={"X-CSRF-Token": csrf})).status_code == 204
    ground.http.cookies.clear()
    answer = await ground.http.get("/v1/desk/me", headers={"Cookie": f"baton_desk={secret}"})
    assert answer.status_code == 401


async def test_a_wrong_password_and_an_unknown_login_look_the_same(ground: Ground) -> None:
    await ground.hire("robin")
    wrong, unknown = await sign_in(ground, "robin", "wrong"), await sign_in(ground, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text
    assert "set-cookie" not in wrong.headers


async def test_an_agent_without_a_password_cannot_sign_in(ground: Ground) -> None:
    agent = await ground.hire("robin")
    async with ground.database.begin() as session:
        (await session.get_one(Agent, agent.id)).password_hash = ""
    assert (await sign_in(ground, "robin", "")).status_code in {401, 422}
    assert (await sign_in(ground, "robin", "anything")).status_code == 401


async def test_guessing_is_slowed_down_even_for_the_right_password(ground: Ground) -> None:
    await ground.hire("robin")
    for _ in range(FAILURES):
        assert (await sign_in(ground, "robin", "wrong")).status_code == 401
    slowed = await sign_in(ground, "robin", PASSWORD)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 0


def test_the_wait_ends_with_its_window() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(FAILURES):
        attempts.failed("robin", "10.0.0.1")
    assert attempts.wait("robin", "10.0.0.1") == WINDOW_SECONDS
    assert attempts.wait("robin", "10.0.0.2") == 0
    now[0] = WINDOW_SECONDS + 1
    assert attempts.wait("robin", "10.0.0.1") == 0


async def test_another_sites_form_signs_nobody_in(ground: Ground) -> None:
    await ground.hire("robin")
    refused = await sign_in(ground, "robin", PASSWORD, **{"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403


@pytest.mark.parametrize("form", [{}, {"login": "robin"}, {"login": "a\x00", "password": "b"}])
async def test_a_broken_form_is_refused(ground: Ground, form: dict[str, str]) -> None:
    assert (await ground.http.post("/desk/sign-in", data=form)).status_code == 422
