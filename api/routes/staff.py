"""Agents' settings, for admins: who there is, in which teams, with which skills, languages, capacity and shift."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.callers import AdminCaller, AdminReader
from api.fields import Body, Line, Text
from api.parts import Engine, Parts
from api.problems import invalid, not_found, responses
from domain.hours import Hours
from domain.parties import Role
from domain.team import WHOLE_AGENT, Level
from store.access import hash_password
from store.staffing import StaffView, change_agent, create_agent, staff_view
from store.team_views import every_team

router = APIRouter(prefix="/v1/admin/agents", tags=["admin"])

Login = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._@+-]{0,99}$")]
Password = Annotated[Text, Field(min_length=8, max_length=200)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Capacity = Annotated[int, Field(strict=True, ge=0, lt=WHOLE_AGENT)]
Skills = dict[Annotated[Text, Field(max_length=100)], Level]
Teams = Annotated[list[Annotated[Text, Field(max_length=100)]], Field(max_length=100)]
Languages = Annotated[list[Language], Field(min_length=1, max_length=50)]
StaffRole = Literal[Role.AGENT, Role.LEAD, Role.ADMIN]


class NewAgent(Body):
    """Somebody who works at the desk. Without a password they cannot sign in; `baton token` lets them use the API."""

    name: Line
    login: Login
    password: Password | None = None
    role: StaffRole = Role.AGENT
    teams: Teams = []
    skills: Skills = {}
    languages: Languages = ["en"]
    capacity: Capacity = 3
    shift: Hours | None = None


class ChangedAgent(Body):
    """What is to be changed; what is left out stays. `teams` and `skills` are all that they have from now on."""

    name: Line | None = None
    password: Password | None = None
    role: StaffRole | None = None
    teams: Teams | None = None
    skills: Skills | None = None
    languages: Languages | None = None
    capacity: Capacity | None = None
    shift: Hours | None = None
    """`null`: from now on they work whenever they are here."""


@router.get("", responses=responses(401, 403, 503))
async def list_agents(_: AdminReader, parts: Engine) -> list[StaffView]:
    """All agents by name."""
    async with parts.database.begin() as session:
        return await staff_view(session)


@router.post("", status_code=201, responses=responses(400, 401, 403, 409, 413, 422, 503))
async def add_agent(body: NewAgent, caller: AdminCaller, parts: Engine) -> StaffView:
    """Somebody new works at the desk."""
    await _check_names(parts, body.teams, body.skills)
    settings = await _settings(body, set(type(body).model_fields))
    async with parts.database.begin() as session:
        agent_id = await create_agent(session, body.login, body.teams, settings, by=caller.agent_id)
        return (await staff_view(session, agent_id))[0]


@router.patch("/{agent_id:id}", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def change_settings(agent_id: str, body: ChangedAgent, caller: AdminCaller, parts: Engine) -> StaffView:
    """Change an agent's settings. What they hold stays with them."""
    for name in body.model_fields_set - {"shift"}:
        if getattr(body, name) is None:
            raise invalid(name, "must not be null; leave it out to keep it")
    await _check_names(parts, body.teams or [], body.skills or {})
    settings = await _settings(body, body.model_fields_set)
    async with parts.database.begin() as session:
        await change_agent(session, agent_id, settings, body.teams, by=caller.agent_id)
        await session.flush()
        found = await staff_view(session, agent_id)
    if not found:
        raise not_found()
    parts.relay.poke()
    return found[0]


async def _settings(body: NewAgent | ChangedAgent, named: set[str]) -> dict[str, object]:
    """The fields as the store takes them; the password only as its hash."""
    values: dict[str, Any] = {name: getattr(body, name) for name in named - {"password", "teams", "login"}}
    if "role" in values:
        values["role"] = values["role"].value
    if body.password is not None:
        values["password_hash"] = await run_in_threadpool(hash_password, body.password)
    return values


async def _check_names(parts: Parts, teams: list[str], skills: dict[str, int]) -> None:
    async with parts.database.begin() as session:
        known, policy = await every_team(session), await parts.shelf.active(session)
    if not set(teams) <= set(known):
        raise invalid("teams", f"names an unknown team; there are: {', '.join(known)}")
    listed = sorted({skill for team in policy.teams.values() for skill in team.skills})
    if not set(skills) <= set(listed):
        raise invalid("skills", f"names a skill that no team lists; there are: {', '.join(listed) or 'none'}")
