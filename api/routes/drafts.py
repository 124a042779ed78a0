"""What agents make of the AI's drafts: sent as they are, edited, or rejected. Each draft is judged once."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import AgentCaller
from api.clicks import REFUSALS, as_it_is, click
from api.fields import Body, Id, Text
from api.parts import Engine
from api.problems import invalid
from domain.readiness import RejectionReason
from store.desk_views import WorkView
from store.drafts import reject_draft, send_draft

router = APIRouter(prefix="/v1/desk/work/{item_id:id}/draft", tags=["desk"])


class Released(Body):
    """The draft, and the agent's own words in place of it if they have edited it."""

    draft_id: Id
    text: Annotated[Text, Field(min_length=1, max_length=20_000)] | None = None


class Rejected(Body):
    """The draft, and why it is not sent."""

    draft_id: Id
    reason: RejectionReason


class SentDraft(BaseModel):
    """It is queued; the AI has the case again."""

    message_id: str
    edited: bool


@router.post("/send", responses=REFUSALS)
async def send(item_id: str, body: Released, caller: AgentCaller, parts: Engine) -> SentDraft:
    """Send the draft, edited or as it is. The same request again is the same message."""
    if body.text is not None and not body.text.strip():
        raise invalid("text", "must not be blank")
    async with click(parts, caller, item_id) as (session, policy):
        message = await send_draft(session, item_id, caller.agent_id, body.draft_id, policy, body.text)
    return SentDraft(message_id=message.id, edited=bool(message.author_id))


@router.post("/reject", responses=REFUSALS)
async def reject(item_id: str, body: Rejected, caller: AgentCaller, parts: Engine) -> WorkView:
    """Reject the draft; the agent keeps the case and answers it. The same request again changes nothing."""
    async with click(parts, caller, item_id) as (session, policy):
        await reject_draft(session, item_id, caller.agent_id, body.draft_id, body.reason, policy)
    return await as_it_is(parts, item_id)
