"""Settings: documented, complete, and silent about secrets."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from api.settings import ApiSettings
from cli.settings import CommandSettings, HttpSettings
from store.settings import DatabaseSettings
from workers.settings import WorkerSettings

CLASSES: list[type[BaseSettings]] = [CommandSettings, HttpSettings, WorkerSettings, ApiSettings]
ROW = re.compile(r"^\| `(BATON_[A-Z_]+)` \| (.+?) \|", re.MULTILINE)
ROOT = Path(__file__).parents[2]
DOCUMENTED = dict(ROW.findall((ROOT / "docs/settings.md").read_text()))


def _defaults() -> dict[str, set[Any]]:
    defaults: dict[str, set[Any]] = {}
    for settings in CLASSES:
        for name, field in settings.model_fields.items():
            defaults.setdefault(f"BATON_{name.upper()}", set()).add(field.default)
    return defaults


def _as_documented(default: object) -> str:
    if default is PydanticUndefined:
        return "required"
    if default is None:
        return "none"
    shown = f"{default:g}" if isinstance(default, float) else str(default)
    return f"`{shown}`" if shown else "empty"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    assert set(DOCUMENTED) == set(_defaults())


@pytest.mark.parametrize("name", sorted(_defaults()))
def test_the_documented_default_is_the_real_one(name: str) -> None:
    assert any(DOCUMENTED[name].startswith(_as_documented(default)) for default in _defaults()[name])


def test_a_setting_shared_by_processes_has_one_default() -> None:
    provided_by_dev = {"BATON_DATABASE_URL", "BATON_TEMPORAL_ADDRESS", "BATON_SECRET_KEY"}
    differing = {name for name, defaults in _defaults().items() if len(defaults) > 1}
    assert differing == provided_by_dev


def test_secrets_stay_out_of_representations_and_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", "postgresql://baton:pw-canary@db/baton")
    monkeypatch.setenv("BATON_SECRET_KEY", "key-canary-" * 4)
    monkeypatch.setenv("BATON_SMTP_PASSWORD", "smtp-canary")
    assert "canary" not in repr((WorkerSettings(), ApiSettings(), CommandSettings(), DatabaseSettings()))
    monkeypatch.setenv("BATON_SECRET_KEY", "short-canary")
    with pytest.raises(ValidationError) as refused:
        ApiSettings()
    assert "canary" not in str(refused.value)
    assert "secret_key" in str(refused.value)


@pytest.mark.parametrize("name", sorted({name for settings in CLASSES for name in settings.model_fields}))
def test_no_setting_is_without_effect(name: str) -> None:
    rooms = ("store", "gateway", "workers", "api", "cli")
    sources = (path for room in rooms for path in ROOT.joinpath(room).rglob("*.py") if path.name != "settings.py")
    assert any(re.search(rf"\.{name}\b", path.read_text()) for path in sources)
