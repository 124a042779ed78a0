"""Pressure: borderline cases go to the AI while nobody can take them, and back when somebody can."""

import httpx

from cli.demo.agent import DeskAgent
from cli.demo.chat import ChatCustomer
from cli.demo.checks import check, eventually
from cli.demo.people import SUPPORT
from cli.demo.retrying import send_until_answered
from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.scenarios.standing_by import FOR_A_PERSON
from cli.demo.world import World

_BORDERLINE = "Where can I see the bill as PDF?"
_UNCLEAR = "The money was taken twice I think"
_RISES = _EASES = 90.0  # a level may have to last some time before it changes


async def pressure_shift(world: World) -> str:
    """The AI answers who would only wait, keeps silent to who wants a person, and hands back what it has not solved.

    Both questions are about a bill: of those the policy asks more confidence than the AI has here, but for pressure.
    """
    await _calm(world)
    async with world.chat() as waiting, world.chat() as patient, world.chat() as unclear:
        await waiting.say(_BORDERLINE)
        await waiting.sees(bool, "a notice that a person will answer")
        await patient.say(FOR_A_PERSON)
        answer = (await waiting.gets(1, within=_RISES))[0]
        check(answer.author == "ai", "an answer of the AI while the customer keeps their place", answer)
        await goodbye(waiting)
        asked = await unclear.ask(_UNCLEAR)
        check(asked.author == "ai" and "order number" in asked.text, "a question of the AI", asked)
        async with world.at_desk(world.staff.jules) as jules:
            await _served(jules, patient)
            item = await jules.accept(unclear.interaction_id, within=_EASES)
            check(item["reason"] == "pressure_eased", "the reason why it comes to people now", item["reason"])
            await jules.reply(item, "One of the two is only reserved. Your bank gives it back within three days.")
            await unclear.gets(2)
            await jules.resolve(item)
            await resolved(unclear)
            await _calm(world)
    check({said.author for said in patient.answers} == {"agent"}, "a person for who wants a person", patient.shown)
    return f"answered by the AI under pressure, and back to {jules.name} when it eased"


async def _served(jules: DeskAgent, customer: ChatCustomer) -> None:
    item = await jules.accept(customer.interaction_id)
    await jules.reply(item, "Hello, this is Jules. What can I do for you?")
    await customer.gets(1)
    await jules.resolve(item)
    await resolved(customer)


async def _calm(world: World) -> None:
    """Wait until the support team is under no pressure, as the floor shows it to leads."""
    token = {"Authorization": f"Bearer {world.staff.admin_token}"}

    async def look() -> bool:
        async with httpx.AsyncClient(base_url=world.services.public_url, timeout=10) as http:
            floor = await send_until_answered(http, "GET", "/v1/desk/floor", headers=token)
        return any(team["id"] == SUPPORT and team["pressure"] == "normal" for team in floor["teams"])

    await eventually(look, within=_EASES, expected="a team under no pressure")
