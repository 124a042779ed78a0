"""What agents do with a case besides answering it: park it, pass it on, decide, pick the next one."""

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, model_validator

from api.callers import AgentCaller
from api.clicks import REFUSALS, as_it_is, click
from api.fields import Body, Empty, Id, Line, Text
from api.parts import Engine
from api.problems import invalid
from store.deciding import decide
from store.desk_views import WorkView
from store.parking import park, resume
from store.passing_on import transfer
from store.people import end_wrap_up
from store.pulling import pull

router = APIRouter(prefix="/v1/desk", tags=["desk"])

Name = Annotated[Text, Field(min_length=1, max_length=100)]


class Parked(Body):
    """Until when, with its offset from UTC, a year at most; without it until the customer writes."""

    until: AwareDatetime | None = None


class Passed(Body):
    """To a team or to one agent, and what they should know."""

    team: Name | None = None
    agent_id: Id | None = None
    note: Annotated[Text, Field(max_length=5000)] = ""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.team is None) == (self.agent_id is None):
            raise ValueError("name a team or an agent_id, and not both")
        return self


class Decision(Body):
    """Approve or refuse; `text` is what the customer is told."""

    approved: bool = Field(strict=True)
    text: Annotated[Text, Field(min_length=1, max_length=20_000)]


class Picked(Body):
    """The next case of a team, or with `item_id` a certain one: out of order with a reason."""

    team: Name
    item_id: Id | None = None
    reason: Line | None = None


@router.post("/work/{item_id:id}/park", responses=REFUSALS)
async def park_case(item_id: str, body: Parked, caller: AgentCaller, parts: Engine) -> WorkView:
    """Set the case aside until a time, or until the customer writes, which ends it in any case.

    It takes no capacity meanwhile, and comes back to its agent first.
    """
    async with click(parts, caller, item_id) as (session, policy):
        await park(session, item_id, caller.agent_id, policy, body.until)
    return await as_it_is(parts, item_id)


@router.post("/work/{item_id:id}/resume", responses=REFUSALS)
async def resume_case(item_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> WorkView:
    """Take a parked case up again at once."""
    async with click(parts, caller, item_id) as (session, policy):
        await resume(session, item_id, caller.agent_id, policy)
    return await as_it_is(parts, item_id)


@router.post("/work/{item_id:id}/transfer", responses=REFUSALS)
async def transfer_case(item_id: str, body: Passed, caller: AgentCaller, parts: Engine) -> WorkView:
    """Pass the case on to a team, or to one colleague, who is asked alone before the team is. It keeps its place."""
    async with click(parts, caller, item_id) as (session, policy):
        await transfer(
            session, item_id, caller.agent_id, policy,
            team=body.team or "", to_agent=body.agent_id or "", words=body.note,
        )  # fmt: skip
    return await as_it_is(parts, item_id)


@router.post("/work/{item_id:id}/wrapped-up", responses=REFUSALS)
async def wrapped_up(item_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> WorkView:
    """The notes are written; the capacity is free before its time."""
    async with click(parts, caller, item_id) as (session, _):
        await end_wrap_up(session, item_id, caller.agent_id)
    return await as_it_is(parts, item_id)


@router.post("/work/{item_id:id}/decide", responses=REFUSALS)
async def decide_case(item_id: str, body: Decision, caller: AgentCaller, parts: Engine) -> WorkView:
    """Approve or refuse what the plan asks; the plan goes on."""
    if not body.text.strip():
        raise invalid("text", "must not be blank")
    async with click(parts, caller, item_id) as (session, policy):
        await decide(session, item_id, caller.agent_id, body.approved, body.text, policy, caller.role.value)
    return await as_it_is(parts, item_id)


@router.post("/pull", responses=REFUSALS)
async def pull_case(body: Picked, caller: AgentCaller, parts: Engine) -> WorkView:
    """Take the next case in line of a team whose agents pick their work, or a certain one."""
    async with parts.database.begin() as session:
        policy = await parts.shelf.active(session)
        item = await pull(session, caller.agent_id, body.team, policy, body.item_id, body.reason or "")
    parts.relay.poke()
    return await as_it_is(parts, item.id)
