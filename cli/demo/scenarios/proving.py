"""Proof of identity in a chat: order facts for who proves the order, and the same words for every wrong proof."""

import asyncio

from cli.demo.chat import ChatCustomer, Said
from cli.demo.checks import check
from cli.demo.scenarios.closing import goodbye
from cli.demo.world import World
from integrations.shop.scenarios import GUEST

_QUESTION = "What is the status of my order?"
_NO_SUCH_ORDER = "BT-99999"
_WRONG_POSTCODE = "12345"
_SECRETS = ("Daypack", "delivered", "Berlin", GUEST.name)


async def identity_proof(world: World) -> str:
    """Asked for proof; a wrong one is refused in the same words whether or not the order exists; a right one helps."""
    async with world.chat() as guest, world.chat() as guesser:
        for asked in await asyncio.gather(guest.ask(_QUESTION), guesser.ask(_QUESTION)):
            check("order number" in asked.text and "postcode" in asked.text, "a question for proof", asked.text)
        refused, unknown = await asyncio.gather(
            _tries(guest, GUEST.order_number, _WRONG_POSTCODE), _tries(guesser, _NO_SUCH_ORDER, _WRONG_POSTCODE)
        )
        check(refused.text == unknown.text, "the same words for both", (refused.text, unknown.text))
        _tells_nothing(guest, guesser)
        answer = await _tries(guest, GUEST.order_number, GUEST.postcode)
        for fact in (GUEST.order_number, "Daypack", "delivered"):
            check(fact in answer.text, f"'{fact}' in the answer", answer.text)
        check(any(source["kind"] == "order" for source in answer.citations), "the order as source", answer.citations)
        await asyncio.gather(goodbye(guest), goodbye(guesser))
    return "a wrong postcode and an order that does not exist were refused alike; the right one opened the facts"


async def _tries(customer: ChatCustomer, order: str, postcode: str) -> Said:
    return await customer.ask(f"It is {order}, and the postcode is {postcode}")


def _tells_nothing(*customers: ChatCustomer) -> None:
    for customer in customers:
        for said in customer.answers:
            for secret in _SECRETS:
                check(secret not in said.text, "nothing of the order before the proof", said.text)
