"""How facts are written in texts to customers: patterns over folded text, in the languages that Baton writes."""

import re
from functools import reduce

from domain.tongues import TONGUES

CURRENCIES = {
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "$": "usd", "usd": "usd", "us$": "usd", "dollar": "usd",
    "dollars": "usd", "dólares": "usd", "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp", "chf": "chf",
    "franken": "chf", "francs": "chf", "sek": "sek", "dkk": "dkk", "nok": "nok", "pln": "pln", "czk": "czk",
    "jpy": "jpy", "¥": "jpy", "cad": "cad", "aud": "aud", "mxn": "mxn", "cents": "cent", "céntimos": "cent",
    "centimes": "cent",
}  # fmt: skip
_TENS = {
    "twelve": 12, "zwölf": 12, "doce": 12, "douze": 12, "fourteen": 14, "vierzehn": 14, "catorce": 14, "quatorze": 14,
    "fifteen": 15, "fünfzehn": 15, "quince": 15, "quinze": 15, "twenty": 20, "zwanzig": 20, "veinte": 20, "vingt": 20,
    "thirty": 30, "dreißig": 30, "treinta": 30, "trente": 30, "forty": 40, "vierzig": 40, "cuarenta": 40,
    "quarante": 40, "fifty": 50, "fünfzig": 50, "cincuenta": 50, "cinquante": 50, "sixty": 60, "sechzig": 60,
    "sesenta": 60, "soixante": 60, "ninety": 90, "neunzig": 90, "noventa": 90, "hundred": 100, "hundert": 100,
    "cien": 100,
}  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the", "un", "una", "une", "ein", "einer", "einem", "eines", "a couple of"})


def _as_folded(word: str) -> str:
    return word.casefold()


NUMBERS = {
    _as_folded(word): value
    for numbers in (*(tongue.numbers for tongue in TONGUES), _TENS)
    for word, value in numbers.items()
    if word not in _ARTICLES
}
"""Numbers in words, to what they are worth."""


def _any_of(words: list[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


def _spoken(name: str) -> str:
    return "|".join(_as_folded(getattr(tongue, name)) for tongue in TONGUES)


def _listed(name: str, index: int) -> str:
    """The words of all languages for a weekday or a month; a point behind a short form is read elsewhere."""
    words = (_as_folded(getattr(tongue, name)[index]) for tongue in TONGUES)
    return "|".join(reduce(lambda text, gone: text.replace(gone, ""), ("|\\.",), word) for word in words)


DIGITS = r"\d+(?:[.,' ]\d{3}(?!\d))*(?:[.,]\d{1,2}(?!\d))?"
_AMOUNT = rf"(?<![\w.,])(?:{DIGITS}|(?:{_any_of(list(NUMBERS))})(?!\w))"
_MONEY = _any_of(list(CURRENCIES))
_TO = r"\s?(?:-|–|to|bis|a|à|and|und|y|et|or|oder|o|ou)\s?"
_FULL = rf"(?:(?:{_spoken('working')}|full|calendar)[ -]?)?"
_UNITS = (
    (_spoken("minute"), 1, "minute"),
    (_spoken("hour"), 1, "hour"),
    (_spoken("day"), 1, "day"),
    (_spoken("week"), 7, "day"),
    (r"months?|monat(?:en|e)?|mes(?:es)?|mois", 1, "month"),
    (r"years?|jahr(?:en|e)?|años?|ans?|années?", 1, "year"),
)

ADDRESS = re.compile(r"https?://\S+|www\.\S+")
ISO = re.compile(
    r"(?<!\w)(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?(?!\w)"
)
MONEY_BEFORE = re.compile(rf"(?<!\w)({_MONEY})\s?({_AMOUNT})")
MONEY_AFTER = re.compile(rf"({_AMOUNT})\s?({_MONEY})(?!\w)")
SHARE = re.compile(rf"({_AMOUNT})\s?(?:%|(?:percent|per cent|prozent|por ciento|pour ?cent)(?!\w))")
HALF = re.compile(r"(?<!\w)(?:half(?= price| off)|halber preis|zum halben preis|mitad de precio|moitié prix)")
SPANS = tuple(
    (unit, scale, re.compile(rf"({_AMOUNT})(?:{_TO}({_AMOUNT}))?[\s-]?{_FULL}(?:{words})(?!\w)"))
    for words, scale, unit in _UNITS
)
DAYS_OF_MONTHS = tuple(
    re.compile(
        rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s*(?:of |de )?(?:{names})(?!\w)"
        rf"|(?<!\w)(?:{names})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
    )
    for names in (_listed("months", index) for index in range(12))
)
NUMERIC_DAY = re.compile(r"(?<![\w.,/-])(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d{2}))?\.?(?![\w/])")
WEEKDAYS = tuple(re.compile(rf"(?<!\w)(?:{_listed('weekdays', index)})s?(?!\w)") for index in range(7))
RELATIVE = tuple(
    (
        days,
        re.compile("|".join(
            rf"(?<!\w)(?:{_as_folded(word)})(?!\w)" for tongue in TONGUES for word, away in tongue.relative.items()
            if away == days
        )),
    )
    for days in (2, 1)
)  # fmt: skip
CLOCK = re.compile(
    r"(?<![\w.,])(\d{1,2})[:h](\d{2})(?!\d)(?:\s?([ap])\.?m\b\.?)?|(?<![\w.,])(\d{1,2})\s?([ap])\.?m(?!\w)\.?"
)
IDENTIFIER = re.compile(r"(?<![\w-])(?=[\w/-]*\d)(?=[\w/-]*[^\W\d_])\w[\w/-]{3,}(?![\w-])|(?<![\w.,-])\d{5,}(?![\w-])")
NUMBER = re.compile(rf"(?<![\w.,]){DIGITS}(?!\w)")
