"""What admins and monitors see, and what becomes of our own mistakes."""

import re

import pytest
import structlog
from sqlalchemy import select

from domain.parties import Role
from store.faults import Fault, quarantine
from store.interactions import Interaction
from store.journal import Happening, note
from store.outbox import OutboxRow
from tests.api.ground import Ground
from tests.policies import small_policy


async def test_metrics_tell_what_waits_and_what_was_answered(ground: Ground) -> None:
    await ground.say(await ground.chat(), "hello")
    page = (await ground.http.get("/metrics")).text
    assert 'baton_messages_received_total{channel="chat"} 1.0' in page
    assert 'baton_http_requests_total{method="POST",route="/v1/messages",status="202"} 1.0' in page
    # The message's, and once the watch has looked, the wake of a dispatcher that was never started.
    assert re.search(r"^baton_outbox_waiting [12]\.0$", page, re.MULTILINE)
    assert 'baton_interactions_open{state="new"} 1.0' in page


async def test_metrics_are_for_this_machine_or_for_admins(ground: Ground) -> None:
    ground.http._transport.client = ("10.1.2.3", 1)  # type: ignore[attr-defined]
    assert (await ground.http.get("/metrics")).status_code == 401
    assert (await ground.http.get("/metrics", headers=await ground.token(Role.ADMIN))).status_code == 200


async def test_admins_see_dead_letters_quarantine_gaps_and_interactions(ground: Ground) -> None:
    accepted = await ground.say(await ground.chat(), "hello")
    async with ground.database.begin() as session:
        row = (await session.execute(select(OutboxRow))).scalar_one()
        row.dead = "invalid_argument"
        interaction = await session.get_one(Interaction, accepted["interaction_id"])
        note(session, Happening.POLICY_GAP, interaction=interaction, cell="promo x any")
        await quarantine(session, channel="email", account="a@b.example", reason="no_sender", raw=b"\x00\xff" * 5000)
    admin = await ground.token(Role.ADMIN)

    async def listed(path: str) -> list[dict[str, object]]:
        answer = await ground.http.get(f"/v1/admin/{path}", headers=admin)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()
        return found

    assert [letter["reason"] for letter in await listed("dead-letters")] == ["invalid_argument"]
    assert [(kept["reason"], kept["size"]) for kept in await listed("quarantine")] == [("no_sender", 10_000)]
    assert [(gap["cell"], gap["cases"]) for gap in await listed("policy/gaps")] == [("promo x any", 1)]
    assert [row["interaction_id"] for row in await listed("interactions?state=new")] == [accepted["interaction_id"]]
    assert await listed("interactions?state=resolved") == []
    assert await listed(f"interactions?before={accepted['interaction_id']}") == []
    refused = await ground.http.get("/v1/admin/interactions?state=lost", headers=admin)
    assert refused.status_code == 422


async def test_an_admin_activates_a_policy(ground: Ground) -> None:
    import json  # noqa: PLC0415

    admin = await ground.token(Role.ADMIN)
    before = (await ground.http.get("/v1/admin/policy", headers=admin)).json()["version"]
    text = json.dumps(small_policy(step_seconds=33).model_dump(mode="json", exclude={"version"}))  # JSON is YAML
    answer = await ground.http.post("/v1/admin/policy", content=text.encode(), headers=admin)
    assert answer.json()["version"] > before
    now = (await ground.http.get("/v1/admin/policy", headers=admin)).json()
    assert now["policy"]["deadlines"]["step_seconds"] == 33


async def test_a_mistake_of_ours_is_told_by_id_and_never_by_its_text(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise LookupError("canary@customer.example")

    monkeypatch.setattr(ground.app.state.parts.reception, "receive", fail)
    with structlog.testing.capture_logs() as logs:
        answer = await ground.http.post(
            "/v1/messages", json={"text": "hello"}, headers={**await ground.chat(), "Idempotency-Key": "k"}
        )
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "canary" not in answer.text
    assert "canary" not in str(logs)
    async with ground.database.begin() as session:
        fault = (await session.execute(select(Fault))).scalar_one()
    assert fault.id in answer.json()["detail"]
    assert "canary@customer.example" in fault.detail


async def test_answers_about_people_are_never_kept_by_a_cache(ground: Ground) -> None:
    answer = await ground.http.get("/v1/desk/me")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
