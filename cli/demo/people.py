"""The people of the demo shop: their logins, their passwords for this run, and tokens for whoever asks the API."""

import secrets
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.parties import Role
from domain.values import Value
from store.access import create_token, hash_password
from store.database import Database
from store.work import Agent, AgentTeam

SUPPORT, SENIORS = "support", "seniors"


class _Post(NamedTuple):
    """What somebody does in the demo shop."""

    name: str
    role: Role
    teams: tuple[str, ...]
    skills: dict[str, int]


_STAFF = (
    _Post("Jules", Role.AGENT, (SUPPORT,), {"damages": 3}),
    _Post("Nico", Role.AGENT, (SUPPORT,), {"damages": 1}),
    _Post("Sascha", Role.AGENT, (SENIORS,), {"complaints": 4, "escalations": 3}),
    _Post("Marlo", Role.LEAD, (SUPPORT, SENIORS), {"complaints": 5, "escalations": 5, "damages": 5}),
    _Post("Admin", Role.ADMIN, (SUPPORT, SENIORS), {}),
)


class Person(Value):
    """Someone who can sign in to the desk."""

    agent_id: str
    name: str
    login: str
    password: str
    role: Role


class Staff(Value):
    """Everybody who works in the demo. `admin_token` is a bearer token for the admin's API."""

    jules: Person
    nico: Person
    senior: Person
    lead: Person
    admin: Person
    admin_token: str
    warehouse_token: str
    """Of the warehouse's own system, which tells what came back."""

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All who can sign in."""
        return self.jules, self.nico, self.senior, self.lead, self.admin


async def hire_staff(database: Database) -> Staff:
    """Create the demo's people, or give those that exist new passwords."""
    async with database.begin() as session:
        jules, nico, senior, lead, admin = [await _hire(session, post) for post in _STAFF]
        token = await create_token(session, "demo", Role.ADMIN, admin.agent_id)
        warehouse = await create_token(session, "warehouse", Role.WAREHOUSE)
    return Staff(
        jules=jules, nico=nico, senior=senior, lead=lead, admin=admin, admin_token=token, warehouse_token=warehouse
    )


async def _hire(session: AsyncSession, post: _Post) -> Person:
    login, password = post.name.lower(), secrets.token_urlsafe(6)
    agent = (await session.execute(select(Agent).where(col(Agent.login) == login))).scalar_one_or_none()
    if agent is None:
        agent = Agent(name=post.name, login=login, password_hash="", role=post.role.value, skills=post.skills)
        session.add(agent)
        await session.flush()
        session.add_all([AgentTeam(agent_id=agent.id, team_id=team) for team in post.teams])
    agent.password_hash = hash_password(password)
    return Person(agent_id=agent.id, name=post.name, login=login, password=password, role=post.role)
