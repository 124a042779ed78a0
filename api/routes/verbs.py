"""What agents do with a case: each click is one commit, which then reaches the workflow as a signal."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import AgentCaller
from api.clicks import REFUSALS, as_it_is, click
from api.fields import Body, Empty, Line, Text, Version
from api.parts import Engine
from api.problems import Problem, invalid
from api.promised import Promised, naming_the_field
from store.case_view import suggestions
from store.desk_views import WorkView, work_view
from store.people import accept, decline, finish, hand_back, reply, use_suggestion

router = APIRouter(prefix="/v1/desk/work/{item_id:id}", tags=["desk"])


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


@router.post("/accept", responses=REFUSALS)
async def accept_offer(item_id: str, body: Seen, caller: AgentCaller, parts: Engine) -> WorkView:
    """Take the case. The first of two clicks wins; the second is told what happened."""
    async with click(parts, caller, item_id) as (session, policy):
        await accept(session, item_id, caller.agent_id, body.version, policy)
    return await as_it_is(parts, item_id)


@router.post("/decline", responses=REFUSALS)
async def decline_offer(item_id: str, body: Declined, caller: AgentCaller, parts: Engine) -> WorkView:
    """Let the offer pass; somebody else is asked."""
    async with click(parts, caller, item_id) as (session, _):
        await decline(session, item_id, caller.agent_id, body.version, body.reason)
    return await as_it_is(parts, item_id)


@router.post("/reply", responses=REFUSALS)
async def reply_to_customer(item_id: str, body: NewReply, caller: AgentCaller, parts: Engine) -> Replied:
    """Answer the customer. The same key again is the same message."""
    if not body.text.strip():
        raise invalid("text", "must not be blank")
    promise = body.commitment.commitment if body.commitment else None
    async with click(parts, caller, item_id) as (session, policy):
        with naming_the_field("commitment"):
            message = await reply(session, item_id, caller.agent_id, body.text, f"reply-{body.key}", policy, promise)
    return Replied(message_id=message.id)


@router.post("/resolve", responses=REFUSALS)
async def resolve(item_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> WorkView:
    """The case is solved."""
    async with click(parts, caller, item_id) as (session, policy):
        await finish(session, item_id, caller.agent_id, policy)
    return await as_it_is(parts, item_id)


@router.post("/hand-back", responses=REFUSALS)
async def hand_back_to_ai(item_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> WorkView:
    """Give the case back to the AI."""
    async with click(parts, caller, item_id) as (session, policy):
        await hand_back(session, item_id, caller.agent_id, policy)
    return await as_it_is(parts, item_id)


@router.post("/suggestions/{suggestion_id:id}", responses=REFUSALS)
async def judge_suggestion(
    item_id: str, suggestion_id: str, body: Judged, caller: AgentCaller, parts: Engine
) -> WorkView:
    """Say or dismiss what another interaction of the same customer suggests."""
    async with click(parts, caller, item_id) as (session, policy):
        item = await work_view(session, item_id)
        pending = await suggestions(session, item.interaction_id) if item else []
        words = {suggestion.id: suggestion.text for suggestion in pending}
        if suggestion_id not in words:
            raise Problem(409, "This suggestion has lapsed, or was judged already.")
        said = (body.text or words[suggestion_id]) if body.use else None
        await use_suggestion(session, item_id, caller.agent_id, suggestion_id, said, policy)
    return await as_it_is(parts, item_id)
