"""The `baton` command: quick to answer, and plain about what is wrong."""

import asyncio
import re
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from cli.local.services import database, local_services
from cli.main import app
from cli.policies import STARTER, activate_first
from cli.settings import CommandSettings
from store.access import digest

RUN = CliRunner()
HEAVY = ("temporalio", "sqlalchemy", "uvicorn", "alembic", "psycopg")


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, cli.main; print(*(name for name in sys.argv[1:] if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", ["dev", "demo", "worker", "api", "temporal", "migrate", "audit", "policy", "token"])
def test_help_lists_every_command(name: str) -> None:
    assert re.search(rf"\b{name}\b", RUN.invoke(app, ["--help"]).output)


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_LOG_LEVEL", "canary")
    result = RUN.invoke(app, ["migrate"])
    assert result.exit_code == 2
    assert "BATON_LOG_LEVEL" in result.output
    assert "canary" not in result.output


def test_a_policy_with_a_typo_is_refused_with_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("teams:\n  care:\n    titel: Care\n")
    result = RUN.invoke(app, ["policy", "check", str(file)])
    assert result.exit_code == 1
    assert "line 3, teams.care.titel" in result.output


def test_the_policy_to_start_with_is_valid_and_never_replaces_another(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = CommandSettings(database_url=database_url)
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    asyncio.run(activate_first(settings))
    own = tmp_path / "policy.yaml"
    own.write_text(STARTER.read_text().replace("Customer support", "Care"))
    assert "version 2" in RUN.invoke(app, ["policy", "activate", str(own)]).output
    asyncio.run(activate_first(settings))
    assert "version 2" in RUN.invoke(app, ["policy", "activate", str(own)]).output


def test_an_audit_of_an_empty_store_finds_nothing(
    database_url: str, temporal_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    monkeypatch.setenv("BATON_TEMPORAL_ADDRESS", temporal_address)
    result = RUN.invoke(app, ["audit"])
    assert (result.exit_code, result.output.strip()) == (0, "nothing lost, nothing left over")


def test_an_audit_that_finds_something_lists_it_and_fails(
    database_url: str, temporal_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    monkeypatch.setenv("BATON_TEMPORAL_ADDRESS", temporal_address)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO agent (id, name, login, password_hash, role, capacity, load, presence, missed_offers)"
            " VALUES ('a1', 'Ada', 'ada', '', 'agent', 3, 1, 'away', 0)"
        )
    result = RUN.invoke(app, ["audit"])
    assert result.exit_code == 1
    assert "load_wrong a1" in result.output


def test_an_unknown_pool_is_refused_with_the_known_ones() -> None:
    result = RUN.invoke(app, ["worker", "ia"])
    assert result.exit_code == 2
    assert "integration" in result.output


def test_a_token_is_shown_once_and_stored_as_a_hash(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    result = RUN.invoke(app, ["token", "create", "--role", "channel", "--name", "shop"])
    assert result.exit_code == 0
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT digest, name, role FROM api_token").fetchone()
    assert row == (digest(result.stdout.strip()), "shop", "channel")


def test_a_command_on_an_unmigrated_database_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_STATE_DIRECTORY", str(tmp_path))
    result = RUN.invoke(app, ["token", "create", "--role", "channel", "--name", "shop"])
    assert result.exit_code == 1
    assert "baton migrate" in result.output
    assert RUN.invoke(app, ["migrate"]).exit_code == 0
    assert RUN.invoke(app, ["token", "create", "--role", "channel", "--name", "shop"]).exit_code == 0


async def test_local_services_keep_their_secret_and_use_what_is_given(
    database_url: str, temporal_address: str, tmp_path: Path
) -> None:
    settings = CommandSettings(
        state_directory=tmp_path / "state", database_url=database_url, temporal_address=temporal_address
    )
    async with local_services(settings) as first, local_services(settings) as second:
        assert first.temporal is None
        assert first.environment()["BATON_DATABASE_URL"] == database_url
        assert first.environment()["BATON_TEMPORAL_ADDRESS"] == temporal_address
        assert first.secret_key == second.secret_key
        assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "state" / "secret_key").stat().st_mode) == 0o600


def test_without_a_database_url_a_local_one_serves_for_as_long_as_it_is_needed(tmp_path: Path) -> None:
    with database(CommandSettings(state_directory=tmp_path)) as url:
        psycopg.connect(url).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
