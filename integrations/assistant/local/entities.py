"""What a message names: order numbers, one-time codes, e-mail addresses, phone numbers, postcodes, variants."""

import re
from collections.abc import Iterable
from enum import StrEnum

import phonenumbers

from domain.triage import Entities
from integrations.assistant.local.figures import amounts_in, dates_in
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.wording import unaccented

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_SPOKEN_ORDER = re.compile(
    r"\b(?:orders?|purchase|bestell(?:ung|ungen|nummer|nr)|auftrag(?:snummer)?|pedidos?|compra|commandes?)\b"
    r"(?:[\s.:#-]*\b(?:numbers?|no|nos|nr|num|nummern?|id|is|was|ref|numero|lautet|ist|es|est|le|el|die|y|et|und)\b)*"
    r"[\s.:#n°º-]*((?:\d{4,8}\b(?![.,]\d{2}\b)(?:\s*(?:,|and|&|or|und|y|et|oder|o|ou)\s*)?)+)",
    re.IGNORECASE,
)
_HASHED = re.compile(r"#\s?(\d{4,8})\b")
_ONLY_DIGITS = re.compile(r"^\D{0,30}(\d{4,8})\D{0,20}$")
_CODE = re.compile(r"(?<![\w-])(\d{3})[\s-]?(\d{3})(?![\w-])")
_BRITISH_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s?(\d[A-Z]{2})\b", re.IGNORECASE)
_NAMED_POSTCODE = re.compile(
    r"\b(?:post\s?code|postal code|zip(?: code)?|plz|postleitzahl|c[oó]digo postal|c\.?p\.?|code postal)\b"
    r"\D{0,8}(\d{4,5})\b",
    re.IGNORECASE,
)
_POSTCODE_BEFORE_TOWN = re.compile(r"(?<![\w-])(\d{5}) (?=[A-ZÄÖÜ][a-zäöüßé]+)")
_SEVEN_DIGITS = re.compile(r"(?:\d[\s()/-]*){7,}")
_ASKS_FOR_CODE = re.compile(
    r"\b(?:(?:one[- ]time|six[- ]digit|6[- ]digit|security) code|einmal-?code|sechsstellig\w*"
    r"|codigo de (?:un solo uso|seis)"
    r"|code (?:a usage unique|a six chiffres|unique)|(?:this|dieser|ce) code|este codigo)",
    re.IGNORECASE,
)
_ASKS_FOR_ORDER = re.compile(r"\border|bestell|pedido|commande", re.IGNORECASE)
_VARIANTS = read_patterns("variants")


class Asked(StrEnum):
    """What the last thing said to the customer asked for."""

    NOTHING = "nothing"
    ORDER = "order"
    CODE = "code"

    @classmethod
    def by(cls, text: str) -> "Asked":
        """What a text asks for: a one-time code, an order, or neither."""
        if _ASKS_FOR_CODE.search(unaccented(text)):
            return cls.CODE
        return cls.ORDER if text.rstrip().endswith("?") and _ASKS_FOR_ORDER.search(text) else cls.NOTHING


class EntityReader:
    """Reads entities and writes them in one spelling each."""

    def __init__(self, order_prefix: str, phone_region: str) -> None:
        self._prefix = order_prefix
        self._region = phone_region
        self._printed = re.compile(rf"\b{re.escape(order_prefix.rstrip('-'))}[\s#-]*(\d{{4,8}})\b", re.IGNORECASE)

    def read(self, text: str, *, asked: Asked = Asked.NOTHING) -> Entities:
        """The entities of a text. A lone number is an order after a question for one, a code after one for a code."""
        codes = _codes(text) if asked is Asked.CODE else ()
        orders = self._order_numbers(text, asked_for_order=asked is Asked.ORDER)
        return Entities(
            order_numbers=tuple(order for order in orders if order.removeprefix(self._prefix) not in codes),
            emails=_unique(match.lower() for match in _EMAIL.findall(text)),
            phones=self._phones(text, orders),
            postcodes=self._postcodes(text),
            amounts=amounts_in(text),
            dates=dates_in(text),
            variants=_unique(match.lower() for pattern in _VARIANTS.values() for match in pattern.findall(text)),
            codes=codes,
        )

    def _order_numbers(self, text: str, *, asked_for_order: bool) -> tuple[str, ...]:
        found = [(match.start(), match.group(1)) for match in self._printed.finditer(text)]
        plain = unaccented(text)
        for pattern in (_SPOKEN_ORDER, _HASHED):
            found += [
                (match.start(1), digits) for match in pattern.finditer(plain) for digits in re.findall(r"\d+", match[1])
            ]
        if not found and asked_for_order and (lone := _ONLY_DIGITS.match(_EMAIL.sub(" ", text).strip())):
            found = [(0, lone.group(1))]
        return _unique(self._prefix + digits for _, digits in sorted(found))

    def _phones(self, text: str, orders: tuple[str, ...]) -> tuple[str, ...]:
        if not _SEVEN_DIGITS.search(text):
            return ()
        taken = {order.removeprefix(self._prefix) for order in orders}
        matches = phonenumbers.PhoneNumberMatcher(text, self._region)
        e164 = phonenumbers.PhoneNumberFormat.E164
        return _unique(
            phonenumbers.format_number(match.number, e164) for match in matches if match.raw_string not in taken
        )

    @staticmethod
    def _postcodes(text: str) -> tuple[str, ...]:
        british = (f"{outward} {inward}".upper() for outward, inward in _BRITISH_POSTCODE.findall(text))
        return _unique([*_NAMED_POSTCODE.findall(text), *_POSTCODE_BEFORE_TOWN.findall(text), *british])


def _codes(text: str) -> tuple[str, ...]:
    return _unique(first + second for first, second in _CODE.findall(text))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
