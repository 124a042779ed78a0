"""Processes killed at random moments, and Temporal killed while messages arrive: nothing lost, doubled or disordered.

`make test` plays each three times, `make soak` twenty times.
"""

import secrets
from random import Random

import pytest
from sqlalchemy import select
from sqlmodel import col

from cli.demo.scenarios.killing import WORKERS, under_kills
from cli.demo.scenarios.outage import temporal_down
from cli.demo.world import World
from store.conversations import Message
from tests.fakes.smtp import FakeSmtpServer

_KILLS = 5


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_killed_processes_lose_and_double_nothing(
    world: World, captured_mail: FakeSmtpServer, soak_run: int
) -> None:
    seed = secrets.randbits(32)
    print(f"run {soak_run}, seed {seed}")
    chance = Random(seed)  # noqa: S311 - chaos, no secret
    print(await under_kills(world, chance, victims=(*WORKERS, "api"), kills=_KILLS))
    assert await world.at_rest() == []
    await _second_copies_are_marked(world, captured_mail)


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_a_dead_temporal_loses_and_doubles_nothing(world: World, soak_run: int) -> None:
    print(f"run {soak_run}: {await temporal_down(world)}")
    assert await world.at_rest() == []


async def _second_copies_are_marked(world: World, captured_mail: FakeSmtpServer) -> None:
    """A mail whose sender was killed between the server's answer and the commit goes out again, and is marked so."""
    for message_id in captured_mail.duplicates():
        query = select(Message).where(col(Message.provider_message_id) == message_id)
        async with world.database.begin() as session:
            message = (await session.execute(query)).scalar_one()
        assert message.ambiguous
