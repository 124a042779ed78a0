"""Case files: what they may hold, and how their mistakes are told."""

from pathlib import Path

import pytest

from cli.evaluating.case_files import CasesRefused, read_cases
from cli.evaluating.cases import Outcome
from domain.flows.kinds import FlowKind
from domain.proposal import HandoffReason


def _file(tmp_path: Path, text: str, name: str = "cases.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(CasesRefused) as refused:
        read_cases(path)
    return str(refused.value)


def test_a_file_holds_documents_and_lists_of_cases(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        """
name: one
turns: [hello]
outcome: question
---
- {name: two, turns: [{text: [a, b]}], outcome: handoff}
- {name: three, turns: [hello], outcome: resolved}
""",
    )
    assert [case.name for case in read_cases(path)] == ["one", "two", "three"]


def test_a_folder_is_read_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    _file(tmp_path, "{name: one, turns: [hello], outcome: question}")
    _file(tmp_path / "more", "{name: two, turns: [hello], outcome: question}", "b.yml")
    assert {case.name for case in read_cases(tmp_path)} == {"one", "two"}


def test_what_customers_say_stays_text(tmp_path: Path) -> None:
    path = _file(tmp_path, "{name: a, turns: [yes, 'no', {text: 4.90, expect: {says: 50667}}], outcome: resolved}")
    (case,) = read_cases(path)
    assert [turn.text for turn in case.turns] == [("yes",), ("no",), ("4.90",)]
    assert case.turns[2].expect.says == ("50667",)


@pytest.mark.parametrize(
    ("outcome", "answerable"), [("resolved", True), ("handoff", False), ("question", None), ("set_aside", None)]
)
def test_the_outcome_says_whether_a_case_can_be_answered(tmp_path: Path, outcome: str, answerable: bool | None) -> None:
    (case,) = read_cases(_file(tmp_path, f"{{name: a, turns: [hello], outcome: {outcome}}}"))
    assert case.outcome is Outcome(outcome)
    assert case.answerable is answerable


def test_expectations_are_typed(tmp_path: Path) -> None:
    text = "{name: a, turns: [{text: x, expect: {begins: return, handoff: dissatisfied}}], outcome: handoff}"
    (case,) = read_cases(_file(tmp_path, text))
    assert case.turns[0].expect.begins is FlowKind.RETURN
    assert case.turns[0].expect.handoff is HandoffReason.DISSATISFIED


def test_a_mistake_names_file_line_and_key(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        """- name: one
  turns:
    - text: hello
      expect: {say: hello}
  outcome: question
- name: two
  verified: true
  turns: [hello]
  outcome: solved
""",
    )
    told = _refusal(path)
    assert f"{path}:4: turns.0.expect.say: Extra inputs are not permitted" in told
    assert f"{path}:9: outcome: " in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{name: a, turns: [hello], outcome: [}", "cases.yaml:1: "),
        ("{name: a, outcome: resolved}", "turns: Field required"),
        ("{name: a, turns: [hello], outcome: resolved, verified: true}", "nobody can be verified without `customer`"),
        ("{name: a, turns: [hello], outcome: resolved, answerable: false}", "cannot end resolved"),
        ("{name: a, turns: [hello], outcome: resolved, channel: voice}", "calls cannot be rehearsed"),
        (
            "{name: a, turns: [hello], outcome: resolved, shop: [{order: BT-1, state: delivered}]}",
            "belongs to state delivered",
        ),
        (
            "[{name: a, turns: [b], outcome: resolved}, {name: a, turns: [b], outcome: resolved}]",
            "two cases are called 'a'",
        ),
        ("just words", "valid dictionary"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in _refusal(_file(tmp_path, text))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "there is no case file" in _refusal(tmp_path)
