"""The demo's own corner of the state directory: fresh for each run, and for one run at a time."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.errors import CommandFailed


class DemoRuns(CommandFailed):
    """Another demo runs on the same state directory."""


@dataclass(frozen=True)
class DemoState:
    """Where the demo keeps what it makes."""

    directory: Path

    @property
    def mails(self) -> Path:
        """Outbound mail, a file for each."""
        return self.directory / "mails"

    @property
    def log(self) -> Path:
        """What all processes print."""
        return self.directory / "processes.log"


@contextmanager
def fresh_state(state_directory: Path) -> Iterator[DemoState]:
    """An empty directory for this run; what an earlier demo left is removed. Raises `DemoRuns`."""
    state = DemoState(state_directory / "demo")
    state_directory.mkdir(parents=True, exist_ok=True)
    with (state_directory / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoRuns(f"a demo already runs in {state_directory}; stop it first") from None
        shutil.rmtree(state.directory, ignore_errors=True)
        state.mails.mkdir(parents=True)
        yield state
