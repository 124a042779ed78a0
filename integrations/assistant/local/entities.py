"""What a message names: order numbers, e-mail addresses, phone numbers, postcodes."""

import re
from collections.abc import Iterable

import phonenumbers

from domain.triage import Entities

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_SPOKEN_ORDER = re.compile(
    r"\b(?:orders?|purchase|bestellung|pedido|commande)\b(?:\s*(?:number|numbers|no|nr|num|nummer|id|is|was|ref))*"
    r"[\s.:#-]*((?:\d{4,8}(?:\s*(?:,|and|&|or)\s*)?)+)",
    re.IGNORECASE,
)
_HASHED = re.compile(r"#\s?(\d{4,8})\b")
_ONLY_DIGITS = re.compile(r"^\D{0,20}(\d{4,8})\D{0,12}$")
_BRITISH_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s?(\d[A-Z]{2})\b", re.IGNORECASE)
_NAMED_POSTCODE = re.compile(r"\b(?:post\s?code|postal code|zip(?: code)?|plz)\b\D{0,8}(\d{4,5})\b", re.IGNORECASE)
_POSTCODE_BEFORE_TOWN = re.compile(r"(?<![\w-])(\d{5}) (?=[A-ZÄÖÜ][a-zäöüß]+)")
_SEVEN_DIGITS = re.compile(r"(?:\d[\s()/-]*){7,}")


class EntityReader:
    """Reads entities and writes them in one spelling each."""

    def __init__(self, order_prefix: str, phone_region: str) -> None:
        self._prefix = order_prefix
        self._region = phone_region
        self._printed = re.compile(rf"\b{re.escape(order_prefix.rstrip('-'))}[\s#-]*(\d{{4,8}})\b", re.IGNORECASE)

    def read(self, text: str, *, asked_for_order: bool = False) -> Entities:
        """The entities of a text. After a question for the order number, a lone number counts as one."""
        orders = self._order_numbers(text, asked_for_order=asked_for_order)
        return Entities(
            order_numbers=orders,
            emails=_unique(match.lower() for match in _EMAIL.findall(text)),
            phones=self._phones(text, orders),
            postcodes=self._postcodes(text),
        )

    def _order_numbers(self, text: str, *, asked_for_order: bool) -> tuple[str, ...]:
        found = [(match.start(), match.group(1)) for match in self._printed.finditer(text)]
        for pattern in (_SPOKEN_ORDER, _HASHED):
            found += [
                (match.start(1), digits) for match in pattern.finditer(text) for digits in re.findall(r"\d+", match[1])
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


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
