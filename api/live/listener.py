"""The process's one LISTEN connection."""

import asyncio

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from api.live.bell import JOURNAL, Bell, conversation_topic
from store.live import CONVERSATION_CHANNEL, JOURNAL_CHANNEL

_AGAIN_SECONDS = 1.0

log = structlog.get_logger("api")


async def listen(url: str, bell: Bell) -> None:
    """Ring the bell for every notice, until cancelled. Connects again by itself, and then wakes everyone."""
    plain = "postgresql://" + url.split("://", 1)[1]
    while True:
        try:
            async with await _connected(plain) as connection:
                bell.ring_all()
                async for notice in connection.notifies():
                    _pass_on(notice, bell)
        except psycopg.Error as error:
            log.warning("listen_connection_lost", kind=type(error).__name__)
        await asyncio.sleep(_AGAIN_SECONDS)


async def _connected(url: str) -> "AsyncConnection[tuple[object, ...]]":
    connection = await AsyncConnection.connect(
        url,
        autocommit=True,
        connect_timeout=5,
        application_name="baton-listen",
        keepalives_idle=30,
    )
    for channel in (CONVERSATION_CHANNEL, JOURNAL_CHANNEL):
        await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
    return connection


def _pass_on(notice: psycopg.Notify, bell: Bell) -> None:
    if notice.channel == JOURNAL_CHANNEL:
        bell.ring(JOURNAL)
    else:
        bell.ring(conversation_topic(notice.payload))
