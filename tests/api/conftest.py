"""The application for each test: on a fresh database, called directly or over sockets."""

from collections.abc import AsyncIterator

import pytest

from api.app import create_app
from store.database import Database
from tests.api.ground import Ground, served, settings, standing_on


@pytest.fixture
async def ground(database_url: str, database: Database) -> AsyncIterator[Ground]:
    """The application, called without sockets; a policy is active."""
    async with standing_on(create_app(settings(database_url)), database) as found:
        await found.open_policy()
        yield found


@pytest.fixture
async def live(database_url: str, database: Database) -> AsyncIterator[Ground]:
    """The application behind real sockets; a policy is active."""
    async with served(create_app(settings(database_url)), database) as found:
        await found.open_policy()
        yield found
