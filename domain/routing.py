"""Routing: triage, customer and availability in, plan with its explanation out. A pure rule."""

from collections.abc import Iterator
from datetime import datetime

from domain.commerce import OrderState
from domain.matrix import Amounts, Candidate, Conditions
from domain.modes import EVERY_CELL, Mode
from domain.money import Money
from domain.plan import OWN_AGENT, Considered, Plan, Stage, StageKind
from domain.policy import Policy
from domain.pressure import Pressure
from domain.proposal import HandoffReason
from domain.triage import GRAVE, IssueType, Triage
from domain.values import Value

SWITCHED_OFF = "the AI is switched off"
"""Why a candidate in which the AI speaks is passed over while its cell is stopped."""


class TeamState(Value):
    """How a team stands."""

    available: int = 0
    """Agents who are here and have capacity."""
    wait_seconds: float | None = 0
    """Estimated wait; None while work waits and nobody is here."""
    pressure: Pressure = Pressure.NORMAL


class Snapshot(Value):
    """Availability at the moment of routing."""

    teams: dict[str, TeamState] = {}
    stopped: frozenset[str] = frozenset()
    """Cells in which the AI is switched off; `*` stands for all of them."""
    agents: dict[str, bool] = {}
    """Agents whom a plan could name, and whether each is here and has capacity; unknown agents are left out."""

    def team(self, name: str) -> TeamState:
        """How a team stands; one that the store does not know has nobody."""
        return self.teams.get(name, TeamState())


class OrderFacts(Value):
    """The order that a case is about, where the customer is verified for it."""

    number: str
    state: OrderState
    total: Money


class ShopFacts(Value):
    """What the shop says of a verified customer."""

    order: OrderFacts | None = None
    lifetime_value: Money | None = None


class RoutedCustomer(Value):
    """What routing needs to know of the customer."""

    tier: str
    channel: str
    tags: tuple[str, ...] = ()
    last_csat: int | None = None
    lifetime_value: Money | None = None
    repeat_contact: bool = False
    verified: bool = False
    """Proven to be who they say."""
    own_agent: str = ""
    """The agent who dealt with the customer last."""
    order: OrderFacts | None = None


class Facts(Value):
    """Everything that a routing decision rests on; kept with it, so that another policy can be tried on it."""

    triage: Triage
    """Without its entities, which are the customer's own words."""
    customer: RoutedCustomer
    snapshot: Snapshot


def route(triage: Triage, customer: RoutedCustomer, snapshot: Snapshot, policy: Policy, now: datetime) -> Plan:
    """Choose the first candidate of the cell whose conditions hold and whose targets are allowed for this case."""
    plan = _choose(triage, customer, snapshot, policy, now)
    if plan.stages[0].kind is StageKind.AI:
        calm = _choose(triage, customer, _at(Pressure.NORMAL, snapshot, policy), policy, now)
        return plan.model_copy(update={"shifted": calm.stages[0].kind is not StageKind.AI})
    for level in (Pressure.ELEVATED, Pressure.CRITICAL):
        first = _choose(triage, customer, _at(level, snapshot, policy), policy, now).stages[0]
        if first.kind is StageKind.AI and first.mode is Mode.AUTO:  # in the other modes it relieves nobody
            return plan.model_copy(update={"shifts_at": level})
    return plan


def why_people(triage: Triage, plan: Plan) -> HandoffReason:
    """The reason that people read when a plan begins with them."""
    if triage.wants_person or triage.issue is IssueType.HUMAN:
        return HandoffReason.CUSTOMER_REQUEST
    if any(candidate.passed_over == SWITCHED_OFF for candidate in plan.considered):
        return HandoffReason.AI_STOPPED
    return HandoffReason.POLICY


def _at(level: Pressure, snapshot: Snapshot, policy: Policy) -> Snapshot:
    """The same moment with every team under this pressure."""
    teams = {name: snapshot.team(name).model_copy(update={"pressure": level}) for name in policy.teams}
    return snapshot.model_copy(update={"teams": teams})


def _choose(triage: Triage, customer: RoutedCustomer, snapshot: Snapshot, policy: Policy, now: datetime) -> Plan:
    cell, candidates = policy.cell(triage.issue, customer.tier)
    considered: list[Considered] = []
    for candidate in candidates:
        stages = list(_stages(candidate, customer, policy))
        stopped = snapshot.stopped & {cell, EVERY_CELL} and any(stage.with_ai for stage in stages)
        objections = _objections(candidate, stages, triage, customer, snapshot, policy, now)
        why_not = next(objections, "") or (SWITCHED_OFF if stopped else "")
        considered.append(Considered(targets=candidate.targets, passed_over=why_not))
        if not why_not:
            return _plan(stages, cell, considered, policy)
    stopped = any(candidate.passed_over == SWITCHED_OFF for candidate in considered)
    gap = not stopped and not _barred_from_ai(triage, policy)
    return _plan([], cell, considered, policy).model_copy(update={"gap": gap})


def _stages(candidate: Candidate, customer: RoutedCustomer, policy: Policy) -> Iterator[Stage]:
    needs = tuple(sorted(candidate.needs.items()))
    written = [Stage.of(rule) for rule in candidate.plan]
    for position, stage in enumerate(written):
        named = customer.own_agent if stage.agent == OWN_AGENT else stage.agent
        queues = (later.team for later in written[position:] if later.team)
        team = next(queues, policy.overflow) if stage.with_people else ""
        skills = tuple(need for need in needs if stage.with_people and need[0] in policy.teams[team].skills)
        mode = (candidate.mode or policy.assistant.mode) if stage.with_ai else Mode.AUTO
        yield stage.model_copy(update={"agent": named, "team": team, "needs": skills, "mode": mode})


def _plan(stages: list[Stage], cell: str, considered: list[Considered], policy: Policy) -> Plan:
    if not stages or not (stages[-1].with_people or stages[-1].kind is StageKind.SET_ASIDE):
        stages = [*stages, Stage(kind=StageKind.QUEUE, team=policy.overflow)]
    return Plan(stages=tuple(stages), cell=cell, considered=tuple(considered), policy_version=policy.version)


def _objections(
    candidate: Candidate,
    stages: list[Stage],
    triage: Triage,
    customer: RoutedCustomer,
    snapshot: Snapshot,
    policy: Policy,
    now: datetime,
) -> Iterator[str]:
    """Why a candidate does not apply, as phrases for people; none when it does."""
    if any(stage.with_ai for stage in stages) and (barred := _barred_from_ai(triage, policy)):
        yield barred
    for stage in stages:
        if stage.kind is StageKind.AGENT:
            yield from _absence(stage, snapshot)
    asked = _asked_confidence(candidate, stages, triage, snapshot, policy)
    if asked is not None and triage.confidence < asked:
        yield f"confidence {triage.confidence:.2f} is below {asked:g}"
    yield from _unmet_by_triage(candidate.when, triage, customer)
    yield from _unmet_by_teams(candidate.when, snapshot, policy, now)
    yield from _unmet_by_customer(candidate.when, customer, snapshot)


def _absence(stage: Stage, snapshot: Snapshot) -> Iterator[str]:
    if not stage.agent:
        yield "nobody has dealt with this customer before"
    elif stage.agent not in snapshot.agents:
        yield f"agent {stage.agent} is not known"
    elif not snapshot.agents[stage.agent] and stage.deadline_seconds is None:
        yield f"agent {stage.agent} is not available"


def _asked_confidence(
    candidate: Candidate, stages: list[Stage], triage: Triage, snapshot: Snapshot, policy: Policy
) -> float | None:
    """The confidence that the candidate asks for; under pressure less, if its cell allows it for this case."""
    asked = candidate.when.confidence_at_least
    if asked is None or candidate.pressure is None or IssueType.COMPLAINT in {triage.issue, *triage.further_issues}:
        return asked
    team = next((stage.team for stage in stages if stage.with_people), policy.overflow)
    level = policy.pressure.at(snapshot.team(team).pressure)
    return asked if level is None else min(asked, level.confidence)


def _barred_from_ai(triage: Triage, policy: Policy) -> str:
    if triage.wants_person or triage.issue is IssueType.HUMAN:
        return "the customer asks for a person"
    if triage.urgency in GRAVE:
        return f"urgency is {triage.urgency}"
    if triage.language not in policy.assistant.languages:
        return f"the assistant does not write {triage.language}"
    return ""


def _unmet_by_triage(when: Conditions, triage: Triage, customer: RoutedCustomer) -> Iterator[str]:
    if when.channels and customer.channel not in when.channels:
        yield f"not for channel {customer.channel}"
    if when.languages and triage.language not in when.languages:
        yield f"not for language {triage.language}"
    if when.sentiments and triage.sentiment not in when.sentiments:
        yield f"not for sentiment {triage.sentiment}"
    if when.urgencies and triage.urgency not in when.urgencies:
        yield f"not for urgency {triage.urgency}"
    if when.complexities and triage.complexity not in when.complexities:
        yield f"not for {triage.complexity} cases"


def _unmet_by_teams(when: Conditions, snapshot: Snapshot, policy: Policy, now: datetime) -> Iterator[str]:
    if when.team_available and not snapshot.team(when.team_available).available:
        yield f"nobody of team {when.team_available} is available"
    if when.team_open and not policy.teams[when.team_open].hours.is_open(now):
        yield f"team {when.team_open} is closed"
    if when.team_closed and policy.teams[when.team_closed].hours.is_open(now):
        yield f"team {when.team_closed} is open"
    for team, minutes in when.wait_below_minutes.items():
        wait = snapshot.team(team).wait_seconds
        if wait is None:
            yield f"nobody of team {team} is here"
        elif wait >= minutes * 60:
            yield f"the wait for team {team} is {wait / 60:.0f} min, not below {minutes:g}"


def _unmet_by_customer(when: Conditions, customer: RoutedCustomer, snapshot: Snapshot) -> Iterator[str]:
    here = snapshot.agents.get(customer.own_agent, False)
    if when.own_agent_available is not None and here is not when.own_agent_available:
        yield "the customer's own agent is " + ("available" if here else "not available")
    total = customer.order.total if customer.order else None
    if when.amount_at_least and not _reaches(total, when.amount_at_least):
        yield _amount(total, "is not at least", when.amount_at_least)
    if when.amount_below and (total is None or total.minor >= when.amount_below.get(total.currency, 0)):
        yield _amount(total, "is not below", when.amount_below)
    if when.order_states and (customer.order is None or customer.order.state not in when.order_states):
        yield f"the order is {customer.order.state}" if customer.order else "no order of the customer is known"
    if when.verified is not None and customer.verified is not when.verified:
        yield "who writes is proven" if customer.verified else "who writes is not proven"
    if when.repeat_contact is not None and customer.repeat_contact is not when.repeat_contact:
        yield "a repeat contact" if customer.repeat_contact else "not a repeat contact"
    if when.lifetime_value_at_least and not _reaches(customer.lifetime_value, when.lifetime_value_at_least):
        yield "lifetime value " + (f"is {customer.lifetime_value}" if customer.lifetime_value else "is not known")
    if when.last_csat_at_most is not None and (customer.last_csat or 6) > when.last_csat_at_most:
        yield f"last satisfaction is {customer.last_csat}" if customer.last_csat else "last satisfaction is not known"
    if when.tags_any and not set(when.tags_any) & set(customer.tags):
        yield f"no tag of {', '.join(when.tags_any)}"


def _reaches(amount: Money | None, limits: Amounts) -> bool:
    return amount is not None and amount.currency in limits and amount.minor >= limits[amount.currency]


def _amount(total: Money | None, relation: str, limits: Amounts) -> str:
    if total is None:
        return "the amount is not known"
    limit = limits.get(total.currency)
    return (
        f"the amount {total} {relation} {Money(minor=limit, currency=total.currency)}"
        if limit is not None
        else (f"the amount is in {total.currency}, which the condition does not list")
    )
