"""What the AI answers by itself, from the shop's own facts."""

import asyncio

from cli.demo.chat import Said
from cli.demo.checks import check
from cli.demo.scenarios.closing import goodbye
from cli.demo.world import World
from integrations.shop.scenarios import SPLIT_SHIPMENT, TWO_OPEN

_AI_LABEL = "AI assistant"
_GAP_SECONDS = 1.9


async def order_status(world: World) -> str:
    """The answer tells the order's parcels apart, with the state and the tracking number of each."""
    async with world.chat(SPLIT_SHIPMENT) as customer:
        answer = await customer.ask(f"Hi, where is my order {SPLIT_SHIPMENT.order_number}?")
        _says(answer, SPLIT_SHIPMENT.order_number, "2 parcels")
        arrived, moving = _parcels(answer)
        check("Merino Scarf" in arrived and "delivered" in arrived, "the scarf's parcel as delivered", arrived)
        check("Hiking Boots" in moving and "on its way" in moving, "the boots' parcel as on its way", moving)
        check("PL0001070102" in moving, "the tracking number of the second parcel", moving)
        check("PL0001070102" not in arrived, "each parcel's number with its own parcel", arrived)
        check(_AI_LABEL in answer.label, "a label that says it is an AI", answer.label)
        await goodbye(customer)
        check(len(customer.answers) == 1, "exactly one answer", customer.shown)
    return f"parcel 1 delivered, parcel 2 on its way as PL0001070102, in {len(customer.seen)} messages"


async def product_question(world: World) -> str:
    """The answer comes from the knowledge base, names its source, and threads."""
    mailbox, sender = world.mailbox, "lou@mail.example"
    question = "How do I wash wool?"
    message_id = await mailbox.write(sender, "Washing wool", question, name="Lou")
    mail = await mailbox.answer_to(message_id)
    check(mail.envelope_to == (sender,), "the answer at the sender's address", mail.envelope_to)
    check(mail.references[-1:] == (message_id,), "a threaded answer", mail.references)
    check(mail.subject == "Re: Washing wool", "the same subject", mail.subject)
    check(
        "wool cycle at 30 °C" in mail.text and "Wash and care for wool" in mail.text,
        "the fact and its source",
        mail.text,
    )
    check(_AI_LABEL in mail.sender, "a sender that says it is an AI", mail.sender)
    check(mail.auto_submitted == "auto-replied", "a mark for other machines", mail.auto_submitted)
    check(len(mailbox.to(sender)) == 1, "exactly one mail", len(mailbox.to(sender)))
    return "answered from “Wash and care for wool”, in the same thread"


async def four_messages(world: World) -> str:
    """Whoever types in pieces is answered once, to all of it."""
    first, second = TWO_OPEN.order_numbers
    pieces = ("hello", "where are my orders?", f"{first} is one of them", f"and the other is {second}")
    async with world.chat(TWO_OPEN) as customer:
        began = asyncio.get_running_loop().time()
        await customer.say(pieces[0])
        for piece in pieces[1:]:
            await asyncio.sleep(_GAP_SECONDS)  # people type
            await customer.say(piece)
        typed = asyncio.get_running_loop().time() - began
        await customer.gets(1)
        await goodbye(customer)
        authors = [said.author for said in customer.seen]
        check(authors[:5] == ["customer"] * 4 + ["ai"], "one answer after all four messages", authors)
        _says(customer.answers[0], *TWO_OPEN.order_numbers)
        check(len(customer.answers) == 1, "exactly one answer", customer.shown)
    return f"four messages in {typed:.1f} s, one answer about both orders"


def _says(answer: Said, *facts: str) -> None:
    for fact in facts:
        check(fact in answer.text, f"'{fact}' in the answer", answer.text)
    check(bool(answer.citations), "an answer with its sources", answer.citations)


def _parcels(answer: Said) -> tuple[str, str]:
    parts = {part.split(" (")[0]: part for part in answer.text.split("\n\n")}
    check({"Parcel 1 of 2", "Parcel 2 of 2"} <= parts.keys(), "a paragraph for each parcel", answer.text)
    return parts["Parcel 1 of 2"], parts["Parcel 2 of 2"]
