"""Work for people outlives everything: killed processes, and operators who end dispatchers and waiting stories."""

import asyncio
import secrets
from random import Random

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowExecutionStatus

from cli.demo.agent import DeskAgent
from cli.demo.chat import ChatCustomer
from cli.demo.checks import check, eventually
from cli.demo.scenarios.closing import resolved
from cli.demo.scenarios.questions import PATIENCE
from cli.demo.scenarios.standing_by import REPLIES, standing_by
from cli.demo.world import World
from domain.names import Pool, dispatcher_workflow_id, interaction_workflow_id

_WISH = "I want to talk to a human please."
_CUSTOMERS = 5
_KILLS = 4
_VICTIMS = (Pool.DISPATCH.value, Pool.DISPATCH.value, Pool.WORKFLOWS.value, Pool.HUMAN.value, "api")
"""The dispatcher's process more often than the others."""
_GIVEN_TWICE = text(
    """
    SELECT ref FROM (
        SELECT ref, kind, lag(kind) OVER (PARTITION BY ref ORDER BY id) AS earlier FROM journal
        WHERE kind IN ('work_offered', 'work_accepted', 'offer_declined', 'offer_expired', 'work_requeued')
    ) told
    WHERE kind = 'work_offered' AND earlier IN ('work_offered', 'work_accepted')
       OR kind = 'work_accepted' AND earlier = 'work_accepted'
    """
)
"""Items that were offered or accepted while somebody had them."""


async def _given_twice(world: World) -> list[str]:
    async with world.database.begin() as session:
        return list((await session.execute(_GIVEN_TWICE)).scalars())


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_work_is_offered_and_taken_once_whatever_process_is_killed(world: World, soak_run: int) -> None:
    seed = secrets.randbits(32)
    print(f"run {soak_run}, seed {seed}")
    chance = Random(seed)  # noqa: S311 - chaos, no secret
    async with standing_by(world, world.staff.jules), standing_by(world, world.staff.nico):
        talks = asyncio.gather(*(_is_served_by_a_person(world, chance.uniform(0, 4)) for _ in range(_CUSTOMERS)))
        try:
            for _ in range(_KILLS):
                await asyncio.sleep(chance.uniform(0.2, 2.5))  # somewhere between an offer and its answer
                running = world.processes.running()
                world.processes.kill(chance.choice([victim for victim in _VICTIMS if victim in running]))
            await talks
        finally:
            talks.cancel()
    await world.all_poll()
    assert await world.at_rest() == []
    assert await _given_twice(world) == []


async def _is_served_by_a_person(world: World, after: float) -> None:
    await asyncio.sleep(after)
    async with world.chat() as customer:
        await customer.say(_WISH)
        await customer.gets(len(REPLIES), within=PATIENCE)
        await resolved(customer, within=PATIENCE)
        answers = [(said.author, said.text) for said in customer.answers]
        check(answers == [("agent", words) for words in REPLIES], "the person's words once and in order", answers)


@pytest.mark.parametrize("moment", ["waiting", "offered"])
async def test_an_operator_who_ends_dispatcher_and_story_loses_and_doubles_no_work(world: World, moment: str) -> None:
    offered = moment == "offered"
    async with world.at_desk(world.staff.jules) as jules, world.at_desk(world.staff.nico) as nico:
        for agent in (jules, nico):
            await agent.be("available" if offered else "break")
        async with world.chat() as customer:
            await customer.say(_WISH)
            await _item_is(world, customer, moment)
            story = world.temporal.get_workflow_handle(interaction_workflow_id(customer.interaction_id))
            dispatcher = world.temporal.get_workflow_handle(dispatcher_workflow_id("support"))
            ended = [(await run.describe()).run_id for run in (story, dispatcher)]
            for run in (story, dispatcher):
                await run.terminate("an operator's mistake")
            first, second = (jules, nico) if not offered else await _asked_first(customer, jules, nico)
            if offered:
                await first.decline(await first.is_offered(customer.interaction_id), "no time")
            else:
                await second.be("available")
            item = await second.accept(customer.interaction_id)
            await second.reply(item, "Here I am.")
            await customer.gets(1)
            await second.resolve(item)
            await resolved(customer)
            assert [said.text for said in customer.answers] == ["Here I am."]
            for run, before in zip((story, dispatcher), ended, strict=True):
                assert (await run.describe()).run_id != before
            assert (await dispatcher.describe()).status is WorkflowExecutionStatus.RUNNING
    assert await world.at_rest() == []
    assert await _given_twice(world) == []


async def _item_is(world: World, customer: ChatCustomer, state: str) -> None:
    query = text("SELECT state FROM work_item WHERE interaction_id = :case")

    async def look() -> bool:
        async with world.database.begin() as session:
            return (await session.execute(query, {"case": customer.interaction_id})).scalars().first() == state

    await eventually(look, within=30, expected=f"an item that is {state}")


async def _asked_first(customer: ChatCustomer, one: DeskAgent, other: DeskAgent) -> tuple[DeskAgent, DeskAgent]:
    asked = [item["interaction_id"] for item in (await one.work())["offers"]]
    return (one, other) if customer.interaction_id in asked else (other, one)
