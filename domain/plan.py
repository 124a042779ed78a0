"""What routing returns: ordered stages and the explanation of how they were chosen."""

from enum import StrEnum
from typing import Protocol

from domain.modes import Mode
from domain.pressure import Pressure
from domain.values import Value


class StageKind(StrEnum):
    """What a stage is carried out by."""

    AI = "ai"
    QUEUE = "queue"
    AGENT = "agent"
    SELF_SERVICE = "self_service"
    FLOW = "flow"
    SET_ASIDE = "set_aside"


class Exit(StrEnum):
    """What ends a stage and begins the next one."""

    SETTLED = "settled"
    """The case is settled here; the next stage is only the fallback."""
    COLLECTED = "collected"
    """The AI has everything that it was told to ask for."""
    DECIDED = "decided"
    """A person has approved or refused."""
    TOLD = "told"
    """The AI has told the customer what was decided; the case then waits for the customer."""


class Evidence(StrEnum):
    """What the AI can be told to ask for."""

    ORDER = "order"
    """An order number."""
    PHOTO = "photo"
    """A picture, attached."""


class WrittenStage(Protocol):
    """A stage as a policy file writes it (`domain.matrix.StageRule`)."""

    @property
    def do(self) -> str: ...
    @property
    def until(self) -> Exit | None: ...
    @property
    def collect(self) -> tuple[Evidence, ...]: ...
    @property
    def deadline_minutes(self) -> float | None: ...
    @property
    def otherwise(self) -> str: ...


_ENDS = {
    StageKind.AI: {Exit.SETTLED, Exit.COLLECTED, Exit.TOLD},
    StageKind.QUEUE: {Exit.SETTLED, Exit.DECIDED},
    StageKind.AGENT: {Exit.SETTLED, Exit.DECIDED},
    StageKind.SELF_SERVICE: {Exit.SETTLED},
    StageKind.FLOW: {Exit.SETTLED},
    StageKind.SET_ASIDE: {Exit.SETTLED},
}

OWN_AGENT = "own"
"""`agent:own`: whoever dealt with the customer last."""

TARGETS = "ai, queue:<team>, agent:<id>, agent:own, self_service, flow:<name> or set_aside"


class Stage(Value):
    """One step of a plan. The next stage is the fallback when this one cannot finish the case."""

    kind: StageKind
    team: str = ""
    """The team whose agents are asked; for `AGENT` the team that the case belongs to."""
    agent: str = ""
    """For `AGENT`: who is asked, an id, or `own` in a file."""
    flow: str = ""
    until: Exit = Exit.SETTLED
    collect: tuple[Evidence, ...] = ()
    deadline_seconds: float | None = None
    otherwise: str = ""
    """The team that takes over when the stage fails or its time is over; empty: the next stage with people."""
    needs: tuple[tuple[str, int], ...] = ()
    """Skills with their lowest levels."""
    mode: Mode = Mode.AUTO
    """Where the AI speaks: what becomes of its words."""

    @classmethod
    def parse(cls, target: str) -> "Stage":
        """Read a target as a policy file writes it. Raises `ValueError` for one that Baton does not know."""
        kind, _, name = target.partition(":")
        match kind, name:
            case (("ai" | "set_aside" | "self_service"), ""):
                return cls(kind=StageKind(kind))
            case "queue", team if team:
                return cls(kind=StageKind.QUEUE, team=team)
            case "agent", agent if agent:
                return cls(kind=StageKind.AGENT, agent=agent)
            case "flow", flow if flow:
                return cls(kind=StageKind.FLOW, flow=flow)
            case _:
                raise ValueError(f"'{target}' is no target; use {TARGETS}")

    @classmethod
    def of(cls, written: WrittenStage) -> "Stage":
        """The stage behind a rule. Raises `ValueError` where it makes no sense."""
        stage = cls.parse(written.do)
        until = written.until or Exit.SETTLED
        if until not in _ENDS[stage.kind]:
            able = ", ".join(sorted(end.value for end in _ENDS[stage.kind]))
            raise ValueError(f"'{written.do}' cannot end as {until}; it can end as {able}")
        if bool(written.collect) != (until is Exit.COLLECTED):
            raise ValueError("collect and 'until: collected' go together")
        if written.otherwise and cls.parse(written.otherwise).kind is not StageKind.QUEUE:
            raise ValueError(f"otherwise: '{written.otherwise}' is no fallback; use queue:<team>")
        if stage.kind is StageKind.SET_ASIDE and (written.otherwise or written.deadline_minutes):
            raise ValueError("what is set aside is done: it takes neither deadline_minutes nor otherwise")
        return stage.model_copy(
            update={
                "until": until,
                "collect": written.collect,
                "deadline_seconds": written.deadline_minutes * 60 if written.deadline_minutes else None,
                "otherwise": cls.parse(written.otherwise).team if written.otherwise else "",
            }
        )

    @property
    def with_ai(self) -> bool:
        """Does the AI speak in it, of its own or on the way to a flow or the self-service page?"""
        return self.kind in {StageKind.AI, StageKind.FLOW, StageKind.SELF_SERVICE}

    @property
    def with_people(self) -> bool:
        """Does a person carry it out?"""
        return self.kind in {StageKind.QUEUE, StageKind.AGENT}

    def __str__(self) -> str:
        name = self.agent or self.team or self.flow
        until = "" if self.until is Exit.SETTLED else f" until {self.until}"
        return (f"{self.kind}:{name}" if name else self.kind.value) + until


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
    shifted: bool = False
    """The AI gets it only because of the pressure."""
    shifts_at: Pressure | None = None
    """The lowest level of pressure at which the AI would get this case, which now goes to people."""

    def stage(self, number: int) -> Stage:
        """A stage; behind the last one the AI tells how it ended."""
        return self.stages[number] if number < len(self.stages) else Stage(kind=StageKind.AI, until=Exit.TOLD)

    @property
    def explanation(self) -> str:
        """The choice in one line for people."""
        passed = "; ".join(f"{' > '.join(c.targets)}: {c.passed_over}" for c in self.considered if c.passed_over)
        chosen = " > ".join(str(stage) for stage in self.stages)
        why = " because of the pressure" if self.shifted else ""
        return f"{self.cell}: {chosen}{why}" + (f" (passed over: {passed})" if passed else "")
