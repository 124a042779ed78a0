"""The ground that all sides stand on: one PostgreSQL, one Temporal server, child processes of one kind."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.local.leash import spawn
from cli.local.postgres import LocalPostgres
from cli.local.temporal import LocalTemporal
from domain.names import Pool
from store.migrate import upgrade

_TEMPLATE = "bench_template"
_STOP_SECONDS = 15.0

PROCESSES: tuple[tuple[Pool, ...], ...] = (
    (Pool.WORKFLOWS,),
    (Pool.AI, Pool.DISPATCH, Pool.HUMAN, Pool.INTEGRATION),
)
"""Which pools share a worker process, for Baton and the bare workflow alike."""


@dataclass(frozen=True)
class Ground:
    """Where everything is. The database is durable, as in production; its files and Temporal's are on one disk."""

    directory: Path
    postgres: LocalPostgres
    temporal: LocalTemporal

    def fresh_database(self, name: str) -> str:
        """A migrated, empty database of this name; returns its URL."""
        self.postgres.drop_database(name)
        self.postgres.create_database(name, template=_TEMPLATE)
        return self.postgres.url(name)

    def environment(self, database_url: str) -> dict[str, str]:
        """The environment of a process that works on a database of this ground."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
        return mine | {"BATON_DATABASE_URL": database_url, "BATON_TEMPORAL_ADDRESS": self.temporal.address}


@asynccontextmanager
async def ground(*, tuned: bool = True) -> AsyncIterator[Ground]:
    """Both servers in a throw-away directory; Temporal with or without the option that makes wakes fast."""
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as name:
        directory = Path(name)
        postgres = LocalPostgres(directory / "postgres")
        temporal = LocalTemporal(directory / "temporal.db", headless=True, tuned=tuned)
        with postgres:
            postgres.create_database(_TEMPLATE)
            await asyncio.to_thread(upgrade, postgres.url(_TEMPLATE))
            async with temporal:
                yield Ground(directory=directory, postgres=postgres, temporal=temporal)


@contextmanager
def child(ground: Ground, name: str, arguments: Sequence[str], environment: dict[str, str]) -> Iterator[int]:
    """A Python process of its own; yields its id. What it prints is kept beside the servers' logs."""
    with (ground.directory / f"{name}.log").open("ab") as log:
        process = spawn([sys.executable, "-m", *arguments], output=log, environment=environment)
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def worker_children(ground: Ground, side: str, environment: dict[str, str]) -> Iterator[None]:
    """The worker processes of one side."""
    with ExitStack() as stack:
        for pools in PROCESSES:
            stack.enter_context(child(ground, f"{side}-{pools[0]}", ["bench.worker", side, *pools], environment))
        yield
