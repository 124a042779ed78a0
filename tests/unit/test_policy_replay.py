"""Replay: another policy over recorded cases, counted exactly, and no more kept than asked for."""

import tracemalloc
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.policy_file import read_policy
from domain.policy_replay import Change, RecordedCase, Replay
from domain.routing import Facts, RoutedCustomer, Snapshot, route
from domain.triage import IssueType, Triage

_POLICY = """
brand: {{name: Shop, ai_label: Shop AI}}
assistant: {{mode: auto}}
overflow: support
teams: {{support: {{title: Support}}, night: {{title: Night, hours: {{week: {{mon: ["00:00-06:00"]}}}}}}}}
tiers: {{guest: {{}}, vip: {{}}}}
matrix: {{{matrix}}}
defaults: [{{plan: [ai, "queue:support"], when: {{confidence_at_least: {confidence}}}}}, {{plan: ["queue:support"]}}]
"""
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
OLD, STRICT = (read_policy(_POLICY.format(matrix="", confidence=level)) for level in (0.5, 0.9))


def case(confidence: float = 0.7, *, issue: str = "return", tier: str = "guest", at: datetime = MONDAY) -> RecordedCase:
    """A case as it was routed by the old policy."""
    triage = Triage(issue=IssueType(issue), confidence=confidence)
    facts = Facts(triage=triage, customer=RoutedCustomer(tier=tier, channel="chat"), snapshot=Snapshot())
    plan = route(facts.triage, facts.customer, facts.snapshot, OLD, at)
    stages = tuple(str(stage) for stage in plan.stages)
    return RecordedCase(interaction_id="i1", at=at, policy_version=1, stages=stages, facts=facts)


def test_the_policy_that_decided_changes_nothing() -> None:
    replay = Replay(OLD)
    for confidence in (0.2, 0.5, 0.9):
        replay.add(case(confidence))
    report = replay.report()
    assert (report.cases, report.unchanged, report.changes) == (3, 3, ())


def test_what_would_change_is_counted_by_from_and_to_and_told_case_by_case() -> None:
    replay = Replay(STRICT)
    for confidence in (0.2, 0.7, 0.8, 0.95):
        replay.add(case(confidence))
    report = replay.report()
    assert (report.cases, report.unchanged, report.changed) == (4, 2, 2)
    assert report.changes == (Change(was="ai > queue:support", becomes="queue:support", count=2),)
    told = report.changed_cases[0]
    assert (told.interaction_id, told.issue, told.tier, told.channel) == ("i1", "return", "guest", "chat")
    assert "confidence 0.70 is below 0.9" in told.why


def test_the_most_frequent_change_comes_first() -> None:
    replay = Replay(read_policy(_POLICY.format(matrix='promo: {any: [{plan: ["queue:night"]}]}', confidence=0.9)))
    for issue in ("promo", "return", "return"):
        replay.add(case(issue=issue))
    assert [(change.count, change.becomes) for change in replay.report().changes] == [
        (2, "queue:support"),
        (1, "queue:night"),
    ]


def test_a_case_is_judged_by_the_hours_of_its_own_time() -> None:
    matrix = 'return: {any: [{plan: ["queue:night"], when: {team_open: night}}, {plan: ["queue:support"]}]}'
    replay = Replay(read_policy(_POLICY.format(matrix=matrix, confidence=0.5)))
    replay.add(case(at=MONDAY.replace(hour=3)))
    replay.add(case(at=MONDAY))
    assert [one.becomes for one in replay.report().changed_cases] == ["queue:night", "queue:support"]


def test_a_change_of_what_a_stage_waits_for_is_a_change() -> None:
    matrix = 'return: {any: [{plan: [ai, {do: "queue:support", until: decided}]}]}'
    replay = Replay(read_policy(_POLICY.format(matrix=matrix, confidence=0.5)))
    replay.add(case())
    assert replay.report().changed == 1


def test_a_decision_without_facts_is_counted_apart() -> None:
    replay = Replay(STRICT)
    replay.add(case().model_copy(update={"facts": None}))
    assert (replay.report().cases, replay.report().unreadable) == (0, 1)


@given(st.lists(st.floats(0, 1), max_size=40), st.integers(0, 5))
def test_every_case_is_counted_whatever_is_kept(confidences: list[float], keep: int) -> None:
    replay = Replay(STRICT, keep=keep)
    for confidence in confidences:
        replay.add(case(confidence))
    report = replay.report()
    changed = sum(0.5 <= confidence < 0.9 for confidence in confidences)
    assert (report.cases, report.unchanged) == (len(confidences), len(confidences) - changed)
    assert sum(change.count for change in report.changes) == changed
    assert len(report.changed_cases) == min(keep, changed)


def test_what_is_kept_does_not_grow_with_the_cases() -> None:
    replay, one = Replay(STRICT, keep=10), case()
    for _ in range(100):
        replay.add(one)
    tracemalloc.start()
    try:
        for _ in range(2000):
            replay.add(one)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 50_000
