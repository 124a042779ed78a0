"""A customer whom the answer does not help: a person gets the case, and need not ask anything again."""

from cli.demo.agent import Item
from cli.demo.checks import check
from cli.demo.scenarios.closing import resolved
from cli.demo.world import World
from cli.progress import say
from integrations.shop.scenarios import EXCEPTION

_QUESTION = f"Where is my order {EXCEPTION.order_number}?"
_NOT_HELPED = "That does not help me at all, I was at home all day!"
_REPLY = "I am sorry. I have asked the carrier to come again tomorrow, and they will ring you before."


async def handed_over(world: World) -> str:
    """Why it comes to a person, what was tried, what to do next, and where each statement is from."""
    async with world.at_desk(world.staff.jules) as jules, world.chat(EXCEPTION) as customer:
        answer = await customer.ask(_QUESTION)
        check("problem with the delivery" in answer.text, "what the carrier reports", answer.text)
        await customer.say(_NOT_HELPED)
        item = await jules.accept(customer.interaction_id)
        check(item["reason"] == "dissatisfied", "the reason dissatisfied", item["reason"])
        brief = (await jules.briefed(item))["brief"]
        _check(brief, item)
        _show(brief)
        await jules.reply(item, _REPLY)
        await customer.gets(2)
        await jules.resolve(item)
        await resolved(customer)
        authors = [said.author for said in customer.answers]
        check(authors == ["ai", "agent"], "the AI's answer, then the person's", customer.shown)
    return f"as {item['reason']}, with {len(brief['statements'])} statements, each with its source"


def _check(brief: Item, item: Item) -> None:
    check(bool(brief["summary"]), "a summary", brief)
    check(brief["reason"] == "dissatisfied" and brief["verified"], "why, and that the customer is proven", brief)
    check([one["kind"] for one in brief["tried"]] == ["answer"], "the answer that was tried", brief["tried"])
    check(bool(brief["next_action"]["text"]), "what to do next", brief["next_action"])
    without_source = [part["text"] for part in brief["statements"] if not part["citations"]]
    check(not without_source, "each statement with its source", without_source)
    numbers = [order["number"] for order in brief["orders"]]
    check(numbers == [EXCEPTION.order_number], "the order that it is about", numbers)
    check(item["customer"]["verified"], "a customer who is known", item["customer"])


def _show(brief: Item) -> None:
    """What the agent reads, for whoever follows the demo at the terminal."""
    sources = sorted({source["kind"] for part in brief["statements"] for source in part["citations"]})
    say(f"    brief: {brief['summary']}")
    say(f"    next:  {brief['next_action']['text']}")
    say(f"    from:  {', '.join(sources)}")
