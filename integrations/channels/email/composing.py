"""An outbound message as a mail: threaded, labelled, safe in every header."""

import re
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from domain.message import OutboundMessage
from integrations.channels.email.headers import is_address, is_message_id
from integrations.channels.email.text import clean_line, clean_text

REFERENCES_LIMIT = 20
_REPLY_MARKS = re.compile(r"(?:(?:re|aw|sv|vs|antw|rif)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def outbound_message_id(message_id: str, account: str) -> str:
    """The Message-ID under which a message is sent, however often: the store records it before the first attempt."""
    return f"<{message_id}@{account.rpartition('@')[2]}>"


def is_sendable(message: OutboundMessage) -> bool:
    """Whether both addresses can stand in an envelope."""
    return is_address(message.account) and is_address(message.recipient)


def needs_smtputf8(message: OutboundMessage) -> bool:
    """Whether an address is not ASCII (RFC 6531)."""
    return not (message.account + message.recipient).isascii()


def compose_mail(message: OutboundMessage) -> bytes:
    """The mail as sent, with CRLF line ends; ASCII unless an address is not.

    The headers are written here, each from one clean line. The standard library's policies fold message ids into
    encoded words, which breaks threads, and lose blanks of long subjects.
    """
    body = EmailMessage(policy=SMTP)
    body.set_content(clean_text(message.text), charset="utf-8", cte="quoted-printable")
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(message) if value)
    return head.encode() + body.as_bytes()


def _headers(message: OutboundMessage) -> list[tuple[str, str]]:
    in_reply_to = message.in_reply_to if is_message_id(message.in_reply_to) else ""
    return [
        ("Message-ID", outbound_message_id(message.message_id, message.account)),
        ("In-Reply-To", in_reply_to),
        ("References", "\r\n ".join(_references(message))),
        ("From", f"{_phrase(clean_line(message.author_label, 200))}\r\n <{message.account}>"),
        ("To", message.recipient),
        ("Subject", _subject(message)),
        ("Date", formatdate()),
        ("Auto-Submitted", _origin(message)),
    ]


def _references(message: OutboundMessage) -> list[str]:
    thread = [one for one in dict.fromkeys((*message.references, message.in_reply_to)) if is_message_id(one)]
    if len(thread) <= REFERENCES_LIMIT:
        return thread
    return [thread[0], *thread[1 - REFERENCES_LIMIT :]]  # the first holds a thread together, the last ones place it


def _origin(message: OutboundMessage) -> str:
    """RFC 3834, section 5."""
    if not message.automatic:
        return ""
    return "auto-replied" if message.in_reply_to else "auto-generated"


def _subject(message: OutboundMessage) -> str:
    subject = clean_line(message.subject, 900)
    if message.in_reply_to:
        subject = f"Re: {_REPLY_MARKS.sub('', subject, count=1)}".strip()
    return subject if _is_plain(subject) else _encoded(subject)


def _phrase(name: str) -> str:
    """A display name: quoted (RFC 5322, 3.2.4), or as encoded words."""
    if not _is_plain(name):
        return _encoded(name)
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_plain(line: str) -> bool:
    return line.isascii() and "=?" not in line


def _encoded(line: str) -> str:
    """Encoded words (RFC 2047), at most 75 characters each."""
    return Header(line, charset="utf-8", maxlinelen=75, header_name="Subject").encode(linesep="\r\n")
