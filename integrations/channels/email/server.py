"""Inbound mail: an SMTP server that says 250 only for what is stored."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from domain.message import InboundMessage
from domain.parties import IdentityKind, normalise_address
from integrations.channels.email.listener import DEFAULT_SIZE_LIMIT, SmtpListener
from integrations.channels.email.parsing import Unparsable, parse_mail
from integrations.channels.protocol import Receive
from store.errors import StoreUnavailable

Quarantine = Callable[[bytes, str], Awaitable[None]]
"""Keeps the raw bytes of a mail that cannot become a message, with a `QuarantineReason`, for admins to see.

Returns after the commit; raises `store.errors.StoreUnavailable` while the store is down.
"""

_ACCEPTED = "250 2.0.0 stored"
_LATER = "451 4.3.0 try again later"
_NO_SUCH_RECIPIENT = "550 5.1.1 no such recipient"

_log = structlog.get_logger(__name__)


class MailServer(SmtpListener):
    """Listens for mail to the brand's accounts and hands each one to `receive`.

    Answers 250 after `receive` returned for every account that the mail is addressed to, or after `quarantine` took
    it; 451 if one of them failed, so that the sender comes again (what was stored is then known by its id); 552 for a
    mail over `size_limit` bytes; 550 for any other recipient. An account also takes `name+anything@domain` (RFC 5233).
    """

    def __init__(
        self,
        receive: Receive,
        quarantine: Quarantine,
        *,
        accounts: Iterable[str],
        authserv_id: str = "",
        host: str = "127.0.0.1",
        port: int = 0,
        hostname: str = "localhost",
        size_limit: int = DEFAULT_SIZE_LIMIT,
    ) -> None:
        handler = _Handler(receive, quarantine, frozenset(map(_normal, accounts)), authserv_id)
        super().__init__(handler, host=host, port=port, hostname=hostname, size_limit=size_limit)


class _Handler:
    """The decisions at each SMTP command; the names of its methods are aiosmtpd's."""

    def __init__(self, receive: Receive, quarantine: Quarantine, accounts: frozenset[str], authserv_id: str) -> None:
        self._receive = receive
        self._quarantine = quarantine
        self._accounts = accounts
        self._authserv_id = authserv_id

    async def handle_RCPT(  # noqa: N802
        self, _server: object, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        account = self._account(address)
        if account is None:
            return _NO_SUCH_RECIPIENT
        envelope.rcpt_tos.append(account)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        raw = bytes(envelope.original_content)
        bounce = envelope.mail_from == "<>"
        try:
            await self._store(raw, tuple(dict.fromkeys(envelope.rcpt_tos)), null_return_path=bounce)
        except StoreUnavailable:
            _log.warning("mail_deferred", reason="store_unavailable", size=len(raw))
            return _LATER
        except Exception as error:
            _log.error("mail_deferred", reason="unexpected_error", error=type(error).__name__, size=len(raw))
            return _LATER
        return _ACCEPTED

    async def handle_exception(self, error: Exception) -> str:
        """A command failed inside the library; its own answer would repeat the error's text."""
        _log.error("smtp_session_failed", error=type(error).__name__)
        return _LATER

    async def _store(self, raw: bytes, accounts: tuple[str, ...], *, null_return_path: bool) -> None:
        for account in accounts:
            # Large mails take a second to read; the loop has other sessions to serve.
            parsed = await asyncio.to_thread(
                parse_mail, raw, account=account, authserv_id=self._authserv_id, null_return_path=null_return_path
            )
            if isinstance(parsed, Unparsable):
                await self._quarantine(raw, parsed.reason)
                _log.warning("mail_quarantined", reason=str(parsed.reason), size=len(raw))
                return
            await self._record(parsed, len(raw))

    async def _record(self, message: InboundMessage, size: int) -> None:
        receipt = await self._receive(message)
        _log.info("mail_received", interaction_id=receipt.interaction_id, duplicate=receipt.duplicate, size=size)

    def _account(self, address: str) -> str | None:
        local, _, domain = _normal(address).rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return next((one for one in (f"{local}@{domain}", plain) if one in self._accounts), None)


def _normal(address: str) -> str:
    return normalise_address(IdentityKind.EMAIL, address)
