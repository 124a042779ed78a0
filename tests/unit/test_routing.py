"""Routing: the first candidate whose conditions hold, and an explanation of every one that was passed over."""

import pytest

from domain.plan import Plan, StageKind
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.proposal import HandoffReason
from domain.routing import RoutedCustomer, Snapshot, route, why_people
from domain.triage import Complexity, IssueType, Sentiment, Triage, Urgency

_POLICY = """
brand: {name: Shop, ai_label: Shop AI}
overflow: support
teams: {support: {title: Support}, returns: {title: Returns}}
tiers: {guest: {}, vip: {priority_minutes: 60}}
assistant: {languages: [en, de]}
matrix:
  return:
    vip: [{plan: ["queue:returns"]}]
    any: [{plan: [ai]}]
  spam: {any: [{plan: [set_aside]}]}
  refund: {any: [{plan: [ai], when: CONDITION}]}
defaults: [{plan: [ai, "queue:returns"]}]
"""


def policy(condition: str = "{}") -> Policy:
    return read_policy(_POLICY.replace("CONDITION", condition))


def routed(triage: Triage, *, tier: str = "guest", channel: str = "chat", condition: str = "{}", free: int = 0) -> Plan:
    snapshot = Snapshot(agents_available={"returns": free} if free else {})
    return route(triage, RoutedCustomer(tier=tier, channel=channel), snapshot, policy(condition))


def stages(plan: Plan) -> list[str]:
    return [str(stage) for stage in plan.stages]


REFUND = Triage(issue=IssueType.REFUND, confidence=0.8)


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ("{confidence_at_least: 0.8}", {}, {"confidence": 0.79}),
        ("{sentiments: [neutral]}", {}, {"sentiment": Sentiment.ANGRY}),
        ("{urgencies: [normal]}", {}, {"urgency": Urgency.TIME}),
        ("{complexities: [simple]}", {}, {"complexity": Complexity.INVOLVED}),
        ("{languages: [en]}", {}, {"language": "de"}),
    ],
)
def test_a_condition_on_the_triage_decides(condition: str, holds: dict[str, object], fails: dict[str, object]) -> None:
    assert stages(routed(REFUND.model_copy(update=holds), condition=condition))[0] == "ai"
    plan = routed(REFUND.model_copy(update=fails), condition=condition)
    assert stages(plan) == ["queue:support"]
    assert plan.considered[0].passed_over


def test_a_condition_on_the_channel_decides() -> None:
    assert stages(routed(REFUND, channel="chat", condition="{channels: [chat]}"))[0] == "ai"
    assert stages(routed(REFUND, channel="email", condition="{channels: [chat]}"))[0] == "queue:support"


def test_a_team_counts_as_available_only_with_somebody_free() -> None:
    assert stages(routed(REFUND, condition="{team_available: returns}", free=1))[0] == "ai"
    assert stages(routed(REFUND, condition="{team_available: returns}"))[0] == "queue:support"


@pytest.mark.parametrize(
    "facts",
    [
        {"wants_person": True},
        {"issue": IssueType.HUMAN},
        {"urgency": Urgency.LEGAL},
        {"urgency": Urgency.SAFETY},
        {"urgency": Urgency.CHARGEBACK},
        {"urgency": Urgency.PRESS},
        {"language": "nl"},
    ],
)
def test_the_ai_is_barred_whatever_the_matrix_says(facts: dict[str, object]) -> None:
    plan = routed(REFUND.model_copy(update=facts))
    assert [stage.kind for stage in plan.stages] == [StageKind.QUEUE]
    assert not plan.gap, "a case that is barred from the AI is no hole in the policy"


def test_an_unmatched_case_goes_to_the_overflow_team_and_is_a_gap() -> None:
    plan = routed(REFUND, condition="{confidence_at_least: 0.99}")
    assert (stages(plan), plan.gap) == (["queue:support"], True)


@pytest.mark.parametrize(
    ("tier", "cell"), [("vip", "return x vip"), ("guest", "return x any"), ("gone", "return x any")]
)
def test_the_tiers_own_row_comes_before_any(tier: str, cell: str) -> None:
    assert routed(Triage(issue=IssueType.RETURN, confidence=1), tier=tier).cell == cell


def test_what_the_matrix_leaves_out_goes_by_the_defaults() -> None:
    plan = routed(Triage(issue=IssueType.PROMO, confidence=1))
    assert (plan.cell, stages(plan)) == ("defaults", ["ai", "queue:returns"])


def test_a_plan_that_ends_with_the_ai_falls_back_to_people() -> None:
    assert stages(routed(Triage(issue=IssueType.RETURN, confidence=1))) == ["ai", "queue:support"]


def test_setting_aside_needs_nobody() -> None:
    assert stages(routed(Triage(issue=IssueType.SPAM, confidence=1))) == ["set_aside"]


def test_the_explanation_tells_why_a_candidate_was_passed_over() -> None:
    plan = routed(REFUND, condition="{channels: [email]}")
    assert plan.explanation == "refund x any: queue:support (passed over: ai: not for channel chat)"


@pytest.mark.parametrize(
    ("triage", "reason"),
    [
        (REFUND, HandoffReason.POLICY),
        (REFUND.model_copy(update={"wants_person": True}), HandoffReason.CUSTOMER_REQUEST),
        (Triage(issue=IssueType.HUMAN, confidence=1), HandoffReason.CUSTOMER_REQUEST),
    ],
)
def test_people_read_why_they_have_the_case(triage: Triage, reason: HandoffReason) -> None:
    assert why_people(triage) is reason
