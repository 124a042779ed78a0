"""When a shipment counts as delayed: whose date, which day, which reason; and how its customer is reached."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commerce import Order, OrderState, Shipment, ShipmentState
from domain.flows.business_days import beginning, business_days_after, is_business_day, latest_start, local_day
from domain.flows.delay import Delay, DelayState, assess, best_channel, moved_since
from domain.flows.rules import DelayRules, DeliveryPromise
from domain.hours import Hours
from domain.money import Money
from domain.parties import Channel

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
"""A Wednesday."""
RULES = DelayRules(
    offered=True,
    promises=(
        DeliveryPromise(methods=("express",), countries=("DE",), business_days=1),
        DeliveryPromise(countries=("DE",), business_days=3),
        DeliveryPromise(methods=("standard",), countries=("FR", "ES"), business_days=6),
    ),
    hours=Hours(timezone=BERLIN),
)


def parcel(state: ShipmentState = ShipmentState.IN_TRANSIT, **known: object) -> Shipment:
    known = {"shipped_at": NOW - timedelta(days=1), "last_scan_at": NOW - timedelta(hours=3), **known}
    return Shipment.model_validate(
        {"shipment_id": "s", "state": state, "carrier": "c", "tracking_number": "t", "line_ids": (), **known}
    )


def order(placed_at: datetime = NOW - timedelta(days=1), **known: object) -> Order:
    return Order.model_validate(
        {
            "number": "BT-1",
            "customer_id": "cus-1",
            "email": "kim@example.com",
            "state": OrderState.SHIPPED,
            "placed_at": placed_at,
            "total": Money(minor=100, currency="EUR"),
            "lines": (),
            **known,
        }
    )


def verdict(delay: Delay) -> tuple[str, str]:
    return delay.state.value, delay.reason.value if delay.reason else ""


# --- which day has passed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "now", "expected_on", "late"),
    [
        # The expected day counts whole, by the brand's own calendar.
        (BERLIN, datetime(2026, 11, 18, 22, 59, 59, tzinfo=UTC), date(2026, 11, 18), False),
        (BERLIN, datetime(2026, 11, 18, 23, 0, tzinfo=UTC), date(2026, 11, 18), True),
        ("America/Los_Angeles", datetime(2026, 11, 19, 7, 59, tzinfo=UTC), date(2026, 11, 18), False),
        ("America/Los_Angeles", datetime(2026, 11, 19, 8, 0, tzinfo=UTC), date(2026, 11, 18), True),
        ("Pacific/Auckland", datetime(2026, 11, 18, 11, 0, tzinfo=UTC), date(2026, 11, 18), True),
        # Summer time ends on 25 October 2026: that day has 25 hours.
        (BERLIN, datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25), False),
        (BERLIN, datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 25), True),
        # It begins on 29 March 2026: that day has 23.
        (BERLIN, datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29), False),
        (BERLIN, datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 29), True),
        # A carrier's Saturday or Sunday is taken as it is.
        (BERLIN, datetime(2026, 11, 21, 22, 59, tzinfo=UTC), date(2026, 11, 21), False),
        (BERLIN, datetime(2026, 11, 21, 23, 0, tzinfo=UTC), date(2026, 11, 21), True),
        (BERLIN, datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 22), True),
        # In Cairo the clocks skip midnight: the day before is over when the next one begins, at one o'clock.
        ("Africa/Cairo", datetime(2026, 4, 23, 21, 59, tzinfo=UTC), date(2026, 4, 23), False),
        ("Africa/Cairo", datetime(2026, 4, 23, 22, 0, tzinfo=UTC), date(2026, 4, 23), True),
    ],
)
def test_the_carriers_day_has_passed_at_its_end_in_the_brands_time_zone(
    zone: str, now: datetime, expected_on: date, late: bool
) -> None:
    rules = RULES.model_copy(update={"hours": Hours(timezone=zone)})
    found = assess(parcel(expected_on=expected_on, last_scan_at=now), order(now - timedelta(days=1)), rules, now)
    assert verdict(found) == (("delayed", "late") if late else ("on_time", ""))
    assert found.due_on == expected_on


@pytest.mark.parametrize(
    ("placed", "method", "country", "holidays", "due"),
    [
        ("2026-11-16T09:00", "express", "DE", (), date(2026, 11, 17)),
        ("2026-11-16T09:00", "standard", "DE", (), date(2026, 11, 19)),
        ("2026-11-16T09:00", "Standard", "fr", (), date(2026, 11, 24)),
        # A minute before midnight in Berlin still counts as that day, a minute later does not.
        ("2026-11-16T22:59", "express", "DE", (), date(2026, 11, 17)),
        ("2026-11-16T23:00", "express", "DE", (), date(2026, 11, 18)),
        # Friday, Saturday and Sunday all lead to Monday, Saturday not being a business day.
        ("2026-11-20T09:00", "express", "DE", (), date(2026, 11, 23)),
        ("2026-11-21T09:00", "express", "DE", (), date(2026, 11, 23)),
        ("2026-11-22T09:00", "express", "DE", (), date(2026, 11, 23)),
        ("2026-11-16T09:00", "express", "DE", (date(2026, 11, 17),), date(2026, 11, 18)),
        ("2026-12-23T09:00", "standard", "DE", (date(2026, 12, 25), date(2027, 1, 1)), date(2026, 12, 29)),
        ("2026-11-16T09:00", "express", "FR", (), None),
        ("2026-11-16T09:00", "standard", "US", (), None),
    ],
)
def test_without_a_carriers_date_the_first_promise_that_fits_counts_in_business_days(
    placed: str, method: str, country: str, holidays: tuple[date, ...], due: date | None
) -> None:
    rules = RULES.model_copy(update={"holidays": holidays})
    placed_at = datetime.fromisoformat(placed).replace(tzinfo=UTC)
    bought = order(placed_at, shipping_method=method, country=country)
    found = assess(parcel(last_scan_at=placed_at), bought, rules, placed_at)
    assert found.due_on == due
    assert found.state is (DelayState.ON_TIME if due else DelayState.UNKNOWN)
    if due is not None:
        last = beginning(due + timedelta(days=1), BERLIN)
        fresh = parcel(last_scan_at=last)
        assert not assess(fresh, bought, rules, last - timedelta(seconds=1)).delayed
        assert verdict(assess(fresh, bought, rules, last)) == ("delayed", "late")


def test_the_carriers_date_stands_above_the_promise_whichever_is_earlier() -> None:
    long_ago = order(NOW - timedelta(days=40))
    assert not assess(parcel(expected_on=date(2026, 11, 30)), long_ago, RULES, NOW).delayed
    assert assess(parcel(expected_on=date(2026, 11, 17)), order(NOW), RULES, NOW).delayed


# --- reasons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected_on", "scanned_days", "found"),
    [
        (ShipmentState.IN_TRANSIT, date(2026, 11, 20), 1, ("on_time", "")),
        (ShipmentState.IN_TRANSIT, date(2026, 11, 20), 4.99, ("on_time", "")),
        (ShipmentState.IN_TRANSIT, date(2026, 11, 20), 5, ("delayed", "no_scan")),
        (ShipmentState.OUT_FOR_DELIVERY, date(2026, 11, 20), 6, ("delayed", "no_scan")),
        # A parcel that has not been handed over is not under way: nobody scans it.
        (ShipmentState.LABEL_CREATED, date(2026, 11, 20), 9, ("on_time", "")),
        (ShipmentState.LABEL_CREATED, date(2026, 11, 17), 9, ("delayed", "late")),
        (ShipmentState.IN_TRANSIT, date(2026, 11, 17), 9, ("delayed", "late")),
        (ShipmentState.EXCEPTION, date(2026, 11, 20), 1, ("delayed", "exception")),
        (ShipmentState.EXCEPTION, date(2026, 11, 1), 9, ("delayed", "exception")),
        (ShipmentState.RETURNED, date(2026, 11, 1), 9, ("delayed", "returned")),
        (ShipmentState.DELIVERED, date(2026, 11, 1), 9, ("on_time", "")),
    ],
)
def test_the_gravest_reason_counts(
    state: ShipmentState, expected_on: date, scanned_days: float, found: tuple[str, str]
) -> None:
    seen = parcel(state, expected_on=expected_on, last_scan_at=NOW - timedelta(days=scanned_days))
    assert verdict(assess(seen, order(), RULES, NOW)) == found


def test_days_without_a_scan_count_from_the_handing_over_until_the_first_scan() -> None:
    handed_over = parcel(expected_on=date(2026, 11, 30), shipped_at=NOW - timedelta(days=5), last_scan_at=None)
    assert verdict(assess(handed_over, order(), RULES, NOW)) == ("delayed", "no_scan")
    assert not assess(handed_over, order(), RULES, NOW - timedelta(seconds=1)).delayed


@pytest.mark.parametrize("state", [ShipmentState.LABEL_CREATED, ShipmentState.IN_TRANSIT])
def test_no_data_is_unknown_and_never_delayed(state: ShipmentState) -> None:
    silent = parcel(state, shipped_at=None, last_scan_at=None)
    for rules in (RULES, RULES.model_copy(update={"promises": ()})):
        found = assess(silent, order(NOW - timedelta(days=900), country="US"), rules, NOW)
        assert found == Delay(state=DelayState.UNKNOWN)


@pytest.mark.parametrize("state", [OrderState.DELIVERED, OrderState.CANCELLED, OrderState.RETURNED])
@pytest.mark.parametrize("parcels", list(ShipmentState))
def test_an_order_that_is_over_is_never_delayed(state: OrderState, parcels: ShipmentState) -> None:
    old = parcel(parcels, expected_on=date(2026, 1, 1), last_scan_at=NOW - timedelta(days=99))
    assert not assess(old, order(NOW - timedelta(days=100), state=state), RULES, NOW).delayed


def test_since_is_when_it_became_delayed() -> None:
    late = assess(parcel(expected_on=date(2026, 11, 16)), order(), RULES, NOW)
    assert late.since == datetime(2026, 11, 16, 23, tzinfo=UTC)
    told = NOW - timedelta(hours=7)
    assert assess(parcel(ShipmentState.EXCEPTION, last_scan_at=told), order(), RULES, NOW).since == told
    silent = parcel(expected_on=date(2026, 12, 1), last_scan_at=NOW - timedelta(days=6))
    assert assess(silent, order(), RULES, NOW).since == NOW - timedelta(days=1)


# --- for any time and data --------------------------------------------------------------------------------------------

ZONES = st.sampled_from(["UTC", BERLIN, "America/New_York", "Pacific/Auckland", "Africa/Cairo", "Asia/Kolkata"])
MOMENTS = st.integers(0, 3 * 365 * 86400).map(
    lambda second: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
HOLIDAYS = st.lists(DAYS, max_size=9).map(tuple)


@given(DAYS, st.integers(1, 20), HOLIDAYS)
def test_a_promise_falls_due_on_a_business_day_with_exactly_so_many_since(
    start: date, count: int, holidays: tuple[date, ...]
) -> None:
    due = business_days_after(start, count, holidays)
    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert is_business_day(due, holidays)
    assert sum(day.weekday() < 5 and day not in holidays for day in between) == count


@given(DAYS, st.integers(1, 20), HOLIDAYS)
def test_the_latest_start_leads_to_the_day_and_the_next_one_beyond(
    day: date, count: int, holidays: tuple[date, ...]
) -> None:
    start = latest_start(day, count, holidays)
    assert business_days_after(start, count, holidays) <= day
    assert business_days_after(start + timedelta(days=1), count, holidays) > day


@given(ZONES, MOMENTS)
def test_a_day_begins_where_the_calendar_changes(zone: str, at: datetime) -> None:
    day = local_day(at, zone)
    begin = beginning(day, zone)
    assert begin <= at < beginning(day + timedelta(days=1), zone)
    assert local_day(begin - timedelta(seconds=1), zone) == day - timedelta(days=1)


@given(ZONES, MOMENTS, st.integers(0, 400), st.integers(1, 20), HOLIDAYS)
def test_late_is_exactly_when_the_day_it_was_due_is_over(
    zone: str, placed_at: datetime, hours: int, count: int, holidays: tuple[date, ...]
) -> None:
    rules = DelayRules(promises=(DeliveryPromise(business_days=count),), holidays=holidays, hours=Hours(timezone=zone))
    now = placed_at + timedelta(hours=hours)
    found = assess(parcel(last_scan_at=now), order(placed_at), rules, now)
    assert found.due_on is not None
    assert found.delayed == (now.astimezone(ZoneInfo(zone)).date() > found.due_on)
    assert not found.delayed or (found.since is not None and found.since <= now)


@given(
    st.sampled_from(list(ShipmentState)),
    st.none() | DAYS,
    st.none() | MOMENTS,
    MOMENTS,
    st.sampled_from(list(OrderState)),
)
def test_nothing_is_said_of_a_delay_without_a_reason_and_an_instant(
    state: ShipmentState, expected_on: date | None, scanned: datetime | None, now: datetime, bought: OrderState
) -> None:
    found = assess(parcel(state, expected_on=expected_on, last_scan_at=scanned), order(state=bought), RULES, now)
    assert found.delayed == (found.reason is not None) == (found.since is not None)
    assert found.since is None or found.since <= now


# --- moving, and channels ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "scanned", "moved"),
    [
        (ShipmentState.IN_TRANSIT, NOW + timedelta(seconds=1), True),
        (ShipmentState.OUT_FOR_DELIVERY, NOW + timedelta(hours=1), True),
        (ShipmentState.IN_TRANSIT, NOW, False),
        (ShipmentState.IN_TRANSIT, None, False),
        (ShipmentState.EXCEPTION, NOW + timedelta(hours=1), False),
        (ShipmentState.RETURNED, NOW + timedelta(hours=1), False),
        (ShipmentState.DELIVERED, None, True),
    ],
)
def test_a_parcel_has_moved_when_it_was_scanned_on_its_way_or_arrived(
    state: ShipmentState, scanned: datetime | None, moved: bool
) -> None:
    assert moved_since(parcel(state, last_scan_at=scanned), NOW) is moved


@pytest.mark.parametrize(
    ("consented", "reachable", "channel", "why_not"),
    [
        (("email", "whatsapp"), {Channel.EMAIL, Channel.WHATSAPP}, Channel.WHATSAPP, ""),
        (("email", "whatsapp"), {Channel.EMAIL}, Channel.EMAIL, ""),
        (("email",), {Channel.EMAIL, Channel.WHATSAPP}, Channel.EMAIL, ""),
        (("whatsapp",), {Channel.EMAIL}, None, "unreachable"),
        (("sms",), {Channel.EMAIL, Channel.SMS}, None, "no_consent"),
        ((), {Channel.EMAIL}, None, "no_consent"),
    ],
)
def test_the_first_channel_of_the_policy_that_is_consented_to_and_reachable(
    consented: tuple[str, ...], reachable: set[Channel], channel: Channel | None, why_not: str
) -> None:
    rules = RULES.model_copy(update={"channels": (Channel.WHATSAPP, Channel.EMAIL)})
    found = best_channel(consented, rules, reachable)
    assert (found.channel, found.why_not) == (channel, why_not)
