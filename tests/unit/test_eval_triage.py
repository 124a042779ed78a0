"""`baton eval triage`: figures on standard output and nothing else there, errors by line."""

import json
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from cli.evaluating import triage as command
from cli.main import app
from domain.case import Brief, Case
from domain.proposal import Proposal
from domain.triage import IssueType, Triage
from store.database import Database
from workers.settings import WorkerSettings
from workers.wiring import Adapters, chosen_adapters

_LINES = [
    {"text": "my code is refused", "issue": "promo"},
    {"text": "promo spam offer", "issue": "return"},
    None,
    {"text": "buy backlinks now, spam", "spam": True},
    {"text": "spam is what I call your parcel", "issue": "delivery"},
    {
        "messages": [
            {"role": "customer", "text": "promo"},
            {"role": "agent", "text": "which one?"},
            {"role": "customer", "text": "the parcel"},
        ],
        "issue": "delivery",
    },
]


class _ByWord:
    """Triage by the first word that it knows."""

    async def triage(self, case: Case) -> Triage:
        structlog.get_logger("assistant").warning("triage_slow")
        text = case.unanswered
        if text.startswith("promo"):
            return Triage(issue=IssueType.PROMO, confidence=0.9)
        if "spam" in text:
            return Triage(issue=IssueType.SPAM, confidence=0.99)
        return Triage(issue=IssueType.PROMO if "code" in text else IssueType.DELIVERY, confidence=0.6)

    async def compose(self, case: Case) -> Proposal:
        raise NotImplementedError

    async def brief(self, case: Case) -> Brief:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _assistant(monkeypatch: pytest.MonkeyPatch) -> None:
    def adapters(settings: WorkerSettings, database: Database) -> Adapters:
        chosen = chosen_adapters(settings, database)
        return Adapters(shop=chosen.shop, assistant=_ByWord, channels=chosen.channels)

    monkeypatch.setattr(command, "chosen_adapters", adapters)


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(json.dumps(line) if line else "" for line in _LINES), "utf-8")
    return path


def test_json_is_all_that_standard_output_holds(messages: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "triage", str(messages), "--json", "--errors", "9"])
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["n"] == 5
    assert told["threshold"] == 0.7
    assert "eval: making the assistant" in result.stderr
    assert "triage_slow" in result.stderr


def test_the_worst_errors_come_first_by_the_line_of_the_file(messages: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "triage", str(messages), "--json", "--errors", "9"])
    errors = json.loads(result.stdout)["errors"]
    assert [(error["line"], error["harm"]) for error in errors] == [(5, 10), (2, 5)]
    assert "text" not in errors[0]


def test_texts_are_shown_only_when_they_are_asked_for(messages: Path) -> None:
    ask = ["eval", "triage", str(messages), "--errors", "1"]
    assert "my parcel" not in CliRunner().invoke(app, ask).stdout
    assert "spam is what I call your parcel" in CliRunner().invoke(app, [*ask, "--show-texts"]).stdout


def test_the_threshold_is_the_policys_unless_it_is_given(messages: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(Path("cli/demo/policy.yaml").read_text("utf-8").replace("threshold: 0.7", "threshold: 0.95"))
    ask = ["eval", "triage", str(messages), "--json", "--policy", str(policy)]
    assert json.loads(CliRunner().invoke(app, ask).stdout)["threshold"] == 0.95
    given = CliRunner().invoke(app, [*ask, "--threshold", "0.5"])
    assert json.loads(given.stdout)["threshold"] == 0.5


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"text": "x", "issue": "refund"}\nnot json', "line 2"),
        ('{"text": "x", "issue": "unknown"}', "line 1"),
        ('{"text": "x"}', "line 1"),
        ("", "no message"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text(content, "utf-8")
    result = CliRunner().invoke(app, ["eval", "triage", str(path)])
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stdout == ""
