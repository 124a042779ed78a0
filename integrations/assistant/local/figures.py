"""Amounts of money and dates in a text."""

import re
from datetime import date

from babel.numbers import get_currency_precision

from domain.money import Money

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "dolar": "USD", "dolares": "USD",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "chf": "CHF", "franken": "CHF",
}  # fmt: skip
_NAME = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'\s]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?P<before>{_NAME})\s?(?P<one>{_NUMBER})(?!\d)|(?<![\w.,-])(?P<two>{_NUMBER})\s?(?P<after>{_NAME})(?!\w)",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DOTTED_DATE = re.compile(r"(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")


def amounts_in(text: str) -> tuple[Money, ...]:
    """Sums with a currency, in minor units, in the order of the text. A dot or comma before two digits at the end is
    decimal, any other groups thousands."""
    found = (_money(match) for match in _AMOUNT.finditer(text))
    return tuple(dict.fromkeys(found))


def dates_in(text: str) -> tuple[date, ...]:
    """Dates as ISO 8601 or day first with the year; what is no day of the calendar is left out."""
    iso = [(match.start(), (match[1], match[2], match[3])) for match in _ISO_DATE.finditer(text)]
    dotted = [(match.start(), (match[3], match[2], match[1])) for match in _DOTTED_DATE.finditer(text)]
    days = (_day(*parts) for _, parts in sorted(iso + dotted))
    return tuple(dict.fromkeys(day for day in days if day is not None))


def _money(match: re.Match[str]) -> Money:
    currency = _CURRENCIES[(match["before"] or match["after"]).lower()]
    whole, _, cents = _split(match["one"] or match["two"])
    scale = 10 ** get_currency_precision(currency)
    return Money(minor=int(whole) * scale + int(cents.ljust(2, "0") or 0) * scale // 100, currency=currency)


def _split(number: str) -> tuple[str, str, str]:
    decimal = re.search(r"[.,](\d{1,2})$", number)
    whole = number[: decimal.start()] if decimal else number
    return re.sub(r"\D", "", whole), ".", decimal[1] if decimal else ""


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
