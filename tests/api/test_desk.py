"""The desk: each verb is one commit; who may do what; two clicks never both win."""

import asyncio

import pytest
from httpx import Response
from sqlalchemy import select
from sqlmodel import col

from domain.parties import Channel, Role
from domain.team import TeamChannel
from domain.work import DispatchMode
from store.conversations import Message
from store.ids import new_id
from store.journal import JournalRow
from store.outbox import OutboxRow
from store.speaking import Draft, Suggestion
from store.work import Agent, WorkItem
from tests.api.ground import Ground


async def act(ground: Ground, headers: dict[str, str], item: WorkItem, verb: str, body: dict[str, object]) -> Response:
    """One click."""
    return await ground.http.post(f"/v1/desk/work/{item.id}/{verb}", json=body, headers=headers)


async def offered(ground: Ground) -> tuple[Agent, dict[str, str], WorkItem, dict[str, str]]:
    """An agent with an offer: agent, headers, the item, and what the customer's message was answered with."""
    agent = await ground.hire("robin")
    accepted = await ground.say(await ground.chat(), "I want to complain")
    item = await ground.hand_off(accepted["interaction_id"])
    await ground.allocate()
    return agent, await ground.agent_headers(agent), await ground.item(item.id), accepted


async def test_an_agent_sees_takes_answers_and_resolves_a_case(ground: Ground) -> None:
    agent, headers, item, accepted = await offered(ground)
    work = (await ground.http.get("/v1/desk/work", headers=headers)).json()
    assert [offer["id"] for offer in work["offers"]] == [item.id]
    assert work["offers"][0]["offer_seconds"] == 30
    assert [(team["id"], team["waiting"], team["available"]) for team in work["teams"]] == [("support", 0, 1)]
    assert work["offers"][0]["chosen_because"] == "The only one here with room who could take it."

    taken = await act(ground, headers, item, "accept", {"version": item.version})
    assert (taken.status_code, taken.json()["state"]) == (200, "assigned")
    case = (await ground.http.get(f"/v1/desk/work/{item.id}", headers=headers)).json()
    assert case["holder"] == {"kind": "agent", "id": agent.id, "name": "Robin"}
    assert [entry["text"] for entry in case["timeline"] if entry["kind"] == "message"] == ["I want to complain"]
    assert "Robin took the case." in [entry["text"] for entry in case["timeline"]]
    assert [line["id"] for line in case["conversations"]] == [accepted["conversation_id"]]

    replied = await act(ground, headers, item, "reply", {"text": "I am sorry.", "key": "k1"})
    again = await act(ground, headers, item, "reply", {"text": "I am sorry.", "key": "k1"})
    assert replied.json() == again.json()
    assert await ground.count(Message) == 2

    resolved = await act(ground, headers, item, "resolve", {})
    assert (resolved.status_code, resolved.json()["state"]) == (200, "done")
    kinds = await told(ground, accepted["interaction_id"])
    assert kinds == ["message_received", "work_accepted", "agent_replied", "agent_resolved"]
    late = await act(ground, headers, item, "reply", {"text": "One more thing", "key": "k2"})
    assert (late.status_code, late.json()["detail"]) == (409, "This case is not with you any more.")


async def told(ground: Ground, interaction_id: str) -> list[str]:
    """What the workflow is told, in order."""
    async with ground.database.begin() as session:
        query = (
            select(col(JournalRow.kind))
            .where(col(JournalRow.interaction_id) == interaction_id, col(JournalRow.seq).is_not(None))
            .order_by(col(JournalRow.seq))
        )
        return list((await session.execute(query)).scalars())


async def test_of_two_clicks_on_one_offer_the_second_is_told_so(ground: Ground) -> None:
    _, headers, item, accepted = await offered(ground)
    clicks = await asyncio.gather(*(act(ground, headers, item, "accept", {"version": item.version}) for _ in range(2)))
    assert sorted(click.status_code for click in clicks) == [200, 409]
    refused = next(click for click in clicks if click.status_code == 409)
    assert refused.json()["detail"] == "You have this case already."
    assert (await told(ground, accepted["interaction_id"])).count("work_accepted") == 1


async def test_an_agent_who_is_not_asked_cannot_take_the_offer(ground: Ground) -> None:
    _, _, item, _ = await offered(ground)
    other = await ground.agent_headers(await ground.hire("kim"))
    refused = await act(ground, other, item, "accept", {"version": item.version})
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("Another agent")


async def test_a_declined_offer_goes_to_somebody_else(ground: Ground) -> None:
    _, headers, item, _ = await offered(ground)
    kim = await ground.hire("kim")
    answer = await act(ground, headers, item, "decline", {"version": item.version, "reason": "busy"})
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    await ground.allocate()
    assert (await ground.item(item.id)).agent_id == kim.id
    late = await act(ground, headers, item, "accept", {"version": item.version})
    assert late.status_code == 409


async def test_a_case_handed_back_is_the_agents_no_longer(ground: Ground) -> None:
    _, headers, item, accepted = await offered(ground)
    await act(ground, headers, item, "accept", {"version": item.version})
    assert (await act(ground, headers, item, "hand-back", {})).status_code == 200
    assert (await told(ground, accepted["interaction_id"]))[-1] == "handed_back"
    assert (await act(ground, headers, item, "resolve", {})).status_code == 200  # resolved twice changes nothing
    assert (await told(ground, accepted["interaction_id"]))[-1] == "handed_back"


async def suggested(ground: Ground, customer_id: str, interaction_id: str, words: str) -> str:
    """A pending suggestion of an interaction."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    async with ground.database.begin() as session:
        draft = Draft(interaction_id=interaction_id, answers_seq=1, body=words)
        session.add(draft)
        await session.flush()
        row = Suggestion(
            customer_id=customer_id, interaction_id=interaction_id, draft_id=draft.id, body=words,
            expires_at=datetime.now(UTC) + timedelta(minutes=5),
        )  # fmt: skip
        session.add(row)
    return row.id


async def test_a_suggestion_is_said_once_and_only_to_its_own_customer(ground: Ground) -> None:
    _, headers, item, accepted = await offered(ground)
    await act(ground, headers, item, "accept", {"version": item.version})
    stranger = await ground.say(await ground.chat(), "something else")
    foreign = await suggested(ground, new_id(), stranger["interaction_id"], "not yours")
    mine = await suggested(ground, item.customer_id, accepted["interaction_id"], "Your order is on its way.")
    case = (await ground.http.get(f"/v1/desk/work/{item.id}", headers=headers)).json()
    assert [suggestion["id"] for suggestion in case["suggestions"]] == [mine]

    refused = await act(ground, headers, item, f"suggestions/{foreign}", {"use": True})
    assert refused.status_code == 409
    used = await act(ground, headers, item, f"suggestions/{mine}", {"use": True, "text": "It is on its way."})
    assert used.status_code == 200
    again = await act(ground, headers, item, f"suggestions/{mine}", {"use": True})
    assert again.status_code == 409
    async with ground.database.begin() as session:
        said = (await session.execute(select(Message).where(col(Message.author) == "agent"))).scalars().all()
    assert [message.body for message in said] == ["It is on its way."]


async def test_presence_holds_for_its_lease_and_wakes_the_dispatcher_when_it_changes(ground: Ground) -> None:
    headers = await ground.agent_headers(await ground.hire("robin", present=False))
    me = (await ground.http.get("/v1/desk/me", headers=headers)).json()
    assert (me["agent"]["presence"], me["lease_seconds"], me["csrf"]) == ("offline", 60, "")
    for _ in range(2):
        there = await ground.http.put("/v1/desk/presence", json={"presence": "available"}, headers=headers)
        assert there.json()["agent"]["presence"] == "available"
    assert await ground.count(OutboxRow) == 1


async def test_a_case_of_another_team_looks_like_an_unknown_one_to_agents_and_is_open_to_leads(ground: Ground) -> None:
    _, _, item, _ = await offered(ground)
    async with ground.database.begin() as session:
        from store.work import Team  # noqa: PLC0415

        session.add(Team(id="returns", title="Returns"))
    foreign = await ground.agent_headers(await ground.hire("kim", team="returns"))
    lead = await ground.agent_headers(await ground.hire("lee", role=Role.LEAD, team="returns"))
    assert (await ground.http.get(f"/v1/desk/work/{item.id}", headers=foreign)).status_code == 404
    assert (await ground.http.get(f"/v1/desk/work/{new_id()}", headers=foreign)).status_code == 404
    assert (await ground.http.get(f"/v1/desk/work/{item.id}", headers=lead)).status_code == 200


BAD_CLICKS = [
    ("accept", {}, "version"),
    ("accept", {"version": "1"}, "version"),
    ("accept", {"version": -1}, "version"),
    ("accept", {"version": 2**31}, "version"),
    ("accept", {"version": 1, "extra": 1}, "extra"),
    ("decline", {"version": 1, "reason": "a\x00"}, "reason"),
    ("reply", {"text": " ", "key": "k"}, "text"),
    ("reply", {"text": "a\x00", "key": "k"}, "text"),
    ("reply", {"text": "a", "key": "../k"}, "key"),
    ("resolve", {"now": True}, "now"),
    ("hand-back", [], ""),
    ("park", {"until": "tomorrow"}, "until"),
    ("park", {"until": "2030-01-01T00:00:00"}, "until"),
    ("transfer", {"note": "to whom?"}, ""),
    ("transfer", {"team": "support", "agent_id": "0" * 26}, ""),
    ("transfer", {"agent_id": "kim"}, "agent_id"),
    ("decide", {"approved": "yes", "text": "a"}, "approved"),
    ("decide", {"approved": True, "text": " "}, "text"),
]


@pytest.mark.parametrize(("verb", "body", "field"), BAD_CLICKS, ids=range(len(BAD_CLICKS)))
async def test_a_bad_click_is_refused_by_name(ground: Ground, verb: str, body: dict[str, object], field: str) -> None:
    _, headers, item, _ = await offered(ground)
    refused = await act(ground, headers, item, verb, body)
    assert refused.status_code == 422, refused.text
    if field:
        assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert (await ground.item(item.id)).state == "offered"


async def test_a_heartbeat_keeps_the_lease_and_never_changes_presence(ground: Ground) -> None:
    headers = await ground.agent_headers(await ground.hire("robin", present=False))
    await ground.http.put("/v1/desk/presence", json={"presence": "break"}, headers=headers)
    kept = await ground.http.post("/v1/desk/heartbeat", headers=headers)
    assert (kept.status_code, kept.json()["agent"]["presence"]) == (200, "break")


async def test_only_missed_offers_set_somebody_away(ground: Ground) -> None:
    headers = await ground.agent_headers(await ground.hire("robin"))
    refused = await ground.http.put("/v1/desk/presence", json={"presence": "away"}, headers=headers)
    assert refused.status_code == 422


async def test_a_case_is_parked_taken_up_again_and_passed_on_with_a_note(ground: Ground) -> None:
    _, headers, item, _ = await offered(ground)
    kim = await ground.hire("kim")
    await act(ground, headers, item, "accept", {"version": item.version})
    parked = await act(ground, headers, item, "park", {})
    assert (parked.status_code, parked.json()["state"], parked.json()["taken"]) == (200, "parked", 0)
    work = (await ground.http.get("/v1/desk/work", headers=headers)).json()
    assert [one["id"] for one in work["parked"]] == [item.id]
    assert (await act(ground, headers, item, "resume", {})).json()["state"] == "assigned"
    passed = await act(ground, headers, item, "transfer", {"agent_id": kim.id, "note": "You know them"})
    assert (passed.status_code, passed.json()["state"], passed.json()["note"]) == (200, "waiting", "You know them")
    await ground.allocate()
    case = (await ground.http.get(f"/v1/desk/work/{item.id}", headers=await ground.agent_headers(kim))).json()
    assert (case["agent_id"], case["state"]) == (kim.id, "offered")
    told_sentences = [entry["text"] for entry in case["timeline"]]
    assert "Robin parked the case until the customer writes." in told_sentences
    assert "Robin passed the case on to team support." in told_sentences


async def test_an_agent_picks_work_of_a_team_that_pulls(ground: Ground) -> None:
    pulls = TeamChannel(mode=DispatchMode.PULL)
    support = ground.policy.teams["support"].model_copy(update={"channels": {Channel.CHAT: pulls}})
    ground.policy = ground.policy.model_copy(update={"teams": {"support": support}})
    await ground.open_policy()
    headers = await ground.agent_headers(await ground.hire("robin"))
    items = [await ground.hand_off((await ground.say(await ground.chat(), "hello"))["interaction_id"]) for _ in "ab"]
    work = (await ground.http.get("/v1/desk/work", headers=headers)).json()
    assert [one["id"] for one in work["pullable"]] == [item.id for item in items]
    second = {"team": "support", "item_id": items[1].id}
    refused = await ground.http.post("/v1/desk/pull", json=second, headers=headers)
    assert (refused.status_code, refused.json()["detail"][:30]) == (409, "This case is not next in line;")
    for body, expected in (({**second, "reason": "I know them"}, items[1]), ({"team": "support"}, items[0])):
        taken = await ground.http.post("/v1/desk/pull", json=body, headers=headers)
        assert (taken.status_code, taken.json()["id"], taken.json()["state"]) == (200, expected.id, "assigned")
    nothing = await ground.http.post("/v1/desk/pull", json={"team": "support"}, headers=headers)
    assert (nothing.status_code, nothing.json()["detail"]) == (409, "Nothing waits there to be picked.")


async def test_a_decision_is_asked_for_and_given(ground: Ground) -> None:
    _, headers, item, accepted = await offered(ground)
    await act(ground, headers, item, "accept", {"version": item.version})
    async with ground.database.begin() as session:
        (await session.get_one(WorkItem, item.id)).asks_decision = True
    early = await act(ground, headers, item, "resolve", {})
    assert (early.status_code, early.json()["detail"][:41]) == (409, "This case asks you to approve or refuse b")
    decided = await act(ground, headers, item, "decide", {"approved": True, "text": "You get your money back."})
    assert (decided.status_code, decided.json()["decision"], decided.json()["state"]) == (200, "approved", "done")
    assert (await told(ground, accepted["interaction_id"]))[-1] == "work_decided"
