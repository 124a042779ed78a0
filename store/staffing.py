"""The agents' settings: who there is, in which teams, with which skills, languages, capacity and shift."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.hours import Hours
from domain.values import Value
from store.errors import Conflict
from store.ids import new_id
from store.journal import Happening, note
from store.live import notify_desk
from store.work import Agent, AgentTeam, lock_agent, teams_of, wake

CHANGEABLE = ("name", "role", "capacity", "skills", "languages", "password_hash")


class StaffView(Value):
    """An agent's settings, and how much they hold now."""

    id: str
    name: str
    login: str
    role: str
    teams: tuple[str, ...]
    skills: dict[str, int]
    """Skill to level, 1 to 5."""
    languages: tuple[str, ...]
    capacity: int
    """In capacity units, as is `load`."""
    load: int
    shift: Hours | None
    """None: whenever they are here."""


_STAFF = text(
    """
    SELECT a.id, a.name, a.login, a.role, a.skills, a.languages, a.capacity, a.load, a.shift,
           ARRAY(SELECT x.team_id FROM agent_team x WHERE x.agent_id = a.id ORDER BY x.team_id) AS teams
    FROM agent a WHERE a.id = :id OR :id = '' ORDER BY a.name, a.id
    """
)


async def staff_view(session: AsyncSession, agent_id: str = "") -> list[StaffView]:
    """One agent, or with no id all of them by name."""
    rows = await session.execute(_STAFF, {"id": agent_id})
    return [StaffView.model_validate(dict(row)) for row in rows.mappings()]


async def create_agent(
    session: AsyncSession, login: str, teams: Sequence[str], settings: Mapping[str, object], *, by: str
) -> str:
    """A new agent; returns the id. The teams exist. Raises `Conflict` (`login_taken`)."""
    agent_id = new_id()
    agent = Agent(id=agent_id, login=login, name="", role="", password_hash="")
    for name, value in _columns(settings).items():
        setattr(agent, name, value)
    if (await session.execute(select(col(Agent.id)).where(col(Agent.login) == login))).first() is not None:
        raise Conflict("login_taken")
    session.add(agent)
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict("login_taken") from None  # by a request at the same moment
    await _set_teams(session, agent_id, teams)
    note(session, Happening.STAFF_CHANGED, ref=agent_id, by=by, created=True)
    await notify_desk(session)
    return agent_id


async def change_agent(
    session: AsyncSession, agent_id: str, settings: Mapping[str, object], teams: Sequence[str] | None, *, by: str
) -> None:
    """Change the settings given, and with `teams` all of their teams; what they hold stays with them.

    Raises `NotFound`, and `Conflict` (`capacity_below_load`).
    """
    agent = await lock_agent(session, agent_id)
    values = _columns(settings)
    capacity = values.get("capacity")
    if isinstance(capacity, int) and capacity < agent.load:
        raise Conflict("capacity_below_load")
    for name, value in values.items():
        setattr(agent, name, value)
    concerned = set(await teams_of(session, agent_id))
    if teams is not None:
        await _set_teams(session, agent_id, teams)
    await session.flush()
    changed = sorted({*values, *(["teams"] if teams is not None else [])})
    note(session, Happening.STAFF_CHANGED, ref=agent_id, by=by, changed=changed)
    await wake(session, sorted(concerned | set(teams or ())))
    await notify_desk(session)


def _columns(settings: Mapping[str, object]) -> dict[str, object]:
    """The settings as the agent's row holds them."""
    values = {name: settings[name] for name in CHANGEABLE if name in settings}
    if "shift" in settings:
        shift = settings["shift"]
        values["shift"] = shift.model_dump(mode="json") if isinstance(shift, Hours) else None
    return values


async def _set_teams(session: AsyncSession, agent_id: str, teams: Sequence[str]) -> None:
    await session.execute(delete(AgentTeam).where(col(AgentTeam.agent_id) == agent_id))
    session.add_all([AgentTeam(agent_id=agent_id, team_id=team) for team in sorted(set(teams))])
    await session.flush()
