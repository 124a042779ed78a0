"""Questions that no article answered, for those who write articles."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from domain.triage import Triage
from store.columns import moment
from store.ids import new_id
from store.interactions import Interaction
from store.journal import Happening, note


class KnowledgeGap(SQLModel, table=True):
    """One unanswered question. Its words stay in the message; here stand only its id and the topic."""

    __tablename__ = "knowledge_gap"
    __table_args__ = (Index("knowledge_gap_at", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(index=True)
    message_id: str
    """The customer's message that holds the question."""
    issue: str
    language: str
    topic: str = ""
    """The keyword (or two) that groups it with like ones: words of the knowledge base or the catalogue, lower case."""
    at: datetime | None = moment(default_now=True)
    closed_at: datetime | None = moment()
    """When an article answered it."""


async def note_gap(session: AsyncSession, interaction: Interaction, message_id: str, topic: str) -> None:
    """A question that no article answered, once for each message."""
    triage = Triage.model_validate(interaction.triage) if interaction.triage else None
    language = triage.language if triage else "en"
    gap = KnowledgeGap(
        interaction_id=interaction.id, message_id=message_id, issue=interaction.issue, language=language, topic=topic
    )
    session.add(gap)
    note(session, Happening.KNOWLEDGE_GAP, interaction=interaction, ref=gap.id)
