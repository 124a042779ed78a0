"""Agents' and customers' settings: created, changed, and refused by name where they make no sense."""

from typing import Any

import pytest

from domain.parties import Role
from store.customers import Customer
from store.work import Agent, WorkItem
from tests.api.ground import Ground
from tests.api.test_callers import sign_in


async def skilled(ground: Ground) -> dict[str, str]:
    """Headers of an admin; the policy's team lists a skill."""
    support = ground.policy.teams["support"].model_copy(update={"skills": ("returns",)})
    ground.policy = ground.policy.model_copy(update={"teams": {"support": support}})
    await ground.open_policy()
    return await ground.token(Role.ADMIN)


async def add(ground: Ground, admin: dict[str, str], **settings: object) -> Any:
    """Create an agent; what the API answered."""
    body = {"name": "Sam", "login": "sam", **settings}
    return await ground.http.post("/v1/admin/agents", json=body, headers=admin)


async def test_an_agent_is_created_signs_in_and_is_listed(ground: Ground) -> None:
    admin = await skilled(ground)
    shift = {"timezone": "Europe/Berlin", "week": {"mon": ["09:00-17:00"]}}
    created = await add(
        ground, admin, password="a long one", teams=["support"], skills={"returns": 3}, languages=["de", "en"],
        capacity=5, role="lead", shift=shift,
    )  # fmt: skip
    assert created.status_code == 201, created.text
    agent = created.json()
    assert (agent["teams"], agent["skills"], agent["capacity"], agent["load"]) == (["support"], {"returns": 3}, 5, 0)
    assert (agent["languages"], agent["role"], agent["shift"]["week"]) == (["de", "en"], "lead", shift["week"])
    assert "password" not in created.text
    assert (await sign_in(ground, "sam", "a long one")).status_code == 303
    listed = (await ground.http.get("/v1/admin/agents", headers=admin)).json()
    assert [one["login"] for one in listed] == ["sam"]
    assert (await add(ground, admin)).json()["detail"] == "Somebody has this login already."


async def test_settings_change_one_by_one(ground: Ground) -> None:
    admin = await skilled(ground)
    agent = (await add(ground, admin, teams=["support"], shift={"week": {"mon": ["09:00-17:00"]}})).json()
    url = f"/v1/admin/agents/{agent['id']}"
    changed = (await ground.http.patch(url, json={"capacity": 1, "skills": {"returns": 5}}, headers=admin)).json()
    assert (changed["capacity"], changed["skills"], changed["teams"]) == (1, {"returns": 5}, ["support"])
    assert changed["shift"] is not None
    freed = (await ground.http.patch(url, json={"shift": None, "teams": []}, headers=admin)).json()
    assert (freed["shift"], freed["teams"], freed["name"]) == (None, [], "Sam")


async def test_capacity_is_not_taken_from_under_what_is_held(ground: Ground) -> None:
    admin, agent = await skilled(ground), await ground.hire("robin")
    await ground.hand_off((await ground.say(await ground.chat(), "I want to complain"))["interaction_id"])
    await ground.allocate()
    refused = await ground.http.patch(f"/v1/admin/agents/{agent.id}", json={"capacity": 0}, headers=admin)
    assert (refused.status_code, refused.json()["detail"][:36]) == (409, "The agent holds more work than that;")
    assert await ground.count(WorkItem) == 1
    async with ground.database.begin() as session:
        assert (await session.get_one(Agent, agent.id)).capacity == 3


BAD = [
    ({"capacity": -1}, "capacity", ""),
    ({"capacity": 1.5}, "capacity", ""),
    ({"capacity": 10**6}, "capacity", ""),
    ({"teams": ["nowhere"]}, "teams", "support"),
    ({"skills": {"juggling": 1}}, "skills", "returns"),
    ({"skills": {"returns": 9}}, "skills.returns", ""),
    ({"languages": ["german"]}, "languages.0", ""),
    ({"languages": []}, "languages", ""),
    ({"shift": {"timezone": "Berlin"}}, "shift.timezone", "IANA"),
    ({"shift": {"week": {"mon": ["9-17"]}}}, "shift.week", ""),
    ({"role": "king"}, "role", ""),
    ({"password": "short"}, "password", ""),
    ({"name": None}, "name", ""),
]


@pytest.mark.parametrize(("settings", "field", "says"), BAD, ids=range(len(BAD)))
async def test_settings_that_make_no_sense_are_refused_by_name(
    ground: Ground, settings: dict[str, object], field: str, says: str
) -> None:
    admin, agent = await skilled(ground), await ground.hire("robin", present=False)
    url = f"/v1/admin/agents/{agent.id}"
    for answer in (await ground.http.patch(url, json=settings, headers=admin), await add(ground, admin, **settings)):
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert error["field"] == field
        assert says in error["message"]
    assert await ground.count(Agent) == 1


async def test_a_customers_marks_are_set_and_checked(ground: Ground) -> None:
    accepted = await ground.say(await ground.chat(), "hello")
    item = await ground.hand_off(accepted["interaction_id"])
    url, channel = f"/v1/customers/{item.customer_id}", await ground.token(Role.CHANNEL)
    changed = await ground.http.patch(url, json={"tags": ["wholesale"], "last_csat": 2, "tier": "vip"}, headers=channel)
    assert changed.json() == {"id": item.customer_id, "tier": "vip", "tags": ["wholesale"], "last_csat": 2}
    await ground.http.patch(url, json={"last_csat": None}, headers=channel)
    async with ground.database.begin() as session:
        row = await session.get_one(Customer, item.customer_id)
    assert (row.tier, row.tags, row.last_csat) == ("vip", ["wholesale"], None)
    wrong: list[dict[str, object]] = [
        {"tier": "emperor"}, {"tags": ["Not A Tag"]}, {"last_csat": 6}, {"tier": None}, {"tag": []},
    ]  # fmt: skip
    for body in wrong:
        assert (await ground.http.patch(url, json=body, headers=channel)).status_code == 422
    missing = await ground.http.patch(f"/v1/customers/{'0' * 26}", json={"tags": []}, headers=channel)
    assert missing.status_code == 404
