"""What routing returns: ordered stages and the explanation of how they were chosen."""

from enum import StrEnum

from domain.values import Value


class StageKind(StrEnum):
    """What a stage is carried out by."""

    AI = "ai"
    QUEUE = "queue"
    SET_ASIDE = "set_aside"


class Stage(Value):
    """One step of a plan. The next stage is the fallback when this one cannot finish the case."""

    kind: StageKind
    team: str = ""
    """For `QUEUE`: the team whose agents are asked."""

    @classmethod
    def parse(cls, target: str) -> "Stage":
        """Read `ai`, `set_aside` or `queue:<team>` as a policy file writes it.

        Raises `ValueError` for a target that Baton cannot carry out.
        """
        kind, _, name = target.partition(":")
        match kind, name:
            case (("ai" | "set_aside"), ""):
                return cls(kind=StageKind(kind))
            case "queue", team if team:
                return cls(kind=StageKind.QUEUE, team=team)
            case _:
                raise ValueError(f"'{target}' is no target; use ai, queue:<team> or set_aside")

    def __str__(self) -> str:
        return f"{self.kind}:{self.team}" if self.team else self.kind.value


class Considered(Value):
    """One candidate of the matrix and what became of it. An empty `passed_over` means that it was chosen."""

    targets: tuple[str, ...]
    passed_over: str = ""
    """Why it was not chosen, as a phrase for people."""


class Plan(Value):
    """Ordered stages, at least one; the last one is always a person or an end."""

    stages: tuple[Stage, ...]
    cell: str
    """The matrix cell that was used, e.g. `complaint x vip`."""
    considered: tuple[Considered, ...] = ()
    policy_version: int = 0
    gap: bool = False
    """No candidate fitted: the overflow team got the case, and the cell is listed as a policy gap."""

    @property
    def explanation(self) -> str:
        """The choice in one line for people."""
        passed = "; ".join(f"{' > '.join(c.targets)}: {c.passed_over}" for c in self.considered if c.passed_over)
        chosen = " > ".join(str(stage) for stage in self.stages)
        return f"{self.cell}: {chosen}" + (f" (passed over: {passed})" if passed else "")
