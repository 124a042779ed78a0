"""One case: everything that the agent who works on it needs to see."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.callers import AgentCaller, Staff
from api.happenings import sentence
from api.parts import Engine
from api.problems import not_found, responses
from domain.case import Brief
from domain.parties import AuthorKind, Role
from store.attachments import AttachedFile
from store.case_view import (
    ConversationLine,
    Happened,
    HolderView,
    PendingSuggestion,
    SaidMessage,
    brief,
    conversations,
    happened,
    holder,
    said,
    suggestions,
)
from store.desk_views import WorkView, work_view
from store.draft_view import DraftView, draft_before_people
from store.work import teams_of

router = APIRouter(prefix="/v1/desk", tags=["desk"])


class TimelineEntry(BaseModel):
    """A message, or something that happened. `label` says who; `text` is the message, or a sentence."""

    kind: Literal["message", "happening"]
    at: datetime
    author: str
    label: str
    text: str
    state: str = ""
    message_id: str = ""
    channel: str = ""
    citations: tuple[dict[str, object], ...] = ()
    attachments: tuple[AttachedFile, ...] = ()


class Case(WorkView):
    """A work item with all that belongs to it."""

    brief: Brief | None
    timeline: list[TimelineEntry]
    draft: DraftView | None
    """Mode draft: what the AI would say, to be sent, edited or rejected."""
    suggestions: list[PendingSuggestion]
    holder: HolderView
    conversations: list[ConversationLine]


@router.get("/work/{item_id:id}", responses=responses(401, 403, 404, 503))
async def case(item_id: str, caller: AgentCaller, parts: Engine) -> Case:
    """A case of one of the agent's teams; leads and admins see all."""
    async with parts.database.begin() as session:
        item = await work_view(session, item_id)
        if item is None or not _may_see(caller, item, await teams_of(session, caller.agent_id)):
            raise not_found()
        written = await brief(session, item_id)
        messages, rows = await said(session, item.interaction_id), await happened(session, item.interaction_id)
        return Case(
            **{name: getattr(item, name) for name in WorkView.model_fields},
            brief=Brief.model_validate(written) if written else None,
            timeline=_timeline(messages, rows, item.customer.name),
            draft=await draft_before_people(session, item_id),
            suggestions=await suggestions(session, item.interaction_id),
            holder=await holder(session, item.interaction_id),
            conversations=await conversations(session, item.interaction_id),
        )


def _may_see(caller: Staff, item: WorkView, teams: list[str]) -> bool:
    return caller.role is not Role.AGENT or item.team_id in teams or item.agent_id == caller.agent_id


def _timeline(messages: list[SaidMessage], rows: list[Happened], customer: str) -> list[TimelineEntry]:
    told = [(row, sentence(row)) for row in rows]
    entries = [_message(message, customer) for message in messages]
    entries += [
        TimelineEntry(kind="happening", at=row.at, author=AuthorKind.SYSTEM.value, label=row.kind, text=text)
        for row, text in told
        if text
    ]
    return sorted(entries, key=lambda entry: entry.at)


def _message(message: SaidMessage, customer: str) -> TimelineEntry:
    names = {AuthorKind.CUSTOMER.value: customer or "Customer", AuthorKind.AI.value: "AI"}
    return TimelineEntry(
        kind="message",
        at=message.at,
        author=message.author,
        label=message.author_name or names.get(message.author, "Baton"),
        text=message.text,
        state=message.state,
        message_id=message.message_id,
        channel=message.channel,
        citations=message.citations,
        attachments=message.attachments,
    )
