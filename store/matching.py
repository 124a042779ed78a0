"""Matching free agents with waiting work: heads are read without locks, claimed by conditional update.

Capacity is taken on the agents' rows, whose CHECK holds against every team. Order of locks: customer, interaction,
agent, work item.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, case, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.policy import Policy
from domain.work import Candidate, DispatchMode, Head, Match, Presence, WorkState, match
from store.interactions import lock_case
from store.journal import Happening, note_about
from store.live import notify_desk
from store.people import take_over
from store.work import Agent, AgentTeam, WorkItem, lock_agent, lock_item

BATCH = 500
"""Rows that one transaction handles at most."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

FEWEST_HEADS = 20
"""Heads that are read for one free slot: some may not fit, or their agents may have let them pass."""

# The kinds of waiting work, found by stepping through the index, then the first items of each kind: the cost grows with
# the number of kinds and of free slots, and with the logarithm of what waits.
_HEADS = text(
    """
    WITH RECURSIVE kinds AS (
        (SELECT requirement_key, cost FROM work_item WHERE team_id = :team AND state = 'waiting'
         ORDER BY requirement_key, cost LIMIT 1)
        UNION ALL
        SELECT following.* FROM kinds, LATERAL (
            SELECT w.requirement_key, w.cost FROM work_item w
            WHERE w.team_id = :team AND w.state = 'waiting'
              AND (w.requirement_key, w.cost) > (kinds.requirement_key, kinds.cost)
            ORDER BY w.requirement_key, w.cost LIMIT 1) following
    ), heads AS (
        SELECT head.* FROM kinds, LATERAL (
            SELECT w.id, w.version, w.cost, w.mode, w.rank, w.interaction_id FROM work_item w
            WHERE w.team_id = :team AND w.state = 'waiting'
              AND w.requirement_key = kinds.requirement_key AND w.cost = kinds.cost AND w.cost <= :room
            ORDER BY w.rank, w.id LIMIT :heads) head
        ORDER BY head.rank, head.id LIMIT :heads
    )
    SELECT h.id, h.version, h.cost, h.mode,
        CASE WHEN c.holder_kind = 'agent' THEN c.holder_id ELSE COALESCE((
            SELECT o.agent_id FROM interaction o WHERE o.customer_id = c.id AND o.agent_id <> ''
            ORDER BY o.id = i.id DESC, o.changed_at DESC LIMIT 1), '') END AS known_agent,
        ARRAY(SELECT p.agent_id FROM work_pass p
              WHERE p.work_item_id = h.id AND p.until > clock_timestamp()) AS passed_by
    FROM heads h JOIN interaction i ON i.id = h.interaction_id JOIN customer c ON c.id = i.customer_id
    ORDER BY h.rank, h.id
    """
)


async def next_matches(session: AsyncSession, team: str) -> list[Match]:
    """Who should get what now, in the order of the queue; empty when nobody is free or nothing fits."""
    free = [_candidate(agent) for agent in (await session.execute(_free_agents(team))).scalars()]
    if not free:
        return []
    heads = min(max(FEWEST_HEADS, sum(agent.free for agent in free)), BATCH)
    while True:
        room = max(agent.free for agent in free)
        rows = (await session.execute(_HEADS, {"team": team, "heads": heads, "room": room})).all()
        found = match([Head.model_validate(row, from_attributes=True) for row in rows], free)
        if found or len(rows) < heads or heads == BATCH:
            return found
        heads = min(heads * 5, BATCH)


def _free_agents(team: str) -> Select[Agent]:
    return (
        select(Agent)
        .join(AgentTeam, col(AgentTeam.agent_id) == col(Agent.id))
        .where(col(AgentTeam.team_id) == team, *_FREE)
    )


_FREE = (
    col(Agent.presence) == Presence.AVAILABLE.value,
    col(Agent.lease_until) > text("clock_timestamp()"),
    col(Agent.load) < col(Agent.capacity),
)


def _candidate(agent: Agent) -> Candidate:
    return Candidate(
        agent_id=agent.id, free=agent.capacity - agent.load, load=agent.load, idle_since=agent.idle_since or _LONG_AGO
    )


async def offer(session: AsyncSession, matches: Sequence[Match]) -> None:
    """Make offers, all in a few statements; what has moved on since it was read is left out."""
    if not matches:
        return
    query = select(Agent).where(col(Agent.id).in_({m.agent_id for m in matches}), *_FREE).order_by(col(Agent.id))
    locked = await session.execute(query.with_for_update().execution_options(populate_existing=True))
    room = {agent.id: agent.capacity - agent.load for agent in locked.scalars()}
    wanted: dict[str, Match] = {}
    for found in matches:
        if room.get(found.agent_id, 0) >= found.head.cost:
            room[found.agent_id] -= found.head.cost
            wanted[found.head.id] = found
    if wanted:
        await _claim(session, wanted)


async def _claim(session: AsyncSession, wanted: dict[str, Match]) -> None:
    claimed = await session.execute(
        _OFFER,
        {
            "items": list(wanted),
            "versions": [found.head.version for found in wanted.values()],
            "agents": [found.agent_id for found in wanted.values()],
        },
    )
    taken: Counter[str] = Counter()
    for row in claimed.all():
        taken[row.agent_id] += row.cost
        note_about(session, Happening.WORK_OFFERED, (row.interaction_id, row.customer_id), ref=row.id, by=row.agent_id)
    if taken:
        loads = case({agent: col(Agent.load) + cost for agent, cost in taken.items()}, value=col(Agent.id))
        await session.execute(
            update(Agent)
            .where(col(Agent.id).in_(taken))
            .values(load=loads)
            .execution_options(synchronize_session=False)
        )
        await notify_desk(session)


_OFFER = text(
    """
    UPDATE work_item w SET state = 'offered', agent_id = wanted.agent_id, version = w.version + 1,
        offered_until = clock_timestamp() + make_interval(secs => w.offer_seconds)
    FROM unnest(CAST(:items AS text[]), CAST(:versions AS int[]), CAST(:agents AS text[]))
        AS wanted (id, version, agent_id)
    WHERE w.id = wanted.id AND w.version = wanted.version AND w.state = 'waiting'
    RETURNING w.id, w.agent_id, w.cost, w.interaction_id, w.customer_id
    """
)


async def assign(session: AsyncSession, found: Match, policy: Policy) -> None:
    """Give an item without an accept step: the agent has the case and the baton at once."""
    item = await session.get_one(WorkItem, found.head.id)
    customer, interaction = await lock_case(session, item.interaction_id)
    agent, item = await lock_agent(session, found.agent_id), await lock_item(session, item.id)
    fits = agent.presence == Presence.AVAILABLE.value and agent.load + item.cost <= agent.capacity
    if item.version == found.head.version and item.state == WorkState.WAITING.value and fits:
        agent.load += item.cost
        await take_over(session, customer, interaction, agent, item, policy)


def is_offer(found: Match) -> bool:
    """Does the agent have to accept it?"""
    return found.head.mode is DispatchMode.OFFER
