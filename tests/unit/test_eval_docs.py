"""docs/evaluating.md holds every key of the files, and examples that are read."""

import json
import re
from pathlib import Path

import pytest

from cli.evaluating.case_files import read_cases
from cli.evaluating.cases import CustomerTurn, Expect, OrderAsOf, Outcome, ReadyCase
from domain.triage import IssueType
from integrations.assistant.evaluation import LabelledMessage, TriageReport
from integrations.shop.scenarios import SCENARIOS

GUIDE = (Path(__file__).parents[2] / "docs" / "evaluating.md").read_text("utf-8")


@pytest.mark.parametrize(
    "key",
    [
        *ReadyCase.model_fields,
        *CustomerTurn.model_fields,
        *(f"expect.{field}" for field in Expect.model_fields),
        *LabelledMessage.model_fields,
        *Outcome,
        *IssueType,
    ],
)
def test_every_key_is_explained(key: str) -> None:
    assert key == "expect" or f"`{key}`" in GUIDE


def test_what_can_be_adjusted_in_the_shop_is_shown() -> None:
    assert all(field in GUIDE for field in OrderAsOf.model_fields)


def test_every_figure_of_triage_is_explained() -> None:
    also = {
        "n": "messages",
        "strict": "strict, lenient",
        "lenient": "strict, lenient",
        "p50_ms": "p50",
        "p99_ms": "p99",
    }
    also |= {"threshold": "--threshold", "honest_lost": "honest lost"}
    assert all(also.get(field, field.replace("_", " ")) in GUIDE for field in TriageReport.model_fields)


def test_the_case_shown_is_read(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert blocks
    for block in blocks:
        path = tmp_path / "case.yaml"
        path.write_text(block, "utf-8")
        assert read_cases(path)


def test_the_messages_shown_are_read() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert all(LabelledMessage.model_validate(json.loads(line)) for line in block.splitlines())


def test_the_customers_shown_are_those_of_the_demo_shop() -> None:
    for scenario in SCENARIOS:
        row = next(line for line in GUIDE.splitlines() if f"`{scenario.email}` |" in line)
        assert scenario.tier in row
        assert scenario.order_number in row
