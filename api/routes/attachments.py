"""GET /v1/attachments/{id}: one file of a conversation, for the customer who is in it and for staff who work on it.

Whatever the file says it is, a browser gets nothing to run: its type is read from its content, only pictures are shown
in place, and a sandbox without scripts surrounds all of it.
"""

from urllib.parse import quote

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import CHAT_ACCOUNT, Caller, ChatCustomer, Viewer
from api.parts import Engine
from api.problems import not_found, responses
from domain.attachments import PDF, PICTURES, UNKNOWN, media_type_of
from domain.parties import Channel, Role
from store.attachments import FilePlace, file_content, file_place, in_reach, judged_by

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=600",
    "Referrer-Policy": "no-referrer",
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter(tags=["messages"])


@router.get(
    "/v1/attachments/{attachment_id:id}",
    response_class=Response,
    responses={
        200: {"description": "The file", "content": dict.fromkeys(sorted({*PICTURES, PDF, UNKNOWN}), _BINARY)},
        **responses(401, 403, 404, 503),
    },
)
async def attachment(attachment_id: str, caller: Viewer, parts: Engine) -> Response:
    """A file: of the session's own conversation, of a case or task of the agent's teams; leads and admins read all."""
    async with parts.database.begin() as session:
        place = await file_place(session, attachment_id)
        if place is None or not await _may_read(session, caller, place):
            raise not_found()
        content = await file_content(session, attachment_id)
    kind = media_type_of(content)
    return Response(content, media_type=kind, headers={**_HEADERS, "Content-Disposition": _shown(kind, place.filename)})


async def _may_read(session: AsyncSession, caller: Caller, place: FilePlace) -> bool:
    if isinstance(caller, ChatCustomer):
        return (place.account, place.thread_key) == (CHAT_ACCOUNT, caller.session_id)
    if caller.role is Role.CHANNEL:
        return place.channel == Channel.API.value
    if caller.role is Role.AGENT:
        known = (session, place.interaction_id, caller.agent_id)
        return await in_reach(*known) or await judged_by(*known)
    return caller.role in {Role.LEAD, Role.ADMIN}


def _shown(kind: str, filename: str) -> str:
    """The header Content-Disposition (RFC 6266); the name in the encoding of RFC 8187."""
    return f"{'inline' if kind in PICTURES else 'attachment'}; filename*=UTF-8''{quote(filename, safe='')}"
