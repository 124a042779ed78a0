"""Pulling: agents pick their work themselves, by rank, and out of order with a reason.

Order of locks everywhere: customer, interaction, agent, work item.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.limits import limits_of
from domain.matching import Because, Choice, units_of
from domain.policy import Policy
from domain.requirement import PULLED
from domain.work import Presence, WorkState
from store.customers import Customer
from store.errors import Conflict
from store.interactions import Interaction, lock_case, lock_case_if_free
from store.journal import Happening, note
from store.locking import database_now
from store.people import take_over
from store.work import Agent, WorkItem, lock_agent, lock_item, on_shift, teams_of

IN_REACH = 50
"""Items at the front of a queue that agents see, and of which each kind is tried."""

# The costs of what waits, found by stepping through the index; of each the first in line.
_IN_LINE = text(
    """
    WITH RECURSIVE costs AS (
        SELECT team.id AS team, (SELECT min(w.cost) FROM work_item w
            WHERE w.team_id = team.id AND w.state = 'waiting' AND w.requirement_key = :pulled) AS cost
        FROM unnest(CAST(:teams AS text[])) AS team (id)
        UNION ALL
        SELECT costs.team, (SELECT min(w.cost) FROM work_item w
            WHERE w.team_id = costs.team AND w.state = 'waiting' AND w.requirement_key = :pulled
              AND w.cost > costs.cost)
        FROM costs WHERE costs.cost IS NOT NULL
    )
    SELECT head.id, head.cost FROM costs, LATERAL (
        SELECT w.id, w.cost, w.rank FROM work_item w
        WHERE w.team_id = costs.team AND w.state = 'waiting' AND w.requirement_key = :pulled AND w.cost = costs.cost
        ORDER BY w.rank, w.id LIMIT :limit) head
    ORDER BY head.rank, head.id
    """
)


async def in_line(session: AsyncSession, teams: Sequence[str]) -> list[tuple[str, int]]:
    """Id and cost of the first items in line that agents of these teams pick themselves, by rank."""
    values = {"teams": list(teams), "pulled": PULLED, "limit": IN_REACH}
    return [(item_id, cost) for item_id, cost in (await session.execute(_IN_LINE, values)).all()]


async def pull(
    session: AsyncSession, agent_id: str, team_id: str, policy: Policy, item_id: str | None = None, reason: str = ""
) -> WorkItem:
    """The agent takes the next item of a team that fits them, or with `item_id` a certain one.

    Out of order that asks for a reason and the role's permission. Two who pull at once get different items. Raises
    `Conflict`: `not_in_team`, `not_available`, `off_shift`, `no_capacity`, `nothing_to_pull`, `item_taken`,
    `needs_reason`, `must_take_next`.
    """
    if team_id not in await teams_of(session, agent_id):
        raise Conflict("not_in_team")
    agent = await session.get_one(Agent, agent_id, populate_existing=True)
    line = await in_line(session, [team_id])
    fitting = [waiting for waiting, cost in line if _fits(agent, cost)]
    if item_id is None or item_id in fitting[:1]:
        if not fitting:
            raise Conflict("no_capacity" if line else "nothing_to_pull")
        return await _next(session, agent_id, fitting, policy, wanted=item_id)
    seen = await session.get(WorkItem, item_id, populate_existing=True)
    if seen is None or seen.team_id != team_id or not _may_be_pulled(seen):
        raise Conflict("item_taken")
    _must_be_allowed(agent, reason, policy)
    return await _certain(session, agent_id, team_id, item_id, seen.interaction_id, reason, policy)


def _fits(agent: Agent, cost: int) -> bool:
    return agent.load + units_of(cost, agent.capacity) <= agent.capacity and agent.capacity > 0


def _must_be_allowed(agent: Agent, reason: str, policy: Policy) -> None:
    if not limits_of(agent.role, policy).out_of_order:
        raise Conflict("must_take_next")
    if not reason.strip():
        raise Conflict("needs_reason")


async def _next(
    session: AsyncSession, agent_id: str, fitting: list[str], policy: Policy, wanted: str | None
) -> WorkItem:
    """The first of these that nobody else takes at this moment; nothing here waits for a lock out of order."""
    for candidate in [wanted] if wanted else fitting:
        seen = await session.get_one(WorkItem, candidate)
        case = await lock_case_if_free(session, seen.interaction_id)
        if case is None:
            continue
        agent, item = await lock_agent(session, agent_id), await lock_item(session, candidate)
        if _may_be_pulled(item):
            await _must_be_ready(session, agent, item)
            return await _take(session, *case, agent, item, policy)
    raise Conflict("item_taken")


async def _certain(
    session: AsyncSession,
    agent_id: str,
    team_id: str,
    item_id: str,
    interaction_id: str,
    reason: str,
    policy: Policy,
) -> WorkItem:
    customer, interaction = await lock_case(session, interaction_id)
    agent, item = await lock_agent(session, agent_id), await lock_item(session, item_id)
    if not _may_be_pulled(item) or item.team_id != team_id:
        raise Conflict("item_taken")
    await _must_be_ready(session, agent, item)
    await _take(session, customer, interaction, agent, item, policy)
    note(
        session, Happening.PULLED_OUT_OF_ORDER, interaction=interaction, ref=item.id, by=agent_id,
        team=team_id, reason=reason,
    )  # fmt: skip
    return item


def _may_be_pulled(item: WorkItem) -> bool:
    return item.state == WorkState.WAITING.value and item.requirement_key == PULLED


async def _must_be_ready(session: AsyncSession, agent: Agent, item: WorkItem) -> None:
    """Raises `Conflict` unless the agent is available, on shift, and has room for the item."""
    now = await database_now(session)
    if agent.presence != Presence.AVAILABLE.value or agent.lease_until is None or agent.lease_until <= now:
        raise Conflict("not_available")
    if not on_shift(agent, now):
        raise Conflict("off_shift")
    if not _fits(agent, item.cost):
        raise Conflict("no_capacity")


async def _take(
    session: AsyncSession, customer: Customer, interaction: Interaction, agent: Agent, item: WorkItem, policy: Policy
) -> WorkItem:
    units = units_of(item.cost, agent.capacity)
    choice = Choice(because=Because.PULLED, load=agent.load, capacity=agent.capacity)
    agent.load, item.taken, item.chosen = agent.load + units, units, choice.model_dump(mode="json")
    await take_over(session, customer, interaction, agent, item, policy)
    return item
