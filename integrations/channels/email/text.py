"""Text from outside, made safe to store and to put into a header: no NUL, no lone surrogate, no control characters."""

import codecs
import re

_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SLOW_OR_ODD = {"punycode", "idna", "undefined", "unicode_escape", "raw-unicode-escape", "unicode-escape"}
"""Codecs that nobody writes mail in; one of them takes quadratic time."""


def clean_text(text: str) -> str:
    """Many lines: line ends become `\\n`; PostgreSQL can store the result (it takes no NUL)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def clean_line(text: str, limit: int) -> str:
    """One line of at most `limit` characters: line breaks and runs of blanks become one blank."""
    text = _SURROGATES.sub("\ufffd", text).replace("\x00", "")
    return " ".join(_LINE_CONTROLS.sub(" ", text[: limit * 4]).split())[:limit]


def decode(content: bytes, charset: str | None) -> str:
    """Text in the charset that the mail names; if it is unknown or wrong, UTF-8, else Windows-1252 with replacement."""
    for candidate in (_known(charset), "utf-8"):
        try:
            return content.decode(candidate)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def _known(charset: str | None) -> str:
    try:
        name = codecs.lookup((charset or "utf-8").strip()).name
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if name in _SLOW_OR_ODD else name


def undo_escapes(value: str) -> str:
    """A header value as the parser returns it, with the bytes that are not ASCII read as text."""
    try:
        return decode(value.encode("ascii", errors="surrogateescape"), "utf-8")
    except UnicodeEncodeError:
        return value
