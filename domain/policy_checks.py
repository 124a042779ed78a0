"""What must hold across a policy: every name exists, every stage and candidate can be reached, rings widen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.flows.rule_checks import in_commerce
from domain.hours import Hours
from domain.matrix import ANY, Candidate, Conditions
from domain.plan import OWN_AGENT, Stage, StageKind
from domain.plan_checks import unreachable
from domain.requirement import Who
from domain.sla import SlaKind, SlaTargets
from domain.team import Team
from domain.values import Value

if TYPE_CHECKING:
    from domain.policy import Policy

Path = tuple[str | int, ...]
"""Where something stands in a policy, e.g. `("matrix", "return", "gold", 0)`."""
Finding = tuple[Path, str]
"""A place and what is wrong there, as a sentence for people."""

_LONGEST = timedelta(days=3660)
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
_SOME_WEEK = datetime(2024, 1, 8, tzinfo=UTC)
_WEEKS = 100
"""Targets must be reachable in this many weeks; `Hours` looks two years ahead, and some days are holidays."""


def findings(policy: "Policy") -> Iterator[Finding]:
    """Everything that is wrong with a policy whose fields, each for itself, are right."""
    if policy.overflow not in policy.teams:
        yield ("overflow",), _no_team(policy.overflow)
    for tier in policy.tiers:
        if tier == ANY:
            yield ("tiers", tier), "'any' means every tier, so it cannot be the name of one"
    for name, team in policy.teams.items():
        for path, message in _of_team(name, team, policy):
            yield ("teams", name, *path), message
    for place, candidates in cells(policy):
        if len(place) > 1 and place[2] not in {*policy.tiers, ANY}:
            yield place, f"'{place[2]}' is not under tiers"
        yield from _of_cell(place, candidates, policy)
    if policy.satisfaction.team and policy.satisfaction.team not in policy.teams:
        yield ("satisfaction", "team"), _no_team(policy.satisfaction.team)
    for path, message in in_commerce(policy.commerce, policy.teams, policy.tiers):
        yield ("commerce", *path), message
    yield from _endless(policy, ())


def cells(policy: "Policy") -> Iterator[tuple[Path, tuple[Candidate, ...]]]:
    """Every cell with its place in the file."""
    for row, columns in policy.matrix.items():
        for column, candidates in columns.items():
            yield ("matrix", row, column), candidates
    yield ("defaults",), policy.defaults


def named_agents(policy: "Policy") -> Iterator[tuple[Path, str]]:
    """Every agent whom a plan names, with the place in the file."""
    for place, candidates in cells(policy):
        for number, candidate in enumerate(candidates):
            for position, rule in enumerate(candidate.plan):
                agent = Stage.of(rule).agent
                if agent and agent != OWN_AGENT:
                    yield (*place, number, "plan", position), agent


def _no_team(name: str) -> str:
    return f"team '{name}' is not under teams"


def _of_team(name: str, team: Team, policy: "Policy") -> Iterator[Finding]:
    if not (name.replace("-", "").replace("_", "").isalnum() and name.isascii() and len(name) <= 60):
        yield (), f"'{name}' is no name of a team; use at most 60 letters, digits, - and _"
    if team.escalate_to == name:
        yield ("escalate_to",), "a team cannot escalate to itself"
    elif team.escalate_to and team.escalate_to not in policy.teams:
        yield ("escalate_to",), _no_team(team.escalate_to)
    yield from _of_rings(team)
    for tier, targets in team.sla.items():
        if tier not in {*policy.tiers, ANY}:
            yield ("sla", tier), f"'{tier}' is not under tiers"
        yield from _too_far(tier, targets, team.hours)
    if not team.hours.always and not _weekly(team.hours):
        yield ("hours", "week"), "nobody ever works in these hours; leave them out for a team that always works"


def _of_rings(team: Team) -> Iterator[Finding]:
    order = tuple(Who)
    for number, (narrow, wide) in enumerate(pairwise(team.rings)):
        if order.index(wide.who) <= order.index(narrow.who):
            yield ("rings", number + 1), f"{wide.who} does not ask more people than {narrow.who} before it"
        if narrow.for_seconds is None:
            yield ("rings", number), f"{narrow.who} needs for_seconds, since another ring follows"
    if team.rings[-1].who is Who.OWN_AGENT:
        yield ("rings", len(team.rings) - 1), "the last ring must ask more people than the customer's own agent"
    if team.rings[-1].for_seconds is not None:
        yield ("rings", len(team.rings) - 1, "for_seconds"), "the last ring lasts, so it has no for_seconds"


def _weekly(hours: Hours) -> timedelta:
    return hours.model_copy(update={"holidays": ()}).between(_SOME_WEEK, _SOME_WEEK + timedelta(days=7))


def _too_far(tier: str, targets: SlaTargets, hours: Hours) -> Iterator[Finding]:
    for kind in SlaKind:
        minutes = targets.minutes(kind)
        if minutes and not hours.always and minutes * 60 > _weekly(hours).total_seconds() * _WEEKS:
            yield ("sla", tier, f"{kind}_minutes"), "the team's hours have too little working time for it"


def _of_cell(place: Path, candidates: tuple[Candidate, ...], policy: "Policy") -> Iterator[Finding]:
    settled = False
    for number, candidate in enumerate(candidates):
        here = (*place, number)
        if settled:
            yield here, f"never reached: candidate {number} of this cell always applies"
        settled = settled or _always(candidate)
        yield from _of_conditions((*here, "when"), candidate.when, policy)
        yield from _of_candidate(here, candidate, policy)


def _always(candidate: Candidate) -> bool:
    """Does it apply to every case? The AI is barred from some, and an agent may not be here."""
    stages = [Stage.of(rule) for rule in candidate.plan]
    return candidate.when == Conditions() and not any(one.with_ai or one.kind is StageKind.AGENT for one in stages)


def _of_conditions(place: Path, when: Conditions, policy: "Policy") -> Iterator[Finding]:
    for key in ("team_available", "team_open", "team_closed"):
        team = getattr(when, key)
        if team is not None and team not in policy.teams:
            yield (*place, key), _no_team(team)
    for team in when.wait_below_minutes:
        if team not in policy.teams:
            yield (*place, "wait_below_minutes", team), _no_team(team)
    if when.team_open is not None and when.team_open == when.team_closed:
        yield (*place, "team_closed"), f"team '{when.team_open}' is never open and closed at once"


def _of_candidate(place: Path, candidate: Candidate, policy: "Policy") -> Iterator[Finding]:
    stages = [Stage.of(rule) for rule in candidate.plan]
    for position, stage in enumerate(stages):
        for path, message in _of_stage(stage, policy):
            yield (*place, "plan", position, *path), message
    for position, message in unreachable(stages):
        yield (*place, "plan", position), message
    teams = [stage.team for stage in stages if stage.team in policy.teams] or [policy.overflow]
    asked = [policy.teams[team] for team in teams if team in policy.teams]
    for skill in candidate.needs:
        if not any(skill in team.skills for team in asked):
            yield (*place, "needs", skill), f"no team of this plan lists the skill '{skill}' under skills"
    if candidate.pressure and (stages[0].kind is not StageKind.AI or candidate.when.confidence_at_least is None):
        yield (
            (*place, "pressure"),
            "lowers confidence_at_least of a plan that begins with ai; this has none",
        )


def _of_stage(stage: Stage, policy: "Policy") -> Iterator[Finding]:
    if stage.kind is StageKind.QUEUE and stage.team not in policy.teams:
        yield (), _no_team(stage.team)
    if stage.otherwise and stage.otherwise not in policy.teams:
        yield ("otherwise",), _no_team(stage.otherwise)
    flows = policy.commerce.planned
    if stage.kind is StageKind.FLOW and stage.flow not in flows:
        yield (), f"there is no flow '{stage.flow}'; known flows: {', '.join(flows)}"
    elif stage.kind is StageKind.FLOW and not flows[stage.flow].offered:
        yield (), f"'{stage}' is not offered: see 'offered' under commerce"


def _endless(part: object, place: Path) -> Iterator[Finding]:
    """Durations of more than ten years: instants that far ahead cannot be told any more."""
    if isinstance(part, Value):
        fields: list[tuple[str | int, object]] = [(name, getattr(part, name)) for name in type(part).model_fields]
    elif isinstance(part, dict):
        fields = list(part.items())
    else:
        fields = list(enumerate(part)) if isinstance(part, tuple) else []
    for name, value in fields:
        yield from _endless(value, (*place, name))
        yield from _too_long(value, (*place, name))


def _too_long(value: object, place: Path) -> Iterator[Finding]:
    unit = next((unit for part in place[-2:] for unit in _UNITS if f"_{part}".endswith(f"_{unit}")), None)
    if unit and isinstance(value, int | float) and value * _UNITS[unit] > _LONGEST.total_seconds():
        yield place, "more than ten years"
