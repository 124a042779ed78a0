"""Imports: a brand's own records become the local shop's, all of them or none.

The records are staged on a connection of the import's own, checked there against one another and against the shop, and
written by one transaction that locks what it changes for as long as the writing takes. What Baton's flows have done to
a record is kept: only what the file itself has changed since the last import is taken over (`store.import_swap`), and
what would undo an effect is refused (`store.import_checks`).
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, cast

import psycopg
import structlog
from psycopg import AsyncConnection, sql
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy.exc import DBAPIError

from domain.shop_records import KINDS, ShopRecord
from domain.values import Value
from store.database import Database
from store.errors import Conflict, StoreUnavailable
from store.import_checks import EFFECTS, METHODS, REFERENCES, Check
from store.import_rows import STAGED, rows_of, unique_ids
from store.import_swap import AWAITED, COMPARE, COMPARED, LOCK, RESOLVE, WRITE
from store.tracking import outreach_about, record_sent, tell_of_change

Progress = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""

_LOCK = 7_041_002
"""Advisory lock: one import at a time."""
_BATCH = 5_000
"""Records staged by one statement, so that no transaction lasts."""
_FLAWS = 1_000
"""Of one kind, looked for; a person mends a few and looks again."""
_ATTEMPTS = 5

Connection = AsyncConnection[tuple[Any, ...]]
_log = structlog.get_logger(__name__)


class Flaw(NamedTuple):
    """What is wrong with one record. `place` is its position among those given, from 0."""

    place: int
    field: str
    message: str
    other: int | None = None
    """The position of another record that it is about."""


class ImportRefused(Exception):
    """Nothing was stored. `flaws` says why, in the order of the records."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = tuple(sorted(set(flaws), key=lambda flaw: flaw[:3]))
        super().__init__("import_refused")


class Imported(Value):
    """What an import brought, by kind: records that were new, that had changed, and that were known as they are."""

    added: dict[str, int]
    changed: dict[str, int]
    unchanged: dict[str, int]
    locked_seconds: float = 0.0
    """How long the writing transaction lasted."""


class _Shipment(NamedTuple):
    """A known shipment that the import has moved, and that somebody waits for."""

    order: str
    shipment_id: str
    state: str
    sent: bool
    """It had not left before."""


def _quiet(_what: str, _done: int, _whole: int) -> None:
    """No progress is told."""


async def import_records(database: Database, records: Sequence[ShopRecord], progress: Progress = _quiet) -> Imported:
    """Fill the local shop with records, in whatever order they refer to one another; the same again changes nothing.

    Records that are not named stay as they are. Raises `ImportRefused` with every flaw found, `Conflict`
    (`import_running`, or `shop_busy` if flows keep what is to change locked), `StoreUnavailable`.
    """
    _refuse(_doubles(records))
    async with _staging(database) as connection:
        await _stage(connection, records, progress)
        steps = len(REFERENCES) + len(RESOLVE) + 1
        unchanged = await _drop_unchanged(connection)
        progress("check", 1, steps)
        _refuse(await _offenders(connection, REFERENCES))
        for done, statement in enumerate(RESOLVE, len(REFERENCES) + 2):
            await connection.execute(statement)
            progress("check", done, steps)
        added, changed, moved, seconds = await _swap(connection, progress)
    await _tell(database, moved)
    result = Imported(added=added, changed=changed, unchanged=unchanged, locked_seconds=seconds)
    _log.info("shop_imported", records=len(records), locked_seconds=round(seconds, 2))
    return result


def _refuse(flaws: Sequence[Flaw]) -> None:
    if flaws:
        raise ImportRefused(flaws)


def _doubles(records: Sequence[ShopRecord]) -> list[Flaw]:
    """Ids that two records share."""
    seen: dict[tuple[str, object], int] = {}
    flaws: list[Flaw] = []
    for place, record in enumerate(records):
        for field, what, value in unique_ids(record):
            if (what, value) in seen:
                flaws.append(Flaw(place, field, f"this {what} is there twice", seen[what, value]))
            seen.setdefault((what, value), place)
    return flaws


@asynccontextmanager
async def _staging(database: Database) -> AsyncIterator[Connection]:
    """A connection of its own with empty staging tables; they are gone afterwards, however it ends."""
    try:
        async with database.engine.connect() as pooled:
            await pooled.execution_options(isolation_level="AUTOCOMMIT")
            driver = (await pooled.get_raw_connection()).driver_connection
            connection = cast("Connection", driver)
            try:
                await _prepare(connection)
                yield connection
            finally:
                with contextlib.suppress(psycopg.Error):  # a closing connection would give it back a moment later
                    await connection.execute("SELECT pg_advisory_unlock_all()")
                await pooled.invalidate()  # closes it, and the staging tables are gone
    except psycopg.OperationalError as error:
        raise StoreUnavailable("database_unavailable") from error
    except DBAPIError as error:
        raise StoreUnavailable("database_unavailable") from error


async def _prepare(connection: Connection) -> None:
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))
    if await cursor.fetchone() != (True,):
        raise Conflict("import_running")
    for table in STAGED:
        names = {"stage": sql.Identifier(f"stage_{table}"), "table": sql.Identifier(table)}
        like = "CREATE TEMP TABLE {stage} AS SELECT 0 AS place, t.* FROM {table} t WITH NO DATA"
        await connection.execute(sql.SQL(like).format(**names))
    for statement in (METHODS, *COMPARED):
        await connection.execute(statement)


async def _stage(connection: Connection, records: Sequence[ShopRecord], progress: Progress) -> None:
    """Copy the records' rows into the staging tables, a batch at a time."""
    for start in range(0, len(records), _BATCH):
        rows: dict[str, list[Sequence[object]]] = {table: [] for table in STAGED}
        for place, record in enumerate(records[start : start + _BATCH], start):
            for table, values in rows_of(record):
                rows[table].append((place, *values))
        for table, staged in rows.items():
            await _copy(connection, table, staged)
        progress("stage", min(start + _BATCH, len(records)), len(records))
    for table, columns in STAGED.items():
        name = sql.Identifier(f"stage_{table}")
        for key in ("place", columns[0], "order_number"):
            if key in ("place", *columns):
                await connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(name, sql.Identifier(key)))
        await connection.execute(sql.SQL("ANALYZE {}").format(name))


async def _copy(connection: Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    if not rows:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, ("place", *STAGED[table])))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(f"stage_{table}"), columns)
    async with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            await copy.write_row(row)


async def _drop_unchanged(connection: Connection) -> dict[str, int]:
    """What the last import brought just so needs no second look; returns how many of each kind."""
    cursor = await connection.execute(
        """
        WITH dropped AS (
            DELETE FROM stage_shop_import s USING shop_import i
            WHERE i.kind = s.kind AND i.id = s.id AND i.print = s.print RETURNING s.kind)
        SELECT kind, count(*) FROM dropped GROUP BY kind
        """
    )
    unchanged = _by_kind(await cursor.fetchall())
    if any(unchanged.values()):
        for table in STAGED:
            await connection.execute(
                sql.SQL(
                    "DELETE FROM {} s WHERE NOT EXISTS (SELECT FROM stage_shop_import i WHERE i.place = s.place)"
                ).format(sql.Identifier(f"stage_{table}"))
            )
    return unchanged


async def _offenders(connection: Connection, checks: Iterable[Check]) -> list[Flaw]:
    flaws: list[Flaw] = []
    for check in checks:
        cursor = await connection.execute(f"{check.query} LIMIT {_FLAWS}")
        flaws += [
            Flaw(place, check.field.format(ref=ref), check.sentence.format(ref=ref))
            for place, ref in await cursor.fetchall()
        ]
    return flaws


async def _swap(
    connection: Connection, progress: Progress
) -> tuple[dict[str, int], dict[str, int], list[_Shipment], float]:
    """The one writing transaction; again, if flows and import have locked one another out."""
    for attempt in range(1, _ATTEMPTS + 1):
        started = time.perf_counter()
        try:
            async with connection.transaction():
                added, changed, moved = await _write(connection, progress)
            return added, changed, moved, time.perf_counter() - started
        except (DeadlockDetected, LockNotAvailable):
            _log.warning("shop_import_locked_out", attempt=attempt)
            await asyncio.sleep(0.1 * attempt)
    raise Conflict("shop_busy")


async def _write(connection: Connection, progress: Progress) -> tuple[dict[str, int], dict[str, int], list[_Shipment]]:
    await connection.execute("SET LOCAL lock_timeout = '1500ms'")
    await connection.execute("SET LOCAL work_mem = '64MB'")
    for statement in (*LOCK, *COMPARE):
        await connection.execute(statement)
    _refuse(await _offenders(connection, EFFECTS))
    added, changed = await _counts(connection)
    for done, statement in enumerate(WRITE, 1):
        await connection.execute(statement)
        progress("write", done, len(WRITE))
    awaited = await connection.execute(AWAITED)
    return added, changed, [_Shipment(*row) for row in await awaited.fetchall()]


async def _counts(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
    cursor = await connection.execute(
        """
        SELECT s.kind, count(*) FILTER (WHERE i.id IS NULL), count(i.id)
        FROM stage_shop_import s LEFT JOIN shop_import i USING (kind, id) GROUP BY s.kind
        """
    )
    rows = await cursor.fetchall()
    return _by_kind((kind, new) for kind, new, _ in rows), _by_kind((kind, known) for kind, _, known in rows)


def _by_kind(rows: Iterable[tuple[Any, ...]]) -> dict[str, int]:
    return dict.fromkeys(KINDS, 0) | {str(kind): int(count) for kind, count in rows}


async def _tell(database: Database, moved: Sequence[_Shipment]) -> None:
    """Let promises and outreach know of parcels that have moved, as tracking does; one short transaction for each.

    An import that is killed here has imported everything: whatever waits looks again by itself at its deadline.
    """
    for shipment in moved:
        async with database.begin() as session:
            if shipment.sent:
                await record_sent(session, shipment.order, shipment.shipment_id)
            flows = await outreach_about(session, shipment.order, shipment.shipment_id)
            tell_of_change(session, flows, shipment.state)
