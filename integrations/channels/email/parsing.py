"""From the raw bytes of a mail to an `InboundMessage`. Pure; never raises, whatever the bytes are."""

import hashlib
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from enum import StrEnum

from domain.message import ClaimedIdentity, InboundMessage
from domain.parties import Channel, IdentityKind, normalise_address
from domain.values import Value
from integrations.channels.email.authentication import vouches_for
from integrations.channels.email.automatic import is_automatic
from integrations.channels.email.body import read_body
from integrations.channels.email.headers import BoundedHeaders, Headers
from integrations.channels.email.reply import newest_reply
from integrations.channels.email.text import clean_line

THREAD_REFS_LIMIT = 50


class QuarantineReason(StrEnum):
    """Why a mail could not become a message."""

    NO_SENDER = "no_sender"
    """No From header, or no address in it that could be answered."""
    UNREADABLE = "unreadable"
    """Reading it failed; a defect of Baton, kept until it is mended."""


class Unparsable(Value):
    """A mail that cannot become a message; its raw bytes go to quarantine."""

    reason: QuarantineReason


def parse_mail(
    raw: bytes, *, account: str, authserv_id: str = "", null_return_path: bool = False
) -> InboundMessage | Unparsable:
    """Read one mail that arrived on `account`.

    `authserv_id` names the brand's own mail server in Authentication-Results; without it no sender is ever verified.
    `null_return_path` says that the envelope's sender was empty, as it is for bounces. A mail without Message-ID gets
    an id made from its bytes, so the same mail delivered again is known again.
    """
    try:
        return _read(raw, account, authserv_id, null_return_path=null_return_path)
    except Exception:  # a defect here must neither refuse a mail nor have it sent again and again
        return Unparsable(reason=QuarantineReason.UNREADABLE)


def _read(raw: bytes, account: str, authserv_id: str, *, null_return_path: bool) -> InboundMessage | Unparsable:
    message = _structure(raw)
    headers = Headers(message)
    sender = _sender(headers, authserv_id)
    if sender is None:
        return Unparsable(reason=QuarantineReason.NO_SENDER)
    identity, display_name = sender
    subject = headers.line("subject", 900)
    body = read_body(message)
    return InboundMessage(
        channel=Channel.EMAIL,
        account=account,
        provider_message_id=_message_id(headers, raw),
        thread_refs=_thread_refs(headers),
        sender=identity,
        display_name=display_name,
        text=newest_reply(body.text, subject),
        raw_text=body.text,
        subject=subject,
        attachments=body.attachments,
        auto_submitted=is_automatic(
            headers, content_type=message.get_content_type(), null_return_path=null_return_path
        ),
        sent_at=headers.date(),
    )


def _structure(raw: bytes) -> Message:
    policy = BoundedHeaders()
    try:
        return message_from_bytes(raw, policy=policy)
    except Exception:  # parts nested deeper than the stack, parameters that break the parser: the body is one text then
        return BytesHeaderParser(policy=policy).parsebytes(raw)


def _sender(headers: Headers, authserv_id: str) -> tuple[ClaimedIdentity, str] | None:
    address, unambiguous = headers.sender()
    if address is None:
        return None
    verified = unambiguous and vouches_for(address.domain, headers.all("authentication-results"), authserv_id)
    value = normalise_address(IdentityKind.EMAIL, address.addr_spec)
    identity = ClaimedIdentity(kind=IdentityKind.EMAIL, value=value, verified=verified)
    return identity, clean_line(address.display_name, 200)


def _message_id(headers: Headers, raw: bytes) -> str:
    found = headers.message_ids("message-id")
    return found[0] if found else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _thread_refs(headers: Headers) -> tuple[str, ...]:
    """Nearest first: what it answers, then the thread backwards (RFC 5322, 3.6.4)."""
    nearest_first = [*headers.message_ids("in-reply-to"), *reversed(headers.message_ids("references"))]
    return tuple(dict.fromkeys(nearest_first))[:THREAD_REFS_LIMIT]
