"""What admins see and steer over HTTP; the stories themselves they watch in the Temporal UI."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.callers import AdminReader
from api.parts import Engine
from api.problems import responses
from domain.interaction import InteractionState
from store.admin_views import (
    DeadLetter,
    InteractionRow,
    QuarantinedPayload,
    dead_letters,
    interactions,
    quarantined,
)

router = APIRouter(prefix="/v1/admin", tags=["admin"])

_READING = responses(401, 403, 422, 503)
Limit = Annotated[int, Query(ge=1, le=500)]


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
