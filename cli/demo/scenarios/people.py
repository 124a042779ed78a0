"""Where people come in: a complaint handed to a person, and one voice at a time."""

from cli.demo.agent import DeskAgent, Item
from cli.demo.chat import ChatCustomer
from cli.demo.checks import check
from cli.demo.people import SENIORS
from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.world import World
from integrations.shop.scenarios import PLAIN, VIP, Scenario

_COMPLAINT = (
    f"I am really disappointed. My order {VIP.order_number} came with a torn down jacket, this is unacceptable "
    "and I want to complain."
)


_PROMISE = "I am so sorry. A new jacket leaves our warehouse today, at no cost."
_GREETING = "Hello, this is Jules. I have your account before me; what can I do for you?"


async def vip_complaint(world: World) -> str:
    """A senior agent gets the complaint, with a brief and the reasons, accepts, replies and resolves."""
    async with (
        world.at_desk(world.staff.nico),
        world.at_desk(world.staff.senior) as senior,
        world.chat(VIP) as customer,
    ):
        await customer.say(_COMPLAINT)
        item = await senior.accept(customer.interaction_id)
        case = await senior.briefed(item)
        _check_brief(case)
        _check_choice(case)
        await senior.reply(item, _PROMISE)
        await customer.gets(1)
        await senior.resolve(item)
        await resolved(customer)
        answers = [(said.author, said.text) for said in customer.answers]
        check(answers == [("agent", _PROMISE)], "the person's words, once, and nobody else's", answers)
        check("Sascha" in customer.answers[0].label, "the person's name", customer.answers[0].label)
        check([said.seq for said in customer.seen] == list(range(1, len(customer.seen) + 1)), "no gaps", customer.seen)
    return f"offered to {senior.name} ({case['chosen_because']}) by {case['why']}; answered, resolved"


def _check_choice(case: Item) -> None:
    """The desk says by which cell of the matrix the case came, and why to this agent."""
    check(case["team_id"] == SENIORS, "the seniors' case", case["team_id"])
    check(case["asked_for"] == "complaints>=3", "a skill that was asked for", case["asked_for"])
    check(case["plan"]["cell"] == f"{case['issue']} x vip", "the cell of the matrix", case["plan"])
    check("complaints at level 3" in case["chosen_because"], "why this agent was chosen", case["chosen_because"])


def _check_brief(case: Item) -> None:
    customer, brief = case["customer"], case["brief"]
    check(customer["tier"] == "vip" and customer["verified"], "a verified vip", customer)
    check(case["issue"] in {"complaint", "damaged_wrong"}, "the complaint as such", case["issue"])
    check(bool(brief["summary"]) and bool(brief["statements"]), "a summary with statements", brief)
    without_source = [part["text"] for part in brief["statements"] if not part["citations"]]
    check(without_source in ([], ["Nobody has answered yet."]), "each statement with its source", without_source)
    orders = [order["number"] for order in brief["orders"]]
    check(VIP.order_number in orders, "the order that it is about", orders)
    words = [entry["text"] for entry in case["timeline"] if entry["kind"] == "message"]
    check(_COMPLAINT in words, "the conversation itself", words)


async def one_voice(world: World) -> str:
    """A person holds the chat; what the AI would say to the same customer elsewhere is a suggestion to that person."""
    async with (
        world.at_desk(world.staff.jules) as jules,
        world.chat(PLAIN) as laptop,
        world.chat(PLAIN) as phone,
    ):
        await laptop.ask(f"Where is my order {PLAIN.order_number}?")
        await goodbye(laptop)
        await phone.say("I want to talk to a human please.")
        item = await jules.accept(phone.interaction_id)
        await jules.reply(item, _GREETING)
        await phone.gets(1)
        suggestion = await _asks_elsewhere(laptop, jules, item)
        await jules.use(item, suggestion)
        await phone.gets(2)
        check(len(laptop.answers) == 1, "no word of the AI while a person holds the chat", laptop.shown)
        spoken = [(said.author, said.text) for said in phone.answers]
        check(spoken == [("agent", _GREETING), ("agent", suggestion["text"])], "only the person's messages", spoken)
        await jules.resolve(item)
        await resolved(phone)
        await goodbye(laptop)
        check(len(laptop.answers) == 1, "nothing said twice", laptop.shown)
    return f"the customer saw only {jules.name}, to whom the AI's words lay as a suggestion"


async def _asks_elsewhere(laptop: ChatCustomer, jules: DeskAgent, item: Item) -> Item:
    """In the other window the earlier case comes back to life, and the AI has an answer ready."""
    await laptop.say(f"When will {PLAIN.order_number} arrive?")
    check(laptop.interaction_id != item["interaction_id"], "a case of its own", laptop.interaction_id)
    suggestion = await jules.sees_suggestion(item)
    check("is expected on" in suggestion["text"], "the answer as a suggestion", suggestion["text"])
    return suggestion


async def leave_a_complaint(world: World) -> Scenario:
    """A complaint that waits for whoever sits down at the desk; no scenario, but something to try."""
    async with world.chat(VIP) as customer:
        await customer.say(_COMPLAINT)
    return VIP
