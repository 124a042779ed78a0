"""Bodies over the limit are refused while they arrive, without reading them to their end."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, render

MAX_BODY = 1_000_000
"""Bytes of a request's body."""


class BodyLimit:
    """Answers 413 by the declared length, or at the chunk that goes over."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _declared(scope) > MAX_BODY:
            await render(_too_large())(scope, receive, send)
        else:
            await self._app(scope, _counting(receive), send)


def _counting(receive: Receive) -> Receive:
    seen = 0

    async def receive_some() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            raise _too_large()
        return message

    return receive_some


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _too_large() -> Problem:
    return Problem(413, f"A body may have {MAX_BODY} bytes.", headers={"Connection": "close"})
