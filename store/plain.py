"""Plain SQL on the session's own connection and transaction, for the few statements that every message runs.

A statement through SQLAlchemy's asyncio session costs four times the processor time of the driver's own (`make bench`).
"""

from collections.abc import Mapping
from typing import Any, cast

from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncSession


async def run(session: AsyncSession, statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Run one statement with `%(name)s` parameters; returns its rows. What the session has not flushed is not seen."""
    pooled = await (await session.connection()).get_raw_connection()
    driver = cast("AsyncConnection[tuple[Any, ...]]", pooled.driver_connection)
    cursor = await driver.execute(statement, parameters)
    return await cursor.fetchall()
