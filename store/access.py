"""Who may call: API tokens and desk sessions, hashed at rest."""

import asyncio
import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.parties import Role
from store.columns import moment
from store.locking import database_now
from store.work import Agent

SESSION_HOURS = 12
_PASSWORDS = PasswordHasher()


class ApiToken(SQLModel, table=True):
    """A bearer token. The secret itself is shown once and never stored."""

    __tablename__ = "api_token"

    digest: str = Field(primary_key=True)
    name: str
    role: str
    agent_id: str | None = None
    created_at: datetime | None = moment(default_now=True)


class DeskSession(SQLModel, table=True):
    """A signed-in browser, with the token that its forms must carry (CSRF)."""

    __tablename__ = "desk_session"

    digest: str = Field(primary_key=True)
    agent_id: str = Field(foreign_key="agent.id")
    csrf: str
    expires_at: datetime = moment()


def digest(secret: str) -> str:
    """SHA-256 of a random secret; enough for 256 random bits, and quick to look up."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Argon2id hash of a person's password."""
    return _PASSWORDS.hash(password)


async def create_token(session: AsyncSession, name: str, role: Role, agent_id: str | None = None) -> str:
    """A new bearer token; returns the secret."""
    secret = f"baton_{secrets.token_urlsafe(32)}"
    session.add(ApiToken(digest=digest(secret), name=name, role=role.value, agent_id=agent_id))
    return secret


async def find_token(session: AsyncSession, secret: str) -> ApiToken | None:
    """The token with this secret."""
    return await session.get(ApiToken, digest(secret))


async def sign_in(session: AsyncSession, login: str, password: str) -> tuple[Agent, str] | None:
    """Open a desk session; returns the agent and the cookie's secret, or None for a wrong login or password."""
    agent = (await session.execute(select(Agent).where(col(Agent.login) == login))).scalar_one_or_none()
    try:
        # In a thread: the hash is made to take long, and the loop has other requests to serve.
        await asyncio.to_thread(_PASSWORDS.verify, agent.password_hash if agent else _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return None
    if agent is None:
        return None
    secret = secrets.token_urlsafe(32)
    expires = await database_now(session) + timedelta(hours=SESSION_HOURS)
    session.add(
        DeskSession(digest=digest(secret), agent_id=agent.id, csrf=secrets.token_urlsafe(24), expires_at=expires)
    )
    return agent, secret


async def find_session(session: AsyncSession, secret: str) -> tuple[DeskSession, Agent] | None:
    """The live desk session behind a cookie."""
    found = await session.get(DeskSession, digest(secret))
    if found is None or found.expires_at <= await database_now(session):
        return None
    return found, await session.get_one(Agent, found.agent_id)


async def sign_out(session: AsyncSession, secret: str) -> None:
    """End a desk session."""
    await session.execute(delete(DeskSession).where(col(DeskSession.digest) == digest(secret)))


# Verified when the login is unknown, so that both refusals take the same time.
_NOBODYS_HASH = hash_password(secrets.token_urlsafe(16))
