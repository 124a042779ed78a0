"""Notices to live pages: sent with the commit, so that whoever hears one finds the rows."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CONVERSATION_CHANNEL = "baton_conversation"
JOURNAL_CHANNEL = "baton_journal"

_NOTICES = "notices"
_SEND = text(
    "SELECT pg_notify(channel, payload) FROM unnest(CAST(:channels AS text[]), CAST(:payloads AS text[]))"
    " AS notice (channel, payload)"
)


async def notify_conversation(session: AsyncSession, conversation_id: str) -> None:
    """The customer's view of a conversation has grown, and so has the journal."""
    _notices(session)[CONVERSATION_CHANNEL, conversation_id] = None
    await notify_desk(session)


async def notify_desk(session: AsyncSession) -> None:
    """The journal has grown."""
    _notices(session)[JOURNAL_CHANNEL, ""] = None


async def send_notices(session: AsyncSession) -> None:
    """Hand all notices of the transaction to the database, which sends them with the commit."""
    notices = _notices(session)
    if notices:
        channels, payloads = zip(*notices, strict=True)
        await session.execute(_SEND, {"channels": list(channels), "payloads": list(payloads)})


def _notices(session: AsyncSession) -> dict[tuple[str, str], None]:
    kept: dict[tuple[str, str], None] = session.info.setdefault(_NOTICES, {})
    return kept
