"""Notices to live pages: sent with the commit, so that whoever hears one finds the rows."""

from sqlalchemy.ext.asyncio import AsyncSession

from store.postscript import postscript

CONVERSATION_CHANNEL = "baton_conversation"
JOURNAL_CHANNEL = "baton_journal"


async def notify_conversation(session: AsyncSession, conversation_id: str) -> None:
    """The customer's view of a conversation has grown, and so has the journal."""
    postscript(session).notices[CONVERSATION_CHANNEL, conversation_id] = None
    await notify_desk(session)


async def notify_desk(session: AsyncSession) -> None:
    """The journal has grown."""
    postscript(session).notices[JOURNAL_CHANNEL, ""] = None
