"""Outbound mail through the brand's own SMTP server (aiosmtplib)."""

import contextlib
from typing import NamedTuple

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from domain.message import OutboundMessage, SendOutcome, SendResult
from integrations.channels.email.composing import compose_mail, is_sendable, needs_smtputf8, outbound_message_id
from integrations.channels.protocol import ChannelUnavailable

_GOODBYE_LIMIT = 2.0
"""Seconds to wait for the answer to QUIT, which changes nothing any more."""


class _TryLater(NamedTuple):
    """The server surely did not take the mail."""

    code: str


class SmtpOutbound:
    """The sending side of mail accounts (`Outbound`).

    `timeout` (seconds) bounds each step: connecting, every command, and the answer to the mail itself. `start_tls`:
    True demands encryption, False forbids it, None takes it if the server offers it. `use_tls` encrypts from the first
    byte instead.
    """

    by_commit = False
    resend_when_unknown = True
    """A second copy carries the same Message-ID, which mailboxes recognise; a customer left unanswered is worse."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str | None = None,
        password: str | None = None,
        use_tls: bool = False,
        start_tls: bool | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._host, self._port = host, port
        self._username, self._password = username, password
        self._use_tls, self._start_tls = use_tls, start_tls
        self._timeout = timeout

    def provider_id(self, message: OutboundMessage) -> str:
        """The Message-ID, which answers name in In-Reply-To and References."""
        return outbound_message_id(message.message_id, message.account)

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Send once. SENT: the server took it. FAILED: refused for good. UNKNOWN: no answer after the mail was given.

        Raises `ChannelUnavailable` if the server surely did not take it and may do so later. Codes and exceptions are
        reply numbers and constant words: what servers say holds addresses.
        """
        if not is_sendable(message):
            return _outcome(message, SendResult.FAILED, "invalid_address")
        attempt = await self._attempt(message)
        if isinstance(attempt, _TryLater):
            # Raised here and not where the error was caught, so that it does not carry the server's words along.
            raise ChannelUnavailable(attempt.code)
        return attempt

    async def reconcile(self, message: OutboundMessage) -> SendOutcome:
        """UNKNOWN: SMTP has no way to ask what became of a mail."""
        return _outcome(message, SendResult.UNKNOWN, "smtp_cannot_tell")

    async def _attempt(self, message: OutboundMessage) -> SendOutcome | _TryLater:
        client = self._client(message)
        try:
            before_data = await self._open(client, message)
            return before_data or await self._hand_over(client, message)
        finally:
            await _leave(client)

    def _client(self, message: OutboundMessage) -> SMTP:
        return SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._use_tls,
            start_tls=self._start_tls,
            timeout=self._timeout,
            # Asking the system for its name can block the loop.
            local_hostname=message.account.rpartition("@")[2],
        )

    async def _open(self, client: SMTP, message: OutboundMessage) -> SendOutcome | _TryLater | None:
        """Connect and give the envelope; None if the server waits for the mail."""
        smtputf8 = needs_smtputf8(message)
        encoding, options = ("utf-8", ["SMTPUTF8"]) if smtputf8 else ("ascii", [])
        try:
            await client.connect()
            await client.mail(message.account, options=options, encoding=encoding)
            await client.rcpt(message.recipient, encoding=encoding)
        except (SMTPSenderRefused, SMTPRecipientRefused) as refusal:
            return _refused(message, refusal.code)
        except SMTPResponseException as refusal:  # the greeting or the login: no fault of this mail
            return _TryLater(f"smtp_{refusal.code}")
        except OSError:
            return _TryLater("unreachable")
        except SMTPException:
            return _TryLater("protocol_error")
        return None

    async def _hand_over(self, client: SMTP, message: OutboundMessage) -> SendOutcome | _TryLater:
        """Give the mail. An answer decides; without one, nobody knows whether the server took it."""
        try:
            await client.data(compose_mail(message))
        except SMTPDataError as refusal:
            return _refused(message, refusal.code)
        except (SMTPException, OSError):
            return _outcome(message, SendResult.UNKNOWN, "no_answer")
        return _outcome(message, SendResult.SENT, "250")


def _refused(message: OutboundMessage, code: int) -> SendOutcome | _TryLater:
    """RFC 5321, 4.2.1: 5yz is for good, anything else may pass."""
    return _outcome(message, SendResult.FAILED, str(code)) if 500 <= code <= 599 else _TryLater(f"smtp_{code}")


def _outcome(message: OutboundMessage, result: SendResult, code: str) -> SendOutcome:
    sent_as = outbound_message_id(message.message_id, message.account)
    return SendOutcome(result=result, provider_message_id=sent_as, code=code)


async def _leave(client: SMTP) -> None:
    with contextlib.suppress(SMTPException, OSError):
        if client.is_connected:
            await client.quit(timeout=_GOODBYE_LIMIT)
    client.close()
