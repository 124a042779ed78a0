"""The guide to the policy file: its examples are valid, its consoles true, and every key is in it."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from cli.main import app
from domain.policy import Policy
from domain.policy_file import read_policy

GUIDE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text()
COMPLETE = re.findall(r"```yaml complete\n(.*?)```", GUIDE, re.DOTALL)
CONSOLES = re.findall(r"```console\n\$ baton (policy explain .*?)\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("text", COMPLETE, ids=range(len(COMPLETE)))
def test_every_complete_example_is_a_valid_policy(text: str) -> None:
    read_policy(text)


def test_there_are_examples() -> None:
    assert len(COMPLETE) == 2
    assert len(CONSOLES) == 5


@pytest.mark.parametrize(("command", "shown"), CONSOLES, ids=[command for command, _ in CONSOLES])
def test_every_explanation_in_the_guide_is_what_the_command_prints(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policy.yaml").write_text(COMPLETE[1])
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0, result.output
    assert plain(result.stdout) == plain(shown)


def test_the_mistakes_in_the_guide_are_what_a_check_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"```console\n\$ baton policy check typo.yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    typo = COMPLETE[0].replace("overflow: support", "overflow: suport").replace("queue:support", "queue:returns")
    (tmp_path / "typo.yaml").write_text(typo)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["policy", "check", "typo.yaml"])
    assert (result.exit_code, plain(result.output)) == (1, plain(found[1]))


def test_every_key_of_a_policy_is_explained() -> None:
    tables = "\n".join(line for line in GUIDE.splitlines() if line.startswith("|")) + GUIDE.partition("## Pressure")[2]
    explained = set(re.findall(r"\b[a-z_]+\b", " ".join(re.findall(r"`([^`]+)`", tables))))
    assert set(keys(Policy, but=("commerce",))) - {"version"} <= explained, "commerce has a guide of its own"


def keys(model: type[BaseModel], but: tuple[str, ...] = ()) -> Iterator[str]:
    """Every field of a model and of the models in it, but for those that are told elsewhere."""
    for name, field in model.model_fields.items():
        yield name
        for inner in () if name in but else models(field.annotation):
            yield from keys(inner)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models within an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def plain(text: str) -> list[str]:
    """Without blank lines and blanks at the ends of lines."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]
