"""Commitments at the desk, and the facts from the shop that fulfil them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.concurrency import run_in_threadpool

from api.callers import AgentCaller, ShopCaller, Staff
from api.fields import Body, Empty, Id, Line, Text
from api.parts import Engine, Parts
from api.problems import invalid, not_found, responses
from api.promised import Promised, naming_the_field
from domain.commitment import Fact, FulfilledBy
from domain.hours import Hours
from domain.parties import Role
from domain.promises import LONGEST_TEXT, Promise, spot
from store.commitment_views import CommitmentView, commitment_view, due_list
from store.commitments import keep_by_hand, withdraw
from store.desk_views import policy_version_of_item, work_view
from store.facts import record_fact
from store.locking import database_now
from store.promising import record_promise
from store.work import teams_of

router = APIRouter(prefix="/v1", tags=["commitments"])

_VERB = responses(400, 401, 403, 404, 409, 413, 422, 503)


class NewPromise(Promised):
    """A promise that a message has made. The same source and position again is the same commitment."""

    source: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,200}$")]
    """The id of the message."""
    position: Annotated[int, Field(strict=True, ge=0, le=99)] = 0
    """Which of the message's promises."""


class Words(Body):
    """What an agent is about to send. `item_id` names the case whose team's working hours count."""

    text: Annotated[Text, Field(max_length=LONGEST_TEXT)]
    item_id: Id | None = None


class Spotted(BaseModel):
    """The promises in a text."""

    promises: list[Promise]


class ShopFact(Body):
    """What happened in the shop. `ref` is the shop's own id of it, so that a fact told twice counts once."""

    kind: Literal[FulfilledBy.REFUND, FulfilledBy.SHIPMENT, FulfilledBy.REPLACEMENT, FulfilledBy.RETURN_RECEIVED]
    order: Annotated[Line, Field(max_length=100)]
    ref: Annotated[Line, Field(max_length=100)]


class Recorded(BaseModel):
    """The commitments that the fact fulfilled."""

    fulfilled: list[str]


@router.get("/desk/commitments", responses=responses(401, 403, 422, 503))
async def list_commitments(
    caller: AgentCaller, parts: Engine, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[CommitmentView]:
    """What the agent and their teams owe customers, due soonest first."""
    async with parts.database.begin() as session:
        return await due_list(session, caller.agent_id, limit)


@router.post("/desk/promises", responses=responses(400, 401, 403, 404, 413, 422, 503))
async def spot_promises(body: Words, caller: AgentCaller, parts: Engine) -> Spotted:
    """The promises in a text, so that the desk can offer to make them commitments. Nothing is stored."""
    async with parts.database.begin() as session:
        hours, now = await _hours(parts, session, caller, body.item_id), await database_now(session)
    return Spotted(promises=list(await run_in_threadpool(spot, body.text, now, hours)))


@router.post("/desk/work/{item_id:id}/commitments", status_code=201, responses=_VERB)
async def make_commitment(item_id: str, body: NewPromise, caller: AgentCaller, parts: Engine) -> CommitmentView:
    """Commit to what a message of the agent's case has promised."""
    if not body.text.strip():
        raise invalid("text", "must not be blank")
    with naming_the_field():
        async with parts.database.begin() as session:
            number = await policy_version_of_item(session, item_id)
            if number is None:
                raise not_found()
            policy = await parts.shelf.version(session, number)
            made = await record_promise(
                session, item_id, caller.agent_id, body.commitment, policy, source=body.source, position=body.position
            )
    parts.relay.poke()
    return await _after(parts, made.id)


@router.post("/desk/commitments/{commitment_id:id}/keep", responses=_VERB)
async def keep(commitment_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> CommitmentView:
    """The promise is fulfilled, says an agent of the case or of its team."""
    async with parts.database.begin() as session:
        await _must_be_theirs(session, commitment_id, caller)
        await keep_by_hand(session, commitment_id, caller.agent_id)
    return await _after(parts, commitment_id)


@router.post("/desk/commitments/{commitment_id:id}/withdraw", responses=_VERB)
async def take_back(commitment_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> CommitmentView:
    """Take a promise back before it is due; the agent has told the customer."""
    async with parts.database.begin() as session:
        await _must_be_theirs(session, commitment_id, caller)
        await withdraw(session, commitment_id, caller.agent_id)
    return await _after(parts, commitment_id)


@router.post("/facts", responses=responses(400, 401, 403, 413, 422, 503))
async def tell_fact(body: ShopFact, _: ShopCaller, parts: Engine) -> Recorded:
    """Something happened in the shop: what it fulfils is closed, and the customers are told."""
    async with parts.database.begin() as session:
        fulfilled = await record_fact(session, Fact(kind=body.kind, order=body.order, ref=body.ref))
    parts.relay.poke()
    return Recorded(fulfilled=fulfilled)


async def _hours(parts: Parts, session: AsyncSession, caller: Staff, item_id: str | None) -> Hours:
    """Of the case's team, else of the agent's first one."""
    teams = await teams_of(session, caller.agent_id)
    if item_id is not None:
        item = await work_view(session, item_id)
        if item is None:
            raise not_found()
        teams = [item.team_id]
    policy = await parts.shelf.active(session)
    return next((policy.teams[team].hours for team in teams if team in policy.teams), Hours())


async def _must_be_theirs(session: AsyncSession, commitment_id: str, caller: Staff) -> None:
    """Leads and admins act for all; agents for their teams, their own cases and their own words."""
    found = await commitment_view(session, commitment_id)
    if found is None:
        raise not_found()
    item = await work_view(session, found.work_item_id) if found.work_item_id else None
    theirs = (
        caller.role is not Role.AGENT
        or found.team_id in await teams_of(session, caller.agent_id)
        or found.made_by == f"agent:{caller.agent_id}"
        or (item is not None and item.agent_id == caller.agent_id)
    )
    if not theirs:
        raise not_found()


async def _after(parts: Parts, commitment_id: str) -> CommitmentView:
    async with parts.database.begin() as session:
        found = await commitment_view(session, commitment_id)
    if found is None:
        raise not_found()
    return found
