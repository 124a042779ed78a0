"""Dispatch at scale: from a freed slot to the next offer, through store, relay, dispatcher and back."""

import asyncio
import random
import time
from contextlib import ExitStack

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bench.ground import Ground, worker_children
from bench.interactions import bench_policy
from bench.sides import bench_database, connect
from bench.spread import Spread, spread
from domain.policy import Policy
from domain.values import Value
from gateway.relay import Relay
from store.database import Database
from store.dispatching import Allocator
from store.people import accept, finish

_LOOK_SECONDS = 0.005
_WARM_UP = 3  # one after the other: processes and dispatcher start
_PER_SECOND = 5.0
"""Slots freed each second: those of a team of 100 whose cases take twenty seconds each."""
CAPACITY = 5
"""Units of each agent."""


class Dispatch(Value):
    """One queue length."""

    waiting: int
    agents: int
    tuned: bool
    """Temporal runs with the option that makes wakes fast."""
    freed_to_offered_ms: Spread
    slots: int
    first_allocation_ms: float
    """All slots free at once: one allocation."""


async def measure(ground: Ground, *, waiting: int, agents: int, frees: int) -> Dispatch:
    """Fill the queue, let every slot get an offer, then free slots one by one at a steady rate."""
    async with bench_database(ground, "bench_dispatch") as database:
        version = await _fill(database, waiting, agents)
        began = time.perf_counter()
        await Allocator(database, "support").allocate()
        first = (time.perf_counter() - began) * 1000
        client = await connect(ground)
        with ExitStack() as stack:
            stack.enter_context(worker_children(ground, "baton", ground.environment(database.url)))
            relaying = asyncio.create_task(Relay(database, client).run())
            try:
                queue = _Queue(database, agents, version, waiting + agents * CAPACITY)
                times = await _free_slots(database, frees, queue)
            finally:
                relaying.cancel()
                await asyncio.gather(relaying, return_exceptions=True)
        await client.get_workflow_handle("dispatcher-support").terminate()
        return Dispatch(
            waiting=waiting,
            agents=agents,
            tuned=ground.temporal.tuned,
            freed_to_offered_ms=spread(times),
            slots=agents * CAPACITY,
            first_allocation_ms=round(first, 1),
        )


# A third of the cases asks for a skill that a third of the agents has, at one of three levels; a tenth has a tenth of
# the agents as their own.
_CASES = (
    """
    INSERT INTO customer (id, tier, display_name, holder_kind, holder_id, epoch)
    SELECT 'c' || n, 'standard', '', 'nobody', '', 0 FROM generate_series(:first, :last) n
    """,
    """
    INSERT INTO interaction (id, customer_id, channel, state, resolution, last_seq, handled_seq, last_customer_seq,
        next_step_due, misses, issue, stage, questions_asked, asked, policy_version, agent_id, runs)
    SELECT 'i' || n, 'c' || n, 'chat', 'awaiting_person', '', 1, 1, 1, now() + interval '1 day', 0, 'complaint', 0, 0,
        false, :version, '', 1 FROM generate_series(:first, :last) n
    """,
    """
    INSERT INTO work_item (id, interaction_id, customer_id, team_id, channel, state, rank, cost, requirement_key,
        own_agent_id, mode, offer_seconds, reason, version)
    SELECT 'w' || n, 'i' || n, 'c' || n, 'support', 'chat', 'waiting', now() - n * interval '1 second', 1,
        CASE WHEN n % 3 = 0 THEN 'returns>=' || 1 + n % 3 ELSE '' END,
        CASE WHEN n % 10 = 0 THEN 'a' || 1 + n % (:agents / 10 + 1) ELSE '' END, 'offer', 3600, 'policy', 0
    FROM generate_series(:first, :last) n
    """,
)
_PEOPLE = (
    """
    INSERT INTO agent (id, name, login, password_hash, role, capacity, load, presence, lease_until, missed_offers,
        skills)
    SELECT 'a' || n, 'a' || n, 'a' || n, '', 'agent', :capacity, 0, 'available', now() + interval '1 day', 0,
        CASE WHEN n % 3 = 0 THEN jsonb_build_object('returns', 1 + n % 5) ELSE '{}' END
    FROM generate_series(1, :agents) n
    """,
    "INSERT INTO agent_team (agent_id, team_id) SELECT 'a' || n, 'support' FROM generate_series(1, :agents) n",
)


async def _fill(database: Database, waiting: int, agents: int) -> int:
    """Cases and agents; returns the policy's version."""
    async with database.begin() as session:
        version = (await session.execute(text("SELECT version FROM policy_version WHERE active"))).scalar_one()
        await _cases(session, range(1, waiting + agents * CAPACITY + 1), agents, version)
        for statement in _PEOPLE:
            await _execute(session, statement, {"agents": agents, "capacity": CAPACITY})
    async with database.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
    return int(version)


async def _cases(session: AsyncSession, numbers: range, agents: int, version: int) -> None:
    """Cases that wait, by their numbers."""
    for statement in _CASES:
        values = {"first": numbers[0], "last": numbers[-1], "agents": agents, "version": version}
        await _execute(session, statement, values)


async def _execute(session: AsyncSession, statement: str, values: dict[str, int]) -> None:
    await session.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})


class _Queue:
    """Keeps the queue as long as it is: for each slot that is freed one more case comes."""

    def __init__(self, database: Database, agents: int, version: int, last: int) -> None:
        self._database, self._agents, self._version, self._last = database, agents, version, last

    async def grow(self) -> None:
        """One more case waits."""
        self._last += 1
        async with self._database.begin() as session:
            await _cases(session, range(self._last, self._last + 1), self._agents, self._version)


async def _free_slots(database: Database, frees: int, queue: _Queue) -> list[float]:
    policy = bench_policy()
    chosen = random.Random(1)  # the same agents in every run
    busy: set[str] = set()
    for agent in sorted(await _offers(database))[:_WARM_UP]:
        await queue.grow()
        await _free(database, agent, policy, busy)
    async with asyncio.TaskGroup() as tasks:
        measured = []
        for _ in range(frees):
            offered = [agent for agent in await _offers(database) if agent not in busy]
            if offered:
                agent = chosen.choice(sorted(offered))
                busy.add(agent)
                await queue.grow()
                measured.append(tasks.create_task(_free(database, agent, policy, busy)))
            await asyncio.sleep(1 / _PER_SECOND)
    return [task.result() for task in measured]


async def _free(database: Database, agent: str, policy: Policy, busy: set[str]) -> float:
    """Work off one of the agent's offers; returns the milliseconds until they see the next one."""
    before = await _offers(database, agent)
    item, version = before[agent][0]
    async with database.begin() as session:
        await accept(session, item, agent, version, policy)
    async with database.begin() as session:
        await finish(session, item, agent, policy)
    freed = time.perf_counter()
    async with asyncio.timeout(60):
        while len((await _offers(database, agent)).get(agent, [])) < len(before[agent]):  # noqa: ASYNC110  in a database
            await asyncio.sleep(_LOOK_SECONDS)
    busy.discard(agent)
    return (time.perf_counter() - freed) * 1000


async def _offers(database: Database, agent: str = "") -> dict[str, list[tuple[str, int]]]:
    """Agents and the items that are offered to them, with their versions."""
    mine = "AND agent_id = :agent" if agent else ""
    query = text(f"SELECT agent_id, id, version FROM work_item WHERE state = 'offered' {mine}")  # noqa: S608  constant
    async with database.begin() as session:
        rows = (await session.execute(query, {"agent": agent} if agent else {})).all()
    found: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        found.setdefault(row.agent_id, []).append((row.id, row.version))
    return found
