"""Pressure: rises with the wait, falls later than it rose, and never flickers."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.pressure import Pressure, PressureLevel, PressureRules, estimated_wait, next_level

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=1)
RULES = PressureRules()  # 10 and 30 minutes; left below 6 and 18; a minute at least
ORDER = tuple(Pressure)

waits = st.none() | st.floats(0, 300).map(lambda minutes: timedelta(minutes=minutes))
levels = st.sampled_from(Pressure)
some_rules = st.builds(
    lambda elevated, more, leave, dwell: PressureRules(
        elevated=PressureLevel(wait_minutes=elevated, confidence=0.6),
        critical=PressureLevel(wait_minutes=elevated + more, confidence=0.5),
        leave_below=leave,
        dwell_seconds=dwell,
    ),
    st.floats(0.5, 60),
    st.floats(0.5, 120),
    st.floats(0.1, 0.9),
    st.floats(0, 600),
)


def level(current: Pressure, minutes: float | None, since: datetime | None = LONG_AGO) -> Pressure:
    return next_level(current, since, None if minutes is None else timedelta(minutes=minutes), RULES, NOON)


def history(waited: list[timedelta | None], rules: PressureRules, every: timedelta) -> list[tuple[datetime, Pressure]]:
    """The changes of level of a team whose wait is looked at now and then."""
    changes: list[tuple[datetime, Pressure]] = []
    current, since = Pressure.NORMAL, None
    for number, wait in enumerate(waited):
        found = next_level(current, since, wait, rules, NOON + every * number)
        if found is not current:
            current, since = found, NOON + every * number
            changes.append((since, current))
    return changes


@pytest.mark.parametrize(
    ("current", "minutes", "now"),
    [
        (Pressure.NORMAL, 9.9, Pressure.NORMAL),
        (Pressure.NORMAL, 10, Pressure.ELEVATED),
        (Pressure.NORMAL, 30, Pressure.CRITICAL),
        (Pressure.NORMAL, None, Pressure.CRITICAL),
        (Pressure.ELEVATED, 6, Pressure.ELEVATED),
        (Pressure.ELEVATED, 5.9, Pressure.NORMAL),
        (Pressure.ELEVATED, 30, Pressure.CRITICAL),
        (Pressure.CRITICAL, 18, Pressure.CRITICAL),
        (Pressure.CRITICAL, 17.9, Pressure.ELEVATED),
        (Pressure.CRITICAL, 8, Pressure.ELEVATED),  # a team that was elevated would still be
        (Pressure.CRITICAL, 0, Pressure.NORMAL),
        (Pressure.CRITICAL, None, Pressure.CRITICAL),
    ],
)
def test_a_level_is_entered_at_its_wait_and_left_well_below_it(
    current: Pressure, minutes: float | None, now: Pressure
) -> None:
    assert level(current, minutes) is now


@given(levels, waits, st.floats(0, 59.9))
def test_a_level_lasts_its_dwell_whatever_the_wait(current: Pressure, wait: timedelta | None, age: float) -> None:
    assert next_level(current, NOON - timedelta(seconds=age), wait, RULES, NOON) is current


@given(levels, levels, waits, waits, some_rules)
def test_a_longer_wait_or_a_higher_level_before_never_means_a_lower_one_now(
    one: Pressure, other: Pressure, a: timedelta | None, b: timedelta | None, rules: PressureRules
) -> None:
    lower, higher = sorted((one, other), key=ORDER.index)
    shorter, longer = sorted((a, b), key=lambda wait: timedelta.max if wait is None else wait)
    now = next_level(lower, LONG_AGO, shorter, rules, NOON)
    assert ORDER.index(now) <= ORDER.index(next_level(higher, LONG_AGO, longer, rules, NOON))


@given(levels, waits, some_rules)
def test_the_same_wait_again_changes_nothing_more(
    current: Pressure, wait: timedelta | None, rules: PressureRules
) -> None:
    once = next_level(current, LONG_AGO, wait, rules, NOON)
    assert next_level(once, LONG_AGO, wait, rules, NOON) is once


@given(st.lists(st.floats(6.01, 17.99)))
def test_a_wait_that_wobbles_around_a_threshold_changes_the_level_once_at_most(waited: list[float]) -> None:
    changes = history([timedelta(minutes=wait) for wait in waited], RULES, timedelta(minutes=5))
    assert [now for _, now in changes] in ([], [Pressure.ELEVATED])


@given(st.lists(waits, max_size=30), some_rules, st.floats(1, 300))
def test_two_changes_are_never_closer_than_the_dwell(
    waited: list[timedelta | None], rules: PressureRules, every: float
) -> None:
    changes = history(waited, rules, timedelta(seconds=every))
    assert all(b - a >= timedelta(seconds=rules.dwell_seconds) for (a, _), (b, _) in pairwise(changes))


def test_a_team_that_never_had_another_level_changes_at_once() -> None:
    assert level(Pressure.NORMAL, 31, since=None) is Pressure.CRITICAL


@given(st.floats(0, 1e6), st.floats(0.5, 1e4), st.floats(0.1, 600))
def test_the_wait_is_waiting_work_over_the_capacity_freed_per_minute(waiting: float, here: float, takes: float) -> None:
    handling = timedelta(minutes=takes)
    found = estimated_wait(waiting, here, handling)
    assert found is not None
    assert found.total_seconds() == pytest.approx(waiting / (here / handling.total_seconds()), abs=1e-5)


def test_nobody_waits_for_nothing_and_nobody_can_tell_while_nobody_is_here() -> None:
    assert estimated_wait(0, 0, timedelta(minutes=6)) == timedelta()
    assert estimated_wait(1, 0, timedelta(minutes=6)) is None


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"elevated": {"wait_minutes": 30, "confidence": 0.5}}, "must be more than elevated"),
        ({"critical": {"wait_minutes": 40, "confidence": 0.7}}, "must not be more than elevated"),
        ({"leave_below": 1}, "less than 1"),
        ({"dwell_seconds": -1}, "greater than or equal to 0"),
        ({"dwell_seconds": float("inf")}, "less than or equal"),
        ({"handling_minutes": float("inf")}, "less than or equal"),
        ({"handling_minutes": float("nan")}, "less than or equal"),
        ({"elevated": {"wait_minutes": 0, "confidence": 0.5}}, "greater than 0"),
    ],
)
def test_rules_that_make_no_sense_are_refused(rules: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PressureRules.model_validate(rules)
