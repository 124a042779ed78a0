"""Steering the AI: who may stop it, what readiness tells, and the brief that people ask for."""

import pytest

from domain.modes import Mode
from domain.parties import Role
from domain.readiness import RejectionReason, Verdict
from store.speaking import Draft, DraftState
from tests.api.ground import Ground
from tests.api.test_desk import offered, told


async def lead(ground: Ground) -> dict[str, str]:
    return await ground.agent_headers(await ground.hire("lee", role=Role.LEAD, present=False))


async def test_a_lead_stops_the_ai_and_lets_it_start_again(ground: Ground) -> None:
    headers = await lead(ground)
    for _ in range(2):
        answer = await ground.http.post("/v1/assistant/stop", json={"why": "wrong prices"}, headers=headers)
        assert answer.status_code == 200
    stopped = answer.json()["stopped"]
    assert [(one["cell"], one["why"]) for one in stopped] == [("*", "wrong prices")]
    started = await ground.http.post("/v1/assistant/start", json={}, headers=headers)
    assert (started.status_code, started.json()["stopped"]) == (200, [])


async def test_one_cell_is_stopped_by_the_name_that_the_policy_gives_it(ground: Ground) -> None:
    headers = await lead(ground)
    known = (await ground.http.get("/v1/assistant/switches", headers=headers)).json()
    assert known == {"stopped": [], "cells": ["defaults"]}
    answer = await ground.http.post("/v1/assistant/stop", json={"cell": "defaults", "why": "x"}, headers=headers)
    assert [one["cell"] for one in answer.json()["stopped"]] == ["defaults"]
    unknown = await ground.http.post("/v1/assistant/stop", json={"cell": "nowhere", "why": "x"}, headers=headers)
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "cell")


@pytest.mark.parametrize("path", ["stop", "start"])
async def test_an_agent_does_not_throw_switches(ground: Ground, path: str) -> None:
    headers = await ground.agent_headers(await ground.hire("robin"))
    answer = await ground.http.post(f"/v1/assistant/{path}", json={"why": "x"}, headers=headers)
    assert answer.status_code == 403


async def test_readiness_counts_what_people_made_of_drafts_and_proposes(ground: Ground) -> None:
    interaction_id = (await ground.say(await ground.chat(), "hello"))["interaction_id"]
    drafts = [_judged(interaction_id, Verdict.SENT) for _ in range(4)]
    drafts += [_judged(interaction_id, Verdict.REJECTED, RejectionReason.WRONG)]
    async with ground.database.begin() as session:
        session.add_all(drafts)
    policy = ground.policy
    drafting = policy.assistant.model_copy(update={"mode": Mode.DRAFT})
    ground.policy = policy.model_copy(update={"assistant": drafting})
    await ground.open_policy()
    report = (await ground.http.get("/v1/readiness?days=7", headers=await lead(ground))).json()
    line = report["lines"][0]
    assert (line["cell"], line["mode"], line["path"]) == ("defaults", "draft", "defaults[0].mode")
    assert (line["found"]["drafts"], line["found"]["sent"], line["found"]["reasons"]) == (5, 4, {"wrong": 1})
    assert line["proposal"] == {"step": "keep_in_draft", "why": "5 judged; 30 are needed"}
    assert line["change"] == ""


def _judged(interaction_id: str, verdict: Verdict, why: str = "") -> Draft:
    return Draft(
        interaction_id=interaction_id, answers_seq=1, body="an answer", mode=Mode.DRAFT.value, cell="defaults",
        state=DraftState.POSTED.value, verdict=verdict.value, why=why,
    )  # fmt: skip


@pytest.mark.parametrize("days", ["0", "367", "soon"])
async def test_readiness_refuses_periods_that_make_no_sense(ground: Ground, days: str) -> None:
    answer = await ground.http.get(f"/v1/readiness?days={days}", headers=await lead(ground))
    assert answer.status_code == 422


async def test_who_has_a_case_asks_for_a_brief_and_nobody_else_but_a_lead(ground: Ground) -> None:
    _, headers, item, accepted = await offered(ground)
    url = f"/v1/desk/work/{item.id}/brief"
    assert (await ground.http.post(url, json={}, headers=headers)).status_code == 409, "it is only offered"
    await ground.http.post(f"/v1/desk/work/{item.id}/accept", json={"version": item.version}, headers=headers)
    asked = await ground.http.post(url, json={}, headers=headers)
    assert (asked.status_code, asked.json()) == (202, {"asked": True})
    again = await ground.http.post(url, json={}, headers=headers)
    assert again.json() == {"asked": False}
    colleague = await ground.agent_headers(await ground.hire("kim"))
    assert (await ground.http.post(url, json={}, headers=colleague)).status_code == 409
    assert (await ground.http.post(url, json={}, headers=await lead(ground))).status_code == 202
    assert (await told(ground, accepted["interaction_id"])).count("brief_asked") == 1
