"""A late parcel: Baton writes first, once, and what the customer answers joins the same case."""

import re

from cli.demo.checks import ScenarioFailed, check
from cli.demo.world import World
from integrations.channels.email.capture import CapturedMail
from integrations.shop.scenarios import LATE

_LINK = re.compile(r"https?://\S+/portal/[\w.-]+")
_PARCEL = f"{LATE.order_number}-S1"
_QUESTION = f"Where is my order {LATE.order_number} now?"


async def delay_message(world: World) -> str:
    """Told of the delay by mail without asking, the customer would rather wait; the parcel moves, and that is all."""
    told = await _mail(world, 1)
    for words in ("late", LATE.order_number, "refund"):
        check(words in told.text, f"'{words}' in what the customer reads", told.text)
    link = _LINK.search(told.text)
    check(link is not None, "a link to choose by", told.text)
    async with world.page(link[0] if link else "") as page:
        flow_id = await page.flow_id()
        await page.shows(flow_id, "awaiting_customer")
        await page.chooses(flow_id, "wait")
        confirmed = await _mail(world, 2)
        check("wait with you" in confirmed.text, "the choice, confirmed", confirmed.text)
        question = await world.mailbox.write(LATE.email, f"Re: {told.subject}", _QUESTION, answers=told)
        answer = await world.mailbox.answer_to(question)
        check(LATE.order_number in answer.text, "an answer about the order, in the same thread", answer.text)
        await world.surroundings.scan(_PARCEL, "in_transit")
        await page.is_gone(flow_id)
    mails = len(world.mailbox.to(LATE.email))
    check(mails == 3, "the delay told once, the choice confirmed, one answer", mails)
    return "told once by mail, chose to wait on the page, asked by mail, and the parcel moved: closed"


async def _mail(world: World, number: int) -> CapturedMail:
    """The customer's mail of this number, once it is there."""
    try:
        await world.mailbox.captured.wait_for(lambda _: len(world.mailbox.to(LATE.email)) >= number, within=90)
    except TimeoutError:
        raise ScenarioFailed(f"expected mail {number} to {LATE.email} within 90 s") from None
    return world.mailbox.to(LATE.email)[number - 1]
