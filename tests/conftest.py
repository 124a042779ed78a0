"""What every kind of test may ask for: a database of its own, and one real Temporal server for the session."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cli.local.postgres import LocalPostgres
from store.database import Database
from store.ids import new_id

_TEMPLATE = "baton_template"


def pytest_configure() -> None:
    """Settings of the machine must not reach the tests."""
    for name in [name for name in os.environ if name.startswith("BATON_")]:
        del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often a soak test runs: a test asks for it by an argument `soak_run`."""
    parser.addoption("--soak-runs", type=int, default=3, help="repetitions of each soak test")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What takes minutes is played by `make soak` (`-m soak`) only."""
    return True if collection_path.name == "soak" and config.option.markexpr != "soak" else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat soak tests."""
    if "soak_run" in metafunc.fixturenames:
        metafunc.parametrize("soak_run", range(1, metafunc.config.getoption("soak_runs") + 1))


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """A local PostgreSQL server, empty but for the migrated template that `database_url` copies.

    In a directory of its own: as root the server runs as another user, and pytest closes its directories to others.
    """
    with (
        tempfile.TemporaryDirectory(prefix="baton-tests-") as directory,
        LocalPostgres(Path(directory) / "postgres", durable=False) as server,
    ):
        from store.migrate import upgrade  # noqa: PLC0415 - loads alembic, which most unit tests do without

        server.create_database(_TEMPLATE)
        upgrade(server.url(_TEMPLATE))
        yield server


@pytest.fixture
def database_url(postgres: LocalPostgres) -> Iterator[str]:
    """The URL of a fresh, migrated database; it is gone after the test, whoever is still connected."""
    name = f"test_{new_id()}"
    postgres.create_database(name, template=_TEMPLATE)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool on a fresh, migrated database."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one real Temporal server, started when the first test asks for it."""
    from cli.local.temporal import LocalTemporal  # noqa: PLC0415 - loads the SDK, which most unit tests do without

    server = LocalTemporal(tmp_path_factory.mktemp("temporal") / "temporal.db", headless=True)
    asyncio.run(server.start())
    yield server.address
    server.stop()
