"""The order of work and the choice of the agent."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.work import Candidate, choose_agent, virtual_enqueue_time

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

candidates = st.lists(
    st.builds(
        Candidate,
        agent_id=st.uuids().map(str),
        free=st.integers(0, 4),
        load=st.integers(0, 4),
        idle_since=st.integers(0, 90).map(lambda minutes: NOON - timedelta(minutes=minutes)),
        knows_customer=st.booleans(),
    )
)


@given(candidates, st.integers(1, 4))
def test_whoever_is_chosen_has_room_and_nobody_who_fits_comes_first(everybody: list[Candidate], cost: int) -> None:
    chosen = choose_agent(everybody, cost)
    fitting = [one for one in everybody if one.free >= cost]
    assert (chosen is None) == (not fitting)
    if chosen is not None:
        assert chosen in fitting
        assert chosen.knows_customer or not any(one.knows_customer for one in fitting)
        alike = [one for one in fitting if one.knows_customer == chosen.knows_customer]
        assert chosen.load == min(one.load for one in alike)
        assert chosen.idle_since == min(one.idle_since for one in alike if one.load == chosen.load)


@given(candidates, st.integers(1, 4))
def test_the_choice_does_not_depend_on_the_order_of_the_list(everybody: list[Candidate], cost: int) -> None:
    assert choose_agent(everybody, cost) == choose_agent(everybody[::-1], cost)


def test_priority_brings_a_case_forward_by_its_worth_and_no_more() -> None:
    vip = virtual_enqueue_time(NOON, timedelta(minutes=30))
    earlier = virtual_enqueue_time(NOON - timedelta(minutes=31), timedelta())
    later = virtual_enqueue_time(NOON - timedelta(minutes=29), timedelta())
    assert earlier < vip < later
