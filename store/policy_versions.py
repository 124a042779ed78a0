"""Reading versions of the routing policy. One is active; an interaction keeps the one it was opened with."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from domain.policy import Policy
from store.columns import json_column, moment
from store.errors import NotFound
from store.plain import run

_NONE_YET = "policy: activate one with 'baton policy activate FILE'"


class PolicyVersion(SQLModel, table=True):
    """One activated policy."""

    __tablename__ = "policy_version"

    version: int | None = Field(default=None, primary_key=True)
    content: dict[str, object] = json_column()
    active: bool = False
    activated_at: datetime | None = moment(default_now=True)
    activated_by: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """An agent's id, or a word for a program."""
    restores: int | None = None
    """The earlier version whose content it brought back."""


class PolicyShelf:
    """Policies by version, kept in memory: a version never changes."""

    def __init__(self) -> None:
        self._versions: dict[int, Policy] = {}

    async def version(self, session: AsyncSession, number: int) -> Policy:
        """A version, active or not, read from the store once."""
        if number not in self._versions:
            row = await session.get(PolicyVersion, number)
            if row is None:
                raise NotFound("policy version")
            self._versions[number] = Policy.model_validate({**row.content, "version": number})
        return self._versions[number]

    async def active(self, session: AsyncSession) -> Policy:
        """The policy for new interactions; only its number is read each time. Raises `NotFound` before the first."""
        found = await run(session, "SELECT version FROM policy_version WHERE active", {})
        return await self.at(session, found[0][0] if found else None)

    async def at(self, session: AsyncSession, active: int | None) -> Policy:
        """The active policy, whose number was read already. Raises `NotFound` before the first."""
        if active is None:
            raise NotFound(_NONE_YET)
        return await self.version(session, active)
