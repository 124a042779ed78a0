"""Is a shipment delayed? One rule, used by detection, by the story before it speaks, and by `baton outreach`.

A day has passed when it is over in the brand's time zone (`DelayRules.hours.timezone`), the last day counting whole.
The carrier's date is taken as it is, also on a Saturday or Sunday, since carriers deliver on some of them; the brand's
own promise counts business days, so it never falls due on a weekend or a holiday. Where nothing is known of the day on
which a parcel is due, and nothing else is wrong with it, the answer is unknown, and nobody is told anything.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from domain.commerce import Order, OrderState, Shipment, ShipmentState
from domain.flows.business_days import beginning, business_days_after, local_day
from domain.flows.requests import OutreachReason
from domain.flows.rules import DelayRules, DeliveryPromise
from domain.parties import Channel
from domain.values import Value

OVER = frozenset({OrderState.DELIVERED, OrderState.CANCELLED, OrderState.RETURNED})
"""Orders of which no parcel is waited for any more; one that came back whole has been settled with the customer."""
UNDER_WAY = frozenset({ShipmentState.IN_TRANSIT, ShipmentState.OUT_FOR_DELIVERY})
_DAY = timedelta(days=1)


class DelayState(StrEnum):
    """What is known of a shipment's time."""

    DELAYED = "delayed"
    ON_TIME = "on_time"
    UNKNOWN = "unknown"


class Delay(Value):
    """The answer of the rule."""

    state: DelayState
    reason: OutreachReason | None = None
    """Why it counts as delayed."""
    since: datetime | None = None
    """The instant from which it does (UTC)."""
    due_on: date | None = None
    """The carrier's date, else the last day of the promise; None: nobody has said one."""

    @property
    def delayed(self) -> bool:
        """It is delayed."""
        return self.state is DelayState.DELAYED


def assess(shipment: Shipment, order: Order, rules: DelayRules, now: datetime) -> Delay:
    """Delayed for one reason, on time, or unknown. Of several reasons the gravest counts.

    Gravest first: on its way back, a problem that the carrier reports, late, not scanned.
    """
    due = due_on(shipment, order, rules)
    if shipment.state is ShipmentState.DELIVERED or order.state in OVER:
        return Delay(state=DelayState.ON_TIME, due_on=due)
    for reason, since in _reasons(shipment, rules, due, now):
        if since <= now:
            return Delay(state=DelayState.DELAYED, reason=reason, since=since, due_on=due)
    return Delay(state=DelayState.ON_TIME if due else DelayState.UNKNOWN, due_on=due)


def due_on(shipment: Shipment, order: Order, rules: DelayRules) -> date | None:
    """The day until whose end it is in time: the carrier's, else that of the first promise that fits."""
    if shipment.expected_on is not None:
        return shipment.expected_on
    promise = next((promise for promise in rules.promises if fits(promise, order)), None)
    if promise is None:
        return None
    placed_on = local_day(order.placed_at, rules.hours.timezone)
    return business_days_after(placed_on, promise.business_days, rules.holidays)


def fits(promise: DeliveryPromise, order: Order) -> bool:
    """Is the promise about this shipping method and country? Upper and lower case are the same; nothing named: all."""
    methods = {method.lower() for method in promise.methods}
    countries = {country.lower() for country in promise.countries}
    return (not methods or order.shipping_method.lower() in methods) and (
        not countries or order.country.lower() in countries
    )


def moved_since(shipment: Shipment, at: datetime) -> bool:
    """Has it arrived, or been scanned on its way to the customer after an instant?"""
    if shipment.state is ShipmentState.DELIVERED:
        return True
    return shipment.state in UNDER_WAY and shipment.last_scan_at is not None and shipment.last_scan_at > at


def _reasons(
    shipment: Shipment, rules: DelayRules, due: date | None, now: datetime
) -> Iterator[tuple[OutreachReason, datetime]]:
    """Every reason that there may be, with the instant from which it holds, the gravest first."""
    told = {
        ShipmentState.RETURNED: OutreachReason.RETURNED,
        ShipmentState.EXCEPTION: OutreachReason.EXCEPTION,
    }.get(shipment.state)
    if told is not None:
        # It holds from the moment at which it was told, even if the carrier's clock is ahead of ours.
        yield told, min(_heard_of(shipment) or now, now)
    if due is not None:
        yield OutreachReason.LATE, beginning(due + _DAY, rules.hours.timezone)
    silent = _silent_from(shipment, rules)
    if silent is not None:
        yield OutreachReason.NO_SCAN, silent


def _silent_from(shipment: Shipment, rules: DelayRules) -> datetime | None:
    """When its days without a scan run out; None if it is not under way. Days of 24 hours, whatever the clocks do."""
    heard = _heard_of(shipment)
    if shipment.state not in UNDER_WAY or heard is None:
        return None
    return heard.astimezone(UTC) + timedelta(days=rules.no_scan_days)


def _heard_of(shipment: Shipment) -> datetime | None:
    """The carrier's newest word of it: the last scan, else the handing over."""
    return shipment.last_scan_at or shipment.shipped_at


class Reach(Value):
    """How a customer is reached unasked: on a channel, or why on none."""

    channel: Channel | None = None
    why_not: str = ""
    """`no_consent` or `unreachable`."""


def best_channel(consented: Collection[str], rules: DelayRules, reachable: Collection[Channel]) -> Reach:
    """The first channel of the policy on which the customer has agreed to be written to and can be reached."""
    agreed = [channel for channel in rules.channels if channel.value in consented]
    found = next((channel for channel in agreed if channel in reachable), None)
    if found is not None:
        return Reach(channel=found)
    return Reach(why_not="unreachable" if agreed else "no_consent")
