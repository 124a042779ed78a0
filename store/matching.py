"""Matching free agents with waiting work: heads are read without locks, claimed by conditional update.

Capacity is taken on the agents' rows, whose CHECK holds against every team. Order of locks: customer, interaction,
agent, work item.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.matching import Candidate, Head, Match, Pairing, able_agents, pair
from domain.policy import Policy
from domain.requirement import PULLED
from domain.work import Presence, WorkState
from store.interactions import lock_case
from store.journal import Happening, note_about
from store.live import notify_desk
from store.locking import database_now
from store.people import take_over
from store.plain import run
from store.queue_kinds import kinds_of
from store.work import AVAILABLE, Agent, AgentTeam, WorkItem, lock_agent, lock_item, on_shift, wake

BATCH = 500
"""Rows that one transaction handles at most."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

FEWEST_HEADS = 20
"""Heads that are read for one kind of work: some may not fit, or their agents may have let them pass."""

# The kinds of waiting work, found by stepping through the index: the cost grows with the number of kinds and not with
# what waits.
_KINDS = text(
    f"""
    WITH RECURSIVE {kinds_of("ARRAY[CAST(:team AS text)]")}
    SELECT requirement_key, cost FROM kinds
    """  # noqa: S608
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
    """Who should get what now, in the order of the queue; empty when nobody is free or nothing fits.

    Where nothing is left to give, whoever is kept free for a case that needs much is noted for the other teams.
    """
    here = await agents_here(session, team)
    kinds = (await session.execute(_KINDS, {"team": team})).all() if here else []
    wanted = _wanted([(kind.requirement_key, kind.cost) for kind in kinds], here)
    patience = policy.teams[team].reserve_after_seconds if team in policy.teams else 60
    factor, found = 1, Pairing(matches=(), kept={})
    while wanted and not found.matches:
        limits = [min(limit * factor, BATCH) for limit in wanted.values()]
        heads = await _heads(session, team, list(wanted), limits, patience)
        found = pair(heads, list(here.values()))
        read = Counter((head.key, head.cost) for head in heads)
        if not any(read[kind] == limit < BATCH for kind, limit in zip(wanted, limits, strict=True)):
            break
        factor *= 5
    if not found.matches:
        await _keep_free(session, team, here, found.kept)
    return list(found.matches[:BATCH])


def _wanted(kinds: Sequence[tuple[str, int]], here: dict[str, Candidate]) -> dict[tuple[str, int], int]:
    """The kinds of work that somebody could do, and how many heads of each are worth reading.

    For work of one unit nobody has to be kept free, so while nobody has room it is not read at all.
    """
    wanted = {}
    for key, cost in kinds:
        able = [] if key == PULLED else able_agents(key, here)
        slots = sum(agent.free for agent in able)
        if slots or (able and cost > 1):
            wanted[key, cost] = min(slots + FEWEST_HEADS, BATCH)
    return wanted


async def _keep_free(session: AsyncSession, team: str, here: dict[str, Candidate], kept: dict[str, str]) -> None:
    """Note who is kept free for what, where that has changed; other teams hear of whoever is theirs again."""
    changed = {one: kept.get(one, "") for one, agent in here.items() if agent.kept_for != kept.get(one, "")}
    if changed:
        rows = {"agents": sorted(changed), "items": [changed[one] for one in sorted(changed)], "team": team}
        await wake(session, [other for (other,) in await run(session, _KEEP, rows)])


_KEEP = """
    WITH locked AS (
        SELECT a.id, wanted.item FROM agent a
        JOIN unnest(%(agents)s::text[], %(items)s::text[]) AS wanted (id, item) ON wanted.id = a.id
        ORDER BY a.id FOR NO KEY UPDATE OF a
    ), kept AS (
        UPDATE agent a SET kept_for = locked.item FROM locked WHERE a.id = locked.id RETURNING a.id, a.kept_for
    )
    SELECT DISTINCT t.team_id FROM kept k JOIN agent_team t ON t.agent_id = k.id
    WHERE k.kept_for = '' AND t.team_id <> %(team)s
"""


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


async def agents_here(session: AsyncSession, team: str) -> dict[str, Candidate]:
    """The team's agents who are here and on shift, with room or without; not those whom another team keeps free."""
    now = await database_now(session)
    rows = (await session.execute(_HERE, {"team": team})).all()
    return {agent.id: candidate(agent) for agent, elsewhere in rows if not elsewhere and on_shift(agent, now)}


_FREE = (*AVAILABLE, col(Agent.load) < col(Agent.capacity))
_KEPT_ELSEWHERE = (
    select(col(WorkItem.id))
    .where(
        col(WorkItem.id) == col(Agent.kept_for),
        col(WorkItem.state) == WorkState.WAITING.value,
        col(WorkItem.team_id) != bindparam("team"),
    )
    .correlate(Agent)
    .exists()
)
_HERE = (
    select(Agent, _KEPT_ELSEWHERE)
    .join(AgentTeam, col(AgentTeam.agent_id) == col(Agent.id))
    .where(col(AgentTeam.team_id) == bindparam("team"), *AVAILABLE)
    .execution_options(populate_existing=True)
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
        kept_for=agent.kept_for,
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
