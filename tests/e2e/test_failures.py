"""Processes killed at random moments, and Temporal killed while messages arrive: nothing lost, doubled or disordered.

`make test` plays each three times, `make soak` twenty times.
"""

import secrets
from contextlib import AsyncExitStack
from random import Random

import pytest
from sqlalchemy import select
from sqlmodel import col

from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.scenarios.killing import WORKERS, under_kills
from cli.demo.scenarios.outage import temporal_down
from cli.demo.scenarios.questions import PATIENCE, QUESTIONS
from cli.demo.scenarios.standing_by import BY_A_PERSON, standing_by
from cli.demo.world import World
from domain.names import Pool
from store.conversations import Message
from tests.e2e.staff_api import api_of
from tests.fakes.smtp import FakeSmtpServer

_KILLS = 5
_CASES = 3
_DRAFTED = "How do I pause my Sock Club subscription?"
"""The demo's policy has people look at what the AI says of it."""


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


async def test_a_draft_is_said_once_although_processes_die_while_it_waits_and_goes_out(world: World) -> None:
    jules = world.staff.jules
    async with api_of(world, jules) as desk, world.at_desk(jules) as agent, world.chat() as customer:
        await customer.say(_DRAFTED)
        item = await agent.accept(customer.interaction_id, within=PATIENCE)
        for pool in (Pool.WORKFLOWS, Pool.HUMAN):
            world.processes.kill(pool.value)
        release, draft = f"/v1/desk/work/{item['id']}/draft/send", {"draft_id": item["draft"]["id"]}
        first = await desk.post(release, json=draft)
        for pool in (Pool.INTEGRATION, Pool.AI):
            world.processes.kill(pool.value)
        again = await desk.post(release, json=draft)
        assert first.is_success
        assert again.json() == first.json()
        [answer] = await customer.gets(1, within=PATIENCE)
        assert (answer.author, answer.text) == ("ai", item["draft"]["text"])
        await goodbye(customer, within=PATIENCE)
        assert len(customer.answers) == 1
    await world.all_poll()
    assert await world.at_rest() == []


async def test_a_stop_of_the_ai_loses_no_case_although_processes_die_in_it(world: World) -> None:
    asked = [question for question, _ in QUESTIONS[:_CASES]]
    async with api_of(world, world.staff.lead) as lead, AsyncExitStack() as chats:
        customers = [await chats.enter_async_context(world.chat()) for _ in asked]
        await customers[0].ask(asked[0])
        for customer, question in zip(customers[1:], asked[1:], strict=True):
            await customer.say(question)
        for pool in (Pool.AI, Pool.WORKFLOWS, Pool.HUMAN):
            world.processes.kill(pool.value)
        try:
            stopped = await lead.post("/v1/assistant/stop", json={"why": "a test"})
            assert stopped.is_success
            world.processes.kill(Pool.DISPATCH.value)
            async with standing_by(world, world.staff.jules):
                await customers[0].say(asked[0])
                for customer in customers[1:]:
                    await customer.gets(1, within=PATIENCE)
                await customers[0].gets(2, within=PATIENCE)
                for customer in customers:
                    await resolved(customer, within=PATIENCE)
        finally:
            await lead.post("/v1/assistant/start", json={})
        said = [[answer.text for answer in customer.answers] for customer in customers]
        assert [texts[-1] for texts in said] == [BY_A_PERSON] * _CASES
        assert [len(texts) for texts in said] == [2, *[1] * (_CASES - 1)]
    await world.all_poll()
    assert await world.at_rest() == []


async def _second_copies_are_marked(world: World, captured_mail: FakeSmtpServer) -> None:
    """A mail whose sender was killed between the server's answer and the commit goes out again, and is marked so."""
    for message_id in captured_mail.duplicates():
        query = select(Message).where(col(Message.provider_message_id) == message_id)
        async with world.database.begin() as session:
            message = (await session.execute(query)).scalar_one()
        assert message.ambiguous
