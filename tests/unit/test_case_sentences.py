"""What happened in a case is told in words of people."""

from datetime import UTC, datetime

import pytest

from api.happenings import sentence
from domain.interaction import EntryKind
from store.case_view import Happened
from store.journal import Happening


@pytest.mark.parametrize(
    ("issue", "told"),
    [
        ("human", "Understood as a wish for a person."),
        ("damaged_wrong", "Understood as damaged or wrong."),
        ("order_status", "Understood as order status."),
    ],
)
def test_the_issue_is_told_in_words_of_people(issue: str, told: str) -> None:
    assert sentence(_happened(Happening.TRIAGED, issue=issue)) == told


def test_an_escalated_case_is_not_passed_on_by_somebody() -> None:
    assert sentence(_happened(Happening.WORK_TRANSFERRED, team="seniors")) == "The case went on to team seniors."


def test_a_transfer_is_told_once_and_names_who_did_it() -> None:
    rows = [
        _happened(Happening.WORK_TRANSFERRED, "Nico", team="seniors"),
        _happened(EntryKind.WORK_MOVED, "Nico", passed_on=True),
    ]
    assert [told for row in rows if (told := sentence(row))] == ["Nico passed the case on to team seniors."]


def _happened(kind: str, by_name: str = "", **facts: object) -> Happened:
    return Happened(kind=kind, ref="", by_name=by_name, facts=facts, at=datetime(2026, 3, 2, 9, tzinfo=UTC))
