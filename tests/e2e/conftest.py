"""One world for all end-to-end tests: every pool and the API as processes, a Temporal server that may be killed."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from cli.demo.world import World, raise_world
from cli.local.ports import free_port
from cli.local.postgres import LocalPostgres
from cli.local.services import Services
from cli.local.temporal import LocalTemporal
from store.ids import new_id
from tests.fakes.smtp import FakeSmtpServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is end to end, and shares the world's event loop."""
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def output() -> list[str]:
    """Every line that any process of the world has printed."""
    return []


@pytest.fixture(scope="session")
def captured_mail() -> FakeSmtpServer:
    """The server that Baton's mail goes to; it can be told to fail."""
    return FakeSmtpServer()


@pytest.fixture(scope="session")
def world_database(postgres: LocalPostgres) -> Iterator[str]:
    """An empty database; the world brings its schema up to date itself."""
    name = f"world_{new_id()}"
    postgres.create_database(name)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    world_database: str, captured_mail: FakeSmtpServer, output: list[str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """Everything runs."""
    async with LocalTemporal(tmp_path_factory.mktemp("world") / "temporal.db", headless=True) as temporal:
        services = Services(
            database_url=world_database,
            temporal_address=temporal.address,
            temporal_namespace="default",
            temporal_ui_url="",
            temporal=temporal,
            http_port=free_port(),
            smtp_listen_port=free_port(),
            secret_key="a secret of the tests, and only of the tests",
        )
        async with raise_world(services, captured_mail, output.append) as world:
            yield world
