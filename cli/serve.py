"""Processes that serve until they are told to stop: worker pools, the API, or both in one."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from cli.errors import CommandFailed
from cli.settings import HttpSettings
from domain.names import Pool
from workers.pools import run_workers
from workers.settings import WorkerSettings

_API = "api.app:create_app"  # by name, since nothing imports the API
_GRACE_SECONDS = 5  # for requests under way, event streams among them, after SIGTERM


class ApiFailed(CommandFailed):
    """The API did not start; its log says why."""


async def serve_api(http: HttpSettings) -> None:
    """The API in this process, until SIGTERM or SIGINT. Raises `ApiFailed` if it does not start."""
    await _run(_Server(_config(http)))


async def serve_all(settings: WorkerSettings, http: HttpSettings) -> None:
    """All pools and the API in this process, until SIGTERM or SIGINT; if one side fails, the other ends in order."""
    server = _Guest(_config(http))
    api = asyncio.create_task(_run(server))
    workers = asyncio.create_task(run_workers(list(Pool), settings))
    await asyncio.wait({api, workers}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    if api.done():
        workers.cancel()
    for outcome in await asyncio.gather(workers, api, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


class _Server(uvicorn.Server):
    """A server that ends open event streams before it waits for requests to finish."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan.state["stopping"].set()
        await super().shutdown(sockets)


class _Guest(_Server):
    """A server that leaves the process's signals to the workers beside it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(http: HttpSettings) -> uvicorn.Config:
    """The access log is off: paths and queries may carry addresses and tokens."""
    return uvicorn.Config(
        _API,
        factory=True,
        host=http.host,
        port=http.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


async def _run(server: uvicorn.Server) -> None:
    await server.serve()
    if not server.started:
        raise ApiFailed("the API did not start")
