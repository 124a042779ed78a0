"""Times as people write them ("by Friday", "within 2 days", "until Monday 12:00"), read as instants.

A day without a time means the end of that day's work in the team's time zone; a weekday means the next one after today.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.commitment import LONGEST_PROMISE
from domain.hours import Hours
from domain.tongues import Tongue


class Spoken(NamedTuple):
    """A time in a text."""

    due: datetime
    strong: bool
    """It sets a limit ("by Friday"), and does not only name a day ("on Friday")."""


class _Clock(NamedTuple):
    """What words are read against."""

    now: datetime
    hours: Hours
    tongue: Tongue

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.hours.timezone)).date()

    def at(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, tzinfo=ZoneInfo(self.hours.timezone)).astimezone(UTC)

    def midnight_after(self, day: date) -> datetime:
        return self.at(day + timedelta(days=1), time())

    def closing(self, day: date) -> datetime | None:
        """The end of a day's work; None for a day off."""
        if self.hours.always:
            return self.midnight_after(day)
        last, opening = None, self.hours.next_opening(self.at(day, time()))
        while opening is not None and opening < self.midnight_after(day):
            last = self.hours.next_closing(opening)
            opening = self.hours.next_opening(last) if last else None
        return min(last, self.midnight_after(day)) if last else None

    def end_of(self, day: date) -> datetime:
        """The end of a day's work; of the day itself, if it is a day off or its work is over."""
        closing = self.closing(day)
        return closing if closing is not None and closing > self.now else self.midnight_after(day)


_Reader = Callable[[re.Match[str], _Clock], datetime | None]


def deadlines_in(text: str, tongue: Tongue, now: datetime, hours: Hours) -> Iterator[Spoken]:
    """The times in a text that lie ahead, within a year."""
    clock, taken = _Clock(now, hours, tongue), list[tuple[int, int]]()
    for pattern, read, always_strong in _patterns(tongue):
        for found in pattern.finditer(text):
            begin, end = found.span()
            groups = found.groupdict()
            strong = always_strong or bool(groups["by"] or groups["before"])
            overlaps = any(begin < last and first < end for first, last in taken)
            if overlaps or (not strong and _is_past(text, begin, end, tongue)):
                continue
            taken.append((begin, end))
            due = read(found, clock)
            if due is not None and now < due <= now + LONGEST_PROMISE:
                yield Spoken(due, strong)


def _is_past(text: str, begin: int, end: int, tongue: Tongue) -> bool:
    return bool(
        re.search(rf"(?:^|\W){tongue.past}\s+$", text[:begin], re.IGNORECASE)
        or re.match(tongue.past_after, text[end:], re.IGNORECASE)
    )


@cache
def _patterns(tongue: Tongue) -> tuple[tuple[re.Pattern[str], _Reader, bool], ...]:
    """In the order in which they are tried: what one has read, none reads again."""
    return (
        (_compiled(_span(tongue)), _read_span, True),
        (_compiled(_period(tongue)), _read_period, True),
        (_compiled(_day(tongue)), _read_day, False),
        (_compiled(rf"\b(?P<by>{tongue.by})\s+{_time(tongue)}"), _read_time, True),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _span(tongue: Tongue) -> str:
    count = r"\d{1,3}|" + "|".join(sorted(tongue.numbers, key=len, reverse=True))
    return (
        rf"\b(?:{tongue.within})\s+(?P<count>{count})(?:\s?(?:-|–|to|or|bis|oder|a|o|à|ou)\s?(?P<most>{count}))?[\s-]?"
        rf"(?:(?P<working>{tongue.working})[\s-]?)?"
        rf"(?:(?P<minutes>{tongue.minute})|(?P<hours>{tongue.hour})|(?P<days>{tongue.day})|(?P<weeks>{tongue.week}))\b"
        rf"(?:\s(?P<workdays>{tongue.working}))?(?!{tongue.other_event})"
    )


def _period(tongue: Tongue) -> str:
    ends = (
        rf"(?P<end_of_day>{tongue.end_of_day})|(?P<end_of_week>{tongue.end_of_week})|(?P<next_week>{tongue.next_week})"
    )
    return rf"\b(?:(?:{tongue.by}|{tongue.on}|{tongue.within}|{tongue.before})\s+)?(?:{ends})\b"


def _day(tongue: Tongue) -> str:
    weekdays, relative = _numbered("weekday", tongue.weekdays), _numbered("relative", tuple(tongue.relative))
    days = [weekdays, relative, r"(?P<iso>\d{4}-\d{2}-\d{2})", _date(tongue)]
    if tongue.numeric:
        days.append(
            r"(?P<day_first>\d{1,2})(?:\.\s?(?P<dotted>0?[1-9]|1[0-2])\.|/(?P<slashed>0?[1-9]|1[0-2])(?!\d))"
            r"(?:\s?/?(?P<numeric_year>\d{4}))?"
        )
    parts = "|".join(
        rf"(?P<{name}>{getattr(tongue, name)})" for name in ("morning", "afternoon", "evening") if getattr(tongue, name)
    )
    return (
        rf"(?<!\w)(?:(?P<before>{tongue.before})\s+|(?P<by>{tongue.by})\s+|(?:{tongue.on})\s+)?{tongue.next_word}"
        rf"(?:{'|'.join(days)})(?:\s?(?:{parts}))?(?!\w)(?:,?\s+(?:(?:{tongue.at})\s+)?{_time(tongue)})?"
    )


def _date(tongue: Tongue) -> str:
    return (
        r"(?P<day_of_month>\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?:\s+(?:of|de))?\s+"
        rf"(?:{_numbered('month', tongue.months)})"
        rf"(?!\w)(?:,?(?:\s+del?)?\s+(?P<year>\d{{4}}))?"
        rf"|(?:{_numbered('first_month', tongue.months)})\s+(?P<then_day>\d{{1,2}})(?:st|nd|rd|th)?(?!\w)"
        rf"(?:,?\s+(?P<then_year>\d{{4}}))?"
    )


def _numbered(name: str, words: tuple[str, ...]) -> str:
    return "|".join(rf"(?P<{name}_{number}>{word})" for number, word in enumerate(words))


def _time(tongue: Tongue) -> str:
    return (
        r"(?:(?P<hour>\d{1,2})(?:[:.h]\s?(?P<minute>\d{2})(?:\s?(?P<half>[ap]\.?m)\b\.?)?|\s?(?P<plain_half>[ap]\.?m)\b\.?)"
        r"(?:\s?(?:uhr|h)\b)?"
        r"|(?P<full_hour>\d{1,2})\s?(?:uhr|o'clock|heures?|horas|h)\b"
        rf"|(?P<noon>{tongue.noon})\b)"
    )


def _which(found: re.Match[str], name: str) -> int | None:
    numbers = (key.rpartition("_") for key, value in found.groupdict().items() if value)
    return next((int(number) for group, _, number in numbers if group == name and number.isdigit()), None)


def _read_span(found: re.Match[str], clock: _Clock) -> datetime | None:
    words = clock.tongue.numbers
    written = (found["most"] or found["count"]).lower()
    count = int(written) if written.isdigit() else words[written]
    if found["minutes"] or found["hours"]:
        return clock.now + (timedelta(minutes=count) if found["minutes"] else timedelta(hours=count))
    if found["weeks"]:
        return clock.end_of(clock.today + timedelta(weeks=count))
    if found["working"] or found["workdays"]:
        return _working_days(count, clock)
    return clock.end_of(clock.today + timedelta(days=count))


def _working_days(count: int, clock: _Clock) -> datetime | None:
    ahead = (clock.today + timedelta(days=days) for days in range(1, LONGEST_PROMISE.days))
    closings = (closing for day in ahead if (closing := clock.closing(day)) is not None)
    return next((closing for number, closing in enumerate(closings, start=1) if number == count), None)


def _read_period(found: re.Match[str], clock: _Clock) -> datetime | None:
    if found["end_of_day"]:
        return clock.end_of(clock.today)
    friday = clock.today + timedelta(days=4 - clock.today.weekday(), weeks=1 if found["next_week"] else 0)
    week = [friday + timedelta(days=days) for days in ((0,) if clock.hours.always else (2, 1, 0, -1, -2, -3, -4))]
    ends = [end for day in week if (end := clock.closing(day)) is not None and end > clock.now]
    return next(iter(ends), clock.midnight_after(friday + timedelta(days=2)))


def _read_day(found: re.Match[str], clock: _Clock) -> datetime | None:
    day = _read_date(found, clock)
    if day is None:
        return None
    wall = time(12) if found["morning"] else _wall(found)
    if wall is not None:
        return clock.at(day, wall)
    if found["before"]:
        return clock.at(day, time())
    return clock.midnight_after(day) if found["evening"] else clock.end_of(day)


def _read_date(found: re.Match[str], clock: _Clock) -> date | None:
    weekday, relative = _which(found, "weekday"), _which(found, "relative")
    if weekday is not None:
        return clock.today + timedelta(days=(weekday - clock.today.weekday() - 1) % 7 + 1)
    if relative is not None:
        return clock.today + timedelta(days=tuple(clock.tongue.relative.values())[relative])
    try:
        return date.fromisoformat(found["iso"]) if found["iso"] else _calendar_date(found, clock)
    except ValueError:
        return None


def _calendar_date(found: re.Match[str], clock: _Clock) -> date:
    """Without a year, the next one of its name. Raises `ValueError` for a day that no month has."""
    groups = found.groupdict()
    named = next((at for at in (_which(found, "month"), _which(found, "first_month")) if at is not None), None)
    month = int(groups.get("dotted") or groups.get("slashed") or 0) if named is None else named + 1
    day = int(groups["day_of_month"] or groups["then_day"] or groups["day_first"])
    year = groups["year"] or groups["then_year"] or groups.get("numeric_year")
    if year:
        return date(int(year), month, day)
    this_year = date(clock.today.year, month, day)
    return this_year if this_year >= clock.today else date(clock.today.year + 1, month, day)


def _read_time(found: re.Match[str], clock: _Clock) -> datetime | None:
    wall = _wall(found)
    return clock.at(clock.today, wall) if wall is not None else None


def _wall(found: re.Match[str]) -> time | None:
    if found["noon"]:
        return time(12)
    if not found["hour"] and not found["full_hour"]:
        return None
    hour, half = int(found["hour"] or found["full_hour"]), (found["half"] or found["plain_half"] or " ")[0].lower()
    if half != " ":
        hour = hour % 12 + (12 if half == "p" else 0)
    minute = int(found["minute"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
