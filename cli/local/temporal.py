"""A local Temporal server: one child process, a database file, the options that Baton was measured with."""

import asyncio
import signal
import subprocess
import time
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from temporalio.client import Client
from temporalio.service import RPCError

from cli.errors import CommandFailed
from cli.local.leash import spawn
from cli.local.ports import free_port
from cli.local.temporal_binary import find_or_make_temporal
from cli.progress import Progress, say
from cli.temporal_namespace import keep_histories_for, register_search_attributes
from domain.names import SearchAttribute

USUAL_PORT, USUAL_UI_PORT = 7233, 8233
_RETENTION = timedelta(days=30)
_START_TIMEOUT = 60.0
_STOP_TIMEOUT = 10.0
_ATTEMPTS = 3  # the server looks for further ports of its own, and two servers may find the same ones
# Write-ahead logging brings a database file to the speed of memory; the poll limit keeps a wake-up below 10 ms.
STORAGE = ("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL")
FAST_WAKES = ("--dynamic-config-value", "history.transferProcessorMaxPollRPS=2000")
TUNING = (*STORAGE, *FAST_WAKES)


class TemporalFailed(CommandFailed):
    """The local Temporal server did not start; the message holds the end of its log."""


class LocalTemporal:
    """A Temporal server on a database file. It can be killed and started again: same file, same ports.

    `start` finds or makes the program (which can take minutes, once), waits until the server serves, and leaves the
    search attributes registered and verified. The usual ports are taken if they are free, else any.
    """

    def __init__(
        self,
        database_file: Path,
        *,
        port: int = 0,
        ui_port: int = 0,
        headless: bool = False,
        tuned: bool = True,
        progress: Progress = say,
    ) -> None:
        self._database_file = database_file.expanduser().resolve()
        self._headless = headless
        self.tuned = tuned
        """Wakes are fast; only a measurement of what that is worth leaves it out."""
        self._progress = progress
        self._wanted_ports = (port, ui_port)
        self._ports: tuple[int, int] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """`host:port` for clients; known once started, and kept for life."""
        return f"127.0.0.1:{self._chosen_ports()[0]}"

    @property
    def ui_url(self) -> str:
        """The address of the Temporal UI; empty without one."""
        return "" if self._headless else f"http://127.0.0.1:{self._chosen_ports()[1]}"

    @property
    def log_file(self) -> Path:
        """Where the server writes its warnings."""
        return self._database_file.with_suffix(".log")

    async def start(self) -> None:
        """Start, or start again after `stop` or `kill`. Raises `TemporalFailed` or `NoTemporal`."""
        binary = await asyncio.to_thread(find_or_make_temporal, self._progress)
        self._database_file.parent.mkdir(parents=True, exist_ok=True)
        attempts = _ATTEMPTS if self._ports is None else 1
        for attempt in range(1, attempts + 1):
            ports = self._ports or (free_port(self._wanted_ports[0]), free_port(self._wanted_ports[1]))
            self._process = self._spawn(binary, *ports)
            try:
                await self._await_serving(self._process, ports[0])
            except TemporalFailed:
                self.kill()
                if attempt == attempts:
                    raise
            else:
                self._ports = ports
                return

    def stop(self) -> None:
        """End the server in order, or by force if it takes over ten seconds."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End the server as a crash would, without a chance to clean up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_STOP_TIMEOUT)
            self._process = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _chosen_ports(self) -> tuple[int, int]:
        if self._ports is None:
            raise TemporalFailed("the server was never started, so it has no address yet")
        return self._ports

    def _spawn(self, binary: Path, port: int, ui_port: int) -> subprocess.Popen[bytes]:
        attributes = [word for name in SearchAttribute for word in ("--search-attribute", f"{name}=Keyword")]
        pages = ["--headless"] if self._headless else ["--ui-port", str(ui_port), "--ui-disable-news-fetch"]
        command: list[str | Path] = [
            *(binary, "server", "start-dev", "--db-filename", self._database_file),
            *("--ip", "127.0.0.1", "--port", str(port), "--log-level", "warn"),
            *("--disable-config-env", "--disable-config-file"),
            *(*(TUNING if self.tuned else STORAGE), *attributes, *pages),
        ]
        with self.log_file.open("ab") as log:
            # SQLite outlives a killed process unharmed, so nothing softer is needed when the parent is gone.
            return spawn(command, output=log, death_signal=signal.SIGKILL)

    async def _await_serving(self, process: subprocess.Popen[bytes], port: int) -> None:
        deadline = time.monotonic() + _START_TIMEOUT
        while True:
            if process.poll() is not None or time.monotonic() > deadline:
                raise TemporalFailed(self.log_file.read_text(errors="replace")[-2000:])
            try:
                client = await Client.connect(f"127.0.0.1:{port}")
                await register_search_attributes(client)
                await keep_histories_for(client, _RETENTION)
            except (RuntimeError, RPCError):  # the SDK raises RuntimeError while nobody listens
                await asyncio.sleep(0.05)
            else:
                return
