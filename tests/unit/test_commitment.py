"""Commitments: when somebody is woken, which fact fulfils what, and what counts as kept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commitment import (
    SHOP_FACTS,
    CommitmentState,
    Fact,
    FulfilledBy,
    fulfils,
    state_when_closed,
    wake_at,
)
from domain.hours import Hours, Weekday
from domain.promise_notices import promise_fulfilled

WEEK = dict.fromkeys(list(Weekday)[:5], ("09:00-12:00", "13:00-17:00"))
OFFICE = Hours(week=WEEK)


def at(text: str) -> datetime:
    """November 2026, in UTC: `18 10:00` is a Wednesday."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "due", "woken"),
    [
        ("18 10:00", "18 17:00", "18 16:00"),  # an hour before
        ("18 10:00", "18 12:00", "18 11:30"),  # a quarter of a short time
        ("18 10:00", "18 14:30", "18 13:38"),  # the lunch break is no time to keep it: a quarter of three and a half
        ("20 15:00", "23 09:30", "20 16:53"),  # Monday's first half hour is not enough: Friday
        ("20 10:00", "23 09:00", "20 16:00"),  # due at the opening: the evening before
        ("18 10:00", "23 10:00", "23 09:00"),  # exactly the opening, not Friday's closing
        ("20 10:00", "21 20:00", "20 16:00"),  # due on a day off
        ("21 10:00", "21 14:00", "21 13:00"),  # made and due on a day off: by the clock
        ("18 20:00", "19 11:00", "19 10:30"),  # made after work
    ],
)
def test_people_are_woken_in_working_time_while_it_can_still_be_kept(made: str, due: str, woken: str) -> None:
    found = wake_at(at(made), at(due), OFFICE)
    assert (found + timedelta(seconds=30)).replace(second=0, microsecond=0) == at(woken)


def test_a_team_that_always_works_is_woken_by_the_clock() -> None:
    assert wake_at(at("21 10:00"), at("22 10:00"), Hours()) == at("22 09:00")


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])


@given(MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=60)), ZONES)
def test_waking_comes_after_the_promise_and_before_it_is_due_and_in_working_time_if_there_is_any(
    made: datetime, ahead: timedelta, zone: str
) -> None:
    hours = Hours(timezone=zone, week=WEEK)
    woken = wake_at(made, made + ahead, hours)
    assert made <= woken <= made + ahead
    assert hours.is_open(woken) or not hours.between(made, made + ahead)


@pytest.mark.parametrize(
    ("fact", "promised", "order", "does"),
    [
        (Fact(kind=FulfilledBy.REFUND, order="A1"), FulfilledBy.REFUND, "A1", True),
        (Fact(kind=FulfilledBy.REFUND, order="A1"), FulfilledBy.REFUND, "", True),
        (Fact(kind=FulfilledBy.REFUND, order="A1"), FulfilledBy.REFUND, "A2", False),
        (Fact(kind=FulfilledBy.SHIPMENT, order="A1"), FulfilledBy.REFUND, "A1", False),
        (Fact(kind=FulfilledBy.REFUND), FulfilledBy.REFUND, "A1", False),
    ],
)
def test_a_fact_fulfils_what_it_is_about(fact: Fact, promised: FulfilledBy, order: str, does: bool) -> None:
    assert fulfils(fact, promised, order) is does


def test_what_comes_too_late_stays_broken() -> None:
    due = at("18 12:00")
    assert state_when_closed(due, due) is CommitmentState.KEPT
    assert state_when_closed(due, due + timedelta(microseconds=1)) is CommitmentState.BROKEN


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ja"])
@pytest.mark.parametrize("kind", sorted(SHOP_FACTS))
def test_every_fact_of_the_shop_has_its_words(kind: FulfilledBy, language: str) -> None:
    words = {late: promise_fulfilled(Fact(kind=kind, order="A1"), language, late=late) for late in (False, True)}
    assert words[False] != words[True]
    assert all("(A1)" in text and "{" not in text for text in words.values())
    assert "(" not in promise_fulfilled(Fact(kind=kind), language, late=False)
