"""Working hours: when a team or an agent works, and how far a deadline in working time reaches. All instants are UTC.

It is working time whenever the zone's own clock shows a time within the hours. So in a night in which the clocks
change, an hour that is left out is nobody's, and one that comes twice counts twice.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator

from domain.values import Value

_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DAY = 24 * 60
_FARTHEST_DAYS = 800
"""How far an opening is looked for: two years with all their holidays."""


class Weekday(StrEnum):
    """Days as a policy file writes them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_WEEK = tuple(Weekday)


class Hours(Value):
    """The working week in a time zone, less the holidays. Without a `week` it is always working time."""

    timezone: str = "UTC"
    """IANA name, e.g. `Europe/Berlin`."""
    week: dict[Weekday, tuple[str, ...]] = {}
    """Spans such as `09:00-17:30`, in the zone's own clock; a day that is left out is free."""
    holidays: tuple[date, ...] = ()
    """Days on which nobody works."""

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"'{name}' is no time zone; use an IANA name such as Europe/Berlin") from None
        return name

    @field_validator("week")
    @classmethod
    def _spans_make_sense(cls, week: dict[Weekday, tuple[str, ...]]) -> dict[Weekday, tuple[str, ...]]:
        for day, spans in week.items():
            minutes = [_minutes(span) for span in spans]
            for begin, end in minutes:
                if begin >= end:
                    raise ValueError(
                        f"{day}: a span ends after it begins; write a night as 22:00-24:00 and 00:00-06:00"
                    )
            if any(later[0] < earlier[1] for earlier, later in pairwise(minutes)):
                raise ValueError(f"{day}: spans are in order and do not overlap")
        return week

    @property
    def always(self) -> bool:
        """Is every minute working time?"""
        return not self.week

    def is_open(self, at: datetime) -> bool:
        """Is it working time?"""
        return self.always or any(begin <= at < end for begin, end in self._spans(at, days=1))

    def next_opening(self, at: datetime) -> datetime | None:
        """The instant itself in working time, else the next beginning of it; None if there is none in two years."""
        if self.always:
            return at
        return next((max(begin, at) for begin, end in self._spans(at) if end > at), None)

    def next_closing(self, at: datetime) -> datetime | None:
        """The end of the working time that `at` lies in; None outside of it, and if it does not end in two years.

        Spans that meet, as those of a night do at midnight, are one.
        """
        closing = None
        for begin, end in () if self.always else self._spans(at):
            if begin <= at < end or begin == closing:
                closing = end
            elif begin > at:
                return closing
        return None

    def add(self, at: datetime, working: timedelta) -> datetime:
        """The instant at which so much working time has passed. Raises `ValueError` if there never is so much."""
        at = at.astimezone(UTC)  # in any other zone the sums below would count what its clocks show
        if self.always:
            return at + working
        left = working
        for begin, end in self._spans(at):
            since = max(begin, at)
            if since < end:
                if left <= end - since:
                    return since + left
                left -= end - since
        raise ValueError("these hours have too little working time within two years")

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """The working time from one instant to a later one; nothing if it is not later."""
        if self.always or later <= earlier:
            return max(later - earlier, timedelta())
        spans = self._spans(earlier, days=(later - earlier).days + 3)
        return sum((max(min(end, later) - max(begin, earlier), timedelta()) for begin, end in spans), timedelta())

    def _spans(self, since: datetime, days: int = _FARTHEST_DAYS) -> Iterator[tuple[datetime, datetime]]:
        """The working time of the day of `since` and of those after it, in order."""
        first = since.astimezone(ZoneInfo(self.timezone)).date()
        for day in (first + timedelta(days=number) for number in range(days)):
            written = () if day in self.holidays else self.week.get(_WEEK[day.weekday()], ())
            midnight = datetime.combine(day, time(), UTC)
            for starts, ends, offset in _clock(day, self.timezone) if written else ():
                for span in written:
                    begin, end = (midnight - offset + timedelta(minutes=minute) for minute in _minutes(span))
                    if max(begin, starts) < min(end, ends):
                        yield max(begin, starts), min(end, ends)


@cache
def _minutes(span: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(span)
    numbers = [int(number) for number in found.groups()] if found else [0, 0, 25, 0]
    begin, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if end > _DAY:
        raise ValueError(f"'{span}' is no span of a day; write it as 09:00-17:30")
    return begin, end


@lru_cache(maxsize=4096)
def _clock(day: date, timezone: str) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """How far the zone's clock is ahead of UTC around a day: one stretch, or two if the clocks change."""
    zone = ZoneInfo(timezone)
    starts = datetime.combine(day, time(), UTC) - timedelta(days=1)
    ends = starts + timedelta(days=3)  # no zone is more than a day ahead or behind
    before, after = _offset(starts, zone), _offset(ends, zone)
    if before == after:
        return ((starts, ends, before),)
    earlier, later = 0, int((ends - starts).total_seconds())
    while later - earlier > 1:
        middle = (earlier + later) // 2
        unchanged = _offset(starts + timedelta(seconds=middle), zone) == before
        earlier, later = (middle, later) if unchanged else (earlier, middle)
    change = starts + timedelta(seconds=later)
    return (starts, change, before), (change, ends, after)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
