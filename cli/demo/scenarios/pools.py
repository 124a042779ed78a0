"""A pool stopped: without `ai` people work on, without `human` the AI goes on."""

import asyncio

from cli.demo.checks import check
from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.scenarios.questions import QUESTIONS
from cli.demo.world import World
from domain.names import Pool

_PERSON_WITHIN = 60.0


async def pools_stopped(world: World) -> str:
    """Without `ai` people work on and get what is new; without `human` the AI goes on answering."""
    return f"{await _without_ai(world)}; {await _without_human(world)}"


async def _without_ai(world: World) -> str:
    async with world.at_desk(world.staff.jules) as jules, world.chat() as held, world.chat() as new:
        await held.say("I want to talk to a human please.")
        item = await jules.accept(held.interaction_id)
        await world.processes.stop(Pool.AI)
        try:
            began = asyncio.get_running_loop().time()
            await new.say(QUESTIONS[0][0])
            await jules.reply(item, "Hello, this is Jules.")
            await held.gets(1)
            offer = await jules.is_offered(new.interaction_id, within=_PERSON_WITHIN)
            waited = asyncio.get_running_loop().time() - began
            check(offer["reason"] == "ai_unavailable", "the reason ai_unavailable", offer["reason"])
            second = await jules.accept(new.interaction_id)
            await jules.reply(second, "At 30 °C on the wool cycle.")
            await new.gets(1)
            for case, customer in ((item, held), (second, new)):
                await jules.resolve(case)
                await resolved(customer)
                check([said.author for said in customer.answers] == ["agent"], "the person alone", customer.shown)
        finally:
            world.processes.start(Pool.AI)
            await world.polls(Pool.AI)
    return f"without ai a person had the new message after {waited:.0f} s"


async def _without_human(world: World) -> str:
    await world.processes.stop(Pool.HUMAN)
    try:
        async with world.chat() as customer:
            answer = await customer.ask(QUESTIONS[0][0])
            check(QUESTIONS[0][1] in answer.text, "the AI's answer", answer.text)
            await goodbye(customer)
            check(len(customer.answers) == 1, "one answer", customer.shown)
    finally:
        world.processes.start(Pool.HUMAN)
        await world.polls(Pool.HUMAN)
    return "without human the AI answered on"
