"""An SMTP listener (aiosmtpd) on the running event loop, shared by the inbound server and the capturing one."""

import asyncio
import logging
from types import TracebackType
from typing import Any, AnyStr, Self

from aiosmtpd.smtp import SMTP

from integrations.channels.email.text import clean_line

DEFAULT_SIZE_LIMIT = 25 * 1024 * 1024
"""Bytes of one mail; what large providers accept."""
_TOO_LARGE = "552 5.3.4 message too large"
_IDLE_LIMIT = 300.0
"""Seconds without a command after which a session is closed (RFC 5321, 4.5.3.2.7)."""


class SmtpListener:
    """Accepts SMTP sessions for a handler (an object with aiosmtpd's `handle_...` coroutines).

    It uses the loop it is started on; aiosmtpd's own controller would run a second loop in a thread.
    """

    def __init__(
        self,
        handler: object,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        hostname: str = "localhost",
        size_limit: int = DEFAULT_SIZE_LIMIT,
    ) -> None:
        self._handler = handler
        self._host, self._wanted_port = host, port
        self._hostname = clean_line(hostname, 255)
        self._size_limit = size_limit
        self._server: asyncio.Server | None = None
        self._sessions: set[_Session] = set()

    @property
    def port(self) -> int:
        """The bound port; with port 0 the one the system chose. Raises `RuntimeError` before `start`."""
        if self._server is None or not self._server.sockets:
            raise RuntimeError("smtp_listener_not_started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Bind and accept. Raises `OSError` if the address is taken."""
        silence_library_log()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, host=self._host, port=self._wanted_port)

    async def stop(self, *, grace: float = 5.0) -> None:
        """Stop accepting, let mails under way end within `grace` seconds, then close every session."""
        if self._server is None:
            return
        self._server.close()
        await self._let_mails_end(grace)
        await self._close_sessions()
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _session(self) -> "_Session":
        return _Session(
            self._sessions,
            self._handler,
            line_limit=self._size_limit,
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident="ready",
            timeout=_IDLE_LIMIT,
            loop=asyncio.get_running_loop(),
        )

    async def _let_mails_end(self, grace: float) -> None:
        waiting = [asyncio.ensure_future(session.idle.wait()) for session in self._sessions]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=grace)
            for task in late:
                task.cancel()

    async def _close_sessions(self) -> None:
        tasks = [session.task for session in self._sessions if session.task is not None]
        for session in list(self._sessions):
            if session.transport is not None:
                session.transport.close()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Session(SMTP):
    """One SMTP session that knows whether a mail is under way."""

    def __init__(self, sessions: "set[_Session]", handler: object, *, line_limit: int, **options: Any) -> None:
        # Mail is refused for its size, not for long lines, which careless programs write.
        self.line_length_limit = line_limit
        super().__init__(handler, **options)
        self.idle = asyncio.Event()
        self.idle.set()
        self.task: asyncio.Task[None] | None = None
        self._all = sessions

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        super().connection_made(transport)
        self.task = self._handler_coroutine
        self._all.add(self)
        if self.task is not None:
            self.task.add_done_callback(self._ended)

    async def push(self, status: AnyStr) -> None:
        """Send an answer; the library calls a mail too long for the line limit by another name than one too large."""
        if isinstance(status, str) and status.startswith("500 Line too long"):
            await super().push(_TOO_LARGE)
        else:
            await super().push(status)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802  (named by aiosmtpd)
        """Receive one mail and answer."""
        self.idle.clear()
        try:
            await super().smtp_DATA(arg)
        finally:
            self.idle.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._all.discard(self)
        if not task.cancelled():
            task.exception()  # a lost connection is no news; unread, asyncio would log it


class _Nothing(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        return False


_NOTHING = _Nothing()


def silence_library_log() -> None:
    """Drop aiosmtpd's log, which holds addresses and lines of mail. A filter outlives reconfigured logging."""
    logging.getLogger("mail.log").addFilter(_NOTHING)
