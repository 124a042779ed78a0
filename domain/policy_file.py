"""Reading a policy file: YAML text in, policy or errors with line and key out."""

from collections.abc import Hashable, Iterable

import yaml
from pydantic import TypeAdapter, ValidationError

from domain.matrix import Candidate
from domain.policy import Cell, Policy
from domain.policy_checks import Finding, findings
from domain.values import Value

_MOST_NODES = 100_000
"""Values that a file may hold once its aliases are written out."""
_LARGEST = 10**15
_CELL: TypeAdapter[tuple[Candidate, ...]] = TypeAdapter(Cell)


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
    """SafeLoader that refuses a key given twice, and numbers that nothing can be counted with."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be one word", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"'{key.value}' is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_number(self, node: yaml.ScalarNode) -> object:
        """A number of a size that makes sense."""
        is_whole = node.tag.endswith(":int")
        number = self.construct_yaml_int(node) if is_whole else self.construct_yaml_float(node)
        if not -_LARGEST <= number <= _LARGEST:
            raise yaml.MarkedYAMLError(problem=f"'{node.value}' is no sensible number", problem_mark=node.start_mark)
        return number


for _kind in ("int", "float"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _Loader.construct_number)


def read_policy(text: str) -> Policy:
    """Parse and check a policy file.

    Raises `PolicyFileError` with every problem found.
    """
    tree, content = _parse(text)
    try:
        policy = Policy.model_validate(content)
    except ValidationError as error:
        raise PolicyFileError(_located(tree, _said(error))) from None
    if wrong := list(findings(policy)):
        raise PolicyFileError(_located(tree, wrong))
    return policy


def read_cell(text: str) -> tuple[Candidate, ...]:
    """Parse the candidates of one cell. Whether what they name exists is a matter of the whole policy.

    Raises `PolicyFileError` with lines and keys within the text.
    """
    tree, content = _parse(text)
    try:
        return _CELL.validate_python(content)
    except ValidationError as error:
        raise PolicyFileError(_located(tree, _said(error))) from None


def locate(text: str, found: Iterable[Finding]) -> list[PolicyProblem]:
    """The lines of findings in a text that can be read; paths begin at its top."""
    return _located(_parse(text)[0], found)


def _said(error: ValidationError) -> list[Finding]:
    return [(item["loc"], item["msg"].removeprefix("Value error, ")) for item in error.errors()]


def _parse(text: str) -> tuple[yaml.Node | None, object]:
    try:
        loader = _Loader(text)
        tree = loader.get_single_node()
        if tree is None:
            return None, None
        _refuse_bombs(tree)
        return tree, loader.construct_document(tree)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyFileError([PolicyProblem(line=line, key="", message=error.problem or "no YAML")]) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, LookupError, AttributeError, TypeError):
        # The last five: a value that looks like, or is tagged as, a date, a number or a truth, and is none.
        raise PolicyFileError([PolicyProblem(line=1, key="", message="no YAML text")]) from None


def _refuse_bombs(tree: yaml.Node) -> None:
    """Refuse aliases that hold themselves, or that grow beyond measure when they are written out."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        if isinstance(node, yaml.ScalarNode):
            return 1
        if sizes.get(id(node)) == 0:
            raise yaml.MarkedYAMLError(problem="an alias that holds itself", problem_mark=node.start_mark)
        if id(node) not in sizes:
            sizes[id(node)] = 0
            sizes[id(node)] = total = 1 + sum(map(size, _parts(node)))
            if total > _MOST_NODES:
                raise yaml.MarkedYAMLError(problem="more values than a policy can have", problem_mark=node.start_mark)
        return sizes[id(node)]

    size(tree)


def _parts(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return [part for pair in node.value for part in pair]


def _located(tree: yaml.Node | None, found: Iterable[Finding]) -> list[PolicyProblem]:
    """Each finding once with its line; what one line says of many cells, by an alias, once for each of them."""
    problems = [_problem(tree, path, message) for path, message in found]
    return list(dict.fromkeys(problems))


def _problem(tree: yaml.Node | None, path: tuple[int | str, ...], message: str) -> PolicyProblem:
    node, line, known = tree, 1, []
    for part in path:
        found = _child(node, part)
        if found is None:
            # The next part is a key that is missing, or an alternative that pydantic tried.
            known += [part] if isinstance(node, yaml.MappingNode) and part != "[key]" else []
            break
        node, line = found
        known.append(part)
    return PolicyProblem(line=line, key=".".join(map(str, known)), message=message)


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):  # of a key that is merged in and given again, the given one counts
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None
