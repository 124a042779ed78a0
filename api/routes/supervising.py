"""What supervisors see and do: the floor, and the work and presence of the agents of their teams; admins, of all."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import Staff, Supervisor
from api.clicks import REFUSALS, as_it_is, click
from api.fields import Body, Empty, Id, Version
from api.parts import Engine
from api.problems import invalid, not_found, responses
from domain.parties import Role
from domain.work import Presence
from store.desk_views import AgentView, WorkView, agent_view
from store.floor_view import Floor, floor
from store.people import be_present
from store.supervising import change_priority, reassign, take_from
from store.team_views import every_team
from store.work import WorkItem, teams_of

router = APIRouter(prefix="/v1/desk", tags=["supervising"])

_WEEK = 7 * 24 * 60


class GivenTo(Body):
    """Who gets the case."""

    agent_id: Id


class Moved(Body):
    """By how many minutes of waiting the case moves forward; back if negative. `version` is the one that was seen."""

    version: Version
    minutes: Annotated[float, Field(ge=-_WEEK, le=_WEEK, allow_inf_nan=False)]


class SetPresence(Body):
    """What an agent is set to."""

    presence: Literal[Presence.AVAILABLE, Presence.BUSY, Presence.BREAK, Presence.OFFLINE]


@router.get("/floor", responses=responses(401, 403, 503))
async def live_floor(caller: Supervisor, parts: Engine) -> Floor:
    """Teams with their queues and pressure, agents with what they hold, service levels at risk, promises due."""
    async with parts.database.begin() as session:
        return await floor(session, await _teams(session, caller))


@router.post("/work/{item_id:id}/reassign", responses=REFUSALS)
async def reassign_case(item_id: str, body: GivenTo, caller: Supervisor, parts: Engine) -> WorkView:
    """Give a case, whoever has it, to an agent of its team who is here and has room; they need not accept."""
    async with click(parts, caller, item_id) as (session, policy):
        await _must_supervise(session, caller, item_id)
        await reassign(session, item_id, body.agent_id, _name(caller), policy)
    return await as_it_is(parts, item_id)


@router.post("/work/{item_id:id}/take-back", responses=REFUSALS)
async def take_back_case(item_id: str, _body: Empty, caller: Supervisor, parts: Engine) -> WorkView:
    """Put a case back into the queue at its old place; its agent is not asked again for a while."""
    async with click(parts, caller, item_id) as (session, policy):
        await _must_supervise(session, caller, item_id)
        await take_from(session, item_id, _name(caller), policy)
    return await as_it_is(parts, item_id)


@router.post("/work/{item_id:id}/priority", responses=REFUSALS)
async def change_case_priority(item_id: str, body: Moved, caller: Supervisor, parts: Engine) -> WorkView:
    """Move a waiting case in the queue."""
    if body.minutes == 0:
        raise invalid("minutes", "must not be 0")
    async with click(parts, caller, item_id) as (session, _):
        await _must_supervise(session, caller, item_id)
        await change_priority(session, item_id, body.version, body.minutes, _name(caller))
    return await as_it_is(parts, item_id)


@router.put("/agents/{agent_id:id}/presence", responses=responses(400, 401, 403, 404, 413, 422, 503))
async def set_agent_presence(agent_id: str, body: SetPresence, caller: Supervisor, parts: Engine) -> AgentView:
    """Set the presence of an agent, for example of a desk that was forgotten."""
    async with parts.database.begin() as session:
        if not set(await _teams(session, caller)) & set(await teams_of(session, agent_id)):
            raise not_found()
        deadlines = (await parts.shelf.active(session)).deadlines
        await be_present(session, agent_id, body.presence, deadlines.presence_seconds, by=_name(caller))
        await session.flush()
        agent = await agent_view(session, agent_id)
    if agent is None:
        raise not_found()
    parts.relay.poke()
    return agent


async def _teams(session: AsyncSession, caller: Staff) -> list[str]:
    """Whom the caller supervises: everybody if they are an admin, else their own teams."""
    return await every_team(session) if caller.role is Role.ADMIN else await teams_of(session, caller.agent_id)


async def _must_supervise(session: AsyncSession, caller: Staff, item_id: str) -> None:
    item = await session.get(WorkItem, item_id)
    if item is None or item.team_id not in await _teams(session, caller):
        raise not_found()


def _name(caller: Staff) -> str:
    return caller.agent_id or caller.role.value
