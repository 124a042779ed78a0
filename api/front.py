"""The outermost layer: counts and times requests, and turns the unexpected into a problem document with an error id."""

import time
import traceback
from collections.abc import Iterable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.problems import Problem, render
from store.database import Database
from store.errors import StoreError
from store.faults import Fault

_API = "/v1/"
_MARKS = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
"""Answers are what they say they are, and no cache keeps those about people; what brings its own header keeps it."""
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}

log = structlog.get_logger("api")


class Front:
    """Pure ASGI: no task, no queue and no copy of a body for each request."""

    def __init__(self, app: ASGIApp, metrics: Metrics, database: Database) -> None:
        self._app = app
        self._metrics = metrics
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._count(scope, status, time.perf_counter() - began)
                if scope["path"].startswith(_API):
                    message["headers"] = _marked(message.get("headers", ()))
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except Exception as error:
            error_id = await self._record(scope, error)
            if not status:
                detail = f"A mistake of ours, recorded under the error id {error_id}."
                await render(Problem(500, detail))(scope, receive, send_marked)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, status).inc()
        self._metrics.seconds.labels(route).observe(seconds)

    async def _record(self, scope: Scope, error: Exception) -> str:
        """The details go where they can be erased; the log gets the id and the error's type."""
        route = _route(scope)
        fault = Fault(
            activity=f"http {scope['method']} {route}",
            workflow_id="",
            kind=type(error).__name__,
            detail="".join(traceback.format_exception(error)).replace("\x00", ""),
        )
        log.error("request_failed", error_id=fault.id, kind=fault.kind, route=route)
        try:
            async with self._database.begin() as session:
                session.add(fault)
        except StoreError:
            log.warning("fault_not_kept", error_id=fault.id)
        return fault.id


def _marked(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    own = list(headers)
    names = {name for name, _ in own}
    return own + [mark for mark in _MARKS if mark[0] not in names]


def _route(scope: Scope) -> str:
    """The route's pattern, never the path itself: ids would make a time series for each case."""
    return str(getattr(scope.get("route"), "path_format", "other"))
