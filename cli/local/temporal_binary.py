"""Finds the Temporal CLI, or makes one: on PATH, in Baton's cache, from the official download, or built with Go."""

import asyncio
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from cli.errors import CommandFailed
from cli.local.temporal_build import MODULE, NoGo, build_temporal
from cli.progress import Progress

_NEEDED_OPTIONS = ("--sqlite-pragma", "--dynamic-config-value", "--search-attribute", "--db-filename")
_STALLED_SECONDS = 20.0
_POLL_SECONDS = 0.2


class NoTemporal(CommandFailed):
    """There is no Temporal CLI and none could be made; the message lists what was tried."""


def find_or_make_temporal(progress: Progress) -> Path:
    """The path of a Temporal CLI that can run Baton's server. Takes minutes if it has to build one; that happens once.

    Raises `NoTemporal` with the reasons when every way failed.
    """
    found = _on_path() or _cached()
    if found is not None:
        return found
    with _one_at_a_time(progress):
        return _cached() or _make(progress)


def cache_directory() -> Path:
    """Where Baton keeps what it made for this machine: `$XDG_CACHE_HOME/baton`, or the platform's usual place."""
    usual = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or usual) / "baton"


def pinned_version() -> str:
    """The version of the Temporal CLI that Baton is tested with, as the Go module pins it, e.g. `1.8.2`."""
    found = re.search(r"github\.com/temporalio/cli v(\S+)", (MODULE / "go.mod").read_text())
    if found is None:
        raise NoTemporal(f"{MODULE}/go.mod pins no version of the Temporal CLI")
    return found.group(1)


def _cached_path() -> Path:
    return cache_directory() / f"temporal-{pinned_version()}" / "temporal"


def _cached() -> Path | None:
    path = _cached_path()
    return path if os.access(path, os.X_OK) else None


def _on_path() -> Path | None:
    """The machine's own `temporal`, unless it is too old to know the options that Baton needs."""
    path = shutil.which("temporal")
    if path is None:
        return None
    shown = subprocess.run([path, "server", "start-dev", "--help"], capture_output=True, text=True, check=False)  # noqa: S603
    return Path(path) if all(option in shown.stdout for option in _NEEDED_OPTIONS) else None


@contextmanager
def _one_at_a_time(progress: Progress) -> Iterator[None]:
    """Two builds at once would take twice the memory and disk for one result; the second waits for the first."""
    cache_directory().mkdir(parents=True, exist_ok=True)
    with (cache_directory() / "temporal.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("temporal: another process is getting it; waiting")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(progress: Progress) -> Path:
    reasons = []
    for leftover in cache_directory().glob("work-*"):  # a killed build's; nobody else holds the lock
        _remove(leftover)
    for make in (_download, build_temporal):
        work = Path(tempfile.mkdtemp(prefix="work-", dir=cache_directory()))
        try:
            return _keep(make(work, progress))
        except (DownloadFailed, NoGo) as reason:
            progress(f"temporal: {reason}")
            reasons.append(str(reason))
        finally:
            _remove(work)
    raise NoTemporal("no Temporal CLI: " + "; ".join(reasons))


def _keep(made: Path) -> Path:
    """Move a finished binary into the cache in one step, so that nobody ever sees half of one."""
    kept = _cached_path()
    kept.parent.mkdir(parents=True, exist_ok=True)
    made.chmod(0o755)
    return made.replace(kept)


def _remove(work: Path) -> None:
    """Remove a working directory; Go marks what it downloads as read-only, directories too."""
    for directory, _, _ in os.walk(work):
        Path(directory).chmod(0o700)
    shutil.rmtree(work, ignore_errors=True)


class DownloadFailed(Exception):
    """The official download did not work; the message says how."""


def _download(work: Path, progress: Progress) -> Path:
    progress("temporal: trying the official download")
    try:
        asyncio.run(_start_once(work, progress))
    except (RuntimeError, TimeoutError) as error:
        raise DownloadFailed("the official download is not reachable") from error
    files = [path for path in work.iterdir() if os.access(path, os.X_OK)]
    if len(files) != 1:
        raise DownloadFailed("the official download left no program")
    return files[0]


def _bytes_in(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.iterdir())


async def _start_once(work: Path, progress: Progress) -> None:
    """The SDK downloads only in order to start: let it, and stop the server at once. Gives up when nothing arrives."""
    start = asyncio.create_task(
        WorkflowEnvironment.start_local(download_dest_dir=str(work), dev_server_download_version=f"v{pinned_version()}")
    )
    size, since = 0, time.monotonic()
    while not start.done():
        await asyncio.wait({start}, timeout=_POLL_SECONDS)
        arrived = _bytes_in(work)
        if arrived > size:
            size, since = arrived, time.monotonic()
            progress(f"temporal: {size >> 20} MB downloaded")
        elif time.monotonic() - since > _STALLED_SECONDS:
            start.cancel()
            raise TimeoutError
    await (await start).shutdown()
