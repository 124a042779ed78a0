"""Baton and the bare workflow as two sides of one measurement: both are fed and watched in the same way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

from psycopg import AsyncConnection
from sqlalchemy import text
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.bare import SCHEMA, SIGNAL, BareStart, BareWorkflow, write_row
from bench.ground import Ground, worker_children
from bench.interactions import bench_policy, write
from bench.shape import Shape
from bench.worker import DONE_FILE
from domain.names import Pool
from gateway.relay import Relay
from store.database import Database
from store.ids import new_id
from store.policies import activate
from store.receiving import Reception


class Side(Protocol):
    """What is measured."""

    name: str

    async def submit(self) -> None:
        """Begin one interaction."""

    async def under_way(self) -> int:
        """How many of those begun are not done yet."""


class BatonSide:
    """Messages are received and relayed in this process, as the API does; workers are processes of their own."""

    def __init__(self, database: Database, watching: AsyncConnection, name: str) -> None:
        self.name = name
        self._watching = watching
        self._reception = Reception(database)

    async def submit(self) -> None:
        """A customer's first message."""
        await write(self._reception, new_id(), "where is my order")

    async def under_way(self) -> int:
        """Open interactions; asked over a bare connection, so that watching costs next to nothing."""
        found = await self._watching.execute("SELECT count(*) FROM interaction WHERE state <> 'resolved'")
        (count,) = await found.fetchone() or (0,)
        return int(count)


class BareSide:
    """A row is written and the workflow is started with its signal."""

    def __init__(self, ground: Ground, database: Database, client: Client, shape: Shape, *, noop: bool) -> None:
        self.name = "noop" if noop else "bare"
        self.done_file = ground.directory / f"{self.name}-{new_id()}"
        self.done_file.touch()
        self._database, self._client, self._shape, self._noop = database, client, shape, noop
        self._begun = 0

    async def submit(self) -> None:
        """A row, and one signal-with-start."""
        self._begun += 1
        start = BareStart(id=new_id(), shape=self._shape)
        if not self._noop:
            await write_row(self._database, start.id, 0)
        await self._client.start_workflow(
            BareWorkflow.run,
            start,
            id=f"bare-{start.id}",
            task_queue=Pool.WORKFLOWS.value,
            start_signal=SIGNAL,
            start_signal_args=[start.id],
        )

    async def under_way(self) -> int:
        """Those that have not added their byte to the file yet."""
        return self._begun - self.done_file.stat().st_size


class Arena:
    """Makes sides, and runs the worker processes of one at a time."""

    def __init__(self, ground: Ground, database: Database, client: Client, shape: Shape) -> None:
        self._ground, self._database, self._client, self._shape = ground, database, client, shape

    @asynccontextmanager
    async def side(self, name: str) -> AsyncIterator[Side]:
        """A side, ready to be fed."""
        if name in {"baton", "local"}:
            with self._workers(name, {}):
                relaying = asyncio.create_task(Relay(self._database, self._client).run())
                watching = await AsyncConnection.connect(self._database.url, autocommit=True)
                try:
                    yield BatonSide(self._database, watching, name)
                finally:
                    await watching.close()
                    relaying.cancel()
                    await asyncio.gather(relaying, return_exceptions=True)
        else:
            bare = BareSide(self._ground, self._database, self._client, self._shape, noop=name == "noop")
            with self._workers(name, {DONE_FILE: str(bare.done_file)}):
                yield bare

    @contextmanager
    def _workers(self, name: str, extra: dict[str, str]) -> Iterator[None]:
        with worker_children(self._ground, name, self._ground.environment(self._database.url) | extra):
            yield


@asynccontextmanager
async def bench_database(ground: Ground, name: str) -> AsyncIterator[Database]:
    """A fresh database with the bench's policy and the bare workflow's table."""
    database = Database(ground.fresh_database(name), pool_size=20)
    async with database.begin() as session:
        await activate(session, bench_policy())
        await session.execute(text(SCHEMA))
    try:
        yield database
    finally:
        await database.close()


async def connect(ground: Ground) -> Client:
    """A client as Baton's own processes make it."""
    return await Client.connect(ground.temporal.address, data_converter=pydantic_data_converter)
