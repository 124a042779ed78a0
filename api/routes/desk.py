"""The desk: who I am, whether I am here, and what there is to do."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.callers import AgentCaller, Staff
from api.fields import Body
from api.parts import Engine, Parts
from api.problems import not_found, responses
from domain.work import Presence, WorkState
from store.desk_views import AgentView, WorkView, agent_view, my_work, pullable
from store.people import be_present, renew_presence
from store.team_views import TeamView, teams_view
from store.work import teams_of

router = APIRouter(prefix="/v1/desk", tags=["desk"])


class Me(BaseModel):
    """The signed-in agent."""

    agent: AgentView
    csrf: str
    """For the header X-CSRF-Token; empty for API tokens, which need none."""
    lease_seconds: float
    """How long presence holds; POST /v1/desk/heartbeat three times as often."""


class NewPresence(Body):
    """What an agent says of themselves."""

    presence: Literal[Presence.AVAILABLE, Presence.BUSY, Presence.BREAK, Presence.OFFLINE]
    """`busy` and `break` keep what they have and get nothing new. `away` is set by missed offers only."""


class Work(BaseModel):
    """What an agent has before them."""

    offers: list[WorkView]
    assigned: list[WorkView]
    parked: list[WorkView]
    wrapping: list[WorkView]
    """Resolved, and their notes are being written."""
    pullable: list[WorkView]
    """What the agent may pick themselves, next in line first."""
    teams: list[TeamView]


@router.get("/me", responses=responses(401, 403, 404, 503))
async def me(caller: AgentCaller, parts: Engine) -> Me:
    """The agent behind the session or token."""
    return await _me(caller, parts)


@router.put("/presence", responses=responses(400, 401, 403, 404, 413, 422, 503))
async def presence(body: NewPresence, caller: AgentCaller, parts: Engine) -> Me:
    """Set presence, as the agent chose it."""
    async with parts.database.begin() as session:
        deadlines = (await parts.shelf.active(session)).deadlines
        await be_present(session, caller.agent_id, body.presence, deadlines.presence_seconds)
    parts.relay.poke()
    return await _me(caller, parts)


@router.post("/heartbeat", responses=responses(401, 403, 404, 503))
async def heartbeat(caller: AgentCaller, parts: Engine) -> Me:
    """Keep the lease of an agent who is there. It never changes what they are: only they take `away` back."""
    async with parts.database.begin() as session:
        deadlines = (await parts.shelf.active(session)).deadlines
        await renew_presence(session, caller.agent_id, deadlines.presence_seconds)
    return await _me(caller, parts)


@router.get("/work", responses=responses(401, 403, 503))
async def work(caller: AgentCaller, parts: Engine) -> Work:
    """Offers and cases of the agent, what they may pick, and how busy their teams are."""
    async with parts.database.begin() as session:
        mine = await my_work(session, caller.agent_id)
        front = await pullable(session, caller.agent_id)
        teams = await teams_view(session, await teams_of(session, caller.agent_id))
    return Work(
        offers=_in_state(WorkState.OFFERED, mine),
        assigned=_in_state(WorkState.ASSIGNED, mine),
        parked=_in_state(WorkState.PARKED, mine),
        wrapping=_in_state(WorkState.WRAPPING, mine),
        pullable=front,
        teams=teams,
    )


def _in_state(state: WorkState, items: list[WorkView]) -> list[WorkView]:
    return [item for item in items if item.state == state.value]


async def _me(caller: Staff, parts: Parts) -> Me:
    async with parts.database.begin() as session:
        agent = await agent_view(session, caller.agent_id)
        deadlines = (await parts.shelf.active(session)).deadlines
    if agent is None:
        raise not_found()
    return Me(agent=agent, csrf=caller.csrf, lease_seconds=deadlines.presence_seconds)
