"""Routing: the first candidate whose conditions hold, and an explanation of every one that was passed over."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.commerce import OrderState
from domain.modes import Mode
from domain.money import Money
from domain.parties import Channel
from domain.plan import Plan, StageKind
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.pressure import Pressure
from domain.proposal import HandoffReason
from domain.routing import OrderFacts, RoutedCustomer, Snapshot, TeamState, route, why_people
from domain.triage import Complexity, IssueType, Sentiment, Triage, Urgency

_POLICY = """
brand: {name: Shop, ai_label: Shop AI}
overflow: support
teams:
  support: {title: Support}
  returns:
    title: Returns
    skills: [damages]
    hours: {week: {mon: ["09:00-17:00"]}}
tiers: {guest: {}, gold: {}, vip: {priority_minutes: 60}}
assistant: {mode: auto, languages: [en, de]}
matrix:
  return:
    vip: [{plan: ["queue:returns"]}]
    any: [{plan: [ai]}]
  spam: {any: [{plan: [set_aside]}]}
  refund: {any: [CANDIDATE]}
  any:
    gold: [{plan: [ai, "queue:support"]}]
defaults: [{plan: [ai, "queue:returns"]}]
"""
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 10, tzinfo=UTC)
REFUND = Triage(issue=IssueType.REFUND, confidence=0.8)
EUR, USD = Money(minor=10_000, currency="EUR"), Money(minor=10_000, currency="USD")


def policy(candidate: str = "{plan: [ai]}", rest: str = "") -> Policy:
    return read_policy(_POLICY.replace("CANDIDATE", candidate) + rest)


def customer(**facts: Any) -> RoutedCustomer:
    return RoutedCustomer(**{"tier": "guest", "channel": "chat", **facts})


def routed(
    triage: Triage = REFUND,
    candidate: str = "{plan: [ai]}",
    *,
    teams: dict[str, TeamState] | None = None,
    agents: dict[str, bool] | None = None,
    now: datetime = MONDAY,
    **facts: Any,
) -> Plan:
    snapshot = Snapshot(teams=teams or {}, agents=agents or {})
    return route(triage, customer(**facts), snapshot, policy(candidate), now)


def stages(plan: Plan) -> list[str]:
    return [str(stage) for stage in plan.stages]


def ordered(state: OrderState = OrderState.SHIPPED, total: Money = EUR) -> dict[str, object]:
    return {"order": OrderFacts(number="1", state=state, total=total)}


def team(**state: Any) -> dict[str, object]:
    return {"teams": {"returns": TeamState(**state)}}


# Condition, a case for which it holds, one for which it does not, and what is then said of it.
CONDITIONS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "confidence_at_least: 0.8",
        {},
        {"triage": {"confidence": 0.79}},
        "confidence 0.79 is below 0.8",
    ),
    ("channels: [chat]", {}, {"channel": "email"}, "not for channel email"),
    ("languages: [en]", {}, {"triage": {"language": "de"}}, "not for language de"),
    ("sentiments: [neutral]", {}, {"triage": {"sentiment": Sentiment.ANGRY}}, "not for sentiment angry"),
    ("urgencies: [normal]", {}, {"triage": {"urgency": Urgency.TIME}}, "not for urgency time"),
    ("complexities: [simple]", {}, {"triage": {"complexity": Complexity.INVOLVED}}, "not for involved cases"),
    ("team_available: returns", team(available=1), {}, "nobody of team returns is available"),
    ("team_open: returns", {}, {"now": SUNDAY}, "team returns is closed"),
    ("team_closed: returns", {"now": SUNDAY}, {}, "team returns is open"),
    (
        "wait_below_minutes: {returns: 5}",
        team(wait_seconds=299),
        team(wait_seconds=300),
        "the wait for team returns is 5 min, not below 5",
    ),
    ("wait_below_minutes: {returns: 5}", {}, team(wait_seconds=None), "nobody of team returns is here"),
    (
        "own_agent_available: true",
        {"own_agent": "a", "agents": {"a": True}},
        {"own_agent": "a", "agents": {"a": False}},
        "the customer's own agent is not available",
    ),
    (
        "own_agent_available: false",
        {},
        {"own_agent": "a", "agents": {"a": True}},
        "the customer's own agent is available",
    ),
    (
        "amount_at_least: {EUR: 10000}",
        ordered(),
        ordered(total=Money(minor=9_999, currency="EUR")),
        "the amount 99.99 EUR is not at least 100.00 EUR",
    ),
    ("amount_at_least: {EUR: 10000}", ordered(), {}, "the amount is not known"),
    (
        "amount_at_least: {EUR: 10000}",
        ordered(),
        ordered(total=USD),
        "the amount is in USD, which the condition does not list",
    ),
    (
        "amount_below: {EUR: 10001}",
        ordered(),
        ordered(total=Money(minor=10_001, currency="EUR")),
        "the amount 100.01 EUR is not below 100.01 EUR",
    ),
    ("amount_below: {EUR: 10001}", ordered(), {}, "the amount is not known"),
    (
        "amount_below: {EUR: 10001}",
        ordered(),
        ordered(total=USD),
        "the amount is in USD, which the condition does not list",
    ),
    ("order_states: [shipped]", ordered(), ordered(OrderState.PAID), "the order is paid"),
    ("order_states: [shipped]", ordered(), {}, "no order of the customer is known"),
    ("verified: true", {"verified": True}, {}, "who writes is not proven"),
    ("verified: false", {}, {"verified": True}, "who writes is proven"),
    ("repeat_contact: true", {"repeat_contact": True}, {}, "not a repeat contact"),
    ("repeat_contact: false", {}, {"repeat_contact": True}, "a repeat contact"),
    (
        "lifetime_value_at_least: {EUR: 10000}",
        {"lifetime_value": EUR},
        {"lifetime_value": Money(minor=9_999, currency="EUR")},
        "lifetime value is 99.99 EUR",
    ),
    ("lifetime_value_at_least: {EUR: 1}", {"lifetime_value": EUR}, {}, "lifetime value is not known"),
    ("last_csat_at_most: 2", {"last_csat": 2}, {"last_csat": 3}, "last satisfaction is 3"),
    ("last_csat_at_most: 2", {"last_csat": 1}, {}, "last satisfaction is not known"),
    ("tags_any: [b2b, press]", {"tags": ("press",)}, {"tags": ("new",)}, "no tag of b2b, press"),
]


@pytest.mark.parametrize(
    ("condition", "holds", "fails", "said"), CONDITIONS, ids=[f"{c[0]} {c[3]}" for c in CONDITIONS]
)
def test_a_condition_decides_and_says_why(
    condition: str, holds: dict[str, Any], fails: dict[str, Any], said: str
) -> None:
    def plan_of(facts: dict[str, Any]) -> Plan:
        triage = REFUND.model_copy(update=facts.get("triage", {}))
        rest = {name: value for name, value in facts.items() if name != "triage"}
        return routed(triage, f"{{plan: [ai], when: {{{condition}}}}}", **rest)

    assert stages(plan_of(holds))[0] == "ai"
    passed = plan_of(fails)
    assert stages(passed) == ["queue:support"]
    assert [one.passed_over for one in passed.considered] == [said]


def test_every_condition_that_a_policy_may_state_is_tested() -> None:
    from domain.matrix import Conditions  # noqa: PLC0415

    assert {condition.partition(":")[0] for condition, *_ in CONDITIONS} == set(Conditions.model_fields)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"wants_person": True}, "the customer asks for a person"),
        ({"issue": IssueType.HUMAN}, "the customer asks for a person"),
        ({"urgency": Urgency.LEGAL}, "urgency is legal"),
        ({"urgency": Urgency.SAFETY}, "urgency is safety"),
        ({"urgency": Urgency.CHARGEBACK}, "urgency is chargeback"),
        ({"urgency": Urgency.PRESS}, "urgency is press"),
        ({"language": "nl"}, "the assistant does not write nl"),
    ],
)
def test_the_ai_is_barred_whatever_the_matrix_says(facts: dict[str, object], said: str) -> None:
    plan = routed(REFUND.model_copy(update=facts))
    assert [stage.kind for stage in plan.stages] == [StageKind.QUEUE]
    assert [one.passed_over for one in plan.considered] == [said]
    assert not plan.gap, "a case that is barred from the AI is no hole in the policy"


def test_an_unmatched_case_goes_to_the_overflow_team_and_is_a_gap() -> None:
    plan = routed(candidate="{plan: [ai], when: {confidence_at_least: 0.99}}")
    assert (stages(plan), plan.gap) == (["queue:support"], True)


@pytest.mark.parametrize(
    ("issue", "tier", "cell", "first"),
    [
        ("return", "vip", "return x vip", "queue:returns"),
        ("return", "gold", "return x any", "ai"),
        ("return", "gone", "return x any", "ai"),
        ("promo", "gold", "any x gold", "ai"),
        ("promo", "vip", "defaults", "ai"),
    ],
)
def test_the_cell_comes_before_its_row_the_row_before_its_column_and_all_before_the_defaults(
    issue: str, tier: str, cell: str, first: str
) -> None:
    plan = routed(Triage(issue=IssueType(issue), confidence=1), tier=tier)
    assert (plan.cell, stages(plan)[0]) == (cell, first)


def test_any_issue_of_any_tier_comes_before_the_defaults() -> None:
    text = _POLICY.replace("CANDIDATE", "{plan: [ai]}").replace(
        "  any:\n", '  any:\n    any: [{plan: ["queue:support"]}]\n'
    )
    triage = Triage(issue=IssueType.PROMO, confidence=1)
    assert route(triage, customer(), Snapshot(), read_policy(text), MONDAY).cell == "any x any"


def test_a_plan_that_ends_with_the_ai_falls_back_to_people() -> None:
    assert stages(routed(Triage(issue=IssueType.RETURN, confidence=1))) == ["ai", "queue:support"]


def test_setting_aside_needs_nobody() -> None:
    assert stages(routed(Triage(issue=IssueType.SPAM, confidence=1))) == ["set_aside"]


def test_the_explanation_tells_why_a_candidate_was_passed_over() -> None:
    plan = routed(candidate="{plan: [ai], when: {channels: [email]}}")
    assert plan.explanation == "refund x any: queue:support (passed over: ai: not for channel chat)"


_OWN = '{plan: ["agent:own", "queue:returns"]}'


def test_the_customers_own_agent_is_asked_in_the_team_of_the_next_queue() -> None:
    stage = routed(candidate=_OWN, own_agent="a", agents={"a": True}).stages[0]
    assert (str(stage), stage.agent, stage.team) == ("agent:a", "a", "returns")


def test_an_agent_without_a_queue_behind_belongs_to_the_overflow_team() -> None:
    assert routed(candidate='{plan: ["agent:a"]}', agents={"a": True}).stages[0].team == "support"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "nobody has dealt with this customer before"),
        ({"own_agent": "a"}, "agent a is not known"),
        ({"own_agent": "a", "agents": {"a": False}}, "agent a is not available"),
    ],
)
def test_an_agent_who_cannot_be_asked_is_passed_over(facts: dict[str, Any], said: str) -> None:
    plan = routed(candidate=_OWN, **facts)
    assert [one.passed_over for one in plan.considered] == [said]


def test_an_agent_with_a_deadline_may_be_away_for_so_long() -> None:
    plan = routed(candidate='{plan: [{do: "agent:a", deadline_minutes: 60}, "queue:returns"]}', agents={"a": False})
    assert stages(plan) == ["agent:a", "queue:returns"]


def test_skills_are_asked_where_the_team_has_them() -> None:
    plan = routed(candidate='{plan: [{do: "queue:support", until: decided}, "queue:returns"], needs: {damages: 2}}')
    assert [stage.needs for stage in plan.stages] == [(), (("damages", 2),)]


def test_stages_keep_what_the_policy_says_of_them() -> None:
    plan = routed(
        candidate="{plan: [{do: ai, until: collected, collect: [order, photo], deadline_minutes: 60,"
        ' otherwise: "queue:returns"}, {do: "queue:support", until: decided}, {do: ai, until: told}]}'
    )
    assert stages(plan) == ["ai until collected", "queue:support until decided", "ai until told", "queue:support"]
    assert (plan.stages[0].deadline_seconds, plan.stages[0].otherwise) == (3600, "returns")


# --- pressure -------------------------------------------------------------------------------------------------------

_SHIFTING = '{plan: [ai, "queue:returns"], when: {confidence_at_least: 0.9}, pressure: ai}'
CASES = st.builds(
    Triage,
    issue=st.sampled_from(IssueType),
    confidence=st.floats(0, 1),
    sentiment=st.sampled_from(Sentiment),
    urgency=st.sampled_from(Urgency),
    complexity=st.sampled_from(Complexity),
    language=st.sampled_from(["en", "de", "nl"]),
    wants_person=st.booleans(),
    further_issues=st.lists(st.sampled_from(IssueType), max_size=2).map(tuple),
)
CUSTOMERS = st.builds(
    RoutedCustomer,
    tier=st.sampled_from(["guest", "gold", "vip"]),
    channel=st.sampled_from([channel.value for channel in Channel]),
    own_agent=st.sampled_from(["", "a"]),
    order=st.none() | st.builds(OrderFacts, number=st.just("1"), state=st.sampled_from(OrderState), total=st.just(EUR)),
)
_EVERY = [
    f"{{plan: [ai, 'queue:returns'], when: {{{condition}}}, needs: {{damages: 1}}}}" for condition, *_ in CONDITIONS
]
_MATRIX = f"""
  any:
    gold: [{", ".join(_EVERY)}]
    any: [{_SHIFTING}, {{plan: ['agent:own', 'queue:support']}}, {{plan: ['queue:returns']}}]
defaults: [{{plan: ['queue:support']}}]
"""
SHIFTING = read_policy(_POLICY.partition("matrix:")[0] + "matrix:" + _MATRIX)


def under(level: Pressure) -> Snapshot:
    return Snapshot(teams={name: TeamState(pressure=level) for name in SHIFTING.teams}, agents={"a": True})


def first(triage: Triage, who: RoutedCustomer, level: Pressure) -> StageKind:
    return route(triage, who, under(level), SHIFTING, MONDAY).stages[0].kind


@pytest.mark.parametrize(
    ("level", "confidence", "kind"),
    [
        (Pressure.NORMAL, 0.89, StageKind.QUEUE),
        (Pressure.ELEVATED, 0.6, StageKind.AI),
        (Pressure.ELEVATED, 0.59, StageKind.QUEUE),
        (Pressure.CRITICAL, 0.5, StageKind.AI),
        (Pressure.CRITICAL, 0.49, StageKind.QUEUE),
    ],
)
def test_pressure_lowers_the_confidence_that_a_marked_cell_asks(
    level: Pressure, confidence: float, kind: StageKind
) -> None:
    assert first(REFUND.model_copy(update={"confidence": confidence}), customer(), level) is kind


def test_a_shifted_case_says_so_and_one_that_waits_says_when_it_would_be() -> None:
    calm = route(REFUND, customer(), under(Pressure.NORMAL), SHIFTING, MONDAY)
    assert (calm.shifted, calm.shifts_at) == (False, Pressure.ELEVATED)
    assert route(REFUND, customer(), Snapshot(), SHIFTING, MONDAY).shifts_at is Pressure.ELEVATED
    pressed = route(REFUND, customer(), under(Pressure.ELEVATED), SHIFTING, MONDAY)
    assert (pressed.shifted, pressed.shifts_at) == (True, None)
    sure = route(REFUND.model_copy(update={"confidence": 0.95}), customer(), under(Pressure.CRITICAL), SHIFTING, MONDAY)
    assert (sure.shifted, sure.shifts_at) == (False, None)


@given(CASES, CUSTOMERS)
def test_a_person_stays_with_who_asked_for_one_at_every_pressure(triage: Triage, who: RoutedCustomer) -> None:
    asking = triage.model_copy(update={"wants_person": True})
    for level in Pressure:
        plan = route(asking, who, under(level), SHIFTING, MONDAY)
        assert StageKind.AI not in {stage.kind for stage in plan.stages}
        assert (plan.shifted, plan.shifts_at) == (False, None)


SERIOUS = st.sampled_from([Urgency.LEGAL, Urgency.SAFETY, Urgency.CHARGEBACK, Urgency.PRESS])


@given(CASES, CUSTOMERS, SERIOUS | st.none(), st.booleans())
def test_complaints_and_what_is_serious_never_shift(
    triage: Triage, who: RoutedCustomer, urgency: Urgency | None, beside: bool
) -> None:
    complaint = {"further_issues": (IssueType.COMPLAINT,)} if beside else {"issue": IssueType.COMPLAINT}
    serious = triage.model_copy(update={"urgency": urgency} if urgency else complaint)
    for level in Pressure:
        plan = route(serious, who, under(level), SHIFTING, MONDAY)
        assert (plan.shifted, plan.shifts_at) == (False, None)


@given(CASES, CUSTOMERS)
def test_rising_pressure_never_takes_a_case_from_the_ai(triage: Triage, who: RoutedCustomer) -> None:
    with_ai = [first(triage, who, level) is StageKind.AI for level in Pressure]
    assert with_ai == sorted(with_ai)


@settings(max_examples=300)
@given(CASES, CUSTOMERS, st.sampled_from(Pressure))
def test_every_candidate_before_the_chosen_one_has_a_reason(
    triage: Triage, who: RoutedCustomer, level: Pressure
) -> None:
    plan = route(triage, who, under(level), SHIFTING, MONDAY)
    _, candidates = SHIFTING.cell(triage.issue, who.tier)
    assert [one.targets for one in plan.considered] == [one.targets for one in candidates[: len(plan.considered)]]
    chosen = [one for one in plan.considered if not one.passed_over]
    assert chosen in ([], [plan.considered[-1]])
    if not chosen:
        assert len(plan.considered) == len(candidates)
        assert stages(plan) == ["queue:support"]
    assert all(one.passed_over in plan.explanation for one in plan.considered)


@given(CASES, CUSTOMERS, st.sampled_from(Pressure))
def test_the_same_case_gets_the_same_plan_and_it_ends_with_people(
    triage: Triage, who: RoutedCustomer, level: Pressure
) -> None:
    plan = route(triage, who, under(level), SHIFTING, MONDAY)
    assert plan == route(triage, who, under(level), SHIFTING, MONDAY)
    assert plan.stages[-1].with_people


@pytest.mark.parametrize(
    ("triage", "stopped", "reason"),
    [
        (REFUND, set(), HandoffReason.POLICY),
        (REFUND.model_copy(update={"wants_person": True}), {"*"}, HandoffReason.CUSTOMER_REQUEST),
        (Triage(issue=IssueType.HUMAN, confidence=1), set(), HandoffReason.CUSTOMER_REQUEST),
        (REFUND, {"*"}, HandoffReason.AI_STOPPED),
        (REFUND, {"refund x any"}, HandoffReason.AI_STOPPED),
    ],
)
def test_people_read_why_they_have_the_case(triage: Triage, stopped: set[str], reason: HandoffReason) -> None:
    plan = route(triage, customer(), Snapshot(stopped=frozenset(stopped)), policy(), MONDAY)
    assert why_people(triage, plan) is reason


# --- how far the AI may go --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "first"), [("*", StageKind.QUEUE), ("refund x any", StageKind.QUEUE), ("return x any", StageKind.AI)]
)
def test_while_its_cell_is_stopped_the_ai_gets_nothing_and_that_is_no_gap(cell: str, first: StageKind) -> None:
    plan = route(REFUND, customer(), Snapshot(stopped=frozenset({cell})), policy(), MONDAY)
    assert (plan.stages[0].kind, plan.gap) == (first, False)


def test_what_would_not_have_gone_to_the_ai_anyway_was_not_stopped() -> None:
    sure = policy("{plan: [ai], when: {confidence_at_least: 0.9}}")
    plan = route(REFUND, customer(), Snapshot(stopped=frozenset({"*"})), sure, MONDAY)
    assert plan.considered[0].passed_over == "confidence 0.80 is below 0.9"
    assert plan.gap


@pytest.mark.parametrize(
    ("candidate", "modes"),
    [
        ('{plan: [ai, "queue:support"], mode: shadow}', [Mode.SHADOW, Mode.AUTO]),
        ('{plan: [self_service, "queue:support"], mode: draft}', [Mode.DRAFT, Mode.AUTO]),
        ('{plan: [ai, "queue:support"]}', [Mode.AUTO, Mode.AUTO]),
    ],
)
def test_a_candidate_says_how_far_the_ai_may_go_in_its_stages(candidate: str, modes: list[Mode]) -> None:
    assert [stage.mode for stage in routed(candidate=candidate).stages] == modes


@pytest.mark.parametrize(
    ("mode", "shifts_at"), [(Mode.AUTO, Pressure.ELEVATED), (Mode.DRAFT, None), (Mode.SHADOW, None)]
)
def test_pressure_gives_the_ai_only_what_it_may_say_by_itself(mode: Mode, shifts_at: Pressure | None) -> None:
    text = f"""{{plan: [ai], mode: {mode}, pressure: ai, when: {{confidence_at_least: 0.9}}}}"""
    assert route(REFUND, customer(), Snapshot(), policy(text), MONDAY).shifts_at is shifts_at
