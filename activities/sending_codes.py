"""One-time codes by mail. The customer's answer never waits for it, so its time does not tell who is known.

Codes are in no queue, history or log: a mail is made from the code's id when it is sent.
"""

import asyncio
from typing import NamedTuple, Protocol

import structlog

from domain.front_door import FrontDoor
from domain.message import OutboundMessage, SendResult
from domain.parties import Channel
from domain.proving import code_of
from domain.proving_words import code_mail
from integrations.channels.protocol import ChannelUnavailable, Outbound

log = structlog.get_logger("proving")

_ATTEMPTS = 3
_PAUSE = 2.0
"""Seconds between two attempts, well within the life of a code."""


class NewCode(NamedTuple):
    """A code to be sent."""

    code_id: str
    address: str
    """As the shop has it, never as the customer typed it: what only looks alike reaches somebody else."""
    brand: str
    language: str
    in_reply_to: str = ""
    """The customer's mail, if they write from the same address: their answer then comes into the same thread."""


class CodeSender(Protocol):
    """Sends one-time codes."""

    secret_key: str
    """Codes are derived from it."""

    def send(self, code: NewCode) -> None:
        """Begin to send, and return at once. The same code again is the same mail."""
        ...


class MailedCodes:
    """Sends codes from the brand's mailbox (`CodeSender`). `pause`: seconds between two attempts."""

    def __init__(self, mail: Outbound, door: FrontDoor, *, pause: float = _PAUSE) -> None:
        self.secret_key = door.secret_key
        self._mail = mail
        self._account, self._pause = door.mail_account, pause
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, code: NewCode) -> None:
        """Send in the background: at most three attempts, and a process that stops gives it up."""
        task = asyncio.create_task(self._deliver(code.code_id, self._written(code)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _written(self, code: NewCode) -> OutboundMessage:
        mail = code_mail(code_of(self.secret_key, code.code_id), code.brand, code.language)
        return OutboundMessage(
            message_id=code.code_id,
            conversation_id="",
            channel=Channel.EMAIL,
            account=self._account,
            recipient=code.address,
            text=mail.text,
            author_label=code.brand,
            subject=mail.subject,
            in_reply_to=code.in_reply_to,
            automatic=True,
        )

    async def _deliver(self, code_id: str, message: OutboundMessage) -> None:
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(self._pause)
            try:
                outcome = await self._mail.send(message)
            except ChannelUnavailable as unavailable:
                log.warning("code_not_sent", code_id=code_id, reason=str(unavailable), attempt=attempt)
                continue
            if outcome.result is SendResult.FAILED:
                log.warning("code_not_sent", code_id=code_id, reason=outcome.code, attempt=attempt)
            return


def mailed_codes(mail: Outbound | None, door: FrontDoor) -> MailedCodes | None:
    """Codes by mail, if there is a mail server, a mailbox and a secret key."""
    return MailedCodes(mail, door) if mail is not None and door.secret_key and door.mail_account else None
