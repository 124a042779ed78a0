"""What a customer's own view shows: their interaction, and the conversation as far as they can see it."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.parties import AuthorKind
from domain.values import Value
from store.attachments import FILES_OF_M, AttachedFile, with_attachments


class InteractionView(Value):
    """One interaction."""

    interaction_id: str
    channel: str
    state: str
    issue: str
    opened_at: datetime
    closed_at: datetime | None
    resolution: str


class ConversationView(Value):
    """Where a conversation belongs, and how its interaction stands."""

    conversation_id: str
    channel: str
    account: str
    thread_key: str
    interaction_id: str | None
    state: str | None
    resolution: str | None


class SeenMessage(Value):
    """One message that the customer can see. `seq` is its place in the conversation, from 1, without gaps."""

    seq: int
    message_id: str
    author: AuthorKind
    agent_name: str
    """Who wrote it, where an agent did."""
    text: str
    citations: tuple[dict[str, object], ...]
    attachments: tuple[AttachedFile, ...]
    at: datetime


_INTERACTION = text(
    """
    SELECT id AS interaction_id, channel, state, issue, opened_at, closed_at, resolution FROM interaction i
    WHERE id = :id AND (CAST(:account AS text) IS NULL OR EXISTS (
        SELECT 1 FROM message m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.interaction_id = i.id AND c.account = :account AND c.thread_key = :thread))
    """
)

_CONVERSATION = text(
    """
    SELECT c.id AS conversation_id, c.channel, c.account, c.thread_key, c.interaction_id, i.state, i.resolution
    FROM conversation c LEFT JOIN interaction i ON i.id = c.interaction_id WHERE c.id = :id
    """
)

_SEEN = text(
    f"""
    SELECT m.seq, m.id AS message_id, m.author, COALESCE(a.name, '') AS agent_name, m.body AS text, m.citations,
           COALESCE(m.sent_at, m.created_at) AS at, {FILES_OF_M}
    FROM message m LEFT JOIN agent a ON a.id = m.author_id
    WHERE m.conversation_id = :id AND m.seq > :after ORDER BY m.seq LIMIT :limit
    """  # noqa: S608 - of constants
)


async def interaction_view(
    session: AsyncSession, interaction_id: str, *, account: str | None = None, thread: str = ""
) -> InteractionView | None:
    """An interaction; with `account`, only if that thread holds a message of it."""
    row = await session.execute(_INTERACTION, {"id": interaction_id, "account": account, "thread": thread})
    found = row.mappings().one_or_none()
    return InteractionView.model_validate(dict(found)) if found else None


async def conversation_view(session: AsyncSession, conversation_id: str) -> ConversationView | None:
    """A conversation and the state of its interaction."""
    found = (await session.execute(_CONVERSATION, {"id": conversation_id})).mappings().one_or_none()
    return ConversationView.model_validate(dict(found)) if found else None


async def seen_messages(session: AsyncSession, conversation_id: str, after: int, limit: int) -> list[SeenMessage]:
    """What the customer can see after a position. Positions are given under a lock: none comes late."""
    rows = await session.execute(_SEEN, {"id": conversation_id, "after": after, "limit": limit})
    return [SeenMessage.model_validate(with_attachments(dict(row))) for row in rows.mappings()]
