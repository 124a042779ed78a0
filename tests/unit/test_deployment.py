"""The deployment files name what exists: pools, settings, rooms and the tested Temporal with its tested options."""

import tomllib
from pathlib import Path
from typing import Any

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


def test_the_image_gets_every_room_that_the_project_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = {pattern.rstrip("*") for pattern in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    copied = {line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY ")}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert rooms <= copied
    assert rooms <= allowed
