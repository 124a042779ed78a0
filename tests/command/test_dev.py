"""`baton dev`: one command makes everything run, and leaves nothing running behind."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.names import Pool
from tests.waiting import until

pytestmark = pytest.mark.e2e

PROCESSES = {pool.value for pool in Pool} | {"api"}


@contextmanager
def _dev(directory: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """`baton dev` with its state in a directory; yields the process and the file that takes its output."""
    output = directory / "output"
    environment = os.environ | {"BATON_STATE_DIRECTORY": str(directory / "state")}
    with output.open("w") as file:
        command = [sys.executable, "-m", "cli", "dev", *options]
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment, text=True)
    try:
        yield process, output
    finally:
        process.kill()
        process.wait()
        until(lambda: not _left_running(directory), within_seconds=60)


def _left_running(directory: Path) -> list[str]:
    """Command lines of processes that know this directory, by their arguments or their environment."""
    return [line for line in map(_command_of, _told_of(directory)) if line]


def _told_of(directory: Path) -> list[Path]:
    needle, own = str(directory).encode(), str(os.getpid())
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name != own:
            try:
                known = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            except OSError:
                continue
            if needle in known:
                found.append(process)
    return found


def _command_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _address(output: Path, name: str) -> str:
    found = re.search(rf"^ +{name} +(http://\S+)$", output.read_text(), re.MULTILINE)
    return found.group(1) if found else ""


def _status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - an address of this machine
        return int(response.status)


@pytest.mark.parametrize("options", [[], ["--processes"]], ids=["one process", "processes"])
def test_it_serves_the_pages_and_ends_in_order(tmp_path: Path, options: list[str]) -> None:
    with _dev(tmp_path, *options) as (process, output):
        until(lambda: _address(output, "chat") != "", within_seconds=90)
        assert _status(_address(output, "chat")) == 200
        assert _status(_address(output, "temporal")) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert _left_running(tmp_path) == []


def test_a_killed_pool_comes_back(tmp_path: Path) -> None:
    with _dev(tmp_path, "--processes") as (_, output):
        until(lambda: len(_workers(tmp_path)) == len(Pool), within_seconds=90)
        killed = _workers(tmp_path)["human"]
        until(lambda: output.read_text().count("pool=human") == 1, within_seconds=90)
        os.kill(killed, signal.SIGKILL)
        until(lambda: output.read_text().count("pool=human") == 2, within_seconds=90)
        assert _workers(tmp_path)["human"] != killed


def _workers(directory: Path) -> dict[str, int]:
    """Process ids of the worker processes, by pool."""
    workers = {}
    for process in _told_of(directory):
        found = re.search(r"-m cli worker (\w+)", _command_of(process))
        if found:
            workers[found.group(1)] = int(process.name)
    return workers


def test_a_killed_dev_leaves_nothing_running(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent was killed")
    with _dev(tmp_path, "--processes") as (process, output):
        until(lambda: _address(output, "chat") != "", within_seconds=90)
        assert len(_left_running(tmp_path)) > len(PROCESSES)
        process.kill()
        process.wait()
        until(lambda: not _left_running(tmp_path), within_seconds=60)
