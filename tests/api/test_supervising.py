"""Supervisors see the floor of their teams and act on it; others do not."""

from collections.abc import Mapping

from httpx import Response

from domain.parties import Role
from domain.team import RoleLimits
from store.ids import new_id
from store.work import Agent, Team, WorkItem
from tests.api.ground import Ground

Headers = dict[str, str]


async def floor_of(ground: Ground) -> tuple[Agent, WorkItem, Headers]:
    """An agent with an offer, and their lead."""
    agent = await ground.hire("robin")
    item = await ground.hand_off((await ground.say(await ground.chat(), "I want to complain"))["interaction_id"])
    await ground.allocate()
    lead = await ground.hire("lee", role=Role.LEAD, present=False)
    return agent, await ground.item(item.id), await ground.agent_headers(lead)


async def post(ground: Ground, item: WorkItem, verb: str, body: Mapping[str, object], headers: Headers) -> Response:
    """A supervisor's click."""
    return await ground.http.post(f"/v1/desk/work/{item.id}/{verb}", json=body, headers=headers)


async def test_the_floor_shows_teams_and_what_agents_hold(ground: Ground) -> None:
    agent, item, lead = await floor_of(ground)
    floor = (await ground.http.get("/v1/desk/floor", headers=lead)).json()
    assert [(team["id"], team["waiting"], team["pressure"]) for team in floor["teams"]] == [("support", 0, "normal")]
    shown = {one["id"]: one for one in floor["agents"]}[agent.id]
    assert (shown["presence"], shown["load"], shown["capacity"], shown["on_shift"]) == ("available", 1, 3, True)
    assert shown["since"] is not None
    assert [(held["id"], held["state"]) for held in shown["holds"]] == [(item.id, "offered")]


async def test_a_lead_gives_takes_back_and_moves_work(ground: Ground) -> None:
    agent, item, lead = await floor_of(ground)
    given = await post(ground, item, "reassign", {"agent_id": agent.id}, lead)
    assert (given.status_code, given.json()["state"]) == (200, "assigned")
    assert given.json()["chosen_because"] == "Was given it by a supervisor."
    back = await post(ground, item, "take-back", {}, lead)
    assert (back.status_code, back.json()["state"], back.json()["agent_id"]) == (200, "waiting", None)
    moved = await post(ground, item, "priority", {"version": back.json()["version"], "minutes": 30}, lead)
    assert (moved.status_code, moved.json()["rank"] < back.json()["rank"]) == (200, True)
    again = await post(ground, item, "priority", {"version": back.json()["version"], "minutes": 30}, lead)
    assert (again.status_code, again.json()["detail"]) == (409, "It has changed since you looked. Look again.")
    case = (await ground.http.get(f"/v1/desk/work/{item.id}", headers=lead)).json()
    sentences = [entry["text"] for entry in case["timeline"]]
    assert "Lee put the case back into the queue." in sentences
    assert "Lee changed its place in the queue by 30 min." in sentences


async def test_a_lead_closes_a_forgotten_desk(ground: Ground) -> None:
    agent, item, lead = await floor_of(ground)
    url = f"/v1/desk/agents/{agent.id}/presence"
    closed = await ground.http.put(url, json={"presence": "offline"}, headers=lead)
    assert (closed.status_code, closed.json()["presence"]) == (200, "offline")
    assert (await ground.item(item.id)).state == "waiting"


async def test_leads_act_in_their_own_teams_and_admins_everywhere(ground: Ground) -> None:
    agent, item, _ = await floor_of(ground)
    async with ground.database.begin() as session:
        session.add(Team(id="returns", title="Returns"))
    foreign = await ground.agent_headers(await ground.hire("max", role=Role.LEAD, team="returns"))
    admin = await ground.token(Role.ADMIN)
    clicks: dict[str, dict[str, object]] = {
        "take-back": {},
        "reassign": {"agent_id": agent.id},
        "priority": {"version": 1, "minutes": 1},
    }
    for verb, body in clicks.items():
        assert (await post(ground, item, verb, body, foreign)).status_code == 404
    url = f"/v1/desk/agents/{agent.id}/presence"
    assert (await ground.http.put(url, json={"presence": "break"}, headers=foreign)).status_code == 404
    floor = (await ground.http.get("/v1/desk/floor", headers=foreign)).json()
    assert [team["id"] for team in floor["teams"]] == ["returns"]
    assert agent.id not in [one["id"] for one in floor["agents"]]
    assert (await post(ground, item, "take-back", {}, admin)).status_code == 200
    assert len((await ground.http.get("/v1/desk/floor", headers=admin)).json()["teams"]) == 2


async def test_who_may_supervise_stands_in_the_policy(ground: Ground) -> None:
    agent, item, lead = await floor_of(ground)
    headers = await ground.agent_headers(agent)
    assert (await post(ground, item, "take-back", {}, headers)).status_code == 403
    roles = {**ground.policy.roles, "agent": RoleLimits(supervise=True), "lead": RoleLimits()}
    ground.policy = ground.policy.model_copy(update={"roles": roles})
    await ground.open_policy()
    assert (await post(ground, item, "take-back", {}, lead)).status_code == 403
    assert (await post(ground, item, "take-back", {}, headers)).status_code == 200


async def test_a_supervisors_mistakes_are_named(ground: Ground) -> None:
    _, item, lead = await floor_of(ground)
    for body in ({"version": 1}, {"version": 1, "minutes": 0}, {"version": 1, "minutes": 10**9}, {"minutes": 1}):
        assert (await post(ground, item, "priority", body, lead)).status_code == 422
    unknown = await post(ground, item, "reassign", {"agent_id": new_id()}, lead)
    assert (unknown.status_code, unknown.json()["detail"]) == (409, "There is no such agent.")
