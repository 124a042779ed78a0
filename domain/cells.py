"""The cells of a policy's matrix in which the AI may speak: what a switch stops, and what readiness is told of."""

from collections.abc import Iterator

from domain.matrix import Candidate
from domain.modes import Mode
from domain.plan import Stage
from domain.policy import Policy
from domain.values import Value


class SpokenCandidate(Value):
    """A candidate in which the AI speaks."""

    cell: str
    """As routing names it, e.g. `return x vip`, or `defaults`."""
    mode: Mode
    path: str
    """Where a policy file says it, e.g. `matrix.return.vip[0].mode`."""


def spoken_candidates(policy: Policy) -> tuple[SpokenCandidate, ...]:
    """Every candidate in which the AI speaks, in the order of the file."""
    return tuple(
        SpokenCandidate(cell=cell, mode=candidate.mode or policy.assistant.mode, path=f"{path}[{position}].mode")
        for cell, path, candidates in _cells(policy)
        for position, candidate in enumerate(candidates)
        if any(Stage.of(rule).with_ai for rule in candidate.plan)
    )


def spoken_cells(policy: Policy) -> tuple[str, ...]:
    """The names of the cells in which the AI may speak."""
    return tuple(dict.fromkeys(candidate.cell for candidate in spoken_candidates(policy)))


def _cells(policy: Policy) -> Iterator[tuple[str, str, tuple[Candidate, ...]]]:
    for row, columns in policy.matrix.items():
        for column, candidates in columns.items():
            yield f"{row} x {column}", f"matrix.{row}.{column}", candidates
    yield "defaults", "defaults", policy.defaults
