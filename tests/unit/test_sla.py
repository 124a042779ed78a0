"""Service levels: clocks that count working time, warn before they are due, and stop while the customer is asked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.hours import Hours, Weekday
from domain.sla import Clock, ClockState, PausedFor, SlaKind, SlaTargets, deadline, time_left


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
ALWAYS = Hours()
OFFICE = Hours(week=dict.fromkeys(tuple(Weekday)[:5], ("09:00-17:00",)))
NIGHTS = Hours(timezone="Europe/Berlin", week=dict.fromkeys(Weekday, ("00:00-05:30", "22:30-24:00")))
NEVER = Hours(week={Weekday.MON: ()})
TARGETS = SlaTargets(first_response_minutes=60, next_response_minutes=30, resolution_minutes=600)
UNFINISHED = (ClockState.RUNNING, ClockState.PAUSED)

working = st.sampled_from((ALWAYS, OFFICE, NIGHTS))
moments = st.integers(0, 60 * 24 * 400).map(lambda minute: MONDAY + minutes(minute))
lengths = st.integers(0, 3000).map(minutes)
parts = st.floats(0.01, 0.99)


def clock(kind: SlaKind = SlaKind.FIRST_RESPONSE, hours: Hours = ALWAYS, now: datetime = MONDAY) -> Clock:
    found = Clock.start("one", kind, TARGETS, hours, now)
    assert found is not None
    return found


@given(working, moments, st.integers(1, 3000), parts, st.floats(0, 1))
def test_the_warning_is_never_after_the_deadline_nor_before_now(
    hours: Hours, now: datetime, target: int, warn_at: float, part: float
) -> None:
    found = deadline(hours, now, minutes(target), warn_at, minutes(target) * part)
    assert found is not None
    assert now <= found.warn_at <= found.due_at


@given(working, moments, st.integers(1, 3000), parts)
def test_the_warning_comes_at_its_part_of_the_target(hours: Hours, now: datetime, target: int, warn_at: float) -> None:
    found = deadline(hours, now, minutes(target), warn_at)
    assert found is not None
    early = hours.between(now, found.warn_at)
    assert abs(early - minutes(target) * warn_at) <= timedelta(microseconds=2)
    assert hours.between(now, found.due_at) == minutes(target)


def test_hours_that_never_come_make_no_deadline_and_no_clock() -> None:
    assert deadline(NEVER, MONDAY, minutes(1), 0.5) is None
    assert Clock.start("one", SlaKind.RESOLUTION, TARGETS, NEVER, MONDAY) is None


def test_what_is_not_promised_has_no_clock() -> None:
    assert Clock.start("one", SlaKind.RESOLUTION, SlaTargets(first_response_minutes=1), ALWAYS, MONDAY) is None


def test_a_new_clock_waits_for_its_warning_then_for_its_deadline() -> None:
    new = clock(hours=OFFICE, now=MONDAY.replace(hour=16, minute=30))
    assert (new.warn_at, new.due_at) == (MONDAY + timedelta(days=1, minutes=15), MONDAY + timedelta(days=1, minutes=30))
    assert new.next_at == new.warn_at
    warned = new.strike(new.warn_at or MONDAY)
    assert (warned.state, warned.warned_at, warned.next_at) == (ClockState.RUNNING, new.warn_at, new.due_at)
    breached = warned.strike(new.due_at or MONDAY)
    assert (breached.state, breached.breached_at, breached.next_at) == (ClockState.BREACHED, new.due_at, None)


def test_a_clock_that_nobody_struck_in_time_is_breached_without_a_warning() -> None:
    late = clock().strike(MONDAY + minutes(61))
    assert (late.state, late.warned_at, late.breached_at) == (ClockState.BREACHED, None, MONDAY + minutes(60))


@given(working, moments, st.lists(st.tuples(lengths, lengths), max_size=5))
def test_however_often_it_pauses_the_working_time_counted_is_the_target(
    hours: Hours, now: datetime, breaks: list[tuple[timedelta, timedelta]]
) -> None:
    one, counted = clock(SlaKind.RESOLUTION, hours, now), timedelta()
    for runs, rests in breaks:
        assert one.due_at is not None
        if now + runs >= one.due_at:
            break
        counted += hours.between(now, now + runs)
        one = one.pause(PausedFor.CUSTOMER, hours, now + runs)
        assert (one.state, one.due_at, one.next_at) == (ClockState.PAUSED, None, None)
        now = now + runs + rests
        one = one.resume(hours, now)
    assert one.due_at is not None
    assert counted + hours.between(now, one.due_at) == minutes(600)


@given(working, moments, lengths, st.booleans())
def test_no_clock_warns_twice_or_after_its_deadline(
    hours: Hours, now: datetime, rests: timedelta, warned: bool
) -> None:
    one = clock(hours=hours, now=now)
    at = (one.warn_at or now) if warned else now
    one = one.strike(at) if warned else one
    one = one.pause(PausedFor.PARKED, hours, at).resume(hours, at + rests)
    assert one.next_at == (one.due_at if warned else one.warn_at)
    assert (one.warn_at or now) <= (one.due_at or now)


def test_an_answer_in_time_meets_the_clock_and_tells_what_was_left() -> None:
    met = clock(hours=OFFICE).end(ClockState.MET, MONDAY + minutes(45), OFFICE)
    assert (met.state, met.ended_at, met.next_at) == (ClockState.MET, MONDAY + minutes(45), None)
    assert met.left_seconds == 15 * 60


@pytest.mark.parametrize("struck", [True, False])
@pytest.mark.parametrize("how", [ClockState.MET, ClockState.CANCELLED])
def test_too_late_is_breached_whether_the_dispatcher_saw_it_or_not(struck: bool, how: ClockState) -> None:
    one, late = clock(hours=OFFICE), MONDAY + timedelta(days=1)
    assert how is ClockState.MET or how is ClockState.CANCELLED
    one = (one.strike(MONDAY + minutes(60)) if struck else one).end(how, late, OFFICE)
    assert (one.state, one.breached_at, one.ended_at) == (ClockState.BREACHED, MONDAY + minutes(60), late)
    assert one.left_seconds == (-7 * 3600 if how is ClockState.MET else None)


def test_a_deadline_that_passed_unseen_is_not_paused_away() -> None:
    one = clock()
    assert one.pause(PausedFor.CUSTOMER, ALWAYS, MONDAY + minutes(60)) == one


def test_a_paused_clock_that_is_met_keeps_what_was_left() -> None:
    one = clock(SlaKind.RESOLUTION).pause(PausedFor.CUSTOMER, ALWAYS, MONDAY + minutes(100))
    met = one.end(ClockState.MET, MONDAY + timedelta(days=9), ALWAYS)
    assert (met.state, met.left_seconds, met.paused_for) == (ClockState.MET, 500 * 60, None)


def test_waiting_for_the_customer_outlasts_parking() -> None:
    parked = clock().pause(PausedFor.PARKED, ALWAYS, MONDAY)
    assert parked.pause(PausedFor.CUSTOMER, ALWAYS, MONDAY).paused_for is PausedFor.CUSTOMER
    asked = clock().pause(PausedFor.CUSTOMER, ALWAYS, MONDAY)
    assert asked.pause(PausedFor.PARKED, ALWAYS, MONDAY) == asked


@given(working, moments, lengths)
def test_what_has_ended_or_was_missed_neither_pauses_nor_goes_on(hours: Hours, now: datetime, later: timedelta) -> None:
    one = clock(hours=hours, now=now)
    for over in (one.strike(one.due_at or now), one.end(ClockState.MET, now, hours)):
        assert over.state not in UNFINISHED
        assert over.pause(PausedFor.CUSTOMER, hours, now + later) == over
        assert over.resume(hours, now + later) == over


def test_the_time_left_falls_below_zero_after_the_deadline() -> None:
    assert time_left(OFFICE, MONDAY, MONDAY + minutes(10)) == minutes(10)
    assert time_left(OFFICE, MONDAY + timedelta(days=1), MONDAY + minutes(10)) == -minutes(470)


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan"), 525_601])
def test_a_target_is_a_time_that_can_be_kept(value: float) -> None:
    with pytest.raises(ValidationError):
        SlaTargets(resolution_minutes=value)


@pytest.mark.parametrize("value", [0, 1, float("nan")])
def test_a_warning_comes_within_the_target(value: float) -> None:
    with pytest.raises(ValidationError):
        SlaTargets(warn_at=value)
