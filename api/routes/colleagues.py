"""Beside one's own work: to whom a case can be passed, and for supervisors the front of the queues."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.callers import AgentCaller, Supervisor
from api.parts import Engine
from api.problems import responses
from domain.parties import Role
from store.colleague_view import Colleague, TeamName, colleagues, team_names
from store.queue_view import Queued, front_of_queues
from store.team_views import every_team
from store.work import teams_of

router = APIRouter(prefix="/v1/desk", tags=["desk"])


class Colleagues(BaseModel):
    """Teams of the active policy, and everybody else who works in one."""

    teams: list[TeamName]
    agents: list[Colleague]


@router.get("/colleagues", responses=responses(401, 403, 503))
async def list_colleagues(caller: AgentCaller, parts: Engine) -> Colleagues:
    """To whom the agent can transfer a case."""
    async with parts.database.begin() as session:
        teams = list((await parts.shelf.active(session)).teams)
        return Colleagues(
            teams=await team_names(session, teams),
            agents=await colleagues(session, teams, but=caller.agent_id),
        )


@router.get("/queues", responses=responses(401, 403, 422, 503))
async def list_queues(
    caller: Supervisor, parts: Engine, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[Queued]:
    """What waits for the supervisor's teams (for an admin all), first in line first."""
    async with parts.database.begin() as session:
        everything = caller.role is Role.ADMIN
        teams = await every_team(session) if everything else await teams_of(session, caller.agent_id)
        return await front_of_queues(session, teams, limit)
