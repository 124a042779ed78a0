"""The client: connects lazily, so a process starts while Temporal is down."""

import asyncio

import structlog
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from gateway.settings import TemporalSettings

RETRY_SECONDS = 1.0

log = structlog.get_logger("temporal")


async def lazy_client(settings: TemporalSettings) -> Client:
    """A client that connects at its first call. Needs a running event loop, and no server."""
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=pydantic_data_converter,
        lazy=True,
    )


async def connected_client(settings: TemporalSettings) -> Client:
    """A client for workers, which cannot poll before Temporal is there: waits for it with patience and a log line."""
    while True:
        try:
            return await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                data_converter=pydantic_data_converter,
            )
        except RuntimeError:
            log.warning("temporal_unreachable", address=settings.temporal_address)
            await asyncio.sleep(RETRY_SECONDS)
