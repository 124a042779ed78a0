"""The people of the demo shop: their logins, their passwords for this run, and tokens for whoever asks the API."""

import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.parties import Role
from domain.values import Value
from store.access import create_token, hash_password
from store.database import Database
from store.work import Agent, AgentTeam

TEAM = "support"
_STAFF = (("Jules", Role.AGENT), ("Nico", Role.AGENT), ("Marlo", Role.LEAD), ("Admin", Role.ADMIN))


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
    lead: Person
    admin: Person
    admin_token: str

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All who can sign in."""
        return self.jules, self.nico, self.lead, self.admin


async def hire_staff(database: Database) -> Staff:
    """Create the demo's people, or give those that exist new passwords."""
    async with database.begin() as session:
        jules, nico, lead, admin = [await _hire(session, name, role) for name, role in _STAFF]
        token = await create_token(session, "demo", Role.ADMIN, admin.agent_id)
    return Staff(jules=jules, nico=nico, lead=lead, admin=admin, admin_token=token)


async def _hire(session: AsyncSession, name: str, role: Role) -> Person:
    login, password = name.lower(), secrets.token_urlsafe(6)
    agent = (await session.execute(select(Agent).where(col(Agent.login) == login))).scalar_one_or_none()
    if agent is None:
        agent = Agent(name=name, login=login, password_hash="", role=role.value)
        session.add(agent)
        await session.flush()
        session.add(AgentTeam(agent_id=agent.id, team_id=TEAM))
    agent.password_hash = hash_password(password)
    return Person(agent_id=agent.id, name=name, login=login, password=password, role=role)
