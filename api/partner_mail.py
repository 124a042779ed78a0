"""Mail that answers a question to an outside party: it goes to the inquiry, and opens no case of any customer."""

import structlog

from api.parts import Parts
from domain.flows.inquiry import inquiries_named
from domain.message import InboundMessage, Receipt
from store.faults import quarantine
from store.inquiries import asked_of, known_inquiries, record_answer

log = structlog.get_logger("api")


async def partner_answered(parts: Parts, inbound: InboundMessage) -> Receipt | None:
    """The receipt of a mail that names an inquiry; None for all other mail.

    Only who was asked can answer: a mail from elsewhere that names the inquiry is kept for admins. A machine's reply
    (an absence, a bounce) answers nothing.
    """
    named = inquiries_named(inbound.subject, inbound.thread_refs)
    if not named:
        return None
    async with parts.database.begin() as session:
        known = await known_inquiries(session, named)
        if not known:
            return None
        inquiry_id = await asked_of(session, known, inbound.sender.value, parts.shelf)
        if inbound.auto_submitted:
            log.info("partner_mail_set_aside", inquiry_id=known[0], reason="automatic")
        elif inquiry_id:
            await record_answer(session, inquiry_id, inbound.text)
        else:
            raw = inbound.raw_text.encode(errors="replace")
            channel, account = inbound.channel.value, inbound.account
            await quarantine(session, channel=channel, account=account, reason="not_the_partner", raw=raw)
    return Receipt(message_id=known[0], interaction_id="", conversation_id="")
