"""Reading headers of mail that may be broken, enormous or hostile: every value is bounded, nothing raises."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import Message
from email.policy import Compat32, default
from email.utils import getaddresses, parsedate_to_datetime

from integrations.channels.email.text import clean_line, undo_escapes

VALUE_LIMIT, REFERENCES_LIMIT, FROM_LIMIT = 4_000, 16_000, 2_000
"""Characters kept of one header's value."""
MESSAGE_ID_LIMIT = 500
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_UNPRINTABLE = r"\s\x00-\x1f\x7f-\x9f\ud800-\udfff"
_MESSAGE_ID = re.compile(rf"<[^<>{_UNPRINTABLE}]{{1,{MESSAGE_ID_LIMIT - 2}}}>")
_ATOMS = rf"""[^<>()\[\]\\,;:"@{_UNPRINTABLE}]"""
_ADDRESS = re.compile(rf"{_ATOMS}{{1,64}}@{_ATOMS}{{1,255}}")


class BoundedHeaders(Compat32):
    """The parser's policy for the structure of a mail.

    The structure is read with the plain policy, because the structured one spends quadratic time on hostile
    Content-Type headers and raises on some. References keep their end, which holds the nearest messages.
    """

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """One header as name and unfolded, bounded value."""
        name, _, first = sourcelines[0].partition(":")
        value = _FOLD.sub(" ", "".join([first, *sourcelines[1:]])).strip()
        is_references = name.strip().lower() == "references"
        return name.strip(), value[-REFERENCES_LIMIT:] if is_references else value[:VALUE_LIMIT]

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002
        """The value as text."""
        return undo_escapes(value)


class Headers:
    """The headers of one mail, by name, in the order of the mail (a server adds its own on top)."""

    def __init__(self, message: Message) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._values.setdefault(name.lower(), []).append(undo_escapes(str(value)))

    def all(self, name: str) -> list[str]:
        """Every value of a header, as sent, top first."""
        return self._values.get(name.lower(), [])

    def first(self, name: str) -> str:
        """The top value as sent, or an empty string."""
        return next(iter(self.all(name)), "")

    def line(self, name: str, limit: int) -> str:
        """The top value with encoded words decoded (RFC 2047), as one clean line."""
        return clean_line(decode_words(self.first(name)), limit)

    def sender(self) -> tuple[Address | None, bool]:
        """The author (From), and whether the mail leaves no doubt who that is: one header, one address, no defect."""
        values = self.all("from")
        for value in values[:3]:
            addresses, sound = _parse_addresses(value[:FROM_LIMIT])
            usable = [address for address in addresses if is_address(address.addr_spec)]
            if usable:
                return usable[0], sound and len(addresses) == 1 and len(values) == 1
        return None, False

    def message_ids(self, name: str) -> list[str]:
        """The message ids in a header, with their angle brackets, in the order of the header (RFC 5322, 3.6.4)."""
        found = [one for value in self.all(name) for one in _MESSAGE_ID.findall(value)]
        return found or _bare_message_id(self.first(name))

    def date(self) -> datetime | None:
        """The moment in Date as UTC; None if it is missing or no date."""
        try:
            return parsedate_to_datetime(self.first("date")).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError, OSError):
            return None


def is_address(value: str) -> bool:
    """Whether a reply can be sent there; refuses everything that could break out of a header or an SMTP command."""
    return _ADDRESS.fullmatch(value) is not None


def is_message_id(value: str) -> bool:
    """Whether it can stand in a References header."""
    return _MESSAGE_ID.fullmatch(value) is not None and value.isascii()


def decode_words(value: str) -> str:
    """Decode encoded words (RFC 2047); what cannot be decoded stays as it is."""
    try:
        return str(default.header_factory("subject", value))
    except Exception:  # the standard library's header parser raises nearly anything on nearly anything
        return value


def _parse_addresses(value: str) -> tuple[list[Address], bool]:
    try:
        header = default.header_factory("from", value)
        addresses = list(header.addresses)
    except Exception:  # as above
        return _guess_addresses(value), False
    return (addresses, not header.defects) if addresses else (_guess_addresses(value), False)


def _guess_addresses(value: str) -> list[Address]:
    """A second, more tolerant reading."""
    try:
        pairs = [
            (clean_line(decode_words(name), 200), spec) for name, spec in getaddresses([value]) if is_address(spec)
        ]
    except RecursionError:  # nested comments
        return []
    return [Address(name, *spec.rsplit("@", 1)) for name, spec in pairs]


def _bare_message_id(value: str) -> list[str]:
    """Some senders leave out the angle brackets; those who answer them put them back."""
    bracketed = f"<{value.strip()}>"
    return [bracketed] if value.strip() and _MESSAGE_ID.fullmatch(bracketed) else []
