"""The process's one reader of the journal; every desk stream gets its rows from here."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from api.live.bell import JOURNAL, Bell, interaction_topic
from store.database import Database
from store.desk_views import feed_hides_rows
from store.errors import StoreError
from store.journal import JournalRow, feed, feed_end

PAGE = 200
SAFETY_SECONDS = 15.0
"""A re-read without a notice, should one have been lost."""
_REST_SECONDS = 0.1
"""Under load, notices are answered together."""
_HIDDEN_SECONDS = 0.1
"""How soon to look again for rows that an older transaction still hides; its end may bring no notice."""
_BEHIND = 2000
"""Rows that a stream may lag behind before it is ended; its client resumes by position."""

Rows = asyncio.Queue["JournalRow | None"]
Position = tuple[int, int]
"""`(transaction id, row id)`, the journal's order."""


def position_of(row: JournalRow) -> Position:
    """Where a row stands."""
    return int(row.xid or 0), row.id or 0


class JournalFollower:
    """Follows the journal by position and hands each row to every subscriber once, in order."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self._database = database
        self._bell = bell
        self._subscribers: set[Rows] = set()

    @contextmanager
    def subscription(self) -> Iterator[Rows]:
        """Rows from now on; None means that the stream is over."""
        rows: Rows = asyncio.Queue()
        self._subscribers.add(rows)
        try:
            yield rows
        finally:
            self._subscribers.discard(rows)

    async def run(self) -> None:
        """Follow until cancelled."""
        position: Position | None = None
        with self._bell.listen(JOURNAL) as ear:
            while True:
                hidden = False
                try:
                    position = position or await self.end()
                    position, hidden = await self._follow(position)
                except StoreError:
                    await asyncio.sleep(1)
                await asyncio.sleep(_REST_SECONDS)
                await ear.heard(_HIDDEN_SECONDS if hidden else SAFETY_SECONDS)

    def stop(self) -> None:
        """End every subscription."""
        for rows in self._subscribers:
            rows.put_nowait(None)

    async def page(self, after: Position) -> list[JournalRow]:
        """The next rows after a position. Raises `StoreUnavailable`."""
        async with self._database.begin() as session:
            return await feed(session, after, PAGE)

    async def end(self) -> Position:
        """The position from which a new stream starts. Raises `StoreUnavailable`."""
        async with self._database.begin() as session:
            return await feed_end(session)

    async def _follow(self, position: Position) -> tuple[Position, bool]:
        while True:
            async with self._database.begin() as session:
                rows = await feed(session, position, PAGE)
                hidden = len(rows) < PAGE and await feed_hides_rows(session)
            for row in rows:
                self._hand_out(row)
            if rows:
                position = position_of(rows[-1])
            if len(rows) < PAGE:
                return position, hidden

    def _hand_out(self, row: JournalRow) -> None:
        if row.interaction_id:
            self._bell.ring(interaction_topic(row.interaction_id))
        for rows in self._subscribers:
            rows.put_nowait(None if rows.qsize() == _BEHIND else row)
