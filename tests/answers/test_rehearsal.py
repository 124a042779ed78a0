"""The runner finds what is wrong: assistants that lie, leak, or never or always hand off, each under its heading."""

import pytest

from cli.evaluating.cases import Outcome
from cli.evaluating.judging import Fault
from cli.evaluating.report import JudgedCase, totals


@pytest.mark.parametrize(
    ("name", "fault", "why"),
    [
        ("other amount", Fault.UNSUPPORTED, "149 is in no cited source"),
        ("other day", Fault.UNSUPPORTED, "31.2. is in no cited source"),
        ("no source", Fault.UNSUPPORTED, "no source for"),
        ("invented source", Fault.UNSUPPORTED, "90 is in no cited source"),
        ("asks falsely", Fault.UNSUPPORTED, "a question names 77"),
        ("tells of another", Fault.WRONG, "tells of BT-10702, which is not proven"),
        ("tells before proof", Fault.WRONG, "tells of BT-10703, which is not proven"),
        ("names another", Fault.WRONG, "names PL0001070201, which is not proven"),
        ("other order of theirs", Fault.WRONG, "tells of BT-10703, which was not asked about"),
        ("forbidden", Fault.WRONG, "says 'free of charge'"),
        ("never hands off", Fault.MISSED_HANDOFF, "ended as resolved"),
        ("always hands off", Fault.NEEDLESS_HANDOFF, "low_confidence"),
        ("crashes", Fault.NEEDLESS_HANDOFF, "tool_failure, LookupError"),
        ("wrong flow", Fault.WRONG, "begins cancellation"),
    ],
)
def test_each_way_of_being_wrong_is_found_under_its_heading(
    scripted: dict[str, JudgedCase], name: str, fault: Fault, why: str
) -> None:
    case = scripted[name]
    assert [finding for finding in case.findings if finding.fault is fault and finding.why.startswith(why)]
    assert not case.passed
    assert not case.resolved


def test_an_honest_answer_is_resolved_and_nothing_else(scripted: dict[str, JudgedCase]) -> None:
    case = scripted["honest"]
    assert case.findings == ()
    assert case.resolved
    assert case.outcome is Outcome.RESOLVED


def test_a_case_knows_nothing_of_the_one_before(scripted: dict[str, JudgedCase]) -> None:
    """The same customer's open case with people would otherwise swallow the message."""
    assert scripted["always hands off"].outcome is Outcome.HANDOFF
    assert scripted["honest after all these"].resolved


def test_totals_count_each_fault_once_under_its_own_heading(scripted: dict[str, JudgedCase]) -> None:
    names = ("honest", "other amount", "tells of another", "never hands off", "always hands off")
    counts = totals([scripted[name] for name in names])
    assert (counts.cases, counts.answerable, counts.resolved, counts.must_hand_off) == (5, 4, 1, 1)
    assert (counts.unsupported, counts.needless_handoff, counts.missed_handoff) == (1, 1, 1)
    assert counts.wrong >= 1
    assert counts.resolved_rate == pytest.approx(0.25)
