"""Reading what a customer gives as proof: e-mail addresses, postcodes, one-time codes; and what goes with what."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from domain.masking_cards import plain_digits
from domain.proving import Means
from domain.triage import Entities
from domain.values import Value

SECRETS = 3
"""How many addresses and postcodes of one turn are looked at; who lists more is guessing."""

_EMAIL = re.compile(r"[^\s@<>,;:()\"']{1,64}@[^\s@<>,;:()\"']{1,255}")
_COUNTRY = r"(?:(?:A|AT|B|BE|CH|D|DE|DK|E|ES|F|FI|FR|I|IT|L|LU|N|NL|NO|P|PL|PT|S|SE)[ \-])?"
_POSTCODE = re.compile(
    rf"(?<![A-Z0-9#\-]){_COUNTRY}("
    r"[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}"  # United Kingdom
    r"|[A-Z][0-9][A-Z][ \-]?[0-9][A-Z][0-9]"  # Canada
    r"|[A-Z][0-9][0-9W][ ]?[A-Z0-9]{4}"  # Ireland
    r"|[0-9]{4}[ ]?[A-Z]{2}"  # Netherlands
    r"|[0-9]{5}-[0-9]{4}|[0-9]{4}-[0-9]{3}|[0-9]{3}-[0-9]{4}|[0-9]{2}-[0-9]{3}"  # ZIP+4, Portugal, Japan, Poland
    r"|[0-9]{3}[ ][0-9]{2}|[0-9]{4,6}"  # Sweden, Greece, Czechia; most others
    r")(?![A-Z0-9]|-[0-9])"
)
_CODE = re.compile(r"(?<![A-Za-z0-9\-.,+])([0-9]{3})[ \-]?([0-9]{3})(?![A-Za-z0-9\-]|[.,][0-9])")
_ASKS_FOR_CODE = re.compile(r"\b(?:codes?|c[oó]digos?|einmalcodes?)\b", re.IGNORECASE)


class Given(Value):
    """What one turn gives as proof. Postcodes are upper case without blanks and dashes."""

    emails: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()

    def with_read(self, named: Entities) -> "Given":
        """With what triage has read beside it."""
        emails = _first([*self.emails, *map(email_key, named.emails)])
        postcodes = _first([*self.postcodes, *map(postcode_key, named.postcodes)])
        return Given(emails=emails, postcodes=postcodes[: SECRETS - len(emails)])


def given(turns: Sequence[str]) -> Given:
    """The first addresses and postcodes of the newest turns that give any; the turns are the oldest first."""
    found = [_given(turn) for turn in reversed(turns)]
    emails = _first(email for one in found for email in one.emails)
    postcodes = _first(postcode for one in found for postcode in one.postcodes)
    return Given(emails=emails, postcodes=postcodes[: SECRETS - len(emails)])


def _given(text: str) -> Given:
    plain = plain_digits(text)
    emails = _first(one.strip(".!?").lower() for one in _EMAIL.findall(plain))
    rest = unicodedata.normalize("NFKC", _EMAIL.sub(" ", plain)).upper()
    postcodes = _first(postcode_key(found) for found in _POSTCODE.findall(rest))
    return Given(emails=emails, postcodes=postcodes)


class Claim(Value):
    """One thing to compare: does this belong to that order?"""

    order: str
    means: Means
    value: str


def claims_of(
    named: Sequence[str], before: Sequence[str], now: Given, earlier: Given, sender: str = ""
) -> tuple[Claim, ...]:
    """What a turn claims, the likeliest first.

    `named` are the order numbers of the turn, `before` those of earlier turns (newest first), `now` and `earlier` what
    was given with them, `sender` the address that a mail comes from. A number that stands alone may be an order's or a
    postcode, so it is both. What the turn does not give is taken from the newest turn that does.
    """
    named, latest = tuple(named[:2]), tuple(one for one in before[:1] if one not in named)
    alone = not now.emails and set(now.postcodes) <= {digits_of(order) for order in named}
    found = _pairs(named, earlier if alone else now)
    if alone or not named:
        found += _pairs(latest, now)
    found += [Claim(order=order, means=Means.ORDER_SENDER, value=sender) for order in named if sender]
    return tuple(found)


def _pairs(orders: Sequence[str], secrets: Given) -> list[Claim]:
    ways = ((Means.ORDER_EMAIL, secrets.emails), (Means.ORDER_POSTCODE, secrets.postcodes))
    return [
        Claim(order=order, means=means, value=value)
        for order in orders
        for means, values in ways
        for value in values
        if value != digits_of(order)
    ]


def digits_of(order: str) -> str:
    """The digits of an order number, which may be taken for something else."""
    return "".join(char for char in order if char.isdigit())


def codes_in(turns: Sequence[str]) -> tuple[str, ...]:
    """The first two numbers of six digits, with or without a blank in the middle, of the newest turns with any."""
    texts = (_EMAIL.sub(" ", plain_digits(turn)) for turn in reversed(turns))
    return _first(a + b for text in texts for a, b in _CODE.findall(text))[:2]


def asks_for_code(text: str) -> bool:
    """Whether a text speaks of a code, e.g. that none has come."""
    return bool(_ASKS_FOR_CODE.search(text))


def email_key(email: str) -> str:
    """One spelling for an address; addresses that only look alike stay different."""
    return email.strip().lower()


def postcode_key(postcode: str) -> str:
    """One spelling for a postcode: letters and digits, and of a ZIP+4 its first five."""
    key = re.sub(r"[^A-Z0-9]", "", plain_digits(postcode).upper())
    return key[:5] if len(key) == 9 and key.isdigit() else key


def _first(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in found if one))[:SECRETS]
