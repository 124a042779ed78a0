"""A customer who writes mails: SMTP to the brand's mailbox, answers from the server that captures outbound mail."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, localtime

import aiosmtplib

from cli.demo.checks import ScenarioFailed
from integrations.channels.email.capture import CapturedMail, CapturingMailServer
from store.ids import new_id

_AGAIN_SECONDS = 0.2


@dataclass(frozen=True)
class Mailbox:
    """Where mail goes in, and where Baton's own comes out."""

    smtp_port: int
    account: str
    """The brand's address."""
    captured: CapturingMailServer

    async def write(
        self, sender: str, subject: str, text: str, *, name: str = "", answers: CapturedMail | None = None
    ) -> str:
        """Send a mail to the brand; returns its Message-ID. `answers` is the mail of Baton's that it replies to."""
        message_id = f"<{new_id()}@mail.example>"
        message = EmailMessage()
        message["From"], message["To"] = formataddr((name, sender)), self.account
        message["Subject"], message["Message-ID"] = subject, message_id
        message["Date"] = format_datetime(localtime())
        if answers is not None:
            message["In-Reply-To"] = answers.message_id
            message["References"] = " ".join([*answers.references, answers.message_id])
        message.set_content(text)
        await self.hand_over(message)
        return message_id

    async def hand_over(self, message: EmailMessage, *, within: float = 60) -> None:
        """Give a mail to Baton's server, again as long as it asks for later; what it takes is stored."""
        try:
            async with asyncio.timeout(within):
                while True:
                    try:
                        await aiosmtplib.send(message, hostname="127.0.0.1", port=self.smtp_port)
                    except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPDataError):
                        await asyncio.sleep(_AGAIN_SECONDS)
                    else:
                        return
        except TimeoutError:
            raise ScenarioFailed(f"the mail server took no mail within {within:g} s") from None

    async def answer_to(self, message_id: str, *, within: float = 30) -> CapturedMail:
        """Baton's mail that answers this one."""
        try:
            return await self.captured.wait_for(lambda mail: mail.in_reply_to == message_id, within=within)
        except TimeoutError:
            raise ScenarioFailed(f"expected an answer by mail within {within:g} s") from None

    def to(self, address: str) -> list[CapturedMail]:
        """Every mail that Baton has sent to an address, oldest first."""
        return [mail for mail in self.captured.mails if address in mail.envelope_to]
