"""A vague opening: the AI asks which of two things is meant, and answers that."""

import re

from cli.demo.chat import Said
from cli.demo.checks import check
from cli.demo.scenarios.closing import goodbye
from cli.demo.world import World
from integrations.shop.scenarios import PLAIN

_VAGUE = "There is an issue with my purchase"
_MEANT = "where an order is"
_BY_PLACE = ("The first one", "The second one")


async def asks_back(world: World) -> str:
    """One question that offers two answers; a place in that list is enough to be understood."""
    async with world.chat(PLAIN) as customer:
        question = await customer.ask(_VAGUE)
        offered = _offered(question)
        check(_MEANT in offered, f"'{_MEANT}' among what is offered", question.text)
        answer = await customer.ask(_BY_PLACE[offered.index(_MEANT)])
        check(PLAIN.order_number in answer.text and "on its way" in answer.text, "where the order is", answer.text)
        kinds = {source["kind"] for source in answer.citations}
        check("order" in kinds, "the order as the source", answer.citations)
        await goodbye(customer)
        check(len(customer.answers) == 2, "one question and one answer", customer.shown)
    return f"asked whether it is about {offered[0]} or about {offered[1]}, then told where the order is"


def _offered(question: Said) -> list[str]:
    """The two things that the question names."""
    found = re.search(r"about (.+), or about (.+)\?", question.text)
    check(found is not None, "a question that offers two answers", question.text)
    return list(found.groups()) if found else []
