"""A worker process of one side: `python -m bench.worker baton|local|bare|noop POOL...`, until SIGTERM."""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.worker import Worker

from bench.bare import BareActivities, BareWorkflow
from domain.names import Pool
from domain.parties import Channel
from gateway.client import connected_client
from integrations.channels.chat import ChatOutbound
from integrations.shop.local import LocalShop
from store.database import Database
from tests.fakes.assistant import ScriptedAssistant
from workers.pools import STICKY_TIMEOUT, run_workers
from workers.settings import WorkerSettings
from workers.wiring import Adapters

DONE_FILE = "BENCH_DONE_FILE"
"""Environment variable: the file to which a bare run that is done adds a byte."""


def cheap_adapters(_: WorkerSettings, database: Database) -> Adapters:
    """An assistant that costs nothing, so that the engine is measured."""
    return Adapters(
        shop=lambda: LocalShop(database),
        assistant=ScriptedAssistant,
        channels=lambda: {Channel.CHAT: ChatOutbound()},
    )


def bare_worker(client: Client, pool: Pool, settings: WorkerSettings, verbs: BareActivities) -> Worker:
    """A worker with the same options as Baton's."""
    return Worker(
        client,
        task_queue=pool.value,
        workflows=[BareWorkflow] if pool is Pool.WORKFLOWS else [],
        activities=[verbs.step],
        max_concurrent_activities=getattr(settings, f"{pool}_concurrency"),
        max_concurrent_local_activities=getattr(settings, f"{pool}_concurrency"),
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=timedelta(seconds=settings.drain_seconds),
    )


async def run_bare(pools: list[Pool], settings: WorkerSettings, *, noop: bool) -> None:
    """The bare workflow's workers, until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    verbs = BareActivities(None if noop else database, Path(os.environ[DONE_FILE]))
    client = await connected_client(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        for pool in pools:
            await stack.enter_async_context(bare_worker(client, pool, settings, verbs))
        await stop.wait()


async def main(side: str, pools: list[Pool]) -> None:
    """One side's pools in this process."""
    settings = WorkerSettings(drain_seconds=1)
    os.nice(settings.niceness)  # as `baton worker` does
    match side:
        case "baton":
            await run_workers(pools, settings, cheap_adapters)
        case "local":
            await run_workers(pools, settings)
        case _:
            await run_bare(pools, settings, noop=side == "noop")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], [Pool(name) for name in sys.argv[2:]]))
