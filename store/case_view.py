"""One case as the agent who works on it sees it: timeline, suggestions, conversations, and who may speak."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.baton import HolderKind
from domain.values import Value
from store.attachments import FILES_OF_M, AttachedFile, with_attachments

_NEWEST = 500


class SaidMessage(Value):
    """A message of the case, whether the customer has seen it or not."""

    message_id: str
    conversation_id: str
    channel: str
    author: str
    author_name: str
    text: str
    citations: tuple[dict[str, object], ...]
    attachments: tuple[AttachedFile, ...]
    state: str
    code: str
    at: datetime


class Happened(Value):
    """A journal row of the case."""

    kind: str
    ref: str
    by_name: str
    facts: dict[str, object]
    at: datetime


class PendingSuggestion(Value):
    """Words of another interaction of the customer, waiting for the holder."""

    id: str
    text: str
    expires_at: datetime
    interaction_id: str


class HolderView(Value):
    """Who may speak to the customer; `name` is an agent's."""

    kind: HolderKind
    id: str
    name: str


class ConversationLine(Value):
    """A conversation that holds messages of the case."""

    id: str
    channel: str
    subject: str


_MESSAGES = text(
    f"""
    SELECT * FROM (
        SELECT m.id AS message_id, m.conversation_id, c.channel, m.author, COALESCE(a.name, '') AS author_name,
               m.body AS text, m.citations, m.state, m.code, m.created_at AS at, {FILES_OF_M}
        FROM message m JOIN conversation c ON c.id = m.conversation_id LEFT JOIN agent a ON a.id = m.author_id
        WHERE m.interaction_id = :id ORDER BY m.created_at DESC, m.id DESC LIMIT :limit
    ) newest ORDER BY at, message_id
    """  # noqa: S608 - of constants
)

_HAPPENINGS = text(
    """
    SELECT kind, ref, by_name, facts, at FROM (
        SELECT j.id, j.kind, j.ref, COALESCE(a.name, '') AS by_name, j.facts, j.at
        FROM journal j LEFT JOIN agent a ON a.id = j.by
        WHERE j.interaction_id = :id ORDER BY j.id DESC LIMIT :limit
    ) newest ORDER BY id
    """
)

_SUGGESTIONS = text(
    """
    SELECT s.id, s.body AS text, s.expires_at, s.interaction_id
    FROM suggestion s JOIN interaction i ON i.customer_id = s.customer_id
    WHERE i.id = :id AND s.state = 'pending' AND s.expires_at > clock_timestamp() ORDER BY s.id
    """
)

_HOLDER = text(
    """
    SELECT c.holder_kind AS kind, c.holder_id AS id, COALESCE(a.name, '') AS name
    FROM interaction i JOIN customer c ON c.id = i.customer_id LEFT JOIN agent a ON a.id = c.holder_id WHERE i.id = :id
    """
)

_CONVERSATIONS = text(
    """
    SELECT c.id, c.channel, c.subject FROM conversation c
    WHERE c.id IN (SELECT conversation_id FROM message WHERE interaction_id = :id) ORDER BY c.created_at, c.id
    """
)

_BRIEF = text("SELECT brief FROM work_item WHERE id = :id")


async def said(session: AsyncSession, interaction_id: str) -> list[SaidMessage]:
    """The newest 500 messages of a case, oldest first."""
    rows = await session.execute(_MESSAGES, {"id": interaction_id, "limit": _NEWEST})
    return [SaidMessage.model_validate(with_attachments(dict(row))) for row in rows.mappings()]


async def happened(session: AsyncSession, interaction_id: str) -> list[Happened]:
    """The newest 500 journal rows of a case, oldest first."""
    rows = await session.execute(_HAPPENINGS, {"id": interaction_id, "limit": _NEWEST})
    return [Happened.model_validate(dict(row)) for row in rows.mappings()]


async def suggestions(session: AsyncSession, interaction_id: str) -> list[PendingSuggestion]:
    """What waits before whoever speaks to the case's customer."""
    rows = await session.execute(_SUGGESTIONS, {"id": interaction_id})
    return [PendingSuggestion.model_validate(dict(row)) for row in rows.mappings()]


async def holder(session: AsyncSession, interaction_id: str) -> HolderView:
    """Who may speak to the case's customer."""
    return HolderView.model_validate(dict((await session.execute(_HOLDER, {"id": interaction_id})).mappings().one()))


async def conversations(session: AsyncSession, interaction_id: str) -> list[ConversationLine]:
    """Where the case is talked about, oldest first."""
    rows = await session.execute(_CONVERSATIONS, {"id": interaction_id})
    return [ConversationLine.model_validate(dict(row)) for row in rows.mappings()]


async def brief(session: AsyncSession, item_id: str) -> dict[str, object] | None:
    """What was written for the person who takes the item."""
    found: dict[str, object] | None = (await session.execute(_BRIEF, {"id": item_id})).scalar_one_or_none()
    return found
