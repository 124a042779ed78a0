"""A real SMTP server that keeps every mail and can be told to fail."""

import asyncio
from collections import deque
from enum import StrEnum

from aiosmtpd.smtp import SMTP, Envelope, Session

from integrations.channels.email.capture import CapturedMail, CapturingHandler, CapturingMailServer, read_captured


class SmtpFailure(StrEnum):
    """How the server fails. Refusals name the recipient, as real servers do, so that leaks show."""

    RECIPIENT_REFUSED = "recipient_refused"
    """550 to the recipient."""
    RECIPIENT_DEFERRED = "recipient_deferred"
    """451 to the recipient."""
    MAIL_REFUSED = "mail_refused"
    """554 after the mail."""
    MAIL_DEFERRED = "mail_deferred"
    """451 after the mail."""
    DROPPED_AT_RECIPIENT = "dropped_at_recipient"
    """The connection breaks before the mail is given."""
    DROPPED_AFTER_MAIL = "dropped_after_mail"
    """The mail is kept, but the connection breaks before the answer: the sender cannot know."""
    HANGS = "hangs"
    """The mail is kept, but no answer ever comes."""


_ANSWERS = {
    SmtpFailure.RECIPIENT_REFUSED: "550 5.1.1 <{address}> unknown here",
    SmtpFailure.RECIPIENT_DEFERRED: "451 4.7.1 <{address}> greylisted",
    SmtpFailure.MAIL_REFUSED: "554 5.7.1 <{address}> does not want this",
    SmtpFailure.MAIL_DEFERRED: "451 4.3.0 <{address}> later",
}


class FakeSmtpServer(CapturingMailServer):
    """The capturing server with failure injection; failures are used up one by one, then it works again."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host=host, port=port)
        self._planned: deque[SmtpFailure] = deque()

    def fail_next(self, *failures: SmtpFailure) -> None:
        """Fail the coming transactions in these ways, in this order."""
        self._planned.extend(failures)

    @property
    def planned(self) -> SmtpFailure | None:
        """The failure of the transaction under way."""
        return self._planned[0] if self._planned else None

    def used(self) -> None:
        """The failure under way has happened."""
        self._planned.popleft()

    def make_handler(self) -> CapturingHandler:
        return _FailingHandler(self)

    def count(self, message_id: str) -> int:
        """How often a mail came."""
        return sum(mail.message_id == message_id for mail in self.mails)

    async def wait_for_id(self, message_id: str, *, within: float = 10.0) -> CapturedMail:
        """The mail with this Message-ID."""
        return await self.wait_for(lambda mail: mail.message_id == message_id, within=within)


class _FailingHandler(CapturingHandler):
    def __init__(self, server: FakeSmtpServer) -> None:
        super().__init__(server)
        self._fake = server

    async def handle_RCPT(  # noqa: N802
        self, smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        failure = self._fake.planned
        if failure in {SmtpFailure.RECIPIENT_REFUSED, SmtpFailure.RECIPIENT_DEFERRED}:
            self._fake.used()
            return _ANSWERS[failure].format(address=address)
        if failure is SmtpFailure.DROPPED_AT_RECIPIENT:
            self._fake.used()
            await _break(smtp)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        failure = self._fake.planned
        if failure is None:
            return await super().handle_DATA(smtp, _session, envelope)
        self._fake.used()
        if failure in _ANSWERS:
            return _ANSWERS[failure].format(address=envelope.rcpt_tos[0])
        await self._fake.keep(read_captured(envelope))
        if failure is SmtpFailure.DROPPED_AFTER_MAIL:
            await _break(smtp)
        await asyncio.Event().wait()  # ends when the client has had enough and leaves
        raise AssertionError


async def _break(smtp: SMTP) -> None:
    transport = smtp.transport
    assert isinstance(transport, asyncio.Transport)
    transport.abort()
    await asyncio.Event().wait()  # the session is cancelled when the connection is gone
