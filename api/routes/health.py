"""For those who run it: is the process up, does the store answer, what does it count."""

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from api.callers import Credentials, staff
from api.parts import Engine
from api.problems import responses
from domain.parties import Role
from store.admin_views import backlog
from store.outcome_figures import outcome_figures

_LOOPBACK = {"127.0.0.1", "::1"}
_admin = staff(Role.ADMIN, Role.READ_ONLY)

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"] = "ok"


@router.get("/healthz")
async def healthz() -> Health:
    """The process is up."""
    return Health()


@router.get("/readyz", responses=responses(503))
async def readyz(parts: Engine) -> Health:
    """The store answers."""
    async with parts.database.begin() as session:
        await session.execute(text("SELECT 1"))
    return Health()


async def _monitor(request: Request, parts: Engine, credentials: Credentials) -> None:
    if credentials is None and request.client is not None and request.client.host in _LOOPBACK:
        return
    await _admin(request, parts, credentials, None)


@router.get(
    "/metrics",
    dependencies=[Depends(_monitor)],
    response_class=Response,
    responses={
        200: {"description": "Prometheus text", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **responses(401, 403, 503),
    },
)
async def metrics(parts: Engine) -> Response:
    """Counters of this process, the store's backlog and how cases ended; for this machine, or with an admin's token."""
    async with parts.database.begin() as session:
        now, outcomes = await backlog(session), await outcome_figures(session)
    return Response(parts.metrics.page(now, outcomes), media_type="text/plain; version=0.0.4; charset=utf-8")
