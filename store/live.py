"""Notices to live pages: sent with the commit, so that whoever hears one finds the rows."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CONVERSATION_CHANNEL = "baton_conversation"
JOURNAL_CHANNEL = "baton_journal"


async def notify_conversation(session: AsyncSession, conversation_id: str) -> None:
    """The customer's view of a conversation has grown."""
    await session.execute(
        text("SELECT pg_notify(:channel, :payload), pg_notify(:journal, '')"),
        {"channel": CONVERSATION_CHANNEL, "payload": conversation_id, "journal": JOURNAL_CHANNEL},
    )


async def notify_desk(session: AsyncSession) -> None:
    """The journal has grown."""
    await session.execute(text("SELECT pg_notify(:journal, '')"), {"journal": JOURNAL_CHANNEL})
