"""Keeps child processes alive: restarts what dies, passes on what they print, ends all of them together."""

import asyncio
import signal
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from cli.local.leash import tie_to_parent

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_SETTLED_SECONDS = 10.0  # who lives this long has recovered: the next restart is quick again
_LONGEST_LINE = 1 << 20


class Supervisor:
    """Child processes by name. One that dies is started again, after a pause that doubles up to five seconds.

    A child never outlives its supervisor: it is ended in order at the end of the `async with` block, and by the kernel
    if the supervisor is killed.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        environment: Mapping[str, str],
        output: Callable[[str], None],
        stop_timeout_seconds: float = 20,
    ) -> None:
        self._commands = commands
        self._environment = environment
        self._output = output
        self._stop_timeout = stop_timeout_seconds
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._processes: dict[str, Process] = {}

    def start(self, name: str) -> None:
        """Start a child and keep it alive, unless it already is."""
        if name not in self._keepers:
            self._keepers[name] = asyncio.create_task(self._keep_alive(name), name=f"keep-{name}")

    async def stop(self, name: str) -> None:
        """End a child in order, and leave it ended. Does nothing if it is not running."""
        keeper = self._keepers.pop(name, None)
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    def kill(self, name: str) -> int:
        """Kill a child as a crash would; it is started again. Returns the id of the process that was killed."""
        process = self._processes[name]
        process.send_signal(signal.SIGKILL)
        return process.pid

    def running(self) -> dict[str, int]:
        """The process ids of the children that run now, by name."""
        return {name: process.pid for name, process in self._processes.items() if process.returncode is None}

    async def __aenter__(self) -> Self:
        for name in self._commands:
            self.start(name)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.gather(*(self.stop(name) for name in list(self._keepers)))

    async def _keep_alive(self, name: str) -> None:
        pause = _FIRST_PAUSE
        while True:
            started = time.monotonic()
            code = await self._run_once(name)
            if time.monotonic() - started > _SETTLED_SECONDS:
                pause = _FIRST_PAUSE
            self._output(f"{name}: ended with code {code}; starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run_once(self, name: str) -> int:
        process = await asyncio.create_subprocess_exec(
            *self._commands[name],
            stdout=PIPE,
            stderr=STDOUT,
            env=dict(self._environment),
            limit=_LONGEST_LINE,
            start_new_session=True,
            preexec_fn=tie_to_parent(signal.SIGKILL),  # a softer signal could be waited out, with nobody to insist
        )
        self._processes[name] = process
        reader = asyncio.create_task(self._pass_on(name, process))
        try:
            return await process.wait()
        finally:
            await self._end(process)
            await reader

    async def _pass_on(self, name: str, process: Process) -> None:
        while process.stdout is not None:
            try:
                line = await process.stdout.readline()
            except ValueError:  # longer than the limit: dropped
                continue
            if not line:
                return
            self._output(f"{name}: {line.decode(errors='replace').rstrip()}")

    async def _end(self, process: Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        ending = asyncio.ensure_future(process.wait())
        # Not asyncio.timeout: early releases of Python 3.11 confuse it with the cancellation that brought us here.
        if not (await asyncio.wait({ending}, timeout=self._stop_timeout))[0]:
            process.kill()
        await ending
