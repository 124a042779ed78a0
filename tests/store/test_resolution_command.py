"""`baton report resolution`: the report at the terminal, for people and for programs."""

import asyncio
import json

import pytest
import typer
from typer.testing import CliRunner

from cli.resolution import resolution
from domain.interaction import Resolution
from store.database import Database
from store.interactions import lock_interaction, resolve
from tests.store.scene import Scene


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command alone, on this test's database."""
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    app = typer.Typer()
    app.command()(resolution)
    return app


async def resolved_chat(database_url: str) -> None:
    """One case that the AI resolved."""
    database = Database(database_url)
    scene = await Scene(database).prepare()
    receipt = await scene.chat("s1")
    async with database.begin() as session:
        row = await lock_interaction(session, receipt.interaction_id)
        row.issue = "return"
        await resolve(session, row, Resolution.CONFIRMED)
    await database.close()


def test_people_read_a_table_and_programs_read_json(database_url: str, command: typer.Typer) -> None:
    asyncio.run(resolved_chat(database_url))
    shown = CliRunner().invoke(command, ["--days", "1"])
    assert shown.exit_code == 0, shown.output
    assert "return" in shown.output
    assert "100%" in shown.output
    told = json.loads(CliRunner().invoke(command, ["--json"]).output)
    assert (told["total"]["ai"], told["total"]["rate"], told["lines"][0]["issue"]) == (1, 1.0, "return")


def test_a_period_without_contacts_says_so(command: typer.Typer) -> None:
    assert "no contact since" in CliRunner().invoke(command, []).output
