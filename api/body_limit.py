"""Bodies over the limit are refused while they arrive, without waiting for their end and without keeping any of it."""

import asyncio
import contextlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, render

MAX_BODY = 1_000_000
"""Bytes of a request's body."""
_LINGER_BYTES = 16_000_000
_LINGER_SECONDS = 2.0


class BodyLimit:
    """Answers 413 by the declared length, or at the chunk that goes over."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, send)
        if _declared(scope) > MAX_BODY:
            body.over = True
            await render(_too_large())(scope, receive, body.send)
        else:
            await self._app(scope, body.receive, body.send)


class _Body:
    """One request's body as it arrives, and the answer on its way out."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._seen = 0
        self.over = False

    async def receive(self) -> Message:
        """The next chunk. Raises a 413 `Problem` at the one that goes over."""
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > MAX_BODY:
            self.over = True
            raise _too_large()
        return message

    async def send(self, message: Message) -> None:
        """Pass the answer on. Closing at once while the client still sends would make its system drop the answer."""
        last = message["type"] == "http.response.body" and not message.get("more_body")
        if not (self.over and last):
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                await self._discard()
        await self._send({"type": "http.response.body"})

    async def _discard(self) -> None:
        discarded = 0
        while discarded < _LINGER_BYTES:
            message = await self._receive()
            discarded += len(message.get("body", b""))
            if not message.get("more_body"):
                return


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _too_large() -> Problem:
    return Problem(413, f"A body may have {MAX_BODY} bytes.", headers={"Connection": "close"})
