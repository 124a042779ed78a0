"""Allocation: what a dispatcher does each time it wakes. Short transactions; order by virtual enqueue time."""

import time
from typing import NamedTuple

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.hours import Hours
from domain.policy import Policy
from domain.pressure import Pressure
from domain.values import Value
from domain.work import Presence, WorkState
from store import sla
from store.database import Database
from store.escalating import escalate
from store.interactions import Interaction
from store.journal import Happening, note, note_about
from store.live import notify_desk
from store.locking import CLOCK, database_now
from store.matching import BATCH, assign, next_matches, offer
from store.parking import park_idle, unpark
from store.people import end_wrap_up, lose_agent, miss_offer, return_offers
from store.plain import run
from store.policy_versions import PolicyShelf
from store.pressing import Strain, measure, relieve
from store.strikes import strike_due
from store.work import Agent, AgentTeam, Team, WorkItem, lock_agent, lock_item, next_ring, teams_of, wake

IDLE_CHECK = 300.0
"""Seconds after which a dispatcher looks again although nothing is due."""
STRAIN_SECONDS = 5.0
"""How old a measurement of the pressure may be while work waits."""
PATIENCE = 4.0
"""Seconds after which an allocation with more to do makes way for its own successor."""


class Allocation(Value):
    """What a team's dispatcher found; `due_in` are the seconds until it has to look again."""

    due_in: float
    waiting: float = 0
    """Waiting work in capacity units, as last measured."""
    wait_seconds: float | None = 0
    pressure: Pressure = Pressure.NORMAL


class _Due(NamedTuple):
    """What a team's time has come for."""

    lapsed: list[str]
    """Agents whose desk was closed."""
    abandoned: list[tuple[str, str]]
    """Items and the agents who have been away for too long."""
    items: list[tuple[str, WorkState]]
    clocks: bool
    promises: bool


class Allocator:
    """One team's allocation."""

    def __init__(self, database: Database, team_id: str) -> None:
        self._database = database
        self._team = team_id
        self._shelf = PolicyShelf()
        self._strain: Strain | None = None
        self._measured_at = 0.0

    async def allocate(self) -> Allocation:
        """Expire what is over, offer what waits; returns when to look again."""
        began = time.monotonic()
        async with self._database.begin() as session:
            policy = await self._shelf.active(session)
            # Cleared before anything is read: a change during this allocation causes another one.
            await session.execute(update(Team).where(col(Team.id) == self._team).values(wake_pending_since=None))
        more = await self._expire(policy)
        more = await self._match(policy, began + PATIENCE) or more
        strain = await self._pressure(policy)  # last, since nobody waits for it
        async with self._database.begin() as session:
            due_in = 0.01 if more else await self._next_deadline(session, policy, strain, began)
            await session.execute(_SLEEPS, {"wait": due_in, "team": self._team})
        return Allocation(
            due_in=due_in, waiting=strain.waiting, wait_seconds=strain.wait_seconds, pressure=strain.level
        )

    async def _match(self, policy: Policy, until: float) -> bool:
        """Give what waits to whoever is free, until nothing is left to give, or nobody to; True if time ran out."""
        while True:
            async with self._database.begin() as session:
                found = await next_matches(session, self._team, policy)
            if not found:
                return False
            async with self._database.begin() as session:
                await offer(session, [one for one in found if one.needs_acceptance])
            for one in found:
                if not one.needs_acceptance:
                    async with self._database.begin() as session:
                        await assign(session, one, await self._pinned(session, one.head.id))
            if time.monotonic() > until:
                return True

    async def _pinned(self, session: AsyncSession, item_id: str) -> Policy:
        """The policy that an item's case is pinned to."""
        query = select(col(Interaction.policy_version)).join(
            WorkItem, col(WorkItem.interaction_id) == col(Interaction.id)
        )
        number = (await session.execute(query.where(col(WorkItem.id) == item_id))).scalar_one()
        return await self._shelf.version(session, number)

    # --- what is over ---------------------------------------------------------------------------------------------

    async def _expire(self, policy: Policy) -> bool:
        """Everything whose time has come; True if there is more than one transaction's worth of it."""
        async with self._database.begin() as session:
            due = await self._what_is_due(session, policy)
        for agent_id in due.lapsed:
            await self._set_offline(agent_id)
        for item_id, agent_id in due.abandoned:
            async with self._database.begin() as session:
                await lose_agent(session, item_id, agent_id, await self._pinned(session, item_id))
        await self._widen([item for item, state in due.items if state is WorkState.WAITING])
        for item_id, state in due.items:
            if state is not WorkState.WAITING:
                await self._times_up(item_id, state)
        struck = await self._strike_clocks() if due.clocks else 0
        promised = 0
        if due.promises:
            async with self._database.begin() as session:
                promised = await strike_due(session, self._team, policy, BATCH)
        return BATCH in {len(due.items), struck, promised}

    async def _what_is_due(self, session: AsyncSession, policy: Policy) -> _Due:
        values = {"team": self._team, "grace": policy.deadlines.return_grace_seconds, "limit": BATCH}
        lapsed, abandoned, items, clocks, promises = (await run(session, _DUE, values))[0]
        return _Due(
            lapsed=lapsed,
            abandoned=[(item_id, agent_id) for item_id, agent_id in abandoned],
            items=[(item_id, WorkState(state)) for item_id, state in items],
            clocks=clocks,
            promises=promises,
        )

    async def _times_up(self, item_id: str, state: WorkState) -> None:
        """An item's timer has run out; what it means depends on its state, which is looked at again under its lock."""
        async with self._database.begin() as session:
            policy = await self._pinned(session, item_id)
            match state:
                case WorkState.OFFERED:
                    await self._expire_offer(session, item_id)
                case WorkState.ASSIGNED:
                    await park_idle(session, item_id, policy)
                case WorkState.PARKED:
                    await unpark(session, item_id, policy)
                case WorkState.WRAPPING:
                    await end_wrap_up(session, item_id, None)
                case _:
                    pass

    async def _widen(self, item_ids: list[str]) -> None:
        """The next ring is asked as well."""
        if not item_ids:
            return
        async with self._database.begin() as session:
            query = select(WorkItem).where(
                col(WorkItem.id).in_(item_ids),
                col(WorkItem.state) == WorkState.WAITING.value,
                col(WorkItem.due_at) <= CLOCK,
            )
            locked = query.order_by(col(WorkItem.id)).with_for_update(skip_locked=True)
            now = await database_now(session)
            for item in (await session.execute(locked.execution_options(populate_existing=True))).scalars():
                next_ring(item, now)
                about = (item.interaction_id, item.customer_id)
                note_about(session, Happening.RING_WIDENED, about, ref=item.id, facts={"asked": item.requirement_key})

    async def _expire_offer(self, session: AsyncSession, item_id: str) -> None:
        held_by = (await session.get_one(WorkItem, item_id)).agent_id
        if held_by is None:
            return
        agent = await lock_agent(session, held_by)
        item = await lock_item(session, item_id)
        over = item.offered_until is not None and item.offered_until <= await database_now(session)
        if item.state == WorkState.OFFERED.value and item.agent_id == agent.id and over:
            await miss_offer(session, agent, item, await session.get_one(Interaction, item.interaction_id))
            if agent.presence != Presence.AVAILABLE.value:
                await return_offers(session, agent)  # they do not look: nobody else waits for them
            await wake(session, [team for team in await teams_of(session, agent.id) if team != self._team])
            await notify_desk(session)

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

    async def _strike_clocks(self) -> int:
        """Warn of service levels, and escalate what is breached."""
        async with self._database.begin() as session:
            clocks = await sla.due_clocks(session, self._team, BATCH)
            struck = [await sla.strike(session, clock) for clock in clocks]
        breached = [one.work_item_id for one in struck if one.breached]
        for item_id in breached:
            async with self._database.begin() as session:
                await escalate(session, item_id, await self._pinned(session, item_id))
        return len(clocks)

    # --- pressure and deadlines -----------------------------------------------------------------------------------

    async def _pressure(self, policy: Policy) -> Strain:
        """The team's strain, measured anew when the last measurement is old; cases move accordingly."""
        fresh = time.monotonic() - self._measured_at < STRAIN_SECONDS
        if self._strain is not None and fresh:
            return self._strain
        async with self._database.begin() as session:
            strain = self._strain = await measure(session, self._team, policy.pressure)
        await relieve(self._database, self._team, strain, policy.pressure)
        self._measured_at = time.monotonic()
        return strain

    async def _next_deadline(self, session: AsyncSession, policy: Policy, strain: Strain, began: float) -> float:
        values = {"team": self._team, "grace": policy.deadlines.return_grace_seconds}
        seconds = (await session.execute(_DEADLINES, values)).scalar_one()
        waits = [IDLE_CHECK, *([float(seconds)] if seconds is not None else []), *await self._shifts_begin(session)]
        measured_before = self._measured_at < began  # what has come since is not in it
        if strain.waiting or strain.level is not Pressure.NORMAL or measured_before:
            waits.append(max(STRAIN_SECONDS - (time.monotonic() - self._measured_at), 0.0))
        return max(min(waits), 0.01)

    async def _shifts_begin(self, session: AsyncSession) -> list[float]:
        """Seconds until the shifts of agents begin who are here already."""
        query = (
            select(col(Agent.shift))
            .join(AgentTeam, col(AgentTeam.agent_id) == col(Agent.id))
            .where(
                col(AgentTeam.team_id) == self._team,
                col(Agent.presence) == Presence.AVAILABLE.value,
                col(Agent.shift).is_not(None),
            )
        )
        now = await database_now(session)
        openings = [Hours.model_validate(shift).next_opening(now) for shift in (await session.execute(query)).scalars()]
        return [(opening - now).total_seconds() for opening in openings if opening is not None and opening > now]


# One statement, since an allocation is what a freed slot waits for.
_DUE = """
    SELECT
        ARRAY(SELECT a.id FROM agent a JOIN agent_team t ON t.agent_id = a.id
              WHERE t.team_id = %(team)s AND a.presence <> 'offline' AND a.lease_until <= clock_timestamp()
              LIMIT %(limit)s),
        ARRAY(SELECT ARRAY[w.id, w.agent_id] FROM work_item w JOIN agent a ON a.id = w.agent_id
              WHERE w.team_id = %(team)s AND w.state = 'assigned'
                AND a.lease_until <= clock_timestamp() - make_interval(secs => %(grace)s) LIMIT %(limit)s),
        ARRAY(SELECT ARRAY[w.id, w.state] FROM work_item w
              WHERE w.team_id = %(team)s AND w.due_at <= clock_timestamp() ORDER BY w.due_at LIMIT %(limit)s),
        EXISTS (SELECT 1 FROM sla_clock WHERE team_id = %(team)s AND next_at <= clock_timestamp()),
        EXISTS (SELECT 1 FROM commitment WHERE team_id = %(team)s AND next_at <= clock_timestamp())
"""

_SLEEPS = text("UPDATE team SET next_due = clock_timestamp() + make_interval(secs => :wait) WHERE id = :team")

_DEADLINES = text(
    """
    SELECT EXTRACT(epoch FROM min(at) - clock_timestamp()) FROM (
        SELECT min(due_at) AS at FROM work_item WHERE team_id = :team AND due_at IS NOT NULL
        UNION ALL
        SELECT min(next_at) FROM sla_clock WHERE team_id = :team AND next_at IS NOT NULL
        UNION ALL
        SELECT min(next_at) FROM commitment WHERE team_id = :team AND next_at IS NOT NULL
        UNION ALL
        SELECT min(a.lease_until) FROM agent a JOIN agent_team t ON t.agent_id = a.id
         WHERE t.team_id = :team AND a.presence <> 'offline'
        UNION ALL
        SELECT min(a.lease_until) + make_interval(secs => :grace) FROM work_item w
          JOIN agent a ON a.id = w.agent_id
         WHERE w.team_id = :team AND w.state = 'assigned'
        UNION ALL
        SELECT min(p.until) FROM work_pass p JOIN work_item w ON w.id = p.work_item_id
         WHERE w.team_id = :team AND w.state = 'waiting' AND p.until > clock_timestamp()
    ) deadlines
    """
)
