"""The report of service levels, over HTTP and at the terminal."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from cli.main import app
from domain.parties import Role
from store.sla_clocks import SlaClock
from tests.api.ground import Ground

REPORT = "/v1/admin/reports/sla"


async def met(ground: Ground, after: timedelta) -> datetime:
    """A first response that came so long after its customer's message; returns when."""
    item = await ground.hand_off((await ground.say(await ground.chat(), "hello"))["interaction_id"])
    async with ground.database.begin() as session:
        now = datetime.now(UTC)
        clock = SlaClock(
            work_item_id=item.id,
            interaction_id=item.interaction_id,
            team_id=item.team_id,
            kind="first_response",
            state="met",
            target_seconds=3600,
            warn_at_part=0.75,
            left_seconds=3600 - after.total_seconds(),
            started_at=now - after,
            ended_at=now,
        )
        session.add(clock)
    return now


async def test_admins_read_how_service_levels_were_kept(ground: Ground) -> None:
    ended = await met(ground, timedelta(minutes=20))
    reader = await ground.token(Role.READ_ONLY)
    line = {"team_id": "support", "kind": "first_response", "met": 1, "breached": 0, "running": 0}
    answer = (await ground.http.get(REPORT, headers=reader)).json()
    assert answer["lines"] == [line | {"p50_seconds": 1200.0, "p90_seconds": 1200.0}]
    week = datetime.fromisoformat(answer["until"]) - datetime.fromisoformat(answer["since"])
    assert week == timedelta(days=7)
    before = {"since": (ended - timedelta(days=2)).isoformat(), "until": ended.isoformat()}
    assert (await ground.http.get(REPORT, params=before, headers=reader)).json()["lines"] == []


async def test_agents_and_channels_do_not_read_reports(ground: Ground) -> None:
    for role in (Role.AGENT, Role.CHANNEL):
        assert (await ground.http.get(REPORT, headers=await ground.token(role))).status_code == 403
    assert (await ground.http.get(REPORT)).status_code == 401


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-01-01T00:00:00"}, "since"),  # in which zone?
        ({"until": "0001-01-01T00:00:00Z"}, "until"),
        ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, "since"),
    ],
)
async def test_a_period_that_makes_no_sense_is_refused_by_name(
    ground: Ground, params: dict[str, str], field: str
) -> None:
    answer = await ground.http.get(REPORT, params=params, headers=await ground.token(Role.ADMIN))
    assert answer.status_code == 422
    assert [error["field"].split(".")[-1] for error in answer.json()["errors"]] == [field]


async def test_the_command_prints_the_same_report(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", ground.database.url)

    async def run(*arguments: str) -> str:
        done = await asyncio.to_thread(CliRunner().invoke, app, ["report", "sla", *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    assert "no service level was due since" in await run()
    await met(ground, timedelta(minutes=20))
    shown = await run("--since", "12h")
    assert all(cell in shown for cell in ("support", "first response", "100%", "20 min"))
    assert json.loads(await run("--json"))["lines"][0]["p50_seconds"] == 1200.0
