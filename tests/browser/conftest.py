"""One of everything for all browser tests: a database, a Temporal server, a browser, and the stand on them.

The Temporal server is their own, and all of it ends with the last of them: workers that go on polling would take the
tasks of whichever test comes after.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from cli.local.postgres import LocalPostgres
from cli.local.temporal import LocalTemporal
from store.ids import new_id
from store.migrate import upgrade
from tests.browser.chromium import launched
from tests.browser.stand import Stand, standing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here shares the event loop of the server and the browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="package")
def browser_database(postgres: LocalPostgres) -> Iterator[str]:
    """A migrated database for all of them."""
    name = f"browser_{new_id()}"
    postgres.create_database(name)
    upgrade(postgres.url(name))
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture(scope="package")
def browser_temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Temporal server for all of them."""
    server = LocalTemporal(tmp_path_factory.mktemp("temporal-browser") / "temporal.db", headless=True)
    asyncio.run(server.start())
    yield server.address
    server.stop()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A real browser."""
    expect.set_options(timeout=15_000)
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def stand(browser_database: str, browser_temporal: str, chromium: Browser) -> AsyncIterator[Stand]:
    """Everything runs."""
    async with standing(browser_database, browser_temporal, chromium) as stand:
        yield stand


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def everybody_leaves(stand: Stand) -> AsyncIterator[None]:
    """After a test nobody of it is at a desk or in a chat."""
    yield
    for context in stand.browser.contexts:
        await context.close()
