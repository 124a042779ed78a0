"""Row locks: a row is locked and read once in a transaction, together with the one clock for deadlines."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import DateTime, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from store.errors import NotFound
from store.plain import run

Row = TypeVar("Row", bound=SQLModel)

CLOCK = func.clock_timestamp(type_=DateTime(timezone=True))
_HELD, _NOW = "held", "now"


async def database_now(session: AsyncSession) -> datetime:
    """The one clock for deadlines in the store, as of this transaction's newest lock, or its first question."""
    if _NOW not in session.info:
        session.info[_NOW] = (await session.execute(select(CLOCK))).scalar_one()
    now: datetime = session.info[_NOW]
    return now


async def lock_row(session: AsyncSession, table: type[Row], row_id: str) -> Row:
    """The row, locked until the transaction ends. Raises `NotFound`.

    A row that this transaction has locked before is given back as it stands, since nobody else can have changed it.
    """
    held: dict[tuple[type[SQLModel], str], Any] = session.info.setdefault(_HELD, {})
    if (table, row_id) not in held:
        found = (await session.execute(_lock(table), {"row_id": row_id})).one_or_none()
        if found is None:
            raise NotFound(str(table.__tablename__).replace("_", " "))
        held[table, row_id], session.info[_NOW] = found
    row: Row = held[table, row_id]
    return row


async def current_row(session: AsyncSession, table: type[Row], row_id: str) -> Row:
    """The row as it stands: the one that this transaction has locked, else read anew. Raises `NoResultFound`."""
    held: Row | None = session.info.get(_HELD, {}).get((table, row_id))
    return await session.get_one(table, row_id, populate_existing=True) if held is None else held


_TURNS = """
    SELECT clock_timestamp() FROM (
        SELECT count(pg_advisory_xact_lock(hashtextextended(key, 0)))
        FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS wanted (key, place)) locked
"""


async def take_turns(session: AsyncSession, keys: Sequence[str]) -> None:
    """Of the transactions that name one of these keys only one goes on at a time; they are taken in this order."""
    locked = await run(session, _TURNS, {"keys": list(keys)})
    note_held(session, [], locked[0][0])


@cache
def _lock(table: type[SQLModel]) -> Select[SQLModel, datetime]:
    query = select(table, CLOCK).where(table.__table__.c.id == bindparam("row_id"))  # type: ignore[attr-defined]
    return query.with_for_update(of=table).execution_options(populate_existing=True)


def note_held(session: AsyncSession, rows: Sequence[SQLModel], now: datetime) -> None:
    """These rows were locked by a query of the caller's own, which also read the clock."""
    held = session.info.setdefault(_HELD, {})
    held.update({(type(row), row.id): row for row in rows})  # type: ignore[attr-defined]
    session.info[_NOW] = now
