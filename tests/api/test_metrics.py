"""The metrics page tells how cases ended."""

from datetime import UTC, datetime

from domain.interaction import Resolution
from domain.parties import Role
from domain.proposal import HandoffReason
from store.interactions import lock_interaction, resolve
from store.journal import Happening, note
from store.knowledge_gaps import KnowledgeGap
from store.satisfaction import Satisfaction
from store.speaking import Draft
from store.switches import AiSwitch
from tests.api.ground import Ground


async def test_how_cases_ended_is_in_the_metrics_and_in_the_report(ground: Ground) -> None:
    accepted = await ground.say(await ground.chat(), "hello")
    interaction_id, now = accepted["interaction_id"], datetime.now(UTC)
    assert 'baton_resolutions{outcome="ai"} 0.0' in (await ground.http.get("/metrics")).text
    async with ground.database.begin() as session:
        row = await lock_interaction(session, interaction_id)
        await resolve(session, row, Resolution.CONFIRMED)
        note(session, Happening.HANDED_OFF, interaction=row, reason=HandoffReason.DISSATISFIED.value)
        session.add_all(
            [
                Satisfaction(
                    interaction_id=interaction_id, customer_id=row.customer_id, state="asked", resolved_by="ai",
                    asked_at=now, answered_at=now, score=4,
                ),
                KnowledgeGap(interaction_id=interaction_id, message_id="m", issue="delivery", language="en"),
                AiSwitch(cell="*", stopped_by="robin"),
                Draft(interaction_id=interaction_id, answers_seq=1, body="x", mode="draft", verdict="sent"),
                Draft(interaction_id=interaction_id, answers_seq=2, body="x", mode="draft", state="offered"),
                Draft(interaction_id=interaction_id, answers_seq=3, body="x", mode="auto"),
            ]
        )  # fmt: skip
    page = (await ground.http.get("/metrics")).text
    for line in (
        'baton_resolutions{outcome="ai"} 1.0',
        'baton_resolutions{outcome="taken_back"} 0.0',
        'baton_handoffs{reason="dissatisfied"} 1.0',
        'baton_satisfaction_count{by="ai"} 1.0',
        'baton_satisfaction_sum{by="ai"} 4.0',
        'baton_knowledge_gaps_open{issue="delivery"} 1.0',
        'baton_ai_stopped{cell="*"} 1.0',
        'baton_drafts{verdict="sent"} 1.0',
        'baton_drafts{verdict="waiting"} 1.0',
    ):
        assert line in page, line
    admin = await ground.token(Role.ADMIN)
    report = (await ground.http.get("/v1/admin/reports/resolution", headers=admin)).json()
    assert (report["total"]["ai"], report["total"]["rate"]) == (1, 1.0)
    assert report["handoffs"] == [{"reason": "dissatisfied", "count": 1}]
    assert report["satisfaction"] == [{"by": "ai", "asked": 1, "rated": 1, "mean": 4.0}]


async def test_a_cell_that_is_switched_on_again_leaves_the_page(ground: Ground) -> None:
    async with ground.database.begin() as session:
        session.add(AiSwitch(cell="return x any", stopped_by="robin"))
    assert 'cell="return x any"' in (await ground.http.get("/metrics")).text
    async with ground.database.begin() as session:
        await session.delete(await session.get_one(AiSwitch, "return x any"))
    assert "return x any" not in (await ground.http.get("/metrics")).text


async def test_the_report_is_for_admins_and_refuses_an_empty_period(ground: Ground) -> None:
    path = "/v1/admin/reports/resolution"
    assert (await ground.http.get(path)).status_code == 401
    assert (await ground.http.get(path, headers=await ground.token(Role.AGENT))).status_code == 403
    period = {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    answer = await ground.http.get(path, params=period, headers=await ground.token(Role.READ_ONLY))
    assert answer.status_code == 422
