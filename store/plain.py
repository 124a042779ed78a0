"""Plain SQL on the session's own connection and transaction, for the few statements that every message runs.

A statement through SQLAlchemy's asyncio session costs four times the processor time of the driver's own (`make bench`).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from psycopg import AsyncConnection
from sqlalchemy import Column
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel


async def run(session: AsyncSession, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Run one statement with `%(name)s` parameters; returns its rows. What the session has not flushed is not seen."""
    pooled = await (await session.connection()).get_raw_connection()
    driver = cast("AsyncConnection[tuple[Any, ...]]", pooled.driver_connection)
    cursor = await driver.execute(statement, parameters)
    return await cursor.fetchall()


async def insert(session: AsyncSession, rows: Sequence[SQLModel], now: datetime) -> None:
    """Insert rows of any tables by one statement, in whatever order they refer to one another.

    Columns that the database's clock would fill get `now`. The session does not know the rows.
    """
    parts, values = [], {}
    for number, row in enumerate(rows):
        table, name = row.__tablename__, f"r{number}"
        record = f"jsonb_populate_record(NULL::{table}, %({name})s::jsonb)"
        parts.append(f"{name} AS (INSERT INTO {table} SELECT * FROM {record})")  # noqa: S608  our own names
        content = row.model_dump(mode="json")
        content.update({column: now.isoformat() for column in _clocked(type(row)) if content[column] is None})
        values[name] = json.dumps(content)
    await run(session, f"WITH {', '.join(parts)} SELECT 1", values)


@cache
def _clocked(table: type[SQLModel]) -> tuple[str, ...]:
    """The columns of a table that the database's clock fills."""
    columns = table.__table__.columns  # type: ignore[attr-defined]
    return tuple(c.name for c in columns if c.server_default is not None and "clock_timestamp" in _text(c))


def _text(column: Column[Any]) -> str:
    return str(getattr(column.server_default, "arg", ""))
