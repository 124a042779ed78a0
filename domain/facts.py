"""The facts that a text states: amounts, shares, spans of time, days, times, identifiers, addresses, other numbers.

Each is read into a form that does not depend on how it is written, so that `12,50 €` and `12.50 EUR` are the same.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import partial

from domain import fact_words as words

Fact = frozenset[str]
"""The ways to read one fact; two are the same if they share one."""

_SMALL = 20
"""Whole numbers up to this, with nothing beside them, are counts and list marks: no facts."""
_MARKS = re.compile(r"(?<!\w)[*_`]+(?=\S)|(?<=\S)[*_`]+(?!\w)")
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f]")


def facts_in(text: str) -> list[Fact]:
    """The facts that a text states. One kind is read after the other, and what one has read is gone for the next."""
    rest, found = folded(text), list[Fact]()
    for pattern, read in _KINDS:
        for match in reversed(list(pattern.finditer(rest))):
            facts = read(match)
            found += facts
            if facts:
                rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return found


def folded(text: str) -> str:
    """Text as it is compared: one case, one form of each character, plain spaces, no marks of emphasis."""
    plain = unicodedata.normalize("NFC", _SPACES.sub(" ", text)).replace("’", "'")
    return _MARKS.sub("", plain).casefold()


def _value(written: str) -> str:
    """What follows the last mark counts as decimals unless it is three digits."""
    if written in words.NUMBERS:
        return str(words.NUMBERS[written])
    whole, mark, decimals = re.sub("[' ]", "", written).replace(",", ".").rpartition(".")
    digits = whole.replace(".", "") + decimals
    number = Decimal(digits).scaleb(-len(decimals)) if mark and len(decimals) != 3 else Decimal(digits)
    return f"{number.normalize():f}"


def _one(*readings: str) -> list[Fact]:
    return [frozenset(readings)]


def _address(found: re.Match[str]) -> list[Fact]:
    return _one("at:" + re.sub(r"^https?://(?:www\.)?|^www\.", "", found[0]).rstrip("/.,;:!?)]\"'"))


def _iso(found: re.Match[str]) -> list[Fact]:
    year, month, day = (int(found[group]) for group in (1, 2, 3))
    try:
        weekday = date(year, month, day).weekday()
    except ValueError:
        return []
    clock = _one(f"time:{int(found[4])}:{found[5]}") if found[4] else []
    return [*_one(f"date:{month}-{day}"), *_one(f"number:{year}"), *_one(f"weekday:{weekday}"), *clock]


def _money(number: int, currency: int, found: re.Match[str]) -> list[Fact]:
    return _one(f"money:{words.CURRENCIES[found[currency]]}:{_value(found[number])}")


def _share(found: re.Match[str]) -> list[Fact]:
    return _one(f"share:{_value(found[1])}")


def _half(_: re.Match[str]) -> list[Fact]:
    return _one("share:50")


def _span(unit: str, scale: int, found: re.Match[str]) -> list[Fact]:
    numbers = (Decimal(_value(number)) * scale for number in (found[1], found[2]) if number)
    return [frozenset({f"span:{number:f}:{unit}"}) for number in numbers]


def _named_day(month: int, found: re.Match[str]) -> list[Fact]:
    return _one(f"date:{month}-{int(found[1] or found[2])}")


def _numeric_day(found: re.Match[str]) -> list[Fact]:
    """Day first or month first; without a year it may be a number as well."""
    pairs = ((int(found[1]), int(found[3])), (int(found[3]), int(found[1])))
    readings = [f"date:{month}-{day}" for day, month in pairs if 1 <= month <= 12 and 1 <= day <= 31]
    if not found[4]:
        readings.append(f"number:{_value(found[0].rstrip('.').replace('/', '.'))}")
    year = _one(f"number:{found[4]}") if found[4] and len(found[4]) == 4 else []
    return [frozenset(readings), *year] if readings else []


def _weekday(index: int, _: re.Match[str]) -> list[Fact]:
    return _one(f"weekday:{index}")


def _relative(days: int, _: re.Match[str]) -> list[Fact]:
    return _one(f"relative:{days}")


def _clock(found: re.Match[str]) -> list[Fact]:
    hour, minute, half = int(found[1] or found[4]), found[2] or "00", found[3] or found[5]
    hours = {hour % 12 + 12 * (half == "p")} if half else {hour}
    return _one(*(f"time:{one}:{minute}" for one in hours))


def _identifier(found: re.Match[str]) -> list[Fact]:
    return _one(f"id:{found[0]}")


def _number(found: re.Match[str]) -> list[Fact]:
    value = _value(found[0])
    return [] if value.isdigit() and int(value) <= _SMALL else _one(f"number:{value}")


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Fact]]], ...] = (
    (words.ADDRESS, _address),
    (words.ISO, _iso),
    (words.MONEY_BEFORE, partial(_money, 2, 1)),
    (words.MONEY_AFTER, partial(_money, 1, 2)),
    (words.SHARE, _share),
    (words.HALF, _half),
    *((pattern, partial(_span, unit, scale)) for unit, scale, pattern in words.SPANS),
    *((pattern, partial(_named_day, month)) for month, pattern in enumerate(words.DAYS_OF_MONTHS, 1)),
    (words.CLOCK, _clock),
    (words.IDENTIFIER, _identifier),
    (words.NUMERIC_DAY, _numeric_day),
    *((pattern, partial(_weekday, index)) for index, pattern in enumerate(words.WEEKDAYS)),
    *((pattern, partial(_relative, days)) for days, pattern in words.RELATIVE),
    (words.NUMBER, _number),
)


def held_by(sources: Iterable[str]) -> frozenset[str]:
    """Every reading of every fact in the sources."""
    return frozenset(reading for source in sources for fact in facts_in(source) for reading in fact)
