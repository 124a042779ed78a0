"""GET /v1/conversations/{id}/events: a conversation as the customer sees it, live and resumable by position."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import CHAT_ACCOUNT, Caller, ChatCustomer, Reader, Writer
from api.fields import MAX_INTEGER
from api.live.bell import Ear, conversation_topic, interaction_topic
from api.parts import Engine, Parts
from api.problems import forbidden, not_found, responses
from api.queue_place import NOWHERE, QueuePlace
from domain.interaction import InteractionState
from domain.parties import AuthorKind, Channel, Role
from domain.policy import Brand
from store.customer_views import ConversationView, SeenMessage, conversation_view, seen_messages
from store.errors import StoreError
from store.leaving import leave_chat
from store.queueing import place

_PAGE = 200
_SAFETY_SECONDS = 15.0
"""A re-read without a notice, should one have been lost."""
_QUEUE_SECONDS = 10.0
"""How often a customer who waits hears that the queue has moved, which others cause without a notice to them."""

router = APIRouter(tags=["messages"])


async def visible_conversation(
    conversation_id: Annotated[str, Path()], caller: Reader, parts: Engine
) -> ConversationView:
    """The conversation of the path, if the caller may see it; else 404."""
    async with parts.database.begin() as session:
        view = await conversation_view(session, conversation_id)
    if view is None or not _may_see(caller, view):
        raise not_found()
    return view


def _may_see(caller: Caller, view: ConversationView) -> bool:
    if isinstance(caller, ChatCustomer):
        return (view.account, view.thread_key) == (CHAT_ACCOUNT, caller.session_id)
    return caller.role is not Role.CHANNEL or view.channel == Channel.API.value


def _position(
    after: Annotated[int, Query(ge=0, le=MAX_INTEGER, description="Send messages after this `seq`.")] = 0,
    last_event_id: Annotated[str, Header(pattern=r"^[0-9]{0,9}$", description="Wins over `after`.")] = "",
) -> int:
    return int(last_event_id) if last_event_id else after


@router.get(
    "/v1/conversations/{conversation_id:id}/events",
    response_class=EventSourceResponse,
    responses=responses(401, 403, 404, 422, 503),
)
async def conversation_events(
    conversation: Annotated[ConversationView, Depends(visible_conversation)],
    after: Annotated[int, Depends(_position)],
    parts: Engine,
) -> AsyncIterator[ServerSentEvent]:
    """Events `message` (id is `seq`), `state` and `queue`. A comment every 15 s keeps the line open.

    Data of `message`: seq, message_id, author, label, text, citations, attachments, at. Data of `state`: state,
    interaction_id, resolution. Data of `queue`: what GET /v1/conversations/{id}/queue answers, whenever it changes.
    """
    told: tuple[str | None, str | None] = (None, None)
    told_place = NOWHERE
    with parts.bell.listen(conversation_topic(conversation.conversation_id)) as ear:
        while not parts.bell.stopped:
            news, view, brand, stands = await _read(parts, conversation, after, told_place)
            for message in news:
                after = message.seq
                yield _message_event(message, brand)
            standing = (view.interaction_id, view.state)
            if standing != told:
                _follow_interaction(parts, ear, told[0], view.interaction_id)
                told = standing
                yield _state_event(view)
            elif stands != told_place:
                told_place = stands
                yield ServerSentEvent(event="queue", data=stands.model_dump(mode="json"))
            elif len(news) < _PAGE:
                await ear.heard(_QUEUE_SECONDS if stands.waits else _SAFETY_SECONDS)


class Left(BaseModel):
    """What became of a wish to go on by mail."""

    continues_by_mail: bool
    """False: there is nothing open to go on with, or no proven mail address to go on to."""


@router.post("/v1/conversations/{conversation_id:id}/leave", responses=responses(401, 403, 404, 503))
async def leave(conversation_id: str, caller: Writer, parts: Engine) -> Left:
    """The customer leaves the chat: a transcript that they can answer goes to their proven address."""
    if not isinstance(caller, ChatCustomer):
        raise forbidden()
    conversation = await visible_conversation(conversation_id, caller, parts)
    async with parts.database.begin() as session:
        policy = await parts.shelf.active(session)
        account = parts.settings.mail_account
        goes_on = await leave_chat(session, conversation.conversation_id, account, policy)
    parts.relay.poke()
    return Left(continues_by_mail=goes_on)


_Read = tuple[list[SeenMessage], ConversationView, Brand, QueuePlace]


async def _read(parts: Parts, known: ConversationView, after: int, stood: QueuePlace) -> _Read:
    """What is new. While the store does not answer, nothing is."""
    try:
        async with parts.database.begin() as session:
            news = await seen_messages(session, known.conversation_id, after, _PAGE)
            view = await conversation_view(session, known.conversation_id) or known
            brand = (await parts.shelf.active(session)).brand
            return news, view, brand, await _place(session, view, parts)
    except StoreError:
        return [], known, Brand(name="", ai_label=""), stood


async def _place(session: AsyncSession, view: ConversationView, parts: Parts) -> QueuePlace:
    """Read for those only who may be waiting, since every open chat asks for it."""
    if view.interaction_id is None or view.state != InteractionState.AWAITING_PERSON.value:
        return NOWHERE
    return QueuePlace.of(await place(session, view.interaction_id, parts.shelf))


def _follow_interaction(parts: Parts, ear: Ear, before: str | None, now: str | None) -> None:
    if before:
        parts.bell.leave(ear, interaction_topic(before))
    if now:
        parts.bell.join(ear, interaction_topic(now))


def _state_event(view: ConversationView) -> ServerSentEvent:
    return ServerSentEvent(event="state", data=view.model_dump(include={"state", "interaction_id", "resolution"}))


def _message_event(message: SeenMessage, brand: Brand) -> ServerSentEvent:
    content = message.model_dump(mode="json", exclude={"agent_name"})
    return ServerSentEvent(event="message", id=str(message.seq), data={**content, "label": _label(message, brand)})


def _label(message: SeenMessage, brand: Brand) -> str:
    """Who wrote it, as the customer reads it; an AI message says that it is one."""
    match message.author:
        case AuthorKind.CUSTOMER:
            return "You"
        case AuthorKind.AI:
            return brand.ai_label
        case AuthorKind.AGENT if message.agent_name:
            return f"{message.agent_name} · {brand.name}"
        case _:
            return brand.name
