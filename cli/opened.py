"""The store as a short command opens it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from cli.errors import CommandFailed
from cli.local.services import database
from cli.settings import CommandSettings
from store.database import Database
from store.errors import StoreUnavailable


class StoreNotReady(CommandFailed):
    """The store cannot be used; the message says what to do."""


@asynccontextmanager
async def opened_store(settings: CommandSettings) -> AsyncIterator[Database]:
    """The database in the settings, or the local one. Raises `StoreNotReady`."""
    with database(settings) as url:
        store = Database(url, pool_size=1)
        try:
            yield store
        except StoreUnavailable as error:
            raise StoreNotReady("the database does not answer: check BATON_DATABASE_URL") from error
        except (ProgrammingError, UndefinedTable, UndefinedColumn) as error:
            raise StoreNotReady("the database has another schema: run 'baton migrate' first") from error
        finally:
            await store.close()


@asynccontextmanager
async def transaction(settings: CommandSettings) -> AsyncIterator[AsyncSession]:
    """One transaction on the database in the settings, or on the local one. Raises `StoreNotReady`."""
    async with opened_store(settings) as store, store.begin() as session:
        yield session
