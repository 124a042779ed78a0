"""Reading a policy file: YAML text in, policy or errors with line and key out."""

from collections.abc import Hashable

import yaml
from pydantic import ValidationError

from domain.policy import Policy
from domain.values import Value


class PolicyProblem(Value):
    """One thing that is wrong. `line` counts from 1; `key` is the path in the file, e.g. `matrix.return.gold`."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.key or 'file'}: {self.message}"


class PolicyFileError(Exception):
    """The file is no valid policy; `problems` says what to mend."""

    def __init__(self, problems: list[PolicyProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be one word", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"'{key.value}' is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_policy(text: str) -> Policy:
    """Parse and check a policy file.

    Raises `PolicyFileError` with every problem found.
    """
    try:
        tree = yaml.compose(text, Loader=_Loader)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyFileError([PolicyProblem(line=line, key="", message=error.problem or "no YAML")]) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        # ValueError: a value that looks like a date and is none.
        raise PolicyFileError([PolicyProblem(line=1, key="", message="no YAML text")]) from None
    try:
        return Policy.model_validate(content)
    except ValidationError as error:
        raise PolicyFileError([_problem(tree, item["loc"], item["msg"]) for item in error.errors()]) from None


def _problem(tree: yaml.Node | None, path: tuple[int | str, ...], message: str) -> PolicyProblem:
    node, line = tree, 1
    for part in path:
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    key = ".".join(str(part) for part in path if part != "[key]")
    return PolicyProblem(line=line, key=key, message=message.removeprefix("Value error, "))


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None
