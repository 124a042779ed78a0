"""The scenarios of the demo, over real sockets, real processes, a real Temporal server and a real database."""

import pytest

from cli.demo.scenarios import SCENARIOS, DemoScenario
from cli.demo.world import World


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.play.__name__)
async def test_scenario(world: World, scenario: DemoScenario) -> None:
    await scenario.play(world)
    assert await world.at_rest() == []
