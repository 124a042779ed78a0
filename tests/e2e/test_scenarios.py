"""The scenarios of the demo, over real sockets, real processes, a real Temporal server and a real database."""

import pytest
from sqlalchemy import text

from cli.demo.scenarios import SCENARIOS, DemoScenario
from cli.demo.scenarios.closing import goodbye
from cli.demo.world import World
from integrations.shop.scenarios import LATE

_REPEATED = {5, 6}
"""Played several times in `test_failures`."""


@pytest.mark.parametrize(
    "scenario",
    [scenario for scenario in SCENARIOS if scenario.number not in _REPEATED],
    ids=lambda scenario: scenario.play.__name__,
)
async def test_scenario(world: World, scenario: DemoScenario) -> None:
    await scenario.play(world)
    assert await world.at_rest() == []


async def test_an_order_is_told_as_it_stands_when_the_answer_is_sent(world: World) -> None:
    async with world.chat(LATE) as customer:
        await customer.say(f"Where is my order {LATE.order_number}?")
        async with world.database.begin() as session:  # the carrier delivers while the customer may still be typing
            for statement in (
                "UPDATE shop_order SET state = 'delivered' WHERE number = :number",
                "UPDATE shop_shipment SET state = 'delivered', delivered_at = now() WHERE order_number = :number",
            ):
                await session.execute(text(statement), {"number": LATE.order_number})
        [answer] = await customer.gets(1)
        assert "was delivered" in answer.text
        assert "on its way" not in answer.text
        await goodbye(customer)
    assert await world.at_rest() == []
