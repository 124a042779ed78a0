"""The training examples: own sentences in readable files, one file for each issue type."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from domain.triage import IssueType
from domain.values import Value

EXAMPLES_DIR = Path(__file__).parent / "examples"


class Group(Value):
    """Examples of one subtopic, one to a line. Cross-validation never splits a group between training and test."""

    texts: str
    also: tuple[IssueType, ...] = ()
    """Other issue types that are right for them too."""


class ExampleFile(Value):
    """One file: an issue type and its subtopics."""

    issue: IssueType
    groups: dict[str, Group]


class Example(Value):
    """One message with its right issue type."""

    text: str
    issue: IssueType
    also: tuple[IssueType, ...] = ()
    group: str


class ExampleSet:
    """All examples of a folder, and a digest that changes with any of them."""

    def __init__(self, folder: Path = EXAMPLES_DIR) -> None:
        self._files = sorted(folder.glob("*.yaml"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over names and contents."""
        digest = sha256()
        for file in self._files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
        return digest.hexdigest()

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples in file order. Raises pydantic's ValidationError for a file of another shape."""
        adapter = TypeAdapter(ExampleFile)
        files = (adapter.validate_python(yaml.safe_load(path.read_text("utf-8"))) for path in self._files)
        return tuple(example for file in files for example in _examples_of(file))


def _examples_of(file: ExampleFile) -> list[Example]:
    return [
        Example(text=line.strip(), issue=file.issue, also=group.also, group=f"{file.issue}/{name}")
        for name, group in file.groups.items()
        for line in group.texts.splitlines()
        if line.strip()
    ]
