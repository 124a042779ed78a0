"""A late parcel: Baton writes first, once, and what the customer answers joins the same case."""

from cli.demo.checks import ScenarioFailed, check
from cli.demo.portal import portal_link
from cli.demo.world import World
from integrations.channels.email.capture import CapturedMail
from integrations.shop.scenarios import LATE

_PARCEL = f"{LATE.order_number}-S1"
_CHOICE = "Then I would rather wait for it, thank you."


async def delay_message(world: World) -> str:
    """Told of the delay by mail without asking, the customer would rather wait; the parcel moves, and that is all."""
    told = await _mail(world, 1)
    for words in ("late", LATE.order_number, "refund"):
        check(words in told.text, f"'{words}' in what the customer reads", told.text)
    async with world.page(portal_link(told.text)) as page:
        flow_id = await page.flow_id()
        await page.shows(flow_id, "awaiting_customer")
        await world.mailbox.write(LATE.email, f"Re: {told.subject}", _CHOICE, answers=told)
        answers = [await _mail(world, 2), await _mail(world, 3)]
        for words in ("your choice is taken down", "we wait with you"):
            check(any(words in mail.text for mail in answers), f"'{words}' by mail", [mail.text for mail in answers])
        threads = {told.message_id in mail.references for mail in answers}
        check(threads == {True}, "one thread of mails", [mail.references for mail in answers])
        await world.surroundings.scan(_PARCEL, "in_transit")
        await page.is_gone(flow_id)
    mails = len(world.mailbox.to(LATE.email))
    check(mails == 1 + len(answers), "the delay told once", mails)
    return "told once by mail, answered in words that they would rather wait, and closed when the parcel moved"


async def _mail(world: World, number: int) -> CapturedMail:
    """The customer's mail of this number, once it is there."""
    try:
        await world.mailbox.captured.wait_for(lambda _: len(world.mailbox.to(LATE.email)) >= number, within=90)
    except TimeoutError:
        raise ScenarioFailed(f"expected mail {number} to {LATE.email} within 90 s") from None
    return world.mailbox.to(LATE.email)[number - 1]
