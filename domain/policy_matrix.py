"""The matrix as a table for people: every cell with what counts in it and where that comes from; and changing one."""

from collections.abc import Iterator, Sequence

from domain.matrix import ANY, Candidate, Conditions
from domain.plan import Stage
from domain.policy import Policy
from domain.policy_text import tiers_in_order, write_candidates
from domain.pressure import Pressure
from domain.triage import IssueType
from domain.values import Value


class ShownCandidate(Value):
    """One candidate in words."""

    stages: tuple[str, ...]
    conditions: tuple[str, ...]
    """All must hold; none: it always applies."""


class ShownCell(Value):
    """One cell of the table."""

    issue: str
    tier: str
    source: str
    """The cell that counts here, e.g. `return x any`, or `defaults`."""
    own: bool
    """Is it written for exactly this issue and tier?"""
    candidates: tuple[ShownCandidate, ...]
    text: str
    """The candidates as YAML."""


class ShownMatrix(Value):
    """The table of one version."""

    version: int
    issues: tuple[str, ...]
    tiers: tuple[str, ...]
    cells: tuple[ShownCell, ...]


def show_matrix(policy: Policy) -> ShownMatrix:
    """Every issue type and tier, with `any` as the last row and column."""
    issues, tiers = (*IssueType, ANY), (*tiers_in_order(policy), ANY)
    cells = tuple(_shown(policy, issue, tier) for issue in issues for tier in tiers)
    return ShownMatrix(version=policy.version, issues=issues, tiers=tiers, cells=cells)


def with_cell(policy: Policy, issue: str, tier: str, candidates: Sequence[Candidate] | None) -> Policy:
    """The policy with one cell written anew; None takes it out, so that it inherits again. Checks nothing."""
    row = {column: cell for column, cell in policy.matrix.get(issue, {}).items() if column != tier}
    if candidates is not None:
        row[tier] = tuple(candidates)
    matrix = {**policy.matrix, issue: row}
    return policy.model_copy(update={"matrix": {name: columns for name, columns in matrix.items() if columns}})


def _shown(policy: Policy, issue: str, tier: str) -> ShownCell:
    source, candidates = policy.cell(issue, tier)
    shown = tuple(
        ShownCandidate(
            stages=tuple(str(Stage.of(rule)) for rule in candidate.plan), conditions=tuple(_in_words(candidate))
        )
        for candidate in candidates
    )
    own = source == f"{issue} x {tier}"
    text = write_candidates(candidates)
    return ShownCell(issue=issue, tier=tier, source=source, own=own, candidates=shown, text=text)


def _in_words(candidate: Candidate) -> Iterator[str]:
    for name in Conditions.model_fields:
        value = getattr(candidate.when, name)
        if value not in (None, (), {}):
            yield f"{name.replace('_', ' ')} {_value(value)}"
    for skill, level in candidate.needs.items():
        yield f"needs {skill} {level} or more"
    if candidate.pressure:
        yield f"less confidence from pressure {Pressure.ELEVATED} on"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number:g}" for name, number in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " or ".join(map(str, value)) if isinstance(value, tuple) else str(value)
