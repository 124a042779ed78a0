"""Reading case files: YAML documents, each a case or a list of them, with errors that name file, line and key."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from cli.errors import CommandFailed
from cli.evaluating.cases import ReadyCase

_ENDINGS = {".yaml", ".yml"}


class _Loader(yaml.SafeLoader):
    """What customers say is text: `yes`, `4.90` and `2026-01-05` too. Only `true`, `false` and nothing are not."""

    yaml_implicit_resolvers = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


class CasesRefused(CommandFailed):
    """The cases cannot be read; the message names each mistake with file, line and key."""


def read_cases(path: Path) -> list[ReadyCase]:
    """The cases of a file, or of all files of a folder and the folders in it. Raises `CasesRefused`."""
    files = sorted(file for file in path.rglob("*") if file.suffix in _ENDINGS) if path.is_dir() else [path]
    if not files:
        raise CasesRefused(f"{path}: there is no case file (*.yaml) here")
    cases: list[ReadyCase] = []
    mistakes: list[str] = []
    for file in files:
        for node in _nodes(file, mistakes):
            cases += _case(file, node, mistakes)
    mistakes += _twice(cases)
    if mistakes:
        raise CasesRefused("\n  ".join(["mend these cases:", *mistakes]))
    return cases


def _nodes(file: Path, mistakes: list[str]) -> Iterator[yaml.Node]:
    """One node for each case. What is no YAML is a mistake, with its line."""
    try:
        for document in yaml.compose_all(file.read_text("utf-8"), _Loader):
            yield from document.value if isinstance(document, yaml.SequenceNode) else [document]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.append(f"{file}:{line}: {error.problem}")
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mistakes.append(f"{file}: cannot be read ({type(error).__name__})")


def _case(file: Path, node: yaml.Node, mistakes: list[str]) -> list[ReadyCase]:
    try:
        return [ReadyCase.model_validate(_content(node))]
    except ValidationError as error:
        for item in error.errors():
            line, key = _place(node, item["loc"])
            told = item["msg"].removeprefix("Value error, ")
            mistakes.append(f"{file}:{line}: {key}{': ' if key else ''}{told}")
    except yaml.YAMLError:
        mistakes.append(f"{file}:{node.start_mark.line + 1}: a key or value that cannot be read")
    return []


def _content(node: yaml.Node) -> object:
    loader = _Loader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _place(node: yaml.Node, path: Sequence[int | str]) -> tuple[int, str]:
    """The line of what a path names, as far as the file has it."""
    line, known = node.start_mark.line + 1, []
    for part in path:
        found = _child(node, part)
        if found is None:
            known += [str(part)] if isinstance(node, yaml.MappingNode) else []
            break
        node, line = found
        known.append(str(part))
    return line, ".".join(known)


def _child(node: yaml.Node, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
        return (found[1], found[0].start_mark.line + 1) if found else None
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None


def _twice(cases: Sequence[ReadyCase]) -> list[str]:
    names = [case.name for case in cases]
    return [f"two cases are called '{name}'" for name in dict.fromkeys(names) if names.count(name) > 1]
