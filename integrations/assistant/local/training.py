"""The training examples: own sentences in readable files, one for each issue type, other languages in sub-folders."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from domain.triage import IssueType
from domain.values import Value

EXAMPLES_DIR = Path(__file__).parent / "examples"
MAIN_LANGUAGE = "en"
"""Language of the files that lie in the folder itself; a sub-folder's name is the language of its files."""


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
    language: str = MAIN_LANGUAGE


class ExampleSet:
    """All examples of some folders (a brand's own beside Baton's), and a digest that changes with any of them."""

    def __init__(self, *folders: Path) -> None:
        self._files = [
            (folder, file) for folder in folders or (EXAMPLES_DIR,) for file in sorted(folder.rglob("*.yaml"))
        ]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over names and contents."""
        digest = sha256()
        for folder, file in self._files:
            name = file.relative_to(folder).as_posix()
            digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
        return digest.hexdigest()

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples in file order. Raises pydantic's ValidationError for a file of another shape."""
        adapter = TypeAdapter(ExampleFile)
        found: list[Example] = []
        for folder, path in self._files:
            file = adapter.validate_python(yaml.safe_load(path.read_text("utf-8")))
            found += _examples_of(file, _language(folder, path))
        return tuple(found)


def _language(folder: Path, path: Path) -> str:
    return MAIN_LANGUAGE if path.parent == folder else path.parent.name


def _examples_of(file: ExampleFile, language: str) -> list[Example]:
    return [
        Example(text=line.strip(), issue=file.issue, also=group.also, group=f"{file.issue}/{name}", language=language)
        for name, group in file.groups.items()
        for line in group.texts.splitlines()
        if line.strip()
    ]
