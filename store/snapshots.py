"""Availability at a moment, for routing."""

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.work import Presence
from store.work import Agent, AgentTeam


async def agents_available(session: AsyncSession) -> dict[str, int]:
    """Team to the number of its agents who are present with capacity left; teams with nobody are left out."""
    query = (
        select(col(AgentTeam.team_id), func.count())
        .join(Agent, col(Agent.id) == col(AgentTeam.agent_id))
        .where(
            col(Agent.presence) == Presence.AVAILABLE.value,
            col(Agent.lease_until) > text("clock_timestamp()"),
            col(Agent.load) < col(Agent.capacity),
        )
        .group_by(col(AgentTeam.team_id))
    )
    return {row.team_id: row[1] for row in (await session.execute(query)).all()}
