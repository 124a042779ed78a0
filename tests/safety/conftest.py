"""Every attack is played once for all tests that look at what came of it."""

import asyncio

import pytest

from tests.safety.attacks import ATTACKS, TWINS
from tests.safety.theatre import Aftermath, play_all


@pytest.fixture(scope="session")
def played() -> dict[str, Aftermath]:
    """What came of the attacks and of their honest twins, by id."""
    return asyncio.run(play_all([*ATTACKS, *TWINS]))
