"""The place of a case in the queue, and its timers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.work import Timers, WorkState, nearest_timer, virtual_enqueue_time

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_priority_brings_a_case_forward_by_its_worth_and_no_more() -> None:
    vip = virtual_enqueue_time(NOON, timedelta(minutes=30))
    earlier = virtual_enqueue_time(NOON - timedelta(minutes=31), timedelta())
    later = virtual_enqueue_time(NOON - timedelta(minutes=29), timedelta())
    assert earlier < vip < later


def test_a_response_that_is_due_soon_brings_a_case_forward() -> None:
    urgent = virtual_enqueue_time(NOON, timedelta(), NOON + timedelta(minutes=10))
    assert urgent == NOON - timedelta(minutes=50)
    assert virtual_enqueue_time(NOON, timedelta(), NOON + timedelta(hours=5)) == NOON


@given(st.timedeltas(timedelta(), timedelta(hours=3)), st.timedeltas(timedelta(), timedelta(hours=9)))
def test_no_case_is_ever_put_behind_its_own_arrival(priority: timedelta, due: timedelta) -> None:
    assert virtual_enqueue_time(NOON, priority, NOON + due) <= NOON


def test_only_the_timer_of_the_present_state_counts() -> None:
    times = [NOON + timedelta(minutes=number) for number in range(5)]
    timers = Timers(
        offered_until=times[0], widen_at=times[1], idle_at=times[2], parked_until=times[3], wrap_until=times[4]
    )
    counts = {state: nearest_timer(state, timers) for state in WorkState}
    assert counts == {
        WorkState.OFFERED: times[0],
        WorkState.WAITING: times[1],
        WorkState.ASSIGNED: times[2],
        WorkState.PARKED: times[3],
        WorkState.WRAPPING: times[4],
        WorkState.DONE: None,
        WorkState.CANCELLED: None,
    }
