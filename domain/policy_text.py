"""A policy as YAML again, for reading, editing and comparing; what is left at its default is left out."""

import difflib
from collections.abc import Sequence

import yaml

from domain.matrix import Candidate
from domain.policy import Policy
from domain.team import WHOLE_AGENT

_WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Writes every mention out: an alias would tie cells together that are edited one by one."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        """Never an alias."""
        return True

    def represent_number(self, number: float) -> yaml.ScalarNode:
        """Whole numbers without a point."""
        return self.represent_int(int(number)) if number.is_integer() else self.represent_float(number)


_Dumper.add_representer(float, _Dumper.represent_number)


def write_policy(policy: Policy) -> str:
    """The YAML of a policy; `read_policy` of it gives the same policy, apart from its version."""
    content = policy.model_dump(mode="json", exclude={"version"}, exclude_defaults=True)
    for row in content["matrix"].values():
        row.update({column: [_candidate(one) for one in candidates] for column, candidates in row.items()})
    content["defaults"] = [_candidate(one) for one in content["defaults"]]
    for team in content["teams"].values():
        for channel in team.get("channels", {}).values():
            if channel.get("cost") == WHOLE_AGENT:
                channel["cost"] = "all"
    return _yaml(content)


def write_candidates(candidates: Sequence[Candidate]) -> str:
    """The YAML of one cell."""
    return _yaml([_candidate(one.model_dump(mode="json", exclude_defaults=True)) for one in candidates])


def differences(before: str, after: str, names: tuple[str, str]) -> str:
    """The lines in which two texts differ, as a unified diff; empty if they say the same."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
    return "\n".join(lines)


def _candidate(written: dict[str, object]) -> dict[str, object]:
    """With the short form of stages that have nothing but a target."""
    plan = written["plan"]
    assert isinstance(plan, list)  # noqa: S101
    return {**written, "plan": [rule["do"] if set(rule) == {"do"} else rule for rule in plan]}


def _yaml(content: object) -> str:
    return yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH
    )
