"""Messages that triage is tested on and never trained on, in readable files."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.model import TriageModel
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.training import ExampleSet
from integrations.assistant.local.triage import Triager

_FOLDER = Path(__file__).parent


@cache
def trained() -> Triager:
    """A triager that is trained once for all tests of a run."""
    embedder = Embedder()
    return Triager(TriageModel.train(ExampleSet(), embedder), embedder, LocalSettings())


def by_language(name: str) -> dict[str, list[str]]:
    """The messages of `<name>.yaml`, one to a line under each language."""
    texts = TypeAdapter(dict[str, str]).validate_python(_content(name))
    return {language: text.splitlines() for language, text in texts.items()}


def two_requests() -> list[tuple[set[str], str]]:
    """Messages with the two issue types that each of them is about."""
    rows = TypeAdapter(list[tuple[str, str, str]]).validate_python(_content("two_requests"))
    return [({first, second}, text) for first, second, text in rows]


def one_request() -> list[str]:
    """Messages of several sentences on one problem."""
    return TypeAdapter(list[str]).validate_python(_content("one_request"))


def openings() -> dict[str, list[tuple[set[str], str]]]:
    """By language, openings with the issue types that are right for each."""
    rows = TypeAdapter(dict[str, list[tuple[str, str]]]).validate_python(_content("openings"))
    return {language: [(set(issues.split()), text) for issues, text in entries] for language, entries in rows.items()}


def _content(name: str) -> object:
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))
