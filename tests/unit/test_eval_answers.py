"""`baton eval answers`: what is printed, and the exit code."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.evaluating import answers as command
from cli.evaluating.cases import Outcome, ReadyCase
from cli.evaluating.ground import spoken_by_ai
from cli.evaluating.heard import Heard, HeardTurn, Utterance
from cli.evaluating.judging import Fault, Finding
from cli.evaluating.report import AnswersReport, judged, totals
from cli.main import app
from domain.matrix import Candidate
from domain.modes import Mode
from domain.parties import AuthorKind
from domain.policy import Policy

_CASES = """
- {name: fine, turns: [hello], outcome: resolved}
- {name: wrong, turns: [how much], outcome: resolved}
- {name: later, turns: [hello], outcome: handoff, known_gap: nobody wrote the article}
"""
_SAID = Utterance(author=AuthorKind.AI, text="It costs 12 EUR.")
_WRONG = Finding(fault=Fault.UNSUPPORTED, turn=1, why="12 is in no cited source")
_MISSED = Finding(fault=Fault.MISSED_HANDOFF, turn=0, why="ended as resolved")


@pytest.fixture(autouse=True)
def played(monkeypatch: pytest.MonkeyPatch) -> list[Policy]:
    """Every case is answered with the same sentence; the policies that cases were played with."""
    policies: list[Policy] = []

    async def evaluate(cases: Sequence[ReadyCase], policy: Policy) -> AnswersReport:
        policies.append(policy)
        heard = Heard(turns=(HeardTurn(said="hello", answers=(_SAID,)),), outcome=Outcome.RESOLVED)
        found = {"wrong": [_WRONG], "later": [_MISSED]}
        every = [judged(case, heard, found.get(case.name, [])) for case in cases]
        return AnswersReport(totals=totals(every), cases=tuple(every))

    monkeypatch.setattr(command, "evaluate_cases", evaluate)
    return policies


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(_CASES, "utf-8")
    return path


def test_each_case_has_a_line_that_says_why_it_fails(file: Path) -> None:
    told = CliRunner().invoke(app, ["eval", "answers", str(file)]).stdout
    assert "PASS  fine: resolved" in told
    assert "FAIL  wrong: resolved" in told
    assert "unsupported in turn 1: 12 is in no cited source" in told
    assert "GAP   later: resolved (known gap: nobody wrote the article)" in told


def test_conversations_are_shown_when_they_are_asked_for(file: Path) -> None:
    assert "< It costs 12 EUR." not in CliRunner().invoke(app, ["eval", "answers", str(file)]).stdout
    assert "< It costs 12 EUR." in CliRunner().invoke(app, ["eval", "answers", str(file), "--talk"]).stdout


def test_json_holds_the_totals_and_nothing_stands_around_it(file: Path) -> None:
    told = json.loads(CliRunner().invoke(app, ["eval", "answers", str(file), "--json"]).stdout)
    assert told["totals"]["cases"] == 3
    assert told["totals"]["resolved"] == 1
    assert told["totals"]["resolved_rate"] == 0.5
    assert told["totals"]["wrong_or_unsupported_rate"] == pytest.approx(1 / 3)
    assert told["totals"]["missed_handoff_rate"] == 1
    assert told["totals"]["known_gaps"] == 1
    assert told["cases"][1]["findings"][0]["fault"] == "unsupported"


def test_only_strict_runs_fail_for_a_failing_case(file: Path) -> None:
    assert CliRunner().invoke(app, ["eval", "answers", str(file)]).exit_code == 0
    assert CliRunner().invoke(app, ["eval", "answers", str(file), "--strict"]).exit_code == 1
    assert CliRunner().invoke(app, ["eval", "answers", str(file), "--strict", "--case", "fine"]).exit_code == 0


def test_a_name_that_no_case_has_is_told(file: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "answers", str(file), "--case", "fines"])
    assert result.exit_code == 1
    assert "there is no case 'fines'" in result.stderr


def test_cases_are_played_with_the_policy_that_is_named(file: Path, tmp_path: Path, played: list[Policy]) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(command.STARTER.read_text("utf-8").replace("Baton Outfitters", "Northwind"), "utf-8")
    CliRunner().invoke(app, ["eval", "answers", str(file), "--policy", str(policy)])
    assert played[0].brand.name == "Northwind"


def test_what_is_rehearsed_speaks_in_every_cell() -> None:

    policy = command.read(command.STARTER)
    cells = {row: {tier: _shadowed(cell) for tier, cell in by.items()} for row, by in policy.matrix.items()}
    quiet = policy.model_copy(
        update={"matrix": cells, "assistant": policy.assistant.model_copy(update={"mode": Mode.DRAFT})}
    )
    spoken = spoken_by_ai(quiet)
    assert spoken.assistant.mode is Mode.AUTO
    assert {one.mode for by in spoken.matrix.values() for cell in by.values() for one in cell} == {None}


def _shadowed(cell: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(one.model_copy(update={"mode": Mode.SHADOW}) for one in cell)
