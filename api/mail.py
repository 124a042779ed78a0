"""Inbound mail's way to the store: the same reception as for every channel, in the same process."""

from api.partner_mail import partner_answered
from api.parts import Parts
from domain.message import InboundMessage, Receipt
from domain.parties import Channel
from integrations.channels.email.server import MailServer
from store.faults import quarantine


def mail_server(parts: Parts) -> MailServer:
    """The SMTP server for the brand's mailbox; it starts when entered."""

    async def receive(inbound: InboundMessage) -> Receipt:
        answered = await partner_answered(parts, inbound)
        if answered is not None:
            parts.relay.poke()
            return answered
        receipt = await parts.reception.receive(inbound, await parts.recognition.profile(inbound))
        if not receipt.duplicate:
            parts.relay.poke()
            parts.metrics.messages.labels(inbound.channel.value).inc()
        return receipt

    async def keep(raw: bytes, reason: str) -> None:
        account = parts.settings.mail_account
        async with parts.database.begin() as session:
            await quarantine(session, channel=Channel.EMAIL.value, account=account, reason=str(reason), raw=raw)

    return MailServer(
        receive,
        keep,
        accounts=[parts.settings.mail_account],
        host=parts.settings.smtp_listen_host,
        port=parts.settings.smtp_listen_port,
    )
