"""Working hours: what the clock on the wall says, on every night of the year."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.hours import Hours, Weekday

BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, HAVANA, SANTIAGO = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Havana", "America/Santiago",
)  # fmt: skip
ZONES = ("UTC", BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, HAVANA, SANTIAGO, "Pacific/Kiritimati")
ALL_DAY = ("00:00-24:00",)
OFFICE = dict.fromkeys(tuple(Weekday)[:5], ("09:00-12:00", "13:00-17:30"))


def hours(zone: str = "UTC", *holidays: date, **days: str | tuple[str, ...]) -> Hours:
    week = {Weekday(day): (spans,) if isinstance(spans, str) else spans for day, spans in days.items()}
    return Hours(timezone=zone, week=week or OFFICE, holidays=holidays)


def at(zone: str, day: str, clock: str, fold: int = 0) -> datetime:
    """An instant as the clock on the wall shows it; `fold` 1 is the second time that it does."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def written(spans: set[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(f"{b // 60:02}:{b % 60:02}-{e // 60:02}:{e % 60:02}" for b, e in sorted(spans))


@st.composite
def days_of_work(draw: st.DrawFn) -> tuple[str, ...]:
    """Spans of one day, in order; some meet."""
    marks = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    return written({(b * 15, e * 15) for b, e in pairwise(marks) if draw(st.booleans())})


weeks = st.dictionaries(st.sampled_from(Weekday), days_of_work(), max_size=7)
changes = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
]
days = st.sampled_from(changes) | st.dates(date(2026, 1, 1), date(2027, 12, 31))
moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes(minute),
    days,
    st.integers(-720, 2160),
)
any_hours = st.builds(
    Hours, timezone=st.sampled_from(ZONES), week=weeks, holidays=st.lists(days, max_size=3).map(tuple)
)


def on_the_wall(of: Hours, moment: datetime) -> bool:
    """Whether it is working time, read off the zone's clock."""
    local = moment.astimezone(ZoneInfo(of.timezone))
    spans = () if local.date() in of.holidays else of.week.get(tuple(Weekday)[local.weekday()], ())
    return not of.week or any(begin <= f"{local:%H:%M}" < end for begin, end in (span.split("-") for span in spans))


@given(any_hours, moments)
def test_it_is_working_time_whenever_the_clock_on_the_wall_says_so(of: Hours, moment: datetime) -> None:
    assert of.is_open(moment) == on_the_wall(of, moment)


@given(any_hours, moments, st.integers(0, 300))
def test_the_working_time_between_two_instants_is_every_open_minute_and_no_other(
    of: Hours, moment: datetime, length: int
) -> None:
    counted = sum(on_the_wall(of, moment + minutes(number)) for number in range(length))
    assert of.between(moment, moment + minutes(length)) == minutes(counted)


@given(any_hours, moments, st.integers(0, 1500))
def test_so_much_working_time_lies_before_a_deadline_and_it_is_the_first_such_instant(
    of: Hours, moment: datetime, number: int
) -> None:
    working = minutes(number)
    if of.next_opening(moment) is None:
        with pytest.raises(ValueError, match="too little working time"):
            of.add(moment, working)
        return
    due = of.add(moment, working)
    assert of.between(moment, due) == working
    assert not number or of.between(moment, due - timedelta(microseconds=1)) < working


@given(any_hours, moments, st.integers(0, 700), st.integers(0, 700))
def test_a_deadline_reached_in_two_steps_is_the_same_and_more_time_is_never_earlier(
    of: Hours, moment: datetime, first: int, second: int
) -> None:
    if of.next_opening(moment) is not None:
        half = of.add(moment, minutes(first))
        assert half <= of.add(moment, minutes(first + second))
        assert not second or of.add(half, minutes(second)) == of.add(moment, minutes(first + second))


@given(any_hours, moments)
def test_nothing_is_open_before_the_next_opening_nor_closed_before_the_next_closing(
    of: Hours, moment: datetime
) -> None:
    opening, closing = of.next_opening(moment), of.next_closing(moment)
    if opening is None:
        assert of.week
        assert of.between(moment, moment + timedelta(days=30)) == timedelta()
    else:
        assert of.is_open(opening)
        assert of.between(moment, opening) == timedelta()
        assert (opening == moment) == of.is_open(moment)
    if closing is not None:
        assert of.between(moment, closing) == closing - moment > timedelta()
        assert not of.is_open(closing)
    elif of.is_open(moment):
        assert of.between(moment, moment + timedelta(days=60)) == timedelta(days=60)


@pytest.mark.parametrize(
    ("zone", "day", "weekday", "worked"),
    [
        (BERLIN, "2026-03-29", "sun", 23),
        (BERLIN, "2026-10-25", "sun", 25),
        (NEW_YORK, "2026-03-08", "sun", 23),
        (NEW_YORK, "2026-11-01", "sun", 25),
        (LORD_HOWE, "2026-10-04", "sun", 23.5),
        (LORD_HOWE, "2026-04-05", "sun", 24.5),
        (HAVANA, "2026-03-08", "sun", 23),  # the clocks change at midnight
        (HAVANA, "2026-11-01", "sun", 25),
        (SANTIAGO, "2026-09-06", "sun", 23),
        (SANTIAGO, "2026-04-04", "sat", 25),
        (KOLKATA, "2026-03-29", "sun", 24),
    ],
)
def test_a_day_has_as_many_working_hours_as_the_night_of_the_clocks_leaves_it(
    zone: str, day: str, weekday: str, worked: float
) -> None:
    whole = hours(zone, **{weekday: ALL_DAY})
    noon = at(zone, day, "12:00")
    assert whole.between(noon - timedelta(days=3), noon + timedelta(days=3)) == timedelta(hours=worked)


@pytest.mark.parametrize(
    ("span", "opens", "closes"),
    [
        ("01:30-02:30", "01:30", "03:00"),  # ends in the hour that is left out
        ("02:30-03:30", "03:00", "03:30"),  # begins in it
        ("01:00-04:00", "01:00", "04:00"),
    ],
)
def test_an_hour_that_the_clocks_leave_out_is_nobodys(span: str, opens: str, closes: str) -> None:
    night = hours(BERLIN, sun=span)
    midnight = at(BERLIN, "2026-03-29", "00:00")
    opening = night.next_opening(midnight)
    assert opening == at(BERLIN, "2026-03-29", opens)
    assert night.next_closing(opening) == at(BERLIN, "2026-03-29", closes)


def test_a_span_within_the_hour_left_out_opens_a_week_later() -> None:
    night = hours(BERLIN, sun="02:10-02:50")
    assert night.next_opening(at(BERLIN, "2026-03-29", "00:00")) == at(BERLIN, "2026-04-05", "02:10")


def test_an_hour_that_comes_twice_counts_twice_and_spans_that_meet_in_it_count_once() -> None:
    night = hours(BERLIN, sun=("01:00-02:30", "02:30-04:00"))
    midnight = at(BERLIN, "2026-10-25", "00:00")
    assert night.between(midnight, midnight + timedelta(hours=12)) == timedelta(hours=4)
    assert night.next_closing(at(BERLIN, "2026-10-25", "01:00")) == at(BERLIN, "2026-10-25", "04:00")
    half = hours(BERLIN, sun="02:30-02:45")
    first, second = (at(BERLIN, "2026-10-25", "02:30", fold) for fold in (0, 1))
    assert half.next_opening(midnight) == first
    assert half.next_opening(first + minutes(15)) == second
    assert half.add(first, minutes(20)) == second + minutes(5)


def test_the_day_before_midnight_ends_at_the_first_midnight_of_two() -> None:
    evening = hours(HAVANA, sat="20:00-24:00")
    assert evening.next_closing(at(HAVANA, "2026-10-31", "21:00")) == at(HAVANA, "2026-11-01", "00:00", fold=0)


def test_a_night_written_as_two_spans_closes_in_the_morning() -> None:
    night = hours(BERLIN, fri="22:00-24:00", sat="00:00-06:00")
    assert night.next_closing(at(BERLIN, "2026-06-05", "23:00")) == at(BERLIN, "2026-06-06", "06:00")


def test_a_week_without_a_gap_never_closes() -> None:
    around = Hours(week=dict.fromkeys(Weekday, ALL_DAY))
    assert around.next_closing(at("UTC", "2026-06-05", "23:00")) is None
    assert not around.always


def test_what_takes_the_rest_of_the_working_time_is_due_when_it_ends() -> None:
    office = hours(BERLIN)
    assert office.add(at(BERLIN, "2026-04-30", "11:30"), minutes(30)) == at(BERLIN, "2026-04-30", "12:00")
    assert office.add(at(BERLIN, "2026-04-30", "12:00"), minutes(0)) == at(BERLIN, "2026-04-30", "13:00")


def test_lunch_weekends_and_holidays_are_no_working_time() -> None:
    office = hours(BERLIN, date(2026, 5, 1))  # a Friday
    thursday = at(BERLIN, "2026-04-30", "11:30")
    assert office.add(thursday, timedelta(hours=1)) == at(BERLIN, "2026-04-30", "13:30")
    assert office.add(thursday, timedelta(hours=6)) == at(BERLIN, "2026-05-04", "10:00")
    assert office.next_opening(at(BERLIN, "2026-04-30", "17:30")) == at(BERLIN, "2026-05-04", "09:00")
    assert not office.is_open(at(BERLIN, "2026-05-01", "10:00"))


def test_holidays_are_days_of_the_zone() -> None:
    kiritimati = hours("Pacific/Kiritimati", date(2026, 6, 3), wed=ALL_DAY)  # 14 hours ahead
    assert not kiritimati.is_open(datetime(2026, 6, 2, 12, tzinfo=UTC))
    assert kiritimati.is_open(datetime(2026, 6, 9, 12, tzinfo=UTC))


def test_a_week_without_hours_never_opens() -> None:
    never = Hours(week={Weekday.MON: ()})
    noon = at("UTC", "2026-06-01", "12:00")
    assert (never.is_open(noon), never.next_opening(noon), never.next_closing(noon)) == (False, None, None)
    assert never.between(noon, noon + timedelta(days=900)) == timedelta()


def test_without_a_week_it_is_always_working_time() -> None:
    always, night = Hours(timezone=BERLIN), at(BERLIN, "2026-03-29", "01:30")
    assert always.is_open(night)
    assert (always.next_opening(night), always.next_closing(night)) == (night, None)
    assert always.add(night, timedelta(hours=2)) == night + timedelta(hours=2)
    assert always.between(night, night + timedelta(hours=2)) == timedelta(hours=2)
    assert always.between(night, night - timedelta(hours=2)) == timedelta()


@pytest.mark.parametrize("of", [Hours(timezone=BERLIN), hours(BERLIN, sun=ALL_DAY)])
def test_an_instant_told_in_a_local_zone_has_the_same_deadline(of: Hours) -> None:
    night = at(BERLIN, "2026-03-29", "01:30")
    assert of.add(night.astimezone(ZoneInfo(BERLIN)), timedelta(hours=2)) == night + timedelta(hours=2)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("timezone", "Mars/Base", "is no time zone"),
        ("timezone", "", "is no time zone"),
        ("timezone", "Europe", "is no time zone"),
        ("timezone", "../../etc/passwd", "is no time zone"),
        ("week", {"mon": ["9-17"]}, "is no span of a day"),
        ("week", {"mon": ["09:00-24:30"]}, "is no span of a day"),
        ("week", {"mon": ["22:00-06:00"]}, "ends after it begins"),
        ("week", {"mon": ["09:00-09:00"]}, "ends after it begins"),
        ("week", {"mon": ["09:00-12:00", "11:00-17:00"]}, "do not overlap"),
        ("week", {"mon": ["13:00-17:00", "09:00-12:00"]}, "in order"),
        ("week", {"monday": ["09:00-17:00"]}, "Input should be 'mon'"),
        ("holidays", ["2026-02-30"], "date"),
    ],
)
def test_hours_that_make_no_sense_are_refused_by_name(field: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Hours.model_validate({field: value})
