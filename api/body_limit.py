"""Bodies over the limit are refused while they arrive, without waiting for their end and without keeping any of it."""

import asyncio
import contextlib
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import FieldError, Problem, render
from domain.attachments import MAX_FILE_BYTES, MAX_FILES

MAX_BODY = 1_000_000
"""Bytes of a request's body."""
_WITH_FILES = MAX_BODY + MAX_FILES * MAX_FILE_BYTES
_TAKES_FILES = re.compile("/v1/messages|/v1/portal/flows/[^/]+/photo")
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
        body = _Body(receive, send, _limit(scope))
        if _declared(scope) > body.limit:
            body.over = True
            await render(body.too_large())(scope, receive, body.send)
        else:
            await self._app(scope, body.receive, body.send)


class _Body:
    """One request's body as it arrives, and the answer on its way out."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self.limit = limit
        self._receive = receive
        self._send = send
        self._seen = 0
        self.over = False

    async def receive(self) -> Message:
        """The next chunk. Raises a 413 `Problem` at the one that goes over."""
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self.limit:
            self.over = True
            raise self.too_large()
        return message

    def too_large(self) -> Problem:
        """The refusal; of a form with files it names them."""
        files = FieldError(field="attachments", message="send fewer or smaller files")
        errors = [files] if self.limit > MAX_BODY else []
        return Problem(413, f"A body may have {self.limit} bytes.", errors=errors, headers={"Connection": "close"})

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
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


def _limit(scope: Scope) -> int:
    takes_files = scope["method"] == "POST" and _TAKES_FILES.fullmatch(scope["path"]) and is_form(scope)
    return _WITH_FILES if takes_files else MAX_BODY


def is_form(scope: Scope) -> bool:
    """Does the request bring a form with files?"""
    return _header(scope, b"content-type").partition(b";")[0].strip().lower() == b"multipart/form-data"


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")
