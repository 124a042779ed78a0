"""Which shipments are delayed: found by one statement that says the same as `domain.flows.delay.assess`.

The statement decides what is worth looking at, so that a hundred thousand parcels cost no more than those that nobody
has delivered yet; the rule has the last word on each. A test holds the two together.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.commerce import Order, OrderState, Shipment, ShipmentState
from domain.flows.business_days import beginning, latest_start, local_day
from domain.flows.delay import OVER, UNDER_WAY, Delay, assess
from domain.flows.rules import DelayRules
from domain.money import Money
from domain.values import Value

_DAY = timedelta(days=1)


class Look(Value):
    """A shipment with its order (without its lines), what the rule says of it, and whether its customer was told."""

    shipment: Shipment
    order: Order
    delay: Delay
    earlier: int = 0
    """Outreach about it for the same reason so far."""
    told: str = ""
    """Why there is nothing to say again: `already_told`, `in_progress`, why it was not said (e.g. `no_consent`), or
    `moving`, if it moved when it was to be said and goes on moving."""

    @property
    def intent(self) -> str:
        """What makes two outreach requests the same one; a later one exists only if the earlier was never said."""
        return ":".join(["outreach", *self._subject])

    @property
    def flow_id(self) -> str:
        """The id of its flow."""
        return "-".join(["delay", *self._subject])

    @property
    def _subject(self) -> list[str]:
        if self.delay.reason is None:
            raise ValueError("it is not delayed")
        again = [str(self.earlier + 1)] if self.earlier else []
        return [self.shipment.shipment_id, self.delay.reason.value, *again]


def _states(states: frozenset[OrderState] | frozenset[ShipmentState]) -> str:
    return ", ".join(sorted(repr(state.value) for state in states))


# An outreach that ended unsaid, since the parcel moved when it was due, may be made again once the parcel has come to a
# standstill: a date that passed, a new word of the carrier, or days without a scan that ran out, after that end.
_LOOKS = f"""
    WITH promise AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(CAST(:promises AS jsonb))
            AS p(place int, methods jsonb, countries jsonb, placed_before timestamptz)
    ), waited_for AS (
        SELECT s.*, o.customer_id, o.email, o.state AS order_state, o.placed_at, o.total_minor, o.currency,
               o.shipping_method, o.country, COALESCE(s.last_scan_at, s.shipped_at) AS heard_at, (
            SELECT p.placed_before FROM promise p
            WHERE s.expected_on IS NULL
              AND (p.methods = '[]' OR p.methods ? lower(o.shipping_method))
              AND (p.countries = '[]' OR p.countries ? lower(o.country))
            ORDER BY p.place LIMIT 1) AS late_if_placed_before
        FROM shop_shipment s JOIN shop_order o ON o.number = s.order_number
        WHERE s.state <> 'delivered' AND o.state NOT IN ({_states(OVER)}) AND o.placed_at >= :placed_since
    ), judged AS (
        SELECT w.*, CASE
            WHEN state = 'returned' THEN 'returned'
            WHEN state = 'exception' THEN 'exception'
            WHEN expected_on <= :last_day OR placed_at < late_if_placed_before THEN 'late'
            WHEN state IN ({_states(UNDER_WAY)}) AND heard_at <= :silent_since THEN 'no_scan'
        END AS reason
        FROM waited_for w
    )
    SELECT j.*, told.earlier, told.said, told.under_way, told.declined,
           told.closed_at IS NOT NULL AND told.closed_at >= GREATEST(
        CASE
            WHEN j.reason = 'late' THEN CAST(j.expected_on + 1 AS timestamp) AT TIME ZONE :timezone
            WHEN j.reason <> 'no_scan' THEN j.heard_at
        END,
        CASE WHEN j.heard_at <= :silent_since THEN j.heard_at + make_interval(days => :no_scan_days) END,
        '-infinity'
    ) AS moving
    FROM judged j CROSS JOIN LATERAL (
        SELECT count(*) AS earlier, COALESCE(bool_or(f.state = 'closed' AND f.outcome <> 'no_longer_true'), false)
               AS said, COALESCE(bool_or(f.state <> 'closed'), false) AS under_way, max(f.closed_at) AS closed_at,
               max(f.reason) FILTER (WHERE f.outcome = 'declined') AS declined
        FROM flow f
        WHERE f.order_number = j.order_number AND f.kind = 'outreach'
          AND f.request ->> 'shipment_id' = j.shipment_id AND f.request ->> 'reason' = j.reason
    ) told
"""  # noqa: S608  of constants

_FRESH = f"{_LOOKS} WHERE j.reason IS NOT NULL AND NOT told.said AND NOT told.under_way"
_DELAYED = text(
    f"SELECT * FROM ({_FRESH}) AS d WHERE moving IS NOT TRUE ORDER BY shipment_id LIMIT :limit"  # noqa: S608  of constants
)
_LISTED = text(
    f"""
    {_LOOKS} WHERE j.reason IS NOT NULL OR j.expected_on IS NULL AND j.late_if_placed_before IS NULL
    ORDER BY j.shipment_id LIMIT :limit
    """
)


async def find_delayed(session: AsyncSession, rules: DelayRules, now: datetime, limit: int) -> list[Look]:
    """Delayed shipments whose customers are to be told and have not been, by shipment id; at most `limit`."""
    rows = (await session.execute(_DELAYED, {**_cut(rules, now), "limit": limit})).mappings()
    looks = [_look(dict(row), rules, now) for row in rows]
    return [look for look in looks if look.delay.delayed]


async def look_at_all(session: AsyncSession, rules: DelayRules, now: datetime, limit: int) -> list[Look]:
    """Every delayed shipment, told or not, and those of which nothing is known, by shipment id; at most `limit`."""
    rows = (await session.execute(_LISTED, {**_cut(rules, now), "limit": limit})).mappings()
    return [_look(dict(row), rules, now) for row in rows]


def _cut(rules: DelayRules, now: datetime) -> dict[str, object]:
    """The days and instants that part the delayed from the others, now."""
    yesterday = local_day(now, rules.hours.timezone) - _DAY
    return {
        "promises": json.dumps([_promise(place, rules, yesterday) for place in range(len(rules.promises))]),
        "placed_since": now - timedelta(days=rules.orders_within_days),
        "last_day": yesterday,
        "silent_since": now - timedelta(days=rules.no_scan_days),
        "no_scan_days": rules.no_scan_days,
        "timezone": rules.hours.timezone,
    }


def _promise(place: int, rules: DelayRules, yesterday: date) -> dict[str, object]:
    """A promise, and from when on an order was placed in time for it."""
    promise = rules.promises[place]
    start = latest_start(yesterday, promise.business_days, rules.holidays)
    return {
        "place": place,
        "methods": [method.lower() for method in promise.methods],
        "countries": [country.lower() for country in promise.countries],
        "placed_before": beginning(start + _DAY, rules.hours.timezone).isoformat(),
    }


def _look(row: Mapping[str, Any], rules: DelayRules, now: datetime) -> Look:
    shipment, order = _shipment(row), _order(row)
    told = row["declined"] or ("already_told" if row["said"] else "in_progress" if row["under_way"] else "")
    return Look(
        shipment=shipment,
        order=order.model_copy(update={"shipments": (shipment,)}),
        delay=assess(shipment, order, rules, now),
        earlier=row["earlier"],
        told=told or ("moving" if row["moving"] else ""),
    )


def _shipment(row: Mapping[str, Any]) -> Shipment:
    return Shipment(
        shipment_id=row["shipment_id"],
        state=ShipmentState(row["state"]),
        carrier=row["carrier"],
        tracking_number=row["tracking_number"],
        line_ids=(),
        shipped_at=row["shipped_at"],
        expected_on=row["expected_on"],
        last_scan_at=row["last_scan_at"],
    )


def _order(row: Mapping[str, Any]) -> Order:
    return Order(
        number=row["order_number"],
        customer_id=row["customer_id"],
        email=row["email"],
        state=OrderState(row["order_state"]),
        placed_at=row["placed_at"],
        total=Money(minor=row["total_minor"], currency=row["currency"]),
        lines=(),
        shipping_method=row["shipping_method"],
        country=row["country"],
    )
