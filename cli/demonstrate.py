"""`baton demo`: the demo shop with everything running, to try by hand or to watch play its scenarios once."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from cli.demo.checks import ScenarioFailed
from cli.demo.scenarios import SCENARIOS, DemoScenario
from cli.demo.world import World, raise_world
from cli.errors import CommandFailed
from cli.local.services import Services, local_services
from cli.progress import say
from cli.settings import CommandSettings
from cli.signals import told_to_stop
from integrations.channels.email.capture import CapturingMailServer

_MAIN_JOB = SCENARIOS[:2]
"""What the demo that stays up plays first: answers by chat and by mail."""


class ScenariosFailed(CommandFailed):
    """Some scenarios failed; the message says how many, and where the output of all processes is."""


async def play_once(settings: CommandSettings) -> None:
    """Play all scenarios in a world of their own, which is gone afterwards. Raises `ScenariosFailed`."""
    directory = Path(tempfile.mkdtemp(prefix="baton-demo-"))
    async with _world(settings, directory) as world:
        failed = await _play(world, SCENARIOS)
    if failed:
        raise ScenariosFailed(f"{failed} of {len(SCENARIOS)} scenarios failed; see {_log(directory)}")
    shutil.rmtree(directory, ignore_errors=True)


async def stay_up(settings: CommandSettings) -> None:
    """Play the main job, print where people go, and stay until SIGTERM or SIGINT. Raises `ScenariosFailed`."""
    directory = settings.state_directory / "demo"
    directory.mkdir(parents=True, exist_ok=True)
    with told_to_stop() as told:
        async with _world(settings, directory) as world:
            if await _play(world, _MAIN_JOB):
                raise ScenariosFailed(f"the main job did not run; see {_log(directory)}")
            say(_guide(world, _log(directory)))
            await told.wait()
            say("stopping")


@asynccontextmanager
async def _world(settings: CommandSettings, directory: Path) -> AsyncIterator[World]:
    """A world on local servers only: the demo fills its store, so it never touches what the settings name."""
    local = {"state_directory": directory, "database_url": None, "temporal_address": None}
    with _log(directory).open("w", buffering=1) as log:
        async with local_services(settings.model_copy(update=local)) as services:
            say("demo: filling the shop and starting every process")
            async with raise_world(services, CapturingMailServer(), lambda line: print(line, file=log)) as world:
                yield world


def _log(directory: Path) -> Path:
    return directory / "processes.log"


async def _play(world: World, scenarios: Sequence[DemoScenario]) -> int:
    """Play scenarios one after the other and print a line for each; returns how many failed."""
    failed = 0
    for scenario in scenarios:
        started = time.monotonic()
        try:
            seen = await _play_one(world, scenario)
            verdict = "ok  "
        except (ScenarioFailed, OSError, TimeoutError) as error:
            seen, verdict = str(error) or type(error).__name__, "FAIL"
            failed += 1
        print(f"{verdict} {scenario.number:2} {scenario.name} ({time.monotonic() - started:.1f} s): {seen}", flush=True)
    return failed


async def _play_one(world: World, scenario: DemoScenario) -> str:
    say(f"     {scenario.number:2} {scenario.name} ...")
    seen = await scenario.play(world)
    if findings := await world.at_rest():
        raise ScenarioFailed(f"the audit found {', '.join(f'{each.problem} {each.ref}' for each in findings)}")
    return seen


def _guide(world: World, log: Path) -> str:
    services: Services = world.services
    people = "\n".join(
        f"    {person.login:8} {person.password:12} {person.role.value}" for person in world.staff.everybody
    )
    return (
        f"\n  chat         {services.public_url}/"
        f"\n  desk         {services.public_url}/desk"
        f"\n  temporal     {services.temporal_ui_url}"
        f"\n  mail         write to {world.mailbox.account} by SMTP on 127.0.0.1:{services.smtp_listen_port}"
        f"\n  admin token  {world.staff.admin_token}"
        f"\n  output       {log}"
        f"\n\n  sign in to the desk as\n{people}\n\n  Ctrl-C ends the demo; its data stays for the next one.\n"
    )
