"""`baton policy ...` at the terminal."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.policy_questions import NotUnderstood, instant
from cli.policy_replaying import moment
from domain.policy_text import write_policy
from tests.policies import small_policy

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(write_policy(small_policy()))
    return path


@pytest.fixture
def store(database_url: str, monkeypatch: pytest.MonkeyPatch, file: Path) -> str:
    """A database with the small policy as version 1."""
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    run("activate", str(file))
    return database_url


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["policy", *words])
    assert result.exit_code == code, result.output
    return result.output


def change(file: Path, old: str, new: str) -> Path:
    text = file.read_text()
    assert old in text
    changed = file.with_name("changed.yaml")
    changed.write_text(text.replace(old, new))
    return changed


def test_a_file_is_explained_without_a_store(file: Path) -> None:
    shown = run("explain", "--file", str(file), "--issue", "promo", "--tier", "vip", "--confidence", "0.4")
    assert "passed over: confidence 0.40 is below 0.5" in shown
    assert "team support: open, 1 available, wait 0 min, pressure normal" in shown
    assert "mode offer, cost 1" in shown


def test_an_explanation_as_json_is_one_document(file: Path) -> None:
    words = ["explain", "--file", str(file), "--issue", "complaint", "--at", "2026-03-02T09:30+01:00", "--json"]
    answer = json.loads(run(*words))
    assert (answer["at"], answer["plan"]["cell"]) == ("2026-03-02T08:30:00Z", "complaint x any")


def test_every_fact_of_a_case_can_be_stated(file: Path) -> None:
    words = ["explain", "--file", str(file), "--issue", "promo", "--tier", "vip", "--channel", "email", "--json"]
    words += ["--sentiment", "angry", "--urgency", "time", "--complexity", "involved", "--language", "en", "--repeat"]
    words += ["--amount", "120.00 EUR", "--order-state", "paid", "--lifetime", "900 EUR", "--csat", "2", "--tag", "b2b"]
    words += ["--own-agent", "a1", "--available", "support=3", "--wait", "support=12", "--pressure", "support=critical"]
    facts = json.loads(run(*words))["facts"]
    assert facts["snapshot"]["teams"]["support"] == {"available": 3, "wait_seconds": 720, "pressure": "critical"}
    assert facts["snapshot"]["agents"] == {"a1": True}
    customer, triage = facts["customer"], facts["triage"]
    assert customer["order"] == {"number": "", "state": "paid", "total": {"minor": 12000, "currency": "EUR"}}
    assert (customer["tags"], customer["last_csat"], customer["repeat_contact"]) == (["b2b"], 2, True)
    assert customer["lifetime_value"] == {"minor": 90000, "currency": "EUR"}
    assert (triage["sentiment"], triage["urgency"], triage["complexity"]) == ("angry", "time", "involved")


def test_who_asks_for_a_person_is_told_to_get_one(file: Path) -> None:
    assert "the customer asks for a person" in run("explain", "--file", str(file), "--issue", "promo", "--wants-person")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--tier", "ghosts"], "--tier: 'ghosts' is no tier of this policy; use guest, standard, vip"),
        (["--amount", "a lot"], '--amount: "a lot" is no amount; write it as "120.00 EUR"'),
        (["--amount", "1.234 EUR"], "no amount"),
        (["--amount", "NaN EUR"], "no amount"),
        (["--wait", "ghosts=5"], "--wait: 'ghosts' is no team of this policy; use support"),
        (["--wait", "support=long"], "--wait: 'long' makes no sense"),
        (["--pressure", "support=high"], "--pressure: 'high' makes no sense"),
        (["--at", "soon"], "'soon' is no instant"),
    ],
)
def test_an_option_that_makes_no_sense_is_named(file: Path, words: list[str], said: str) -> None:
    shown = run("explain", "--file", str(file), "--issue", "promo", *words, code=1)
    assert said in " ".join(shown.split())


def test_without_a_file_the_active_policy_and_the_present_availability_are_asked(store: str) -> None:
    shown = run("explain", "--issue", "complaint")
    assert "policy version 1" in shown
    assert "0 available" in shown
    assert "4 available" in run("explain", "--issue", "complaint", "--available", "support=4")


def test_versions_are_listed_compared_and_brought_back(store: str, file: Path) -> None:
    changed = change(file, "Test Shop,", "Other Shop,")
    assert "active as version 2" in run("activate", str(changed))
    assert "+brand: {name: Other Shop" in run("diff", "1", "active")
    assert "+brand: {name: Test Shop" in run("diff", "2", str(file))
    assert "no difference" in run("diff", str(file), "1")
    assert "version 1: active again as version 3" in run("rollback", "1")
    rows = json.loads(run("history", "--json"))
    assert [(row["version"], row["restores"], row["activated_by"]) for row in rows] == [
        (3, 1, "cli"),
        (2, None, "cli"),
        (1, None, "cli"),
    ]
    assert "active, content of version 1" in run("history")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rollback", "99"], "there is no version 99"),
        (["diff", "1", "99"], "no version 99"),
        (["diff", "1", "gone"], "'gone'"),
    ],
)
def test_what_does_not_exist_is_said_so(store: str, words: list[str], said: str) -> None:
    assert said in run(*words, code=1)


def test_an_agent_who_does_not_exist_is_refused_with_line_and_key(store: str, file: Path) -> None:
    changed = change(file, "complaint:\n    any:\n    - plan: [", "complaint:\n    any:\n    - plan: ['agent:ghost', ")
    line = changed.read_text().splitlines().index("    - plan: ['agent:ghost', 'queue:support']") + 1
    shown = run("activate", str(changed), code=1)
    assert f"line {line}, matrix.complaint.any.0.plan.0: there is no agent 'ghost'" in " ".join(shown.split())
    assert len(json.loads(run("history", "--json"))) == 1


def record(url: str, *confidences: float, age: str = "1 hour") -> None:
    """Routing decisions, all to the AI."""
    with psycopg.connect(url) as connection:
        for confidence in confidences:
            facts = {
                "plan": ["ai", "queue:support"],
                "policy": 1,
                "facts_of": {
                    "triage": {"issue": "promo", "confidence": confidence},
                    "customer": {"tier": "guest", "channel": "chat"},
                    "snapshot": {},
                },
            }
            connection.execute(
                "INSERT INTO journal (at, interaction_id, kind, ref, by, facts)"
                " VALUES (now() - %s::interval, 'i1', 'routed', '', '', %s)",
                (age, json.dumps(facts)),
            )


def test_a_file_is_replayed_over_recorded_cases(store: str, file: Path) -> None:
    record(store, 0.6, 0.7, 0.95)
    record(store, 0.6, age="10 days")
    strict = change(file, "confidence_at_least: 0.5", "confidence_at_least: 0.9")
    shown = run("replay", str(strict), "--since", "7d")
    assert "3 cases since" in shown
    assert "1 unchanged, 2 changed" in shown
    assert "confidence 0.60 is below 0.9" in " ".join(shown.split())
    report = json.loads(run("replay", str(strict), "--since", "2020-01-01", "--json"))
    assert (report["cases"], report["changes"][0]["count"]) == (4, 3)
    limited = run("replay", str(strict), "--since", "2020-01-01", "--limit", "1")
    assert "1 cases since" in limited
    assert "older ones were not tried" in limited
    assert "0 changed" in run("replay", str(file), "--since", "7d")


@pytest.mark.parametrize(
    ("written", "ago"), [("7d", timedelta(days=7)), ("12h", timedelta(hours=12)), ("30m", timedelta(minutes=30))]
)
def test_since_may_be_how_long_ago(written: str, ago: timedelta) -> None:
    assert moment(written, NOW) == NOW - ago


def test_since_may_be_a_date_or_an_instant() -> None:
    assert moment("2026-03-01", NOW) == datetime(2026, 3, 1, tzinfo=UTC)
    assert instant("2026-03-01T01:00+02:00") == datetime(2026, 2, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize("written", ["7", "7w", "-7d", "last week", "2026-13-01", "", "0001-01-01T00:00+14:00"])
def test_since_that_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood):
        moment(written, NOW)
