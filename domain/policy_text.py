"""A policy as YAML again, for reading, editing and comparing; what is left at its default is left out."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from domain.hours import Weekday
from domain.matrix import ANY, Candidate
from domain.parties import Channel
from domain.policy import Policy
from domain.team import WHOLE_AGENT
from domain.triage import IssueType

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
    tiers = (*tiers_in_order(policy), ANY)
    content["tiers"] = _sorted(content["tiers"], tiers)
    content["matrix"] = _sorted(content["matrix"], (*IssueType, ANY))
    for issue, row in content["matrix"].items():
        cells = {column: [_candidate(one) for one in candidates] for column, candidates in row.items()}
        content["matrix"][issue] = _sorted(cells, tiers)
    content["defaults"] = [_candidate(one) for one in content["defaults"]]
    for team in content["teams"].values():
        _write_team(team, tiers)
    return _yaml(content)


def tiers_in_order(policy: Policy) -> list[str]:
    """The tiers, the lowest first."""
    return sorted(policy.tiers, key=lambda name: (policy.tiers[name].priority_minutes, name))


def _write_team(team: dict[str, Any], tiers: Sequence[str]) -> None:
    for channel in team.get("channels", {}).values():
        if channel.get("cost") == WHOLE_AGENT:
            channel["cost"] = "all"
    orders = ((team, "channels", tuple(Channel)), (team, "sla", tiers), (team.get("hours", {}), "week", tuple(Weekday)))
    for part, key, order in orders:
        if key in part:
            part[key] = _sorted(part[key], order)


def _sorted(part: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """In the order in which people think of the keys, since the store keeps none."""
    return {key: part[key] for key in sorted(part, key=lambda key: (order.index(key) if key in order else -1, key))}


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
