"""One world for all end-to-end tests: every pool and the API as processes, a Temporal server that may be killed."""

import contextlib
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
import pytest_asyncio
from temporalio.service import RPCError

from cli.demo.checks import eventually
from cli.demo.world import World, raise_world
from cli.local.ports import free_port
from cli.local.postgres import LocalPostgres
from cli.local.services import Services
from cli.local.temporal import LocalTemporal
from domain.names import Signal, interaction_workflow_id
from domain.operator import OperatorOrder
from store.audit import open_interactions
from store.ids import new_id
from tests.fakes.smtp import FakeSmtpServer

_SHOWN_LINES = 80


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is end to end, and shares the world's event loop."""
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what the world's processes printed last."""
    report = yield
    printed: list[str] = getattr(item, "funcargs", {}).get("output", [])
    if report.failed and printed:
        report.sections.append(("the world's processes", "\n".join(printed[-_SHOWN_LINES:])))
    return report


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


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nothing_left_open(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Whatever a test leaves open is closed by an operator's order, so that the next test finds idle people."""
    yield
    if "world" in request.fixturenames:
        await _close_everything(request.getfixturevalue("world"))


async def _close_everything(world: World) -> None:
    ordered: set[str] = set()

    async def look() -> bool:
        async with world.database.begin() as session:
            left = await open_interactions(session)
        for interaction_id in left - ordered:
            story = world.temporal.get_workflow_handle(interaction_workflow_id(interaction_id))
            with contextlib.suppress(RPCError):
                await story.signal(Signal.OPERATOR, OperatorOrder.RESOLVE)
                ordered.add(interaction_id)
        return not left

    await eventually(look, within=60, expected="a world without open cases")
