"""`baton demo`: brings everything up, plays the scenarios with a line for each, and stays up for people to try."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cli.demo.announcing import announce, announce_what_waits
from cli.demo.checks import check
from cli.demo.mail_folder import MailFolder
from cli.demo.scenarios import SCENARIOS, DemoScenario
from cli.demo.scenarios.drafting import leave_a_draft
from cli.demo.scenarios.people import leave_a_complaint
from cli.demo.state import DemoState, fresh_state
from cli.demo.world import World, raise_world
from cli.errors import CommandFailed
from cli.local.services import local_services
from cli.logs import configure_logging
from cli.progress import say
from cli.settings import CommandSettings
from cli.signals import told_to_stop

_LONGEST_SCENARIO = 240.0


class DemoFailed(CommandFailed):
    """A scenario did not go as promised; its line says how."""


async def run_demo(settings: CommandSettings, *, once: bool) -> None:
    """Play all scenarios; with `once` end then, else stay up until SIGTERM or SIGINT.

    Database and Temporal are the demo's own, whatever the settings name: it kills and restarts them. Raises
    `DemoFailed`, with `once`, if a scenario failed.
    """
    if "log_level" not in settings.model_fields_set:
        configure_logging("warning", settings.log_format)  # this process's own lines belong to the scenarios
    directory = Path(tempfile.mkdtemp(prefix="baton-demo-")) if once else settings.state_directory
    with fresh_state(directory) as state:
        failed = await _in_own_world(settings, state, stay=not once)
    if once and failed:
        raise DemoFailed(f"{failed} of {len(SCENARIOS)} scenarios failed; what the processes printed is in {state.log}")
    if once:
        shutil.rmtree(directory, ignore_errors=True)


async def _in_own_world(settings: CommandSettings, state: DemoState, *, stay: bool) -> int:
    """Play until all is played, and with `stay` until told to stop; returns the number of failures."""
    async with _world(settings, state) as world:
        with told_to_stop() as told:
            playing = asyncio.create_task(_play(world, state, stay=stay))
            stopped = asyncio.create_task(told.wait())
            await asyncio.wait({playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done() and stay:
                await stopped
            for task in (playing, stopped):
                task.cancel()
            await asyncio.wait({playing})
        say("stopping")
        return 0 if playing.cancelled() else playing.result()


@asynccontextmanager
async def _world(settings: CommandSettings, state: DemoState) -> AsyncIterator[World]:
    own = {"state_directory": state.directory, "database_url": None, "temporal_address": None}
    captured = MailFolder(state.mails, lambda mail, path: say(f"    mail: “{mail.subject}” is now {path}"))
    with state.log.open("w", buffering=1) as log:
        async with local_services(settings.model_copy(update=own)) as services:
            say("demo: filling the shop, starting the processes")
            async with raise_world(services, captured, lambda line: print(line, file=log)) as world:
                yield world


async def _play(world: World, state: DemoState, *, stay: bool) -> int:
    """Play everything; returns the number of failures."""
    if stay:
        announce(world, state)
    failures = sum([not await _perform(world, scenario) for scenario in SCENARIOS])
    if stay:
        announce(world, state)
        customer = await leave_a_complaint(world)
        await leave_a_draft(world)
        announce_what_waits(customer)
    return failures


async def _perform(world: World, scenario: DemoScenario) -> bool:
    say(f"{scenario.number:>2}  {scenario.name} …")
    began = time.monotonic()
    try:
        async with asyncio.timeout(_LONGEST_SCENARIO):
            seen, passed = await scenario.play(world), True
            check(not (findings := await world.at_rest()), "an audit that finds nothing", findings)
    except Exception as error:  # whatever it is, the other scenarios are played
        seen, passed = f"{type(error).__name__}: {error}", False
    result = "PASS" if passed else "FAIL"
    print(f"{scenario.number:>2}  {result}  {time.monotonic() - began:5.1f} s  {scenario.name}: {seen}", flush=True)
    return passed
