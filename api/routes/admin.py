"""What admins see and steer over HTTP; the stories themselves they watch in the Temporal UI."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.callers import AdminCaller, AdminReader
from api.parts import Engine
from api.problems import Problem, not_found, responses
from domain.interaction import InteractionState
from domain.policy import Policy
from domain.policy_file import PolicyFileError, read_policy
from store.admin_views import (
    DeadLetter,
    InteractionRow,
    PolicyGap,
    QuarantinedPayload,
    dead_letters,
    interactions,
    policy_gaps,
    quarantined,
)
from store.errors import NotFound
from store.policies import activate

router = APIRouter(prefix="/v1/admin", tags=["admin"])

_READING = responses(401, 403, 422, 503)
Limit = Annotated[int, Query(ge=1, le=500)]


class ActivePolicy(BaseModel):
    """The policy for new interactions."""

    version: int
    policy: Policy


class Activated(BaseModel):
    """The version that is active now; the same content again keeps its version."""

    version: int


@router.get("/dead-letters", responses=_READING)
async def list_dead_letters(_: AdminReader, parts: Engine, limit: Limit = 100) -> list[DeadLetter]:
    """What Temporal refused for good, the newest first."""
    async with parts.database.begin() as session:
        return await dead_letters(session, limit)


@router.get("/quarantine", responses=_READING)
async def list_quarantine(_: AdminReader, parts: Engine, limit: Limit = 100) -> list[QuarantinedPayload]:
    """Payloads that could not be parsed, the newest first."""
    async with parts.database.begin() as session:
        return await quarantined(session, limit)


@router.get("/interactions", responses=_READING)
async def list_interactions(
    _: AdminReader,
    parts: Engine,
    state: InteractionState | None = None,
    before: Annotated[str | None, Query(pattern="^[0-9a-z]{26}$", description="Older than this interaction.")] = None,
    limit: Limit = 100,
) -> list[InteractionRow]:
    """Interactions, the newest first."""
    async with parts.database.begin() as session:
        return await interactions(session, state, before, limit)


@router.get("/policy", responses=responses(401, 403, 404, 503))
async def active_policy(_: AdminReader, parts: Engine) -> ActivePolicy:
    """The active policy."""
    try:
        async with parts.database.begin() as session:
            policy = await parts.shelf.active(session)
    except NotFound:
        raise not_found() from None
    return ActivePolicy(version=policy.version, policy=policy)


@router.get("/policy/gaps", responses=_READING)
async def list_policy_gaps(_: AdminReader, parts: Engine, limit: Limit = 100) -> list[PolicyGap]:
    """Cells of the matrix in which no candidate fitted."""
    async with parts.database.begin() as session:
        return await policy_gaps(session, limit)


@router.post(
    "/policy",
    responses=responses(400, 401, 403, 413, 422, 503),
    openapi_extra={"requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}},
)
async def activate_policy(request: Request, caller: AdminCaller, parts: Engine) -> Activated:
    """Check a policy file (YAML) and make it the active policy. While it has a mistake, the old one stays active."""
    policy = await run_in_threadpool(_checked, await request.body())
    async with parts.database.begin() as session:
        return Activated(version=await activate(session, policy, by=caller.agent_id or "admin"))


def _checked(raw: bytes) -> Policy:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "The body is no UTF-8.") from None
    try:
        return read_policy(text)
    except PolicyFileError as error:
        problems = [{"field": found.key, "line": found.line, "message": found.message} for found in error.problems]
        raise Problem(422, "The policy file has mistakes; the active policy stays as it is.", errors=problems) from None
