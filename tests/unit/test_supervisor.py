"""Supervised processes: restarted when they die, heard while they live, gone with their supervisor."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable

from cli.supervisor import Supervisor
from tests.waiting import until

SLEEPER = [sys.executable, "-c", "import time; print('hello', flush=True); time.sleep(600)"]
SUPERVISE = """
import asyncio, os, sys
from cli.supervisor import Supervisor
async def main():
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    async with Supervisor({"child": command}, environment=os.environ, output=print) as supervisor:
        while not supervisor.running():
            await asyncio.sleep(0.01)
        print(supervisor.running()["child"], flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


async def _eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)


def _alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def _supervisor(lines: list[str]) -> Supervisor:
    return Supervisor({"one": SLEEPER, "two": SLEEPER}, environment=os.environ, output=lines.append)


async def test_output_carries_the_name_of_its_process() -> None:
    lines: list[str] = []
    async with _supervisor(lines):
        await _eventually(lambda: {"one: hello", "two: hello"} <= set(lines))


async def test_a_killed_process_is_started_again_and_the_others_run_on() -> None:
    lines: list[str] = []
    async with _supervisor(lines) as supervisor:
        await _eventually(lambda: len(lines) == 2)
        before = supervisor.running()
        killed = supervisor.kill("one")
        await _eventually(lambda: lines.count("one: hello") == 2)
        after = supervisor.running()
    assert killed == before["one"] != after["one"]
    assert before["two"] == after["two"]


async def test_a_stopped_process_stays_stopped_until_it_is_started() -> None:
    lines: list[str] = []
    async with _supervisor(lines) as supervisor:
        await _eventually(lambda: len(lines) == 2)
        await supervisor.stop("one")
        assert set(supervisor.running()) == {"two"}
        supervisor.start("one")
        await _eventually(lambda: lines.count("one: hello") == 2)


async def test_all_end_with_the_supervisor_even_those_that_ignore_sigterm() -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    lines: list[str] = []
    commands = {"deaf": [sys.executable, "-c", stubborn], "mild": SLEEPER}
    async with Supervisor(commands, environment=os.environ, output=lines.append, stop_timeout_seconds=0.2) as children:
        await _eventually(lambda: len(lines) == 2)
        ids = children.running().values()
    assert not any(map(_alive, ids))


def test_children_end_with_a_killed_supervisor() -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISE], stdout=subprocess.PIPE, text=True) as supervisor:
        child = int(supervisor.stdout.readline()) if supervisor.stdout else 0
        assert _alive(child)
        supervisor.kill()
    until(lambda: not _running(child))


def _running(process_id: int) -> bool:
    """False also for an ended process that nobody has waited for."""
    with contextlib.suppress(FileNotFoundError), open(f"/proc/{process_id}/stat") as file:  # noqa: PTH123
        return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    return False
