"""What can be checked in a text without understanding it: its numbers and its days, written in one way each."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple, Self

from babel import Locale
from babel.dates import format_date

LANGUAGES = ("en", "de", "es", "fr")
"""Languages in which days are read."""
_FORMATS = {"en": ("d MMMM", "MMMM d"), "de": ("d. MMMM",), "es": ("d 'de' MMMM",), "fr": ("d MMMM",)}

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ENUMERATED = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)
_GROUPED = re.compile(r"(?<=\d)[\s\u00a0\u202f'](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_CODE = re.compile(r"[A-Za-z]{1,4}-?\d{4,}")
_CENTS = re.compile(r"(\d+)[.,](\d{2})")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+(?:of\s+|de\s+)?([^\W\d_]{3,})\.?")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,})\s+(\d{1,2})(?!\d|[.,:]\d)")

Day = tuple[int, int]
"""Day of the month and month."""


class Tokens(NamedTuple):
    """The numbers and the days of a text, or of facts."""

    numbers: frozenset[str]
    days: frozenset[Day]

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a text. Links and the numbers of a list's entries say nothing. A day's number counts with its month."""
        plain = _GROUPED.sub("", _ENUMERATED.sub("", _LINK.sub(" ", text)))
        days, places = set(), set()
        for day, where in _days(plain):
            days.add(day)
            places.add(where)
        numbers = {_plain(found.group()) for found in _NUMBER.finditer(plain) if found.start() not in places}
        return cls(frozenset(numbers), frozenset(days))

    @classmethod
    def facts(cls, numbers: Iterable[str | int], moments: Iterable[date | datetime | None], today: date) -> Self:
        """What may be said of numbers and moments: the day itself, its year, and how far it is from today."""
        days = [moment.date() if isinstance(moment, datetime) else moment for moment in moments if moment is not None]
        told = {_plain(str(number)) for number in numbers}
        told |= {str(day.year) for day in days} | {str(abs((day - today).days)) for day in days}
        return cls(frozenset(told), frozenset((day.day, day.month) for day in days))

    def joined(self, other: "Tokens") -> "Tokens":
        """Both."""
        return Tokens(self.numbers | other.numbers, self.days | other.days)

    def beyond(self, source: "Tokens") -> list[str]:
        """What the source does not hold, as it can be shown."""
        days = [f"{day}.{month}." for day, month in sorted(self.days - source.days)]
        return [*sorted(self.numbers - source.numbers), *days]


NOTHING = Tokens(frozenset(), frozenset())


def codes(text: str) -> list[str]:
    """What looks like the number of an order or a parcel."""
    return _CODE.findall(text)


def codes_in(text: str) -> Tokens:
    """The numbers of orders and parcels in a text, and no other."""
    return Tokens.of(" ".join(codes(text)))


def days_written(today: date, distance: int) -> list[str]:
    """A day so many days from today as each language writes it."""
    day = today + timedelta(days=distance)
    return [format_date(day, form, locale=language) for language, forms in _FORMATS.items() for form in forms]


def _days(text: str) -> Iterator[tuple[Day, int]]:
    """Days with the place of their number."""
    months = _months()
    for pattern, number, name in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for found in pattern.finditer(text):
            month = months.get(found[name].lower())
            if month is not None and 1 <= int(found[number]) <= 31:
                yield (int(found[number]), month), found.start(number)


@cache
def _months() -> dict[str, int]:
    wide = (Locale(language).months["format"]["wide"] for language in LANGUAGES)
    short = (Locale(language).months["format"]["abbreviated"] for language in LANGUAGES)
    return {name.lower().rstrip("."): month for names in (*wide, *short) for month, name in names.items()}


def _plain(number: str) -> str:
    """A number in one spelling: `4,90` and `4.90` alike, whole amounts without cents, no separators of thousands."""
    if _THOUSANDS.fullmatch(number):
        number = re.sub(r"[.,]", "", number)
    if cents := _CENTS.fullmatch(number):
        whole, part = cents.groups()
        return f"{int(whole)}.{part}" if int(part) else str(int(whole))
    return str(int(number)) if number.isdigit() else number.replace(",", ".")
