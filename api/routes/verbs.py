"""What agents do with a case: each click is one commit, which then reaches the workflow as a signal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import AgentCaller, Staff
from api.fields import Body, Empty, Line, Text, Version
from api.parts import Engine, Parts
from api.problems import Problem, invalid, not_found, responses
from api.promised import Promised, naming_the_field
from domain.policy import Policy
from domain.work import WorkState
from store.case_view import suggestions
from store.desk_views import WorkView, policy_version_of_item, work_view
from store.errors import Conflict
from store.people import accept, decline, finish, hand_back, reply, use_suggestion

router = APIRouter(prefix="/v1/desk/work/{item_id:id}", tags=["desk"])

_REFUSALS = responses(400, 401, 403, 404, 409, 413, 422, 503)


class Seen(Body):
    """The version of the item that the agent saw when clicking."""

    version: Version


class Declined(Seen):
    """Why an offer is let pass."""

    reason: Line


class NewReply(Body):
    """Words for the customer. `key` is made by the client, and is the same when it repeats the request."""

    text: Annotated[Text, Field(min_length=1, max_length=20_000)]
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
    commitment: Promised | None = None
    """What the words promise; it is made together with the reply."""


class Judged(Body):
    """Use a suggestion, edited or as it is, or dismiss it."""

    use: bool = Field(strict=True)
    text: Annotated[Text, Field(min_length=1, max_length=20_000)] | None = None


class Replied(BaseModel):
    """The reply is queued."""

    message_id: str


@router.post("/accept", responses=_REFUSALS)
async def accept_offer(item_id: str, body: Seen, caller: AgentCaller, parts: Engine) -> WorkView:
    """Take the case. The first of two clicks wins; the second is told what happened."""
    async with _verb(parts, caller, item_id) as (session, policy):
        await accept(session, item_id, caller.agent_id, body.version, policy)
    return await _after(parts, item_id)


@router.post("/decline", responses=_REFUSALS)
async def decline_offer(item_id: str, body: Declined, caller: AgentCaller, parts: Engine) -> WorkView:
    """Let the offer pass; somebody else is asked."""
    async with _verb(parts, caller, item_id) as (session, _):
        await decline(session, item_id, caller.agent_id, body.version, body.reason)
    return await _after(parts, item_id)


@router.post("/reply", responses=_REFUSALS)
async def reply_to_customer(item_id: str, body: NewReply, caller: AgentCaller, parts: Engine) -> Replied:
    """Answer the customer. The same key again is the same message."""
    if not body.text.strip():
        raise invalid("text", "must not be blank")
    promise = body.commitment.commitment if body.commitment else None
    async with _verb(parts, caller, item_id) as (session, policy):
        with naming_the_field("commitment"):
            message = await reply(session, item_id, caller.agent_id, body.text, f"reply-{body.key}", policy, promise)
    return Replied(message_id=message.id)


@router.post("/resolve", responses=_REFUSALS)
async def resolve(item_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> WorkView:
    """The case is solved."""
    async with _verb(parts, caller, item_id) as (session, policy):
        await finish(session, item_id, caller.agent_id, policy)
    return await _after(parts, item_id)


@router.post("/hand-back", responses=_REFUSALS)
async def hand_back_to_ai(item_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> WorkView:
    """Give the case back to the AI."""
    async with _verb(parts, caller, item_id) as (session, policy):
        await hand_back(session, item_id, caller.agent_id, policy)
    return await _after(parts, item_id)


@router.post("/suggestions/{suggestion_id:id}", responses=_REFUSALS)
async def judge_suggestion(
    item_id: str, suggestion_id: str, body: Judged, caller: AgentCaller, parts: Engine
) -> WorkView:
    """Say or dismiss what another interaction of the same customer suggests."""
    async with _verb(parts, caller, item_id) as (session, policy):
        item = await work_view(session, item_id)
        pending = await suggestions(session, item.interaction_id) if item else []
        words = {suggestion.id: suggestion.text for suggestion in pending}
        if suggestion_id not in words:
            raise Problem(409, "This suggestion has lapsed, or was judged already.")
        said = (body.text or words[suggestion_id]) if body.use else None
        await use_suggestion(session, item_id, caller.agent_id, suggestion_id, said, policy)
    return await _after(parts, item_id)


@asynccontextmanager
async def _verb(parts: Parts, caller: Staff, item_id: str) -> AsyncIterator[tuple[AsyncSession, Policy]]:
    """One transaction with the policy that the case is pinned to; the relay is poked after its commit."""
    try:
        async with parts.database.begin() as session:
            number = await policy_version_of_item(session, item_id)
            if number is None:
                raise not_found()
            yield session, await parts.shelf.version(session, number)
    except Conflict as conflict:
        raise await _explained(parts, caller, item_id, conflict) from None
    parts.relay.poke()


async def _explained(parts: Parts, caller: Staff, item_id: str, conflict: Conflict) -> Exception:
    """Tell who was faster, where it is known."""
    async with parts.database.begin() as session:
        item = await work_view(session, item_id)
    if item is None or str(conflict) != "offer_gone":
        return conflict
    match WorkState(item.state):
        case WorkState.ASSIGNED if item.agent_id == caller.agent_id:
            return Problem(409, "You have this case already.")
        case WorkState.ASSIGNED | WorkState.OFFERED if item.agent_id != caller.agent_id:
            return Problem(409, "Another agent was faster, or was asked after your time ran out.")
        case WorkState.WAITING:
            return Problem(409, "Your time for this offer ran out.")
        case WorkState.DONE | WorkState.CANCELLED:
            return Problem(409, "This case is closed.")
        case _:
            return conflict


async def _after(parts: Parts, item_id: str) -> WorkView:
    async with parts.database.begin() as session:
        item = await work_view(session, item_id)
    if item is None:
        raise not_found()
    return item
