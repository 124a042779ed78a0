"""The policy over HTTP: versions, one cell, asking beforehand, and who may do what."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx import Response

from domain.parties import Role
from domain.policy_text import write_policy
from store.interactions import Interaction
from store.journal import Happening, note
from tests.api.ground import Ground
from tests.policies import small_policy

ROOT = "/v1/admin/policy"
QUEUE = '- plan: ["queue:support"]\n'


async def get(ground: Ground, path: str, role: Role = Role.ADMIN) -> Response:
    return await ground.http.get(f"{ROOT}{path}", headers=await ground.token(role))


async def post(ground: Ground, path: str, body: object, role: Role = Role.ADMIN) -> Response:
    """A text as YAML, anything else as JSON."""
    headers = await ground.token(role)
    if isinstance(body, str):
        return await ground.http.post(f"{ROOT}{path}", content=body.encode(), headers=headers)
    return await ground.http.post(f"{ROOT}{path}", json=body, headers=headers)


async def second_version(ground: Ground) -> int:
    answer = await post(ground, "", write_policy(small_policy(step_seconds=33)))
    version: int = answer.json()["version"]
    return version


def cell(
    version: int, candidates: object = QUEUE, *, issue: str = "promo", tier: str = "vip", **more: object
) -> dict[str, object]:
    return {"based_on": version, "issue": issue, "tier": tier, "candidates": candidates, **more}


async def test_a_policy_is_checked_compared_activated_and_found_in_the_history(ground: Ground) -> None:
    text = write_policy(small_policy(step_seconds=33))
    checked = (await post(ground, "/check", text, Role.READ_ONLY)).json()
    assert ["+deadlines: {ai_start_seconds: 3", " ai_work_seconds: 10", " step_seconds: 33}"][0] in checked["diff"]
    assert (await get(ground, "")).json()["version"] == ground.policy.version, "checking activates nothing"
    version = await second_version(ground)
    rows = (await get(ground, "/versions", Role.READ_ONLY)).json()
    assert [(row["version"], row["active"]) for row in rows] == [(version, True), (ground.policy.version, False)]
    one = (await get(ground, f"/versions/{version}")).json()
    assert (one["yaml"], one["policy"]["deadlines"]["step_seconds"]) == (text, 33)
    diff = (await get(ground, f"/versions/{ground.policy.version}/diff")).json()
    assert (diff["before"], diff["after"]) == (ground.policy.version, version)
    assert "step_seconds: 33" in diff["diff"]


async def test_a_policy_is_rolled_back_as_a_new_version(ground: Ground) -> None:
    second = await second_version(ground)
    answer = await post(ground, "/rollback", {"version": ground.policy.version})
    assert answer.json()["version"] > second
    active = (await get(ground, "")).json()
    assert active["policy"]["deadlines"]["step_seconds"] == ground.policy.deadlines.step_seconds
    assert (await get(ground, "/versions?limit=1")).json()[0]["restores"] == ground.policy.version


@pytest.mark.parametrize("path", ["/versions/99", "/versions/99/diff", "/versions/1/diff?against=99"])
async def test_a_version_that_does_not_exist_is_not_found(ground: Ground, path: str) -> None:
    assert (await get(ground, path)).status_code == 404
    assert (await post(ground, "/rollback", {"version": 99})).status_code == 404


@pytest.mark.parametrize("candidates", [QUEUE, [{"plan": ["queue:support"]}]])
async def test_one_cell_is_changed_and_the_next_case_follows_it(ground: Ground, candidates: object) -> None:
    base = ground.policy.version
    asked = {"issue": "promo", "tier": "vip"}
    before = (await post(ground, "/explain", asked)).json()
    assert (before["plan"]["cell"], before["stages"][0]["stage"]) == ("defaults", "ai")
    seen = (await post(ground, "/cell", cell(base, candidates, preview=True))).json()
    assert (seen["version"], "+    - plan: ['queue:support']" in seen["diff"]) == (base, True)
    changed = (await post(ground, "/cell", cell(base, candidates))).json()
    assert (changed["version"] > base, changed["diff"].splitlines()[3:]) == (True, seen["diff"].splitlines()[3:])
    after = (await post(ground, "/explain", asked)).json()
    assert (after["plan"]["cell"], after["stages"][0]["stage"]) == ("promo x vip", "queue:support")


async def test_a_cell_that_is_taken_out_inherits_again(ground: Ground) -> None:
    changed = (await post(ground, "/cell", cell(ground.policy.version))).json()
    back = await post(ground, "/cell", cell(changed["version"], None))
    assert back.status_code == 200
    matrix = (await get(ground, "/matrix", Role.LEAD)).json()
    shown = next(one for one in matrix["cells"] if (one["issue"], one["tier"]) == ("promo", "vip"))
    assert (shown["source"], shown["own"]) == ("defaults", False)
    assert shown["candidates"][0]["stages"] == ["ai", "queue:support"]
    assert shown["candidates"][0]["conditions"] == ["confidence at least 0.5"]


async def test_a_change_of_a_version_that_is_no_longer_active_is_a_conflict(ground: Ground) -> None:
    await second_version(ground)
    assert (await post(ground, "/cell", cell(ground.policy.version))).status_code == 409


@pytest.mark.parametrize(
    ("change", "field", "line"),
    [
        ({"candidates": "- plan: [ai]\n- plan: [pigeon]\n"}, "1.plan.0", 2),
        ({"candidates": '- plan: ["queue:ghosts"]\n'}, "0.plan.0", 1),
        ({"candidates": "- plan: ["}, "", 1),
        ({"candidates": []}, "file", None),
        ({"candidates": '- plan: ["agent:ghost", "queue:support"]'}, "matrix.promo.vip.0.plan.0", None),
        ({"tier": "ghosts"}, "", 1),
        ({"issue": "ghosts"}, "issue", None),
    ],
)
async def test_a_cell_with_a_mistake_is_refused_by_line_and_nothing_changes(
    ground: Ground, change: dict[str, object], field: str, line: int | None
) -> None:
    body = {**cell(ground.policy.version), **change}
    answer = await post(ground, "/cell", body)
    assert answer.status_code == 422, answer.text
    error = answer.json()["errors"][0]
    if line is not None:
        assert (error["field"], error["line"]) == (field, line)
    assert (await get(ground, "")).json()["version"] == ground.policy.version


async def test_an_unknown_agent_in_a_file_is_refused_by_line(ground: Ground) -> None:
    text = write_policy(small_policy()).replace("['queue:support']", "['agent:ghost', 'queue:support']", 1)
    error = (await post(ground, "", text)).json()["errors"][0]
    assert (error["field"], error["message"]) == (
        "matrix.complaint.any.0.plan.0",
        "there is no agent 'ghost'; use an agent's id",
    )
    assert text.splitlines()[error["line"] - 1].strip().startswith("- plan: ['agent:ghost'")


async def test_a_case_is_explained_with_what_its_stages_come_to(ground: Ground) -> None:
    await ground.hire("robin")
    answer = (await post(ground, "/explain", {"issue": "promo", "confidence": 0.4, "tier": "vip"}, Role.LEAD)).json()
    assert [one["passed_over"] for one in answer["plan"]["considered"]] == ["confidence 0.40 is below 0.5", ""]
    stage = answer["stages"][0]
    assert (stage["team"], stage["mode"], stage["cost"], stage["available"]) == ("support", "offer", 1, 1)
    stated = {"support": {"available": 7, "pressure": "critical"}}
    stage = (await post(ground, "/explain", {"issue": "complaint", "teams": stated})).json()["stages"][0]
    assert (stage["available"], stage["pressure"], stage["wait_minutes"]) == (7, "critical", 0)


async def test_a_draft_is_explained_without_being_activated(ground: Ground) -> None:
    draft = write_policy(small_policy()).replace("[ai, 'queue:support']", "['queue:support']")
    draft = draft.replace("  when: {confidence_at_least: 0.5}\n- plan: ['queue:support']\n", "")
    answer = (await post(ground, "/explain", {"issue": "promo", "policy": draft})).json()
    assert (answer["stages"][0]["stage"], answer["plan"]["policy_version"]) == ("queue:support", 0)
    assert (await get(ground, "")).json()["version"] == ground.policy.version


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"issue": "ghosts"}, "issue"),
        ({"issue": "promo", "tier": "ghosts"}, "tier"),
        ({"issue": "promo", "teams": {"ghosts": {}}}, "teams.ghosts"),
        ({"issue": "promo", "at": "9999-12-31T23:00:00Z"}, "at"),
        ({"issue": "promo", "at": "yesterday"}, "at"),
        ({"issue": "promo", "amount": {"minor": -1, "currency": "EUR"}}, "amount.minor"),
        ({"issue": "promo", "policy": "brand: 1"}, "brand"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused_by_field(
    ground: Ground, body: dict[str, object], field: str
) -> None:
    answer = await post(ground, "/explain", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def decided(ground: Ground, *confidences: float) -> str:
    """Routing decisions of one interaction, all to the AI."""
    accepted = await ground.say(await ground.chat(), "hello")
    async with ground.database.begin() as session:
        row = await session.get_one(Interaction, accepted["interaction_id"])
        for confidence in confidences:
            facts = {
                "triage": {"issue": "promo", "confidence": confidence},
                "customer": {"tier": "guest", "channel": "chat"},
                "snapshot": {},
            }
            note(session, Happening.ROUTED, interaction=row, plan=["ai", "queue:support"], policy=1, facts_of=facts)
    return accepted["interaction_id"]


async def test_a_policy_is_replayed_over_recorded_cases_before_it_is_activated(ground: Ground) -> None:
    interaction = await decided(ground, 0.6, 0.7, 0.95)
    strict = write_policy(small_policy()).replace("confidence_at_least: 0.5", "confidence_at_least: 0.9")
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    report = (await post(ground, f"/replay?since={since}", strict, Role.READ_ONLY)).json()
    assert (report["cases"], report["unchanged"], report["more_recorded"]) == (3, 1, False)
    assert report["changes"] == [{"was": "ai > queue:support", "becomes": "queue:support", "count": 2}]
    assert {one["interaction_id"] for one in report["changed_cases"]} == {interaction}
    limited = (await post(ground, f"/replay?since={since}&limit=2", strict)).json()
    assert (limited["cases"], limited["more_recorded"]) == (2, True)
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert (await post(ground, f"/replay?since={later}", strict)).json()["cases"] == 0


@pytest.mark.parametrize("path", ["", "/rollback", "/cell"])
@pytest.mark.parametrize("role", [Role.LEAD, Role.READ_ONLY, Role.AGENT, Role.CHANNEL])
async def test_only_admins_change_the_policy(ground: Ground, path: str, role: Role) -> None:
    assert (await post(ground, path, {}, role)).status_code == 403


@pytest.mark.parametrize("path", ["/check", "/explain", "/replay?since=2026-01-01T00:00:00Z"])
async def test_leads_and_who_may_only_read_ask_the_policy_and_others_do_not(ground: Ground, path: str) -> None:
    for role in Role:
        refused = (await post(ground, path, {}, role)).status_code == 403
        assert refused == (role in {Role.AGENT, Role.CHANNEL, Role.WAREHOUSE})


async def test_the_page_is_for_who_is_signed_in(ground: Ground) -> None:
    assert (await ground.http.get("/admin/policy")).headers["location"] == "/desk/sign-in"
    page = await ground.http.get("/admin/policy", headers={"Cookie": "baton_desk=x"})
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
