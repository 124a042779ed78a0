"""Where people come in: a complaint handed to a person, and one voice at a time."""

import asyncio

from cli.demo.agent import DeskAgent, Item
from cli.demo.checks import check, eventually
from cli.demo.scenarios.answering import goodbye
from cli.demo.world import World
from integrations.shop.scenarios import PLAIN, VIP

_COMPLAINT = (
    f"I am really disappointed. My order {VIP.order_number} came with a torn down jacket, this is unacceptable "
    "and I want to complain."
)


async def vip_complaint(world: World) -> str:
    """A person gets the complaint with a brief, accepts, replies and resolves."""
    async with world.at_desk(world.staff.robin) as robin, world.chat(VIP) as customer:
        await customer.say(_COMPLAINT)
        item = await robin.accept(customer.interaction_id)
        case = await robin.briefed(item)
        _check_brief(case)
        await robin.reply(item, "I am so sorry. A new jacket leaves our warehouse today, at no cost.")
        await customer.gets(1)
        await robin.resolve(item)
        await _resolved(customer.state)
        answers = [(said.author, said.text) for said in customer.answers]
        check(
            answers == [("agent", "I am so sorry. A new jacket leaves our warehouse today, at no cost.")],
            "the person's words, once, and nobody else's",
            answers,
        )
        check("Robin" in customer.answers[0].label, "the person's name", customer.answers[0].label)
        check([said.seq for said in customer.seen] == list(range(1, len(customer.seen) + 1)), "no gaps", customer.seen)
    return f"offered to {robin.name} with {len(case['brief']['statements'])} linked statements, answered, resolved"


def _check_brief(case: Item) -> None:
    customer, brief = case["customer"], case["brief"]
    check(customer["tier"] == "vip" and customer["verified"], "a verified vip", customer)
    check(case["issue"] in {"complaint", "damaged_wrong"}, "the complaint as such", case["issue"])
    check(bool(brief["summary"]) and bool(brief["statements"]), "a summary with statements", brief)
    check(all(part["citations"] for part in brief["statements"]), "each statement with its source", brief["statements"])
    orders = [order["number"] for order in brief["orders"]]
    check(VIP.order_number in orders, "the order that it is about", orders)
    words = [entry["text"] for entry in case["timeline"] if entry["kind"] == "message"]
    check(_COMPLAINT in words, "the conversation itself", words)


async def one_voice(world: World) -> str:
    """A person holds the chat; what the AI would say to the same customer elsewhere is a suggestion to that person."""
    async with (
        world.at_desk(world.staff.robin) as robin,
        world.chat(PLAIN) as laptop,
        world.chat(PLAIN) as phone,
    ):
        await laptop.ask(f"Where is my order {PLAIN.order_number}?")
        await goodbye(laptop)
        await phone.say("I want to talk to a human please, it is about my account data")
        item = await robin.accept(phone.interaction_id)
        await robin.reply(item, "Hello, this is Robin. What would you like to change?")
        await phone.gets(1)
        suggestion = await _ask_elsewhere(laptop, robin, item)
        await robin.reply(item, "One moment, I have both of your questions here.")
        await phone.gets(2)
        await _only_people_speak(laptop, phone)
        await robin.dismiss(item, suggestion)
        await robin.resolve(item)
        await _resolved(phone.state)
        await _settled(laptop)
    return "the customer saw only Robin; Robin saw the AI's words as a suggestion"
