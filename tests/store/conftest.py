"""The scene on which tests of the store play."""

import pytest

from store.database import Database
from tests.store.scene import Scene


@pytest.fixture
async def scene(database: Database) -> Scene:
    """A fresh database with an active policy."""
    return await Scene(database).prepare()
