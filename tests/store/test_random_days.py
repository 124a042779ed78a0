"""Random days of work: whatever customers, agents, leads and time do, the rules of dispatch hold at every moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.store.random_day import Day
from tests.store.scene import Scene


@asynccontextmanager
async def reported(day: Day, seed: int) -> AsyncIterator[None]:
    """What was done last, if it breaks a rule."""
    try:
        yield
    except BaseException:
        print(f"seed {seed}, {len(day.log)} steps:", *day.log[-40:], sep="\n")
        raise


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_in_a_day_the_rules_hold_and_everything_ends(scene: Scene, seed: int) -> None:
    day = await Day(scene, seed).begin()
    async with reported(day, seed):
        await day.live(120)
        await day.end()


@pytest.mark.parametrize("seed", range(3))
async def test_dispatchers_of_all_teams_and_everybody_else_at_once_break_no_rule_and_no_lock(
    scene: Scene, seed: int
) -> None:
    day = await Day(scene, seed).begin()
    async with reported(day, seed):
        for _ in range(8):
            await day.live(6)
            await day.rush(12)
        await day.end()
