"""Business days: Monday to Friday, less the holidays of the policy, as dates in the brand's time zone."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_business_day(day: date, holidays: Collection[date]) -> bool:
    """Neither Saturday, Sunday nor holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def business_days_after(day: date, count: int, holidays: Collection[date]) -> date:
    """The day that is so many business days later; the day itself is not counted, whatever day it is."""
    while count > 0:
        day += _DAY
        count -= is_business_day(day, holidays)
    return day


def latest_start(day: date, count: int, holidays: Collection[date]) -> date:
    """The latest day from which so many business days (at least one) have gone by when `day` has come.

    The inverse of `business_days_after`: this start leads to `day` or an earlier one, every later start beyond it.
    """
    while count > 0:
        count -= is_business_day(day, holidays)
        day -= _DAY
    return day


def beginning(day: date, timezone: str) -> datetime:
    """The first instant of a day in a time zone (UTC), also where the clocks leave midnight out."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def local_day(at: datetime, timezone: str) -> date:
    """The day that the zone's calendar shows at an instant."""
    return at.astimezone(ZoneInfo(timezone)).date()
