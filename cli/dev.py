"""`baton dev`: everything on one machine, in one process or in one for each pool and the API."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from cli.local.ports import answers
from cli.local.services import Services, local_services
from cli.policies import activate_first
from cli.progress import say
from cli.serve import ApiFailed, serve_all
from cli.settings import CommandSettings, HttpSettings
from cli.signals import told_to_stop
from cli.supervisor import Supervisor
from cli.upkeep import migrate_schema
from domain.names import Pool
from workers.settings import WorkerSettings

_ANSWERS_WITHIN = 60.0


async def develop(settings: CommandSettings, *, processes: bool) -> None:
    """Provide what is missing, bring the database up to date and serve until SIGTERM or SIGINT."""
    async with local_services(settings) as services:
        await migrate_schema(services.database_url)
        await activate_first(settings.model_copy(update={"database_url": services.database_url}))
        say("baton: loading the pools and the API")
        await (_serve_in_children(services) if processes else _serve_here(services))


@asynccontextmanager
async def running_processes(
    services: Services, output: Callable[[str], None], *, beyond: Mapping[str, str] | None = None
) -> AsyncIterator[Supervisor]:
    """Each pool and the API as a supervised process of its own, named like the pools and `api`; the API answers.

    `beyond` is added to the environment of each. Raises `ApiFailed` if the API does not answer within a minute.
    """
    environment = {**services.environment(), **(beyond or {})}
    async with Supervisor(_child_commands(), environment=environment, output=output) as supervisor:
        if not await answers(services.http_port, within_seconds=_ANSWERS_WITHIN):
            raise ApiFailed("the API does not answer; its output says why")
        yield supervisor


def _child_commands() -> dict[str, list[str]]:
    baton = [sys.executable, "-m", "cli"]
    return {pool.value: [*baton, "worker", pool.value] for pool in Pool} | {"api": [*baton, "api"]}


async def _serve_in_children(services: Services) -> None:
    with told_to_stop() as told:
        async with running_processes(services, _print):
            _announce(services)
            await told.wait()
            say("stopping")


async def _serve_here(services: Services) -> None:
    os.environ.update(services.environment())
    announcement = asyncio.create_task(_announce_once_it_answers(services))
    try:
        await serve_all(WorkerSettings(), HttpSettings())
    finally:
        announcement.cancel()


async def _announce_once_it_answers(services: Services) -> None:
    if await answers(services.http_port, within_seconds=_ANSWERS_WITHIN):
        _announce(services)


def _announce(services: Services) -> None:
    say(
        f"\n  chat         {services.public_url}/\n"
        f"  desk         {services.public_url}/desk\n"
        f"  temporal     {services.temporal_ui_url}\n"
        f"  mail         127.0.0.1:{services.smtp_listen_port} (SMTP)\n"
    )


def _print(line: str) -> None:
    print(line, flush=True)
