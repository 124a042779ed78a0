"""The connection to PostgreSQL: one engine for each process, short transactions."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from store.errors import StoreUnavailable
from store.postscript import write_postscript


def sqlalchemy_url(url: str) -> str:
    """`postgresql://...` as SQLAlchemy wants it for psycopg 3; other spellings pass through."""
    return "postgresql+psycopg://" + url.split("://", 1)[1] if url.startswith(("postgresql://", "postgres://")) else url


class Database:
    """PostgreSQL, reached through a pool. Connects lazily, so a process starts while the database is down."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=5,
            pool_recycle=1800,
            hide_parameters=True,  # the message of an error would carry what customers wrote
            connect_args={"connect_timeout": 5, "application_name": "baton", "options": "-c timezone=UTC"},
        )
        self.on_addressed: Callable[[], None] = lambda: None
        """Called after a commit that addressed something to Temporal: the relay of this process looks at once."""
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction: commits at the end, rolls back on any exception.

        Raises `StoreUnavailable` when the database does not answer. The commit itself may then have happened: callers
        repeat with the same idempotency key.
        """
        try:
            async with self._sessions() as session:
                async with session.begin():
                    yield session
                    addressed = await write_postscript(session)
                if addressed:
                    self.on_addressed()
        except (OperationalError, InterfaceError, psycopg.OperationalError, TimeoutError) as error:
            raise StoreUnavailable("database_unavailable") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailable("database_connection_lost") from error
            raise

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
