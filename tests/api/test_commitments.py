"""Commitments over HTTP: made with a reply or after it, kept, withdrawn, reported; facts from the shop keep them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import Response

from domain.parties import Role
from store.commitment_table import Commitment
from store.conversations import Message
from store.ids import new_id
from store.people import accept
from tests.api.ground import Ground
from tests.api.test_bad_input import assert_problem

SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat()


class Desk:
    """An agent with a case."""

    def __init__(self, ground: Ground, headers: dict[str, str], item_id: str) -> None:
        self.ground, self.headers, self.item_id = ground, headers, item_id

    async def post(self, path: str, body: dict[str, object]) -> Response:
        """One click."""
        return await self.ground.http.post(f"/v1/desk/{path}", json=body, headers=self.headers)

    async def reply(self, key: str = "k1", **commitment: object) -> Response:
        """Answer the customer, with a promise."""
        promise = {"text": "by Friday", "due_at": SOON, "fulfilled_by": "refund", "order": "A1", **commitment}
        body = {"text": "You get it back.", "key": key, "commitment": promise}
        return await self.post(f"work/{self.item_id}/reply", body)

    async def owed(self) -> list[dict[str, Any]]:
        """What the desk lists."""
        answer = await self.ground.http.get("/v1/desk/commitments", headers=self.headers)
        assert answer.status_code == 200, answer.text
        listed: list[dict[str, Any]] = answer.json()
        return listed


@pytest.fixture
async def desk(ground: Ground) -> Desk:
    """Robin has accepted a case."""
    agent = await ground.hire("robin")
    accepted = await ground.say(await ground.chat(), "I want to complain")
    item = await ground.hand_off(accepted["interaction_id"])
    await ground.allocate()
    item = await ground.item(item.id)
    async with ground.database.begin() as session:
        await accept(session, item.id, agent.id, item.version, ground.policy)
    return Desk(ground, await ground.agent_headers(agent), item.id)


async def test_a_reply_makes_its_promise_in_the_same_commit_and_once(desk: Desk) -> None:
    first, again = await desk.reply(), await desk.reply()
    assert (first.status_code, first.json()) == (200, again.json())
    (listed,) = await desk.owed()
    assert listed["work_item_id"] == desk.item_id
    assert (listed["text"], listed["order"], listed["fulfilled_by"]) == ("by Friday", "A1", "refund")
    assert (listed["state"], listed["made_by_name"]) == ("open", "Robin")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"due_at": "2020-01-01T00:00:00Z"}, "commitment.due_at"),
        ({"due_at": "9999-12-31T23:59:59+14:00"}, "commitment.due_at"),
        ({"due_at": "0001-01-01T00:00:00+14:00"}, "commitment.due_at"),
        ({"due_at": "2099-01-01T00:00:00"}, "commitment.due_at"),
        ({"fulfilled_by": "magic"}, "commitment.fulfilled_by"),
        ({"text": ""}, "commitment.text"),
        ({"order": "a b"}, "commitment.order"),
    ],
)
async def test_a_reply_whose_promise_is_wrong_is_not_said(desk: Desk, change: dict[str, object], field: str) -> None:
    before = await desk.ground.count(Message)
    assert_problem(await desk.reply(**change), 422, field)
    assert await desk.ground.count(Message) == before
    assert await desk.ground.count(Commitment) == 0


async def test_what_a_sent_message_promises_is_recorded_afterwards(desk: Desk) -> None:
    said = (await desk.post(f"work/{desk.item_id}/reply", {"text": "By Friday!", "key": "k"})).json()["message_id"]
    body: dict[str, object] = {"text": "by Friday", "due_at": SOON, "source": said}
    made = await desk.post(f"work/{desk.item_id}/commitments", body)
    again = await desk.post(f"work/{desk.item_id}/commitments", body)
    assert (made.status_code, made.json()) == (201, again.json())
    second = await desk.post(f"work/{desk.item_id}/commitments", {**body, "position": 1})
    assert second.json()["id"] != made.json()["id"]
    assert_problem(await desk.post(f"work/{desk.item_id}/commitments", {**body, "source": "x"}), 422, "source")
    assert_problem(await desk.post(f"work/{new_id()}/commitments", body), 404)
    assert_problem(
        await desk.post(f"work/{desk.item_id}/commitments", {**body, "position": 2, "due_at": "2020-01-01T00:00:00Z"}),
        422,
        "due_at",
    )


async def test_promises_are_kept_and_withdrawn_once(desk: Desk) -> None:
    await desk.reply("k1")
    await desk.reply("k2")
    first, second = [listed["id"] for listed in await desk.owed()]
    assert (await desk.post(f"commitments/{first}/keep", {})).json()["state"] == "kept"
    assert (await desk.post(f"commitments/{first}/keep", {})).json()["state"] == "kept"
    assert (await desk.post(f"commitments/{second}/withdraw", {})).json()["state"] == "withdrawn"
    over = await desk.post(f"commitments/{first}/withdraw", {})
    assert (over.status_code, over.json()["detail"]) == (409, "This promise is kept or broken already, and stays so.")
    assert_problem(await desk.post(f"commitments/{second}/keep", {}), 409)
    assert_problem(await desk.post(f"commitments/{new_id()}/keep", {}), 404)
    assert await desk.owed() == []


async def test_another_team_neither_sees_nor_keeps_what_is_not_theirs(desk: Desk) -> None:
    await desk.reply()
    (listed,) = await desk.owed()
    async with desk.ground.database.begin() as session:
        from store.work import Team  # noqa: PLC0415

        session.add(Team(id="other", title="Other"))
    stranger = await desk.ground.hire("kim", team="other")
    theirs = Desk(desk.ground, await desk.ground.agent_headers(stranger), desk.item_id)
    assert await theirs.owed() == []
    assert_problem(await theirs.post(f"commitments/{listed['id']}/keep", {}), 404)
    lead = await desk.ground.hire("alex", role=Role.LEAD, team="other")
    leading = Desk(desk.ground, await desk.ground.agent_headers(lead), desk.item_id)
    assert (await leading.post(f"commitments/{listed['id']}/keep", {})).status_code == 200


async def test_the_desk_spots_promises_before_they_are_sent(desk: Desk) -> None:
    text = "Sorry! I will refund you within 2 days. Is that fine?"
    spotted = await desk.post("promises", {"text": text, "item_id": desk.item_id})
    (promise,) = spotted.json()["promises"]
    assert (promise["phrase"], promise["fulfilled_by"]) == ("I will refund you within 2 days.", "refund")
    assert datetime.fromisoformat(promise["due_at"]) > datetime.now(UTC)
    assert (await desk.post("promises", {"text": "Your parcel arrived on Friday."})).json() == {"promises": []}
    assert_problem(await desk.post("promises", {"text": text, "item_id": new_id()}), 404)


async def test_a_fact_from_the_shop_keeps_a_promise(desk: Desk) -> None:
    await desk.reply()
    (listed,) = await desk.owed()
    fact = {"kind": "refund", "order": "A1", "ref": "r1"}
    shop = await desk.ground.token(Role.CHANNEL)
    told = [await desk.ground.http.post("/v1/facts", json=fact, headers=shop) for _ in range(2)]
    assert [answer.json() for answer in told] == [{"fulfilled": [listed["id"]]}, {"fulfilled": []}]
    assert_problem(await desk.ground.http.post("/v1/facts", json=fact, headers=desk.headers), 403)
    for wrong, field in (("reply", "kind"), ("by_hand", "kind")):
        answer = await desk.ground.http.post("/v1/facts", json={**fact, "kind": wrong}, headers=shop)
        assert_problem(answer, 422, field)
    assert_problem(await desk.ground.http.post("/v1/facts", json={**fact, "order": ""}, headers=shop), 422, "order")


async def test_admins_read_how_promises_fare(desk: Desk) -> None:
    await desk.reply()
    admin = await desk.ground.token(Role.ADMIN)
    path = "/v1/admin/reports/commitments"
    (count,) = (await desk.ground.http.get(path, headers=admin)).json()
    assert count == {
        "team_id": "support", "made_by": "agent", "kept": 0, "broken": 0, "withdrawn": 0, "open": 1, "due_today": 0,
    }  # fmt: skip
    later = {"since": (datetime.now(UTC) + timedelta(days=3)).isoformat()}
    assert (await desk.ground.http.get(path, headers=admin, params=later)).json() == []
    assert_problem(await desk.ground.http.get(path, headers=admin, params={"since": "soon"}), 422, "since")
    assert_problem(await desk.ground.http.get(path, headers=desk.headers), 403)
