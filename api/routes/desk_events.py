"""GET /v1/desk/events: the journal as it grows, resumable by position."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.callers import AgentCaller
from api.live.follower import PAGE, Position, position_of
from api.parts import Engine
from api.problems import invalid, responses
from store.journal import JournalRow

_LAST = 2**63 - 1

router = APIRouter(prefix="/v1/desk", tags=["desk"])


async def _start(
    parts: Engine,
    _caller: AgentCaller,
    last_event_id: Annotated[str, Header(pattern=r"^([0-9]{1,19}-[0-9]{1,19})?$")] = "",
) -> Position:
    if not last_event_id:
        return await parts.journal.end()
    transaction, _, row = last_event_id.partition("-")
    if max(int(transaction), int(row)) > _LAST:
        raise invalid("Last-Event-ID", "is no position of the journal")
    return int(transaction), int(row)


@router.get("/events", response_class=EventSourceResponse, responses=responses(401, 403, 422, 503))
async def desk_events(start: Annotated[Position, Depends(_start)], parts: Engine) -> AsyncIterator[ServerSentEvent]:
    """Events `journal`: kind, interaction_id, ref, by, at, facts; ids and terms only. Fetch anew what you show."""
    with parts.journal.subscription() as rows:
        if parts.bell.stopped:
            return
        yield ServerSentEvent(event="start", id=_id(start), data={})
        position = start
        while page := await parts.journal.page(position):
            for row in page:
                position = position_of(row)
                yield _event(row)
            if len(page) < PAGE:
                break
        while (row_or_end := await rows.get()) is not None:
            if position_of(row_or_end) > position:
                position = position_of(row_or_end)
                yield _event(row_or_end)


def _event(row: JournalRow) -> ServerSentEvent:
    return ServerSentEvent(
        event="journal",
        id=_id(position_of(row)),
        data={
            "kind": row.kind,
            "interaction_id": row.interaction_id,
            "ref": row.ref,
            "by": row.by,
            "at": row.at.isoformat() if row.at else None,
            "facts": row.facts,
        },
    )


def _id(position: Position) -> str:
    return f"{position[0]}-{position[1]}"
