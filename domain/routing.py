"""Routing: triage, customer and availability in, plan with its explanation out. A pure rule."""

from domain.plan import Considered, Plan, Stage, StageKind
from domain.policy import Candidate, Conditions, Policy
from domain.proposal import HandoffReason
from domain.triage import IssueType, Triage, Urgency
from domain.values import Value

_FOR_PEOPLE = {Urgency.LEGAL, Urgency.SAFETY, Urgency.CHARGEBACK, Urgency.PRESS}


class Snapshot(Value):
    """Availability at the moment of routing."""

    agents_available: dict[str, int] = {}
    """Team to the number of its agents who are present and have capacity."""


class RoutedCustomer(Value):
    """What routing needs to know of the customer."""

    tier: str
    channel: str


def route(triage: Triage, customer: RoutedCustomer, snapshot: Snapshot, policy: Policy) -> Plan:
    """Choose the first candidate of the cell whose conditions hold and whose targets are allowed for this case."""
    cell, candidates = policy.cell(triage.issue, customer.tier)
    considered: list[Considered] = []
    for candidate in candidates:
        why_not = _objection(candidate, triage, customer, snapshot, policy)
        considered.append(Considered(targets=candidate.plan, passed_over=why_not))
        if not why_not:
            return _plan([Stage.parse(target) for target in candidate.plan], cell, considered, policy)
    return _plan([], cell, considered, policy).model_copy(update={"gap": not _barred_from_ai(triage, policy)})


def why_people(triage: Triage) -> HandoffReason:
    """The reason that people read when a plan begins with them."""
    if triage.wants_person or triage.issue is IssueType.HUMAN:
        return HandoffReason.CUSTOMER_REQUEST
    return HandoffReason.POLICY


def _plan(stages: list[Stage], cell: str, considered: list[Considered], policy: Policy) -> Plan:
    if not stages or stages[-1].kind is StageKind.AI:
        stages = [*stages, Stage(kind=StageKind.QUEUE, team=policy.overflow)]
    return Plan(stages=tuple(stages), cell=cell, considered=tuple(considered), policy_version=policy.version)


def _objection(
    candidate: Candidate, triage: Triage, customer: RoutedCustomer, snapshot: Snapshot, policy: Policy
) -> str:
    if "ai" in candidate.plan and (barred := _barred_from_ai(triage, policy)):
        return barred
    return _unmet(candidate.when, triage, customer, snapshot)


def _barred_from_ai(triage: Triage, policy: Policy) -> str:
    if triage.wants_person or triage.issue is IssueType.HUMAN:
        return "the customer asks for a person"
    if triage.urgency in _FOR_PEOPLE:
        return f"urgency is {triage.urgency}"
    if triage.language not in policy.assistant.languages:
        return f"the assistant does not write {triage.language}"
    return ""


def _unmet(when: Conditions, triage: Triage, customer: RoutedCustomer, snapshot: Snapshot) -> str:
    """The first condition that does not hold, as a phrase; empty when all hold."""
    checks: list[tuple[bool, str]] = [
        (
            when.confidence_at_least is None or triage.confidence >= when.confidence_at_least,
            f"confidence {triage.confidence:.2f} is below {when.confidence_at_least}",
        ),
        (not when.channels or customer.channel in when.channels, f"not for channel {customer.channel}"),
        (not when.languages or triage.language in when.languages, f"not for language {triage.language}"),
        (not when.sentiments or triage.sentiment in when.sentiments, f"not for sentiment {triage.sentiment}"),
        (not when.urgencies or triage.urgency in when.urgencies, f"not for urgency {triage.urgency}"),
        (not when.complexities or triage.complexity in when.complexities, f"not for {triage.complexity} cases"),
        (
            when.team_available is None or snapshot.agents_available.get(when.team_available, 0) > 0,
            f"nobody of team {when.team_available} is available",
        ),
    ]
    return next((phrase for holds, phrase in checks if not holds), "")
