"""The demo as it is told: its scenarios are in the guide, and its policy does what they and the guides say of it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.demo.hurrying import in_a_hurry
from cli.demo.scenarios import SCENARIOS
from domain.cells import spoken_candidates
from domain.commerce import OrderState
from domain.modes import Mode
from domain.money import Money
from domain.policy_file import read_policy
from domain.proposal import HandoffReason
from domain.routing import OrderFacts, RoutedCustomer, Snapshot, route
from domain.triage import IssueType, Triage

ROOT = Path(__file__).parents[2]
POLICY = read_policy((ROOT / "cli" / "demo" / "policy.yaml").read_text())
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
STRANGER = RoutedCustomer(tier="guest", channel="chat")
ASKED_FOR_PROOF = (IssueType.RETURN, IssueType.EXCHANGE, IssueType.REFUND, IssueType.CANCEL_ORDER)
_NUMBERS = {14: "fourteen", 20: "twenty"}


def first_stage(issue: IssueType, confidence: float, customer: RoutedCustomer = STRANGER) -> str:
    plan = route(Triage(issue=issue, confidence=confidence), customer, Snapshot(), POLICY, NOW)
    return str(plan.stages[0])


def test_every_scenario_is_in_the_guide_by_its_number() -> None:
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "demo.md").read_text(), re.MULTILINE)
    assert [int(row) for row in rows] == [scenario.number for scenario in SCENARIOS]
    assert [scenario.number for scenario in SCENARIOS] == list(range(1, len(SCENARIOS) + 1))


def test_the_readme_says_how_many_scenarios_are_played() -> None:
    assert f"plays {_NUMBERS[len(SCENARIOS)]} scenarios" in (ROOT / "README.md").read_text()


def test_the_ai_writes_all_four_languages() -> None:
    assert POLICY.assistant.languages == ("en", "de", "es", "fr")


def test_one_cell_is_in_draft_and_all_others_are_automatic() -> None:
    drafts = [one.cell for one in spoken_candidates(POLICY) if one.mode is Mode.DRAFT]
    assert drafts == ["subscription x any"]
    assert {one.mode for one in spoken_candidates(POLICY)} == {Mode.DRAFT, Mode.AUTO}


@pytest.mark.parametrize("issue", ASKED_FOR_PROOF)
def test_who_has_not_proven_the_order_gets_the_ai_first(issue: IssueType) -> None:
    assert first_stage(issue, 0.75) == "ai"


def test_once_proven_the_flow_takes_its_place() -> None:
    order = OrderFacts(number="BT-1", state=OrderState.PAID, total=Money(minor=100, currency="EUR"))
    proven = STRANGER.model_copy(update={"verified": True, "order": order})
    assert first_stage(IssueType.CANCEL_ORDER, 0.75, proven) == "flow:cancellation"


@pytest.mark.parametrize("issue", [*ASKED_FOR_PROOF, IssueType.CHANGE_ORDER])
def test_where_it_is_not_clear_what_is_meant_the_ai_asks_back(issue: IssueType) -> None:
    assert first_stage(issue, POLICY.assistant.threshold - 0.01) == "ai"


@pytest.mark.parametrize("issue", [IssueType.COMPLAINT, IssueType.HUMAN])
def test_complaints_and_wishes_for_a_person_never_reach_the_ai(issue: IssueType) -> None:
    assert {first_stage(issue, confidence) for confidence in (0.1, 0.99)} == {"queue:support"}


def test_the_demo_hurries_and_permits_nothing_else() -> None:
    hurried = in_a_hurry(POLICY)
    assert hurried.model_copy(update={"commerce": POLICY.commerce}) == POLICY
    assert hurried.commerce.returns.approval == POLICY.commerce.returns.approval


def test_every_reason_in_the_guide_to_the_assistant_exists() -> None:
    guide = (ROOT / "docs" / "assistant.md").read_text()
    table = guide.partition("| reason | when |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `")))
    assert set(named) <= set(HandoffReason)
    assert len(named) >= 8
