"""An SMTP server that keeps every mail for people to look at and delivers none: where the demo sends to."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.values import Value
from integrations.channels.email.body import read_body
from integrations.channels.email.headers import BoundedHeaders, Headers
from integrations.channels.email.listener import SmtpListener
from integrations.channels.email.text import clean_line

_KEPT = 1000
"""Mails kept; the oldest go first."""


class CapturedMail(Value):
    """One mail as the server took it."""

    envelope_from: str
    envelope_to: tuple[str, ...]
    sender: str
    """The From header, with its label."""
    recipient: str
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    """Oldest first."""
    auto_submitted: str
    text: str
    raw: bytes


class CapturingMailServer(SmtpListener):
    """Takes any mail for anybody. Mails stay in memory, in the order of arrival."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(self.make_handler(), host=host, port=port)
        self._mails: deque[CapturedMail] = deque(maxlen=_KEPT)
        self._changed = asyncio.Condition()

    @property
    def mails(self) -> tuple[CapturedMail, ...]:
        """All that are kept, oldest first."""
        return tuple(self._mails)

    def duplicates(self) -> tuple[str, ...]:
        """Message-IDs that came more than once."""
        counts = Counter(mail.message_id for mail in self._mails)
        return tuple(message_id for message_id, times in counts.items() if times > 1)

    async def wait_for(self, fits: Callable[[CapturedMail], bool], *, within: float = 10.0) -> CapturedMail:
        """The first mail that fits, as soon as there is one. Raises `TimeoutError` after `within` seconds."""
        async with asyncio.timeout(within), self._changed:
            while True:
                found = next(filter(fits, self._mails), None)
                if found is not None:
                    return found
                await self._changed.wait()

    async def keep(self, mail: CapturedMail) -> None:
        """Add one mail and wake those who wait for it."""
        async with self._changed:
            self._mails.append(mail)
            self._changed.notify_all()

    def make_handler(self) -> "CapturingHandler":
        """What answers the SMTP commands."""
        return CapturingHandler(self)


class CapturingHandler:
    """Answers SMTP commands by keeping every mail; the names of its methods are aiosmtpd's."""

    def __init__(self, server: CapturingMailServer) -> None:
        self.server = server

    async def handle_DATA(self, _smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail."""
        await self.server.keep(read_captured(envelope))
        return "250 2.0.0 kept"


def read_captured(envelope: Envelope) -> CapturedMail:
    """What a person sees of a mail that came in this envelope."""
    raw = envelope.original_content or b""
    message = message_from_bytes(raw, policy=BoundedHeaders())
    headers = Headers(message)
    return CapturedMail(
        envelope_from=clean_line(envelope.mail_from or "", 320),
        envelope_to=tuple(clean_line(address, 320) for address in envelope.rcpt_tos),
        sender=headers.line("From", 500),
        recipient=headers.line("To", 500),
        subject=headers.line("Subject", 900),
        message_id=next(iter(headers.message_ids("Message-ID")), ""),
        in_reply_to=next(iter(headers.message_ids("In-Reply-To")), ""),
        references=tuple(headers.message_ids("References")),
        auto_submitted=headers.line("Auto-Submitted", 100),
        text=read_body(message).text,
        raw=raw,
    )
