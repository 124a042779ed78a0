"""Matching free agents with waiting work: heads are read without locks, claimed by conditional update.

Capacity is taken on the agents' rows, whose CHECK holds against every team. Order of locks: customer, interaction,
agent, work item.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.matching import Candidate, Head, Match, able_agents, match
from domain.policy import Policy
from domain.requirement import PULLED
from domain.work import Presence, WorkState
from store.interactions import lock_case
from store.journal import Happening, note_about
from store.live import notify_desk
from store.locking import database_now
from store.people import take_over
from store.work import Agent, AgentTeam, WorkItem, lock_agent, lock_item, on_shift

BATCH = 500
"""Rows that one transaction handles at most."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

FEWEST_HEADS = 20
"""Heads that are read for one kind of work: some may not fit, or their agents may have let them pass."""

# The kinds of waiting work, found by stepping through the index: the cost grows with the number of kinds and not with
# what waits.
_KINDS = text(
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
    )
    SELECT requirement_key, cost FROM kinds
    """
)

_HEADS = text(
    """
    WITH heads AS (
        SELECT head.* FROM unnest(CAST(:keys AS text[]), CAST(:costs AS int[]), CAST(:limits AS int[]))
            AS kind (requirement_key, cost, heads), LATERAL (
            SELECT w.id, w.version, w.cost, w.requirement_key, w.mode, w.rank, w.customer_id, w.own_agent_id,
                   w.returning, w.ready_at
            FROM work_item w
            WHERE w.team_id = :team AND w.state = 'waiting'
              AND w.requirement_key = kind.requirement_key AND w.cost = kind.cost
            ORDER BY w.rank, w.id LIMIT kind.heads) head
    )
    SELECT h.id, h.version, h.cost, h.requirement_key AS key, h.mode, h.returning AND h.own_agent_id <> '' AS returning,
        CASE WHEN c.holder_kind = 'agent' AND NOT (h.returning AND h.own_agent_id <> '')
             THEN c.holder_id ELSE h.own_agent_id END AS known_agent,
        ARRAY(SELECT p.agent_id FROM work_pass p
              WHERE p.work_item_id = h.id AND p.until > clock_timestamp()) AS passed_by,
        h.ready_at < clock_timestamp() - make_interval(secs => :patience) AS reserves
    FROM heads h JOIN customer c ON c.id = h.customer_id
    ORDER BY h.rank, h.id
    """
)


async def next_matches(session: AsyncSession, team: str, policy: Policy) -> list[Match]:
    """Who should get what now, in the order of the queue; empty when nobody is free or nothing fits."""
    free = await free_agents(session, team)
    kinds = (await session.execute(_KINDS, {"team": team})).all() if free else []
    wanted = _wanted([(kind.requirement_key, kind.cost) for kind in kinds], free)
    if not wanted:
        return []
    patience = policy.teams[team].reserve_after_seconds if team in policy.teams else 60
    factor = 1
    while True:
        limits = [min(limit * factor, BATCH) for limit in wanted.values()]
        heads = await _heads(session, team, list(wanted), limits, patience)
        found = match(heads, list(free.values()))
        read = Counter((head.key, head.cost) for head in heads)
        more = any(read[kind] == limit < BATCH for kind, limit in zip(wanted, limits, strict=True))
        if found or not more:
            return found[:BATCH]
        factor *= 5


def _wanted(kinds: Sequence[tuple[str, int]], free: dict[str, Candidate]) -> dict[tuple[str, int], int]:
    """The kinds of work that somebody who is free could do, and how many heads of each are worth reading."""
    wanted = {}
    for key, cost in kinds:
        able = [] if key == PULLED else able_agents(key, free)
        if able:
            slots = sum(agent.capacity - agent.load for agent in able)
            wanted[key, cost] = min(slots + FEWEST_HEADS, BATCH)
    return wanted


async def _heads(
    session: AsyncSession, team: str, kinds: list[tuple[str, int]], limits: list[int], patience: float
) -> list[Head]:
    values = {
        "team": team,
        "keys": [key for key, _ in kinds],
        "costs": [cost for _, cost in kinds],
        "limits": limits,
        "patience": patience,
    }
    rows = (await session.execute(_HEADS, values)).all()
    return [Head.model_validate(row, from_attributes=True) for row in rows]


async def free_agents(session: AsyncSession, team: str) -> dict[str, Candidate]:
    """The team's agents who are here, on shift, and have capacity left."""
    now = await database_now(session)
    rows = (await session.execute(_free(team))).scalars()
    return {agent.id: candidate(agent) for agent in rows if on_shift(agent, now)}


def _free(team: str) -> Select[Agent]:
    return (
        select(Agent)
        .join(AgentTeam, col(AgentTeam.agent_id) == col(Agent.id))
        .where(col(AgentTeam.team_id) == team, *_FREE)
        .execution_options(populate_existing=True)
    )


_FREE = (
    col(Agent.presence) == Presence.AVAILABLE.value,
    col(Agent.lease_until) > text("clock_timestamp()"),
    col(Agent.load) < col(Agent.capacity),
)


def candidate(agent: Agent) -> Candidate:
    """The agent as the choice sees them."""
    return Candidate(
        agent_id=agent.id,
        capacity=agent.capacity,
        load=agent.load,
        idle_since=agent.idle_since or _LONG_AGO,
        skills=agent.skills,
        languages=tuple(agent.languages),
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
        if room.get(found.agent_id, 0) >= found.units:
            room[found.agent_id] -= found.units
            wanted[found.head.id] = found
    if wanted:
        await _claim(session, list(wanted.values()))


async def _claim(session: AsyncSession, wanted: list[Match]) -> None:
    claimed = await session.execute(
        _OFFER,
        {
            "items": [found.head.id for found in wanted],
            "versions": [found.head.version for found in wanted],
            "agents": [found.agent_id for found in wanted],
            "units": [found.units for found in wanted],
            "choices": [json.dumps(found.choice.model_dump(mode="json")) for found in wanted],
        },
    )
    rows = claimed.all()
    for row in rows:
        about = (row.interaction_id, row.customer_id)
        note_about(session, Happening.WORK_OFFERED, about, ref=row.id, by=row.agent_id, facts=row.chosen)
    if rows:
        await notify_desk(session)


# Items and, with what was really claimed of them, the agents' loads: both hold or neither.
_OFFER = text(
    """
    WITH claimed AS (
        UPDATE work_item w SET state = 'offered', agent_id = wanted.agent_id, version = w.version + 1,
            taken = wanted.units, chosen = wanted.choice,
            offered_until = clock_timestamp() + make_interval(secs => w.offer_seconds),
            due_at = clock_timestamp() + make_interval(secs => w.offer_seconds)
        FROM unnest(CAST(:items AS text[]), CAST(:versions AS int[]), CAST(:agents AS text[]), CAST(:units AS int[]),
                    CAST(:choices AS jsonb[])) AS wanted (id, version, agent_id, units, choice)
        WHERE w.id = wanted.id AND w.version = wanted.version AND w.state = 'waiting'
        RETURNING w.id, w.agent_id, w.taken, w.interaction_id, w.customer_id, w.chosen
    ), loaded AS (
        UPDATE agent a SET load = a.load + given.units
        FROM (SELECT agent_id, sum(taken) AS units FROM claimed GROUP BY agent_id) given WHERE a.id = given.agent_id
    )
    SELECT * FROM claimed
    """
)


async def assign(session: AsyncSession, found: Match, policy: Policy) -> None:
    """Give an item without an accept step: the agent has the case and the baton at once."""
    item = await session.get_one(WorkItem, found.head.id)
    customer, interaction = await lock_case(session, item.interaction_id)
    agent, item = await lock_agent(session, found.agent_id), await lock_item(session, item.id)
    fits = agent.presence == Presence.AVAILABLE.value and agent.load + found.units <= agent.capacity
    if item.version == found.head.version and item.state == WorkState.WAITING.value and fits:
        agent.load, item.taken = agent.load + found.units, found.units
        item.chosen = found.choice.model_dump(mode="json")
        await take_over(session, customer, interaction, agent, item, policy)
