"""An agent who takes whatever is handed to people: while the AI's process is down, that may be any case."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cli.demo.agent import DeskAgent, Item
from cli.demo.checks import ScenarioFailed
from cli.demo.people import Person
from cli.demo.world import World

FOR_A_PERSON = "I want to talk to a human please."
BY_A_PERSON = "Here is the answer, from a person."
REPLIES = ("Reply 1 of 3.", "Reply 2 of 3.", "Reply 3 of 3.")
"""To who asked for a person; everybody else gets one reply."""

_LOOK_AGAIN = 0.5


@asynccontextmanager
async def standing_by(world: World, person: Person) -> AsyncIterator[None]:
    """An agent at the desk for as long as the block lasts, who answers and resolves every case that comes."""
    async with world.at_desk(person) as agent:
        serving = asyncio.create_task(_serve_all(agent))
        try:
            yield
        finally:
            serving.cancel()
            await asyncio.wait({serving})


async def _serve_all(agent: DeskAgent) -> None:
    served: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            for item in await _cases(agent):
                if item["id"] not in served or served[item["id"]].done():
                    served[item["id"]] = asyncio.create_task(_serve(agent, item))
            await asyncio.sleep(_LOOK_AGAIN)
    finally:
        for task in served.values():
            task.cancel()
        await asyncio.gather(*served.values(), return_exceptions=True)


async def _cases(agent: DeskAgent) -> list[Item]:
    try:
        work = await agent.work()
    except ScenarioFailed:
        return []
    return [*work["offers"], *work["assigned"]]


async def _serve(agent: DeskAgent, item: Item) -> None:
    if item["state"] == "offered":
        await agent.accept(item["interaction_id"])
    said = [entry["text"] for entry in (await agent.case(item))["timeline"] if entry["kind"] == "message"]
    for words in REPLIES if FOR_A_PERSON in said else (BY_A_PERSON,):
        await agent.reply(item, words)
        await asyncio.sleep(_LOOK_AGAIN)  # people type
    await agent.resolve(item)
