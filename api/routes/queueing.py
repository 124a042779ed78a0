"""What a customer who waits for a person can do: see their place, leave a message instead, leave the queue."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import Caller, ChatCustomer, Writer
from api.fields import Body, Empty, Key, Text
from api.parts import Engine, Parts
from api.problems import forbidden, invalid, responses
from api.queue_place import QueuePlace
from api.routes.conversations import visible_conversation
from api.routes.messages import chat_message
from domain.policy import Policy
from domain.queueing import PlaceState
from store.customer_views import ConversationView
from store.errors import Conflict
from store.interactions import Interaction
from store.queueing import leave_message, leave_queue, place

_ATTEMPTS = 3
"""A case may be offered, or taken back, at the very moment in which its customer goes."""
_REFUSALS = responses(400, 401, 403, 404, 409, 413, 422, 503)

Answer = TypeVar("Answer")
Change = Callable[[AsyncSession, str, Policy], Awaitable[Answer]]

router = APIRouter(prefix="/v1/conversations/{conversation_id:id}", tags=["messages"])


class LeftMessage(Body):
    """What the customer would have told a person."""

    text: Annotated[Text, Field(min_length=1, max_length=20_000)]


class Promised(BaseModel):
    """The message is stored, and somebody answers it."""

    message_id: str
    answer_by: datetime | None
    """Until when; null if the team has no working hours to come."""


@router.get("/queue", responses=responses(401, 403, 404, 422, 503))
async def queue_place(
    conversation: Annotated[ConversationView, Depends(visible_conversation)], parts: Engine
) -> QueuePlace:
    """Where the customer stands. The conversation's events carry the same whenever it changes."""
    return await _place(parts, conversation)


@router.post("/leave-queue", responses=_REFUSALS)
async def leave(conversation_id: str, _body: Empty, caller: Writer, parts: Engine) -> QueuePlace:
    """The customer does not want to wait any more. Safe to repeat; refused once a person has the case."""
    conversation = await _own(conversation_id, caller, parts)
    if conversation.interaction_id is None:
        raise Conflict("not_waiting")
    await _change(parts, conversation.interaction_id, leave_queue)
    return await _place(parts, conversation)


@router.post("/leave-message", responses=_REFUSALS)
async def leave_a_message(
    conversation_id: str,
    body: LeftMessage,
    caller: Writer,
    parts: Engine,
    key: Annotated[Key, Header(alias="Idempotency-Key", description="The same for every attempt at one message.")],
) -> Promised:
    """Leave a message instead of waiting. It is recorded like any other; the case is then answered as a mail is."""
    conversation = await _own(conversation_id, caller, parts)
    if not body.text.strip():
        raise invalid("text", "must not be blank")
    await _must_wait(parts, conversation)
    inbound = chat_message(body.text, _chat(caller), key)
    receipt = await parts.reception.receive(inbound, await parts.recognition.profile(inbound))
    answer_by = await _change(parts, receipt.interaction_id, leave_message)
    return Promised(message_id=receipt.message_id, answer_by=answer_by)


async def _must_wait(parts: Parts, conversation: ConversationView) -> None:
    """Before the message is recorded, which would be an ordinary one otherwise."""
    state = (await _place(parts, conversation)).state
    if state == PlaceState.WITH_PERSON:
        raise Conflict("with_a_person")
    if state not in {PlaceState.WAITING, PlaceState.OFFERED, PlaceState.BY_MESSAGE}:
        raise Conflict("not_waiting")


def _chat(caller: Caller) -> ChatCustomer:
    if not isinstance(caller, ChatCustomer):
        raise forbidden()
    return caller


async def _own(conversation_id: str, caller: Caller, parts: Parts) -> ConversationView:
    return await visible_conversation(conversation_id, _chat(caller), parts)


async def _place(parts: Parts, conversation: ConversationView) -> QueuePlace:
    if conversation.interaction_id is None:
        return QueuePlace.of(None)
    async with parts.database.begin() as session:
        return QueuePlace.of(await place(session, conversation.interaction_id, parts.shelf))


async def _change(parts: Parts, interaction_id: str, change: Change[Answer]) -> Answer:
    """One transaction with the policy that the case is pinned to; tried again while dispatch moves the case."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with parts.database.begin() as session:
                row = await session.get_one(Interaction, interaction_id)
                changed = await change(session, interaction_id, await parts.shelf.version(session, row.policy_version))
        except Conflict as conflict:
            if str(conflict) != "item_moved_on" or attempt == _ATTEMPTS:
                raise
        else:
            parts.relay.poke()
            return changed
    raise AssertionError("the last attempt returns or raises")
