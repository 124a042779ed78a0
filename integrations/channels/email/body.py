"""The body of a mail: its text and its attachments, from whatever MIME structure (RFC 2045, 2046) the sender made."""

from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO
from typing import NamedTuple

from domain.message import Attachment
from integrations.channels.email.headers import decode_words
from integrations.channels.email.html_text import html_to_text
from integrations.channels.email.text import clean_line, clean_text, decode

TEXT_LIMIT = 200_000
"""Characters of text kept as text; a longer one is also kept in full as an attachment."""
ATTACHMENTS_LIMIT = 200
_DEPTH_LIMIT = 20


class Body(NamedTuple):
    """Text with quoted history, and files."""

    text: str
    attachments: tuple[Attachment, ...]


def read_body(message: Message) -> Body:
    """The text and files of a mail. Never raises: what cannot be understood is kept as an attachment."""
    attachments: list[Attachment] = []
    text = clean_text("\n\n".join(_texts(message, attachments, depth=0))).strip()
    if len(text) > TEXT_LIMIT:
        attachments.insert(0, _attachment("full-text.txt", "text/plain", text.encode()))
    return Body(text[:TEXT_LIMIT], tuple(attachments[:ATTACHMENTS_LIMIT]))


def _texts(part: Message, attachments: list[Attachment], depth: int) -> list[str]:
    """The texts of a part in reading order; everything else goes to `attachments`."""
    kind = part.get_content_type()
    if part.is_multipart() and kind.startswith("multipart/") and depth < _DEPTH_LIMIT:
        parts = [one for one in part.get_payload() if isinstance(one, Message)]
        if kind == "multipart/alternative":
            return _best_alternative(parts, attachments, depth + 1)
        return [text for one in parts for text in _texts(one, attachments, depth + 1)]
    if _is_body_text(part, kind):
        text = decode(_content(part), _charset(part))
        return [html_to_text(text) if kind == "text/html" else text] if text.strip() else []
    attachments.append(_attachment(_filename(part), kind, _content(part)))
    return []


def _best_alternative(parts: list[Message], attachments: list[Attachment], depth: int) -> list[str]:
    """The plain text if it says anything, else the last alternative that does (RFC 2046, 5.1.4: the last is best)."""
    best_first = sorted(
        enumerate(parts), key=lambda place: (place[1].get_content_type() == "text/plain", place[0]), reverse=True
    )
    chosen: list[str] = []
    for _, part in best_first:
        texts = _texts(part, attachments, depth)
        chosen = chosen or texts
    return chosen


def _is_body_text(part: Message, kind: str) -> bool:
    if part.is_multipart() or part.get_content_disposition() == "attachment" or _filename(part):
        return False
    # A multipart without its boundaries is one text.
    return kind in {"text/plain", "text/html", "text/enriched"} or kind.startswith("multipart/")


def _content(part: Message) -> bytes:
    """The bytes of a part; of a nested mail or a structure that is too deep, its source."""
    if part.is_multipart():
        return b"".join(_source(one) for one in part.get_payload() if isinstance(one, Message))
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # broken transfer encodings
        payload = None
    if isinstance(payload, bytes):
        return payload
    return str(part.get_payload()).encode("utf-8", errors="replace")


def _source(message: Message) -> bytes:
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False).flatten(message)
    except Exception:  # the generator is stricter than the parser
        return str(message.get_payload()).encode("utf-8", errors="replace")
    return out.getvalue()


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except Exception:  # broken parameters (RFC 2231)
        return None


def _filename(part: Message) -> str:
    try:
        name = part.get_filename()
    except Exception:  # as above
        return "unnamed"
    return clean_line(decode_words(name), 200) if name else ""


def _attachment(filename: str, media_type: str, content: bytes) -> Attachment:
    return Attachment(
        filename=filename or "unnamed",
        media_type=clean_line(media_type, 100),
        size=len(content),
        content=content,
    )
