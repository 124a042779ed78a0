"""Where a parcel is after a carrier has told something: forward, and back only where that is what happened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commerce import ShipmentState
from domain.flows.kinds import FlowEntryKind
from domain.tracking import furthest, news_of_return, next_state

LABEL, TRANSIT, OUT = ShipmentState.LABEL_CREATED, ShipmentState.IN_TRANSIT, ShipmentState.OUT_FOR_DELIVERY
DELIVERED, EXCEPTION, RETURNED = ShipmentState.DELIVERED, ShipmentState.EXCEPTION, ShipmentState.RETURNED
SCANNED, RECEIVED = FlowEntryKind.PARCEL_SCANNED, FlowEntryKind.PARCEL_RECEIVED
ANY = st.sampled_from(ShipmentState)


@pytest.mark.parametrize(
    ("now", "told", "newest", "after"),
    [
        (LABEL, TRANSIT, True, TRANSIT),
        (LABEL, DELIVERED, True, DELIVERED),
        (TRANSIT, OUT, False, OUT),
        (OUT, TRANSIT, True, OUT),
        (DELIVERED, OUT, True, DELIVERED),
        (DELIVERED, TRANSIT, False, DELIVERED),
        (TRANSIT, EXCEPTION, True, EXCEPTION),
        (TRANSIT, EXCEPTION, False, TRANSIT),
        (EXCEPTION, TRANSIT, True, TRANSIT),
        (EXCEPTION, TRANSIT, False, EXCEPTION),
        (EXCEPTION, LABEL, True, EXCEPTION),
        (DELIVERED, EXCEPTION, True, EXCEPTION),
        (DELIVERED, RETURNED, True, RETURNED),
        (DELIVERED, RETURNED, False, DELIVERED),
        (EXCEPTION, DELIVERED, True, DELIVERED),
        (RETURNED, DELIVERED, True, RETURNED),
    ],
)
def test_a_parcel_moves_as_carriers_move_it(
    now: ShipmentState, told: ShipmentState, newest: bool, after: ShipmentState
) -> None:
    assert next_state(now, told, newest=newest) is after


@given(st.permutations([LABEL, TRANSIT, OUT, DELIVERED]))
def test_plain_scans_end_alike_in_whatever_order_they_come(scans: list[ShipmentState]) -> None:
    state = LABEL
    for told in scans:
        state = next_state(state, told, newest=False)
    assert state is DELIVERED


@given(st.lists(ANY))
def test_a_flow_hears_of_its_parcel_once_scanned_and_once_received_at_most(scans: list[ShipmentState]) -> None:
    state: ShipmentState | None = None
    news = []
    for told in scans:
        news.append(news_of_return(state, told))
        state = furthest(state, told)
    assert news.count(SCANNED) <= 1
    assert news.count(RECEIVED) == (DELIVERED in scans)
    moving = next((told for told in scans if told is not LABEL), None)
    assert (SCANNED in news) == (moving not in (None, DELIVERED))
