"""Questions that no article answered, for those who write articles."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, Select, func, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.triage import Triage
from domain.values import Value
from store.columns import moment
from store.conversations import Message
from store.gap_topics import topic_of
from store.ids import new_id
from store.interactions import Interaction
from store.journal import Happening, note
from store.locking import database_now

_EXAMPLES = 3


class KnowledgeGap(SQLModel, table=True):
    """One unanswered question. Its words stay in the message; here stand only its id and the topic."""

    __tablename__ = "knowledge_gap"
    __table_args__ = (
        Index("knowledge_gap_at", "at"),
        Index("knowledge_gap_of", "message_id", unique=True),
        Index("knowledge_gap_open", "at", postgresql_where=text("closed_at IS NULL")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(index=True)
    message_id: str
    """The customer's message that holds the question."""
    issue: str
    language: str
    topic: str = ""
    """The word that groups it with like ones (`store.gap_topics`); empty if it holds none that may be shown."""
    at: datetime | None = moment(default_now=True)
    closed_at: datetime | None = moment()
    """When an article answered it."""


class GapGroup(Value):
    """Like questions that no article answers."""

    topic: str
    issue: str
    language: str
    open: int
    newest: datetime
    examples: tuple[str, ...]
    """Ids of messages, the newest first; who may read the case reads the words there."""


class OpenGap(Value):
    """A gap whose question is to be searched again. Its words stay in the process."""

    id: str
    language: str
    question: str
    at: datetime


async def note_gap(session: AsyncSession, interaction: Interaction, message_id: str, topic: str = "") -> None:
    """A question that no article answered, once for each message; an empty topic is found in its words."""
    if await _noted(session, message_id):
        return
    triage = Triage.model_validate(interaction.triage) if interaction.triage else None
    language = triage.language if triage else "en"
    gap = KnowledgeGap(
        interaction_id=interaction.id,
        message_id=message_id,
        issue=interaction.issue,
        language=language,
        topic=topic or await topic_of(session, await _words_of(session, message_id), language),
    )
    session.add(gap)
    note(session, Happening.KNOWLEDGE_GAP, interaction=interaction, ref=gap.id)


async def _noted(session: AsyncSession, message_id: str) -> bool:
    query = select(col(KnowledgeGap.id)).where(col(KnowledgeGap.message_id) == message_id)
    return (await session.execute(query)).scalar_one_or_none() is not None


async def _words_of(session: AsyncSession, message_id: str) -> str:
    query = select(col(Message.body)).where(col(Message.id) == message_id)
    return (await session.execute(query)).scalar_one_or_none() or ""


async def gap_report(session: AsyncSession, days: int) -> list[GapGroup]:
    """The open gaps of the last `days` days by issue, topic and language, the most frequent first."""
    since = await database_now(session) - timedelta(days=days)
    newest_first = aggregate_order_by(col(KnowledgeGap.message_id), col(KnowledgeGap.at).desc())
    group = (col(KnowledgeGap.topic), col(KnowledgeGap.issue), col(KnowledgeGap.language))
    number, newest = func.count(), func.max(col(KnowledgeGap.at))
    query = (
        select(*group, number.label("open"), newest.label("newest"), func.array_agg(newest_first).label("examples"))
        .where(col(KnowledgeGap.closed_at).is_(None), col(KnowledgeGap.at) >= since)
        .group_by(*group)
        .order_by(number.desc(), newest.desc())
    )
    rows = (await session.execute(query)).mappings()
    return [GapGroup.model_validate({**row, "examples": tuple(row["examples"][:_EXAMPLES])}) for row in rows]


async def open_gaps(session: AsyncSession) -> dict[str, int]:
    """How many questions wait for an article, by issue."""
    query: Select[str, int] = (
        select(col(KnowledgeGap.issue).label("issue"), func.count().label("number"))
        .where(col(KnowledgeGap.closed_at).is_(None))
        .group_by(col(KnowledgeGap.issue))
    )
    return {row.issue: row.number for row in await session.execute(query)}


async def gaps_to_check(session: AsyncSession, after: str, limit: int) -> list[OpenGap]:
    """Open gaps with their questions, in the order of their ids from after `after`."""
    query: Select[str, str, datetime | None, str] = (
        select(
            col(KnowledgeGap.id), col(KnowledgeGap.language), col(KnowledgeGap.at), col(Message.body).label("question")
        )
        .join(Message, col(Message.id) == col(KnowledgeGap.message_id))
        .where(col(KnowledgeGap.closed_at).is_(None), col(KnowledgeGap.id) > after)
        .order_by(col(KnowledgeGap.id))
        .limit(limit)
    )
    return [OpenGap.model_validate(dict(row)) for row in (await session.execute(query)).mappings()]


async def close_gaps(session: AsyncSession, gap_ids: Sequence[str]) -> None:
    """An article answers these questions now."""
    now = await database_now(session)
    await session.execute(update(KnowledgeGap).where(col(KnowledgeGap.id).in_(gap_ids)).values(closed_at=now))
