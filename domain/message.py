"""Messages: what comes in, what goes out, and the states of a delivery."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.parties import Channel, IdentityKind
from domain.values import Value


class DeliveryState(StrEnum):
    """The life of an outbound message. Inbound messages are `RECEIVED` and stay so.

    queued -> sending -> sent | failed | unknown; receipts move `SENT` forward only, to delivered and read.
    """

    RECEIVED = "received"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ClaimedIdentity(Value):
    """An address that came with a message. `verified` only if the channel proved it (a signed token, DMARC)."""

    kind: IdentityKind
    value: str
    verified: bool = False


class Attachment(Value):
    """A file that came with a message: its name as sent, media type, size in bytes, and content."""

    filename: str
    media_type: str
    size: int
    content: bytes = Field(repr=False, default=b"")


class InboundMessage(Value):
    """One message as its channel adapter parsed it; the same provider id on the same account is the same message."""

    channel: Channel
    account: str
    """The brand's own mailbox, number or page, e.g. `support@shop.example`."""
    provider_message_id: str
    """The provider's id: the Message-ID of a mail, the Idempotency-Key of an API call."""
    thread_refs: tuple[str, ...] = ()
    """What ties it to a thread: chat session id; Message-IDs of In-Reply-To and References, nearest first."""
    sender: ClaimedIdentity
    further_identities: tuple[ClaimedIdentity, ...] = ()
    display_name: str = ""
    text: str = Field(repr=False)
    """What the customer wrote now; quoted history and signatures are stripped, `raw_text` keeps them."""
    raw_text: str = Field(repr=False, default="")
    subject: str = Field(repr=False, default="")
    language: str | None = None
    attachments: tuple[Attachment, ...] = ()
    auto_submitted: bool = False
    """RFC 3834: written by a machine; never answered automatically."""
    sent_at: datetime | None = None


class Receipt(Value):
    """What became of an inbound message. The same message received again gives the same receipt."""

    message_id: str
    interaction_id: str
    conversation_id: str
    duplicate: bool = False


class OutboundMessage(Value):
    """One message as a channel sends it. `message_id` doubles as the idempotency key where the provider takes one."""

    message_id: str
    conversation_id: str
    channel: Channel
    account: str
    recipient: str
    """The customer's address on this channel."""
    text: str = Field(repr=False)
    author_label: str
    """Shown to the customer, e.g. `Baton Outfitters · AI assistant`; a person's name never signs AI text."""
    subject: str = Field(repr=False, default="")
    in_reply_to: str = ""
    """Provider id of the customer's newest message in the thread."""
    references: tuple[str, ...] = ()
    """Provider ids of the thread, oldest first."""
    automatic: bool = False
    """No person wrote or released it; a mail then says so (RFC 3834), so that other machines do not answer it."""


class SendResult(StrEnum):
    """How a send ended."""

    SENT = "sent"
    FAILED = "failed"
    """Refused for good, e.g. no such recipient."""
    UNKNOWN = "unknown"
    """The provider may or may not have taken it."""


class SendOutcome(Value):
    """The provider's answer. `code` is a constant word or a number, never its text (which may hold addresses)."""

    result: SendResult
    provider_message_id: str = ""
    code: str = ""
