"""Activating a routing policy."""

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.policy import Policy
from store.journal import Happening, note
from store.policy_versions import PolicyVersion
from store.work import Team


async def activate(session: AsyncSession, policy: Policy, by: str = "") -> int:
    """Make a policy the active one; returns its version. The same content again keeps its version."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('policy'))"))
    content = policy.model_dump(mode="json", exclude={"version"})
    query = select(PolicyVersion).where(col(PolicyVersion.active))
    current = (await session.execute(query)).scalar_one_or_none()
    if current is not None and current.content == content:
        return current.version or 0
    await session.execute(update(PolicyVersion).values(active=False))
    row = PolicyVersion(content=content, active=True)
    session.add(row)
    await session.flush()
    for team_id, team in policy.teams.items():
        await session.merge(Team(id=team_id, title=team.title))
    note(session, Happening.POLICY_ACTIVATED, ref=str(row.version), by=by)
    return row.version or 0
