"""The deployment files name what exists: pools, settings, rooms and the tested Temporal with its tested options."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.settings import ApiSettings
from cli.local.temporal import TUNING
from cli.local.temporal_binary import pinned_version
from cli.settings import CommandSettings, HttpSettings
from domain.names import Pool
from workers.settings import WorkerSettings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_every_pool_has_a_service_of_its_own_that_waits_for_the_migration() -> None:
    for pool in Pool:
        assert SERVICES[pool]["command"] == ["worker", pool.value]
        assert SERVICES[pool]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_temporal_runs_in_the_tested_version_with_the_tested_options() -> None:
    temporal = SERVICES["temporal"]
    assert temporal["image"] == f"temporalio/temporal:{pinned_version()}"
    options = " ".join(temporal["command"]).replace("=", " ")
    assert all(
        f"{name} {value}".replace("=", " ") in options for name, value in zip(TUNING[::2], TUNING[1::2], strict=True)
    )


def test_every_variable_is_a_setting_of_baton() -> None:
    classes = (CommandSettings, HttpSettings, ApiSettings, WorkerSettings)
    known = {f"BATON_{name.upper()}" for settings in classes for name in settings.model_fields}
    used = {
        name for service in SERVICES.values() for name in service.get("environment", {}) if name.startswith("BATON")
    }
    assert used <= known


def test_pools_that_send_mail_know_the_mail_server_and_the_ai_knows_its_model() -> None:
    names = {f"BATON_{name.upper()}" for name in WorkerSettings.model_fields}
    mail = {name for name in names if name.startswith("BATON_SMTP_")}
    model = {name for name in names if name.startswith(("BATON_ASSISTANT", "BATON_MODEL"))}
    assert mail <= set(SERVICES[Pool.INTEGRATION]["environment"])
    assert mail | model <= set(SERVICES[Pool.AI]["environment"])


def test_what_compose_sets_by_itself_is_a_setting_that_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is not an unset one."""
    for name, value in SERVICES[Pool.AI]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:[-?](.*?)\}", r"\1", str(value)))
    assert WorkerSettings().assistant == "local"


def test_the_image_gets_every_room_that_the_project_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = {pattern.rstrip("*") for pattern in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    copied = {line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY ")}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert rooms <= copied
    assert rooms <= allowed
