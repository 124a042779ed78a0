"""One case over two channels, and what a stranger learns of it: nothing."""

from cli.demo.agent import DeskAgent, Item
from cli.demo.chat import ChatCustomer
from cli.demo.checks import ScenarioFailed, check
from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.scenarios.questions import QUESTIONS
from cli.demo.world import World
from integrations.channels.email.capture import CapturedMail
from integrations.shop.scenarios import EXCEPTION, SPLIT_SHIPMENT

_WISH = f"I want to talk to a person about my order {EXCEPTION.order_number} please."
_QUESTION = "Jules here. Shall the parcel come to a neighbour, or wait at the depot?"
_CHOICE = "It can go to my neighbour on the first floor."
_DONE = "Perfect, the carrier knows now. It will come tomorrow."
_NOSY = f"Hi, where is my order {SPLIT_SHIPMENT.order_number}? What is in it, and where does it go?"


async def chat_then_mail(world: World) -> str:
    """Handed to an agent in chat, the customer leaves and answers the transcript mail: all goes on where it was."""
    async with world.at_desk(world.staff.jules) as jules, world.chat(EXCEPTION) as customer:
        before = len(world.mailbox.to(EXCEPTION.email))
        await customer.say(_WISH)
        item = await jules.accept(customer.interaction_id)
        await jules.reply(item, _QUESTION)
        await customer.gets(1)
        async with world.at_desk(world.staff.nico) as nico:
            check(await customer.go_on_by_mail(), "a transcript on its way")
            transcript = await _transcript(world, before)
            reply_id = await world.mailbox.write(
                EXCEPTION.email, f"Re: {transcript.subject}", _CHOICE, answers=transcript
            )
            case = await jules.reads(item, _CHOICE)
            await jules.reply(item, _DONE)
            answer = await world.mailbox.answer_to(reply_id)
            await _check_one_case(jules, nico, item, case)
            check(answer.text.startswith(_DONE), "the agent's words by mail", answer.text)
            check(transcript.message_id in answer.references, "one mail thread", answer.references)
            await jules.resolve(item)
            await resolved(customer)
        mails = len(world.mailbox.to(EXCEPTION.email)) - before
        check(mails == 2, "one transcript and one answer", mails)
        _check_nothing_asked_twice(customer)
    return f"chat, transcript, mail: one interaction with {jules.name}, {len(case['conversations'])} conversations"


async def _transcript(world: World, before: int) -> CapturedMail:
    try:
        await world.mailbox.captured.wait_for(lambda _: len(world.mailbox.to(EXCEPTION.email)) > before, within=30)
    except TimeoutError:
        raise ScenarioFailed("expected the transcript by mail within 30 s") from None
    mail = world.mailbox.to(EXCEPTION.email)[-1]
    check(_WISH in mail.text and _QUESTION in mail.text, "the whole conversation in the transcript", mail.text)
    return mail


async def _check_one_case(jules: DeskAgent, nico: DeskAgent, item: Item, case: Item) -> None:
    held = await jules.holds(item["interaction_id"])
    check(held["id"] == item["id"], "the same work item", held["id"])
    check(not (await nico.work())["offers"], "nothing offered to another agent")
    channels = {line["channel"] for line in case["conversations"]}
    check(channels == {"chat", "email"}, "one case over both channels", channels)
    words = [entry["text"] for entry in case["timeline"] if entry["kind"] == "message" and entry["author"] != "system"]
    check(words == [_WISH, _QUESTION, _CHOICE], "one timeline in order", words)


def _check_nothing_asked_twice(customer: ChatCustomer) -> None:
    asked = [said.text for said in customer.answers]
    check(asked == [_QUESTION], "nothing asked twice, and no word of the AI", asked)


async def stranger_with_the_same_words(world: World) -> str:
    """The same words from another address, naming a stolen thread, join no case and tell nothing of the order."""
    async with world.chat(SPLIT_SHIPMENT) as customer:
        await customer.ask(_NOSY)
        before = customer.shown
        stranger = "stranger@elsewhere.example"
        theirs = await _somebody_elses_thread(world)
        message_id = await world.mailbox.write(stranger, "My order", _NOSY, name=SPLIT_SHIPMENT.name, answers=theirs)
        answer = await world.mailbox.answer_to(message_id)
        check(answer.envelope_to == (stranger,), "a thread of the stranger's own", answer.envelope_to)
        for secret in ("Merino", "Boots", "PL00010701", "parcel", "delivered", SPLIT_SHIPMENT.postcode, "Alex"):
            check(secret not in answer.text, "nothing of the order", answer.text)
        check("postcode" in answer.text, "a question for proof", answer.text)
        check(customer.shown == before, "nothing new in the customer's chat", customer.shown)
        check(await customer.state() == "awaiting_customer", "the customer's case as it was", await customer.state())
        check(len(world.mailbox.to(stranger)) == 1, "one answer", len(world.mailbox.to(stranger)))
        await goodbye(customer)
    return "the stranger was asked for proof, the customer's case stayed as it was"


async def _somebody_elses_thread(world: World) -> CapturedMail:
    """A mail of Baton's to another customer; whoever knows its Message-ID has proven nothing."""
    question, _ = QUESTIONS[0]
    return await world.mailbox.answer_to(await world.mailbox.write("owner@mail.example", "Wool", question))
