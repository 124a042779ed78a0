"""Days, amounts and lists as people of each language write them."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency

from domain.commerce import OrderLine
from domain.money import Money
from integrations.assistant.local.texts import Texts

_LONG_AGO = 180
"""Days from which a date is written with its year."""
_NAMED_ITEMS = 3


class Formats:
    """Writes values in one language. `today` decides which dates need a year."""

    def __init__(self, texts: Texts, language: str, today: date) -> None:
        self._texts = texts
        self._language = language
        self._today = today

    def day(self, moment: date) -> str:
        """A day, e.g. `Tuesday 24 November`, or `24 November 2025` if it is far away."""
        far = abs((self._today - moment).days) >= _LONG_AGO
        pattern = self._texts.day_and_year if far else self._texts.day
        return str(format_date(moment, pattern, locale=self._language))

    def money(self, amount: Money) -> str:
        """An amount with its currency."""
        # Minor units are hundredths throughout, as in `Money` itself.
        written = format_currency(amount.minor / 100, amount.currency, locale=self._language, currency_digits=False)
        return str(written)

    def items(self, lines: Iterable[OrderLine]) -> str:
        """Titles, with quantities above one; of many only the first."""
        named = [f"{line.quantity} × {line.title}" if line.quantity > 1 else line.title for line in lines]
        if len(named) <= _NAMED_ITEMS + 1:
            return "; ".join(named)
        more = len(named) - _NAMED_ITEMS
        return self._texts.order.and_more.format(items="; ".join(named[:_NAMED_ITEMS]), count=more)
