"""Conversations and their messages."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.message import DeliveryState
from store.columns import json_column, moment
from store.ids import new_id


class Conversation(SQLModel, table=True):
    """One thread on one channel account."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("account", "thread_key"), Index("conversation_of", "customer_id"))

    id: str = Field(default_factory=new_id, primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    interaction_id: str | None = Field(default=None, index=True)
    """The interaction that the customer's next message continues."""
    channel: str
    account: str
    thread_key: str
    """Chat session id, or the Message-ID of a thread's first mail."""
    address: str
    """Where the customer is reached in this thread."""
    subject: str = ""
    last_seq: int = 0
    """The newest position that the customer can see."""
    last_out: int = 0
    """The newest outbound number given out."""
    left_at: datetime | None = moment()
    """The customer has left this thread; they are answered elsewhere until they write here again."""
    created_at: datetime | None = moment(default_now=True)


class Message(SQLModel, table=True):
    """One inbound or outbound text."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account", "provider_message_id"),
        Index("message_timeline", "conversation_id", "seq"),
        Index("message_of_interaction", "interaction_id", "created_at"),
        Index(
            "message_unsent",
            "conversation_id",
            "out_seq",
            postgresql_where=text("state IN ('queued', 'sending', 'unknown')"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id")
    interaction_id: str
    account: str
    provider_message_id: str
    author: str
    author_id: str = ""
    body: str = Field(sa_type=Text)
    raw_body: str = Field(default="", sa_type=Text)
    citations: list[dict[str, object]] = json_column(default_factory=list)
    references: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    state: str = DeliveryState.RECEIVED.value
    seq: int | None = None
    """Position in the conversation, given when the customer can see it: on receipt, or when sent."""
    out_seq: int | None = None
    """Order of sending within the conversation; inbound messages have none."""
    epoch: int = 0
    """The baton's epoch when it was written."""
    answers_seq: int = 0
    """The customer's last word that an AI message answers, as the interaction's seq."""
    automatic: bool = False
    """A machine wrote it (RFC 3834); it is never answered automatically."""
    ambiguous: bool = False
    """Its sender died while sending, so that the customer may have got it twice."""
    attempt: str = ""
    """The attempt that is sending it."""
    lease_until: datetime | None = moment()
    code: str = ""
    """Why it failed or was cancelled, as a constant word."""
    created_at: datetime | None = moment(default_now=True)
    sent_at: datetime | None = moment()


class Attachment(SQLModel, table=True):
    """A file that came with a message."""

    __tablename__ = "attachment"

    id: str = Field(default_factory=new_id, primary_key=True)
    message_id: str = Field(foreign_key="message.id", index=True)
    filename: str
    media_type: str
    size: int
    content: bytes
