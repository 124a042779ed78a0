"""Random days of work: whatever customers, agents, leads and time do, the rules of dispatch hold at every moment."""

import pytest

from tests.store.random_day import Day
from tests.store.scene import Scene


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_in_a_day_the_rules_hold_and_everything_ends(scene: Scene, seed: int) -> None:
    day = await Day(scene, seed).begin()
    try:
        await day.live(120)
        await day.end()
    except BaseException:
        print(f"seed {seed}, {len(day.log)} steps:", *day.log[-40:], sep="\n")
        raise
