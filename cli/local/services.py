"""What Baton needs around it: a database, a Temporal server, ports and a secret. Given by settings, or made locally."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from cli.local.ports import free_port
from cli.local.postgres import LocalPostgres
from cli.local.temporal import USUAL_PORT, USUAL_UI_PORT, LocalTemporal
from cli.progress import Progress, say
from cli.settings import CommandSettings
from cli.temporal_namespace import register_search_attributes

_HTTP_PORT, _SMTP_LISTEN_PORT = 8000, 2525


@dataclass(frozen=True)
class Services:
    """Where everything is. `temporal` is the local server, which tests kill and start; None where it is another's."""

    database_url: str
    temporal_address: str
    temporal_namespace: str
    temporal_ui_url: str
    temporal: LocalTemporal | None
    http_port: int
    smtp_listen_port: int
    secret_key: str

    @property
    def public_url(self) -> str:
        """Where the API of this machine answers."""
        return f"http://127.0.0.1:{self.http_port}"

    def environment(self) -> dict[str, str]:
        """The environment of a process that runs among these services; what the caller's own sets beyond it stays."""
        return os.environ | {
            "BATON_DATABASE_URL": self.database_url,
            "BATON_TEMPORAL_ADDRESS": self.temporal_address,
            "BATON_TEMPORAL_NAMESPACE": self.temporal_namespace,
            "BATON_TEMPORAL_UI_URL": self.temporal_ui_url,
            "BATON_PORT": str(self.http_port),
            "BATON_PUBLIC_URL": self.public_url,
            "BATON_SMTP_LISTEN_PORT": str(self.smtp_listen_port),
            "BATON_SECRET_KEY": self.secret_key,
        }


@asynccontextmanager
async def local_services(settings: CommandSettings, progress: Progress = say) -> AsyncIterator[Services]:
    """Provide what the settings leave out, and take it away again at the end."""
    directory = settings.state_directory
    async with AsyncExitStack() as stack:
        url = stack.enter_context(database(settings, progress))
        temporal = (
            None if settings.temporal_address else await stack.enter_async_context(local_temporal(directory, progress))
        )
        address = settings.temporal_address or (temporal.address if temporal else "")
        if temporal is None:
            await register_search_attributes(await Client.connect(address, namespace=settings.temporal_namespace))
        yield Services(
            database_url=url,
            temporal_address=address,
            temporal_namespace=settings.temporal_namespace if temporal is None else "default",
            temporal_ui_url=temporal.ui_url if temporal else os.environ.get("BATON_TEMPORAL_UI_URL", ""),
            temporal=temporal,
            http_port=_port("BATON_PORT", _HTTP_PORT),
            smtp_listen_port=_port("BATON_SMTP_LISTEN_PORT", _SMTP_LISTEN_PORT),
            secret_key=os.environ.get("BATON_SECRET_KEY") or _kept_secret(directory / "secret_key"),
        )


@contextmanager
def database(settings: CommandSettings, progress: Progress = say) -> Iterator[str]:
    """The URL of the database in the settings, or of the local one, which runs at least as long as this context."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    with LocalPostgres(settings.state_directory / "postgres") as server:
        progress(f"postgresql: ready, data in {server.data_directory}")
        yield server.url()


@asynccontextmanager
async def local_temporal(directory: Path, progress: Progress) -> AsyncIterator[LocalTemporal]:
    """A local Temporal server with its pages, its data in `directory`; on the usual ports if they are free."""
    server = LocalTemporal(directory / "temporal.db", port=USUAL_PORT, ui_port=USUAL_UI_PORT, progress=progress)
    async with server:
        progress(f"temporal: ready on {server.address}, pages on {server.ui_url}")
        yield server


def _port(variable: str, usual: int) -> int:
    return free_port(int(os.environ.get(variable) or usual))


def _kept_secret(file: Path) -> str:
    """A secret of this machine, so that people stay signed in over a restart."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()
