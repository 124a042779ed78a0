"""Allocation: what a dispatcher does each time it wakes. Short transactions; order by virtual enqueue time."""

from datetime import timedelta

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.policy import Policy
from domain.work import Presence, WorkState
from store.database import Database
from store.interactions import Interaction
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import CLOCK, database_now
from store.matching import BATCH, assign, is_offer, next_matches, offer
from store.people import lose_agent, miss_offer, return_offers
from store.policy_versions import PolicyShelf
from store.work import Agent, AgentTeam, Team, WorkItem, lock_agent, lock_item, teams_of, wake

IDLE_CHECK = 300.0
"""Seconds after which a dispatcher looks again although nothing is due."""


class Allocator:
    """One team's allocation."""

    def __init__(self, database: Database, team_id: str) -> None:
        self._database = database
        self._team = team_id
        self._shelf = PolicyShelf()

    async def allocate(self) -> float:
        """Expire what is over, offer what waits; returns the seconds until the next deadline of the team."""
        async with self._database.begin() as session:
            policy = await self._shelf.active(session)
            # Cleared before anything is read: a change during this allocation causes another one.
            await session.execute(update(Team).where(col(Team.id) == self._team).values(wake_pending_since=None))
            missed, lapsed = await self._missed_offers(session), await self._lapsed_agents(session)
            abandoned = await self._abandoned_items(session, policy)
        for item_id, agent_id, version in missed:
            await self._expire_offer(item_id, agent_id, version)
        for agent_id in lapsed:
            await self._set_offline(agent_id)
        for item_id, agent_id in abandoned:
            async with self._database.begin() as session:
                await lose_agent(session, item_id, agent_id, policy)
        return await self._match(policy)

    async def _match(self, policy: Policy) -> float:
        """Give what waits to whoever is free, until nothing is left to give, or nobody to."""
        while True:
            async with self._database.begin() as session:
                found = await next_matches(session, self._team)
                if not found:
                    return await self._next_deadline(session, policy)
            async with self._database.begin() as session:
                await offer(session, [one for one in found if is_offer(one)])
            for one in found:
                if not is_offer(one):
                    async with self._database.begin() as session:
                        await assign(session, one, policy)

    async def _missed_offers(self, session: AsyncSession) -> list[tuple[str, str, int]]:
        query = (
            select(col(WorkItem.id), col(WorkItem.agent_id), col(WorkItem.version))
            .where(
                col(WorkItem.team_id) == self._team,
                col(WorkItem.state) == WorkState.OFFERED.value,
                col(WorkItem.offered_until) <= text("clock_timestamp()"),
            )
            .limit(BATCH)
        )
        return [(item, agent, version) for item, agent, version in (await session.execute(query)).all() if agent]

    async def _expire_offer(self, item_id: str, agent_id: str, version: int) -> None:
        async with self._database.begin() as session:
            agent = await lock_agent(session, agent_id)
            item = await lock_item(session, item_id)
            if item.version == version:
                interaction = await session.get_one(Interaction, item.interaction_id)
                await miss_offer(session, agent, item, interaction)
                others = [team for team in await teams_of(session, agent.id) if team != self._team]
                await wake(session, others)
                await notify_desk(session)

    async def _lapsed_agents(self, session: AsyncSession) -> list[str]:
        query = (
            select(col(Agent.id))
            .join(AgentTeam, col(AgentTeam.agent_id) == col(Agent.id))
            .where(
                col(AgentTeam.team_id) == self._team,
                col(Agent.presence) != Presence.OFFLINE.value,
                col(Agent.lease_until) <= text("clock_timestamp()"),
            )
            .limit(BATCH)
        )
        return list((await session.execute(query)).scalars())

    async def _set_offline(self, agent_id: str) -> None:
        """The desk is closed: offers go back at once, to whichever team made them."""
        async with self._database.begin() as session:
            agent = await lock_agent(session, agent_id)
            if agent.lease_until is None or agent.lease_until > await database_now(session):
                return
            agent.presence = Presence.OFFLINE.value
            note(session, Happening.PRESENCE_CHANGED, by=agent_id, presence=Presence.OFFLINE.value)
            await return_offers(session, agent)
            await wake(session, await teams_of(session, agent_id))
            await notify_desk(session)

    async def _abandoned_items(self, session: AsyncSession, policy: Policy) -> list[tuple[str, str]]:
        grace = timedelta(seconds=policy.deadlines.return_grace_seconds)
        query = (
            select(col(WorkItem.id), col(WorkItem.agent_id))
            .join(Agent, col(Agent.id) == col(WorkItem.agent_id))
            .where(
                col(WorkItem.team_id) == self._team,
                col(WorkItem.state) == WorkState.ASSIGNED.value,
                col(Agent.presence) == Presence.OFFLINE.value,
                col(Agent.lease_until) <= CLOCK - grace,
            )
            .limit(BATCH)
        )
        return [(item_id, agent_id) for item_id, agent_id in (await session.execute(query)).all() if agent_id]

    async def _next_deadline(self, session: AsyncSession, policy: Policy) -> float:
        query = text(
            """
            SELECT EXTRACT(epoch FROM min(at) - clock_timestamp()) FROM (
                SELECT min(offered_until) AS at FROM work_item WHERE team_id = :team AND state = 'offered'
                UNION ALL
                SELECT min(a.lease_until) FROM agent a JOIN agent_team t ON t.agent_id = a.id
                 WHERE t.team_id = :team AND a.presence <> 'offline'
                UNION ALL
                SELECT min(a.lease_until) + make_interval(secs => :grace) FROM work_item w
                  JOIN agent a ON a.id = w.agent_id
                 WHERE w.team_id = :team AND w.state = 'assigned' AND a.presence = 'offline'
                UNION ALL
                SELECT min(p.until) FROM work_pass p JOIN work_item w ON w.id = p.work_item_id
                 WHERE w.team_id = :team AND w.state = 'waiting' AND p.until > clock_timestamp()
            ) deadlines
            """
        )
        row = await session.execute(query, {"team": self._team, "grace": policy.deadlines.return_grace_seconds})
        seconds = row.scalar_one()
        wait = IDLE_CHECK if seconds is None else min(max(float(seconds), 0.01), IDLE_CHECK)
        await session.execute(
            text("UPDATE team SET next_due = clock_timestamp() + make_interval(secs => :wait) WHERE id = :team"),
            {"wait": wait, "team": self._team},
        )
        return wait
