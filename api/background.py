"""Work beside the requests: it runs until the process ends, and a mistake in it is logged and not the end of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

_AGAIN_SECONDS = 1.0

log = structlog.get_logger("api")


@contextlib.asynccontextmanager
async def running(name: str, work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run `work` while the block lasts; begin it again whenever it fails."""
    task = asyncio.create_task(_kept_up(name, work), name=name)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _kept_up(name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception as error:
            # Without the traceback, whose lines may hold what customers wrote.
            log.warning("background_failed", name=name, kind=type(error).__name__)
        await asyncio.sleep(_AGAIN_SECONDS)
