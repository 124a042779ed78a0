"""Why the policy decides as it does: the plan with what its stages come to, for people who ask beforehand."""

from datetime import datetime, timedelta

from domain.plan import Plan, Stage, StageKind
from domain.policy import Policy
from domain.requirement import Requirement, widening
from domain.routing import Facts, route
from domain.sla import SlaKind, deadline
from domain.team import Team
from domain.values import Value
from domain.work import DispatchMode


class RingExplained(Value):
    """Who is asked, as a requirement key (empty: anyone of the team), and for how long before more are asked."""

    asks: str
    for_seconds: float | None = None


class TargetExplained(Value):
    """One service level of the case, counted from the moment asked about."""

    kind: SlaKind
    minutes: float
    """In the team's working time."""
    warn_at: datetime | None = None
    due_at: datetime | None = None
    """None: the team never works that long."""


class StageExplained(Value):
    """One stage; what only people have is empty in the others."""

    stage: str
    deadline_minutes: float | None = None
    falls_back_to: str = ""
    """Who takes over when the stage fails or its time is over."""
    team: str = ""
    open: bool | None = None
    opens_at: datetime | None = None
    """When a closed team works again."""
    available: int | None = None
    wait_minutes: float | None = None
    pressure: str = ""
    mode: DispatchMode | None = None
    cost: int | None = None
    """Capacity units."""
    rings: tuple[RingExplained, ...] = ()
    targets: tuple[TargetExplained, ...] = ()


class Explanation(Value):
    """The answer to a question about one case."""

    at: datetime
    facts: Facts
    plan: Plan
    """With every candidate that was considered, and why it was passed over."""
    stages: tuple[StageExplained, ...]


def explain(facts: Facts, policy: Policy, at: datetime) -> Explanation:
    """What the policy would do with a case at an instant."""
    plan = route(facts.triage, facts.customer, facts.snapshot, policy, at)
    stages = [
        _person_stage(plan, position, facts, policy, at) if stage.with_people else _stage(plan, position, policy)
        for position, stage in enumerate(plan.stages)
    ]
    return Explanation(at=at, facts=facts, plan=plan, stages=tuple(stages))


def _stage(plan: Plan, position: int, policy: Policy) -> StageExplained:
    stage = plan.stages[position]
    return StageExplained(
        stage=str(stage),
        deadline_minutes=stage.deadline_seconds / 60 if stage.deadline_seconds else None,
        falls_back_to=_fallback(plan, position, policy),
    )


def _fallback(plan: Plan, position: int, policy: Policy) -> str:
    stage = plan.stages[position]
    if stage.kind is StageKind.QUEUE and stage.deadline_seconds is None:
        return ""
    if stage.otherwise:
        return f"queue:{stage.otherwise}"
    later = [str(other) for other in plan.stages[position + 1 :] if other.with_people]
    overflow = f"queue:{policy.overflow}" if stage.deadline_seconds else ""
    return later[0] if later else overflow


def _person_stage(plan: Plan, position: int, facts: Facts, policy: Policy, at: datetime) -> StageExplained:
    stage = plan.stages[position]
    team, state = policy.teams[stage.team], facts.snapshot.team(stage.team)
    channel = team.on(facts.customer.channel)
    return _stage(plan, position, policy).model_copy(
        update={
            "team": stage.team,
            "open": team.hours.is_open(at),
            "opens_at": None if team.hours.is_open(at) else team.hours.next_opening(at),
            "available": state.available,
            "wait_minutes": None if state.wait_seconds is None else state.wait_seconds / 60,
            "pressure": state.pressure.value,
            "mode": channel.mode,
            "cost": channel.cost,
            "rings": _rings(stage, team, facts),
            "targets": _targets(team, facts.customer.tier, at),
        }
    )


def _rings(stage: Stage, team: Team, facts: Facts) -> tuple[RingExplained, ...]:
    language = facts.triage.language if team.match_language else ""
    near = facts.customer.own_agent if facts.snapshot.agents.get(facts.customer.own_agent) else ""
    asked = widening(Requirement.of(dict(stage.needs), language, stage.agent), team.rings, near)
    seconds = [*asked.seconds, None]
    return tuple(RingExplained(asks=key, for_seconds=lasts) for key, lasts in zip(asked.keys, seconds, strict=True))


def _targets(team: Team, tier: str, at: datetime) -> tuple[TargetExplained, ...]:
    promised = team.targets(tier)
    found = []
    for kind in SlaKind:
        minutes = promised.minutes(kind)
        if minutes is not None:
            due = deadline(team.hours, at, timedelta(minutes=minutes), promised.warn_at)
            times = {"warn_at": due.warn_at, "due_at": due.due_at} if due else {}
            found.append(TargetExplained(kind=kind, minutes=minutes, **times))
    return tuple(found)
