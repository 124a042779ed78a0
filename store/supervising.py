"""Supervising: leads give work to somebody, take it back, and move it in the queue, journalled with who did it.

Order of locks everywhere: customer, interaction, agents by id, work item.
"""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.interaction import EntryKind, InteractionState
from domain.matching import Because, Choice, units_of
from domain.policy import Policy
from domain.work import Presence, WorkState
from store import sla
from store.customers import Customer
from store.errors import Conflict, NotFound
from store.interactions import Interaction, lock_case, move
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.people import ask_anew, let_pass, put_down, release_offer, take_over
from store.queue_line import team_rules
from store.work import OPEN_WORK, Agent, AgentTeam, WorkItem, lock_agent, lock_item, release_kept, teams_of, wake


async def reassign(session: AsyncSession, item_id: str, to_agent: str, by: str, policy: Policy) -> None:
    """Give a case, whoever has it, to an agent of its team, without an accept step. Done twice, it changes nothing.

    Raises `Conflict`: `case_closed`, `unknown_agent`, `agent_not_in_team`, `agent_offline`, `no_capacity`,
    `item_moved_on` if it changed hands at this moment.
    """
    if await session.get(Agent, to_agent) is None:
        raise Conflict("unknown_agent")
    customer, interaction, agents, item = await _locked(session, item_id, to_agent)
    holder, agent = agents.get(item.agent_id or ""), agents[to_agent]
    if item.state == WorkState.ASSIGNED.value and holder is agent:
        return
    await _must_be_here(session, agent, item)
    parked = item.state == WorkState.PARKED.value
    if holder is None:
        await release_kept(session, item.id)
    await _free(session, customer, holder, item)
    units = units_of(item.cost, agent.capacity)
    if agent.load + units > agent.capacity or not units:
        raise Conflict("no_capacity")
    choice = Choice(because=Because.REASSIGNED, load=agent.load, capacity=agent.capacity)
    agent.load, item.taken, item.chosen = agent.load + units, units, choice.model_dump(mode="json")
    item.parked_until = None
    await take_over(session, customer, interaction, agent, item, policy)
    if parked:
        await sla.resumed(session, item, team_rules(policy, item))
    await _record(session, interaction, item, holder, to_agent, by)


async def take_from(session: AsyncSession, item_id: str, by: str, policy: Policy) -> None:
    """A case goes back into the queue at its place; whoever had it is not asked again for a while.

    One that waits already stays where it is. Raises `Conflict`: `case_closed`, `item_moved_on`.
    """
    customer, interaction, agents, item = await _locked(session, item_id)
    holder, before = agents.get(item.agent_id or ""), WorkState(item.state)
    if holder is None:
        return
    await _free(session, customer, holder, item)
    await let_pass(session, item.id, holder.id)
    item.parked_until, item.parked_for = None, ""
    await ask_anew(session, item, policy)
    if before is WorkState.PARKED:
        await sla.resumed(session, item, team_rules(policy, item))
    if before is not WorkState.OFFERED:
        await move(session, interaction, InteractionState.AWAITING_PERSON, due_in=policy.deadlines.check_in_seconds)
        tell(session, interaction, EntryKind.WORK_REQUEUED, ref=item.id, by=by, taken_from=holder.id)
    await _record(session, interaction, item, holder, "", by)


async def change_priority(session: AsyncSession, item_id: str, version: int, minutes: float, by: str) -> None:
    """A waiting case moves in the queue by as much waiting time: forward for a positive number, else back.

    Raises `Conflict`: `not_in_queue`, `changed_since` if it is not as it was seen.
    """
    _, interaction, _, item = await _locked(session, item_id)
    if item.state != WorkState.WAITING.value:
        raise Conflict("not_in_queue")
    if item.version != version:
        raise Conflict("changed_since")
    item.rank, item.version = item.rank - timedelta(minutes=minutes), item.version + 1
    note(session, Happening.PRIORITY_CHANGED, interaction=interaction, ref=item.id, by=by, minutes=minutes)
    await wake(session, [item.team_id])
    await notify_desk(session)


async def _locked(
    session: AsyncSession, item_id: str, *more: str
) -> tuple[Customer, Interaction, dict[str, Agent], WorkItem]:
    """An open item with its case, its agent and others, locked in the order of locks."""
    seen = await session.get(WorkItem, item_id, populate_existing=True)
    if seen is None:
        raise NotFound("work item")
    customer, interaction = await lock_case(session, seen.interaction_id)
    held_by = seen.agent_id
    agents = {agent_id: await lock_agent(session, agent_id) for agent_id in sorted({held_by or "", *more} - {""})}
    item = await lock_item(session, item_id)
    if item.state not in OPEN_WORK:
        raise Conflict("case_closed")
    if item.agent_id != held_by:
        raise Conflict("item_moved_on")
    return customer, interaction, agents, item


async def _free(session: AsyncSession, customer: Customer, holder: Agent | None, item: WorkItem) -> None:
    """Nobody has the item; whoever had it has their capacity back."""
    if holder is None:
        return
    if item.state == WorkState.OFFERED.value:
        await release_offer(session, holder, item)
    else:
        await put_down(session, customer, holder, item, WorkState.WAITING)


async def _must_be_here(session: AsyncSession, agent: Agent, item: WorkItem) -> None:
    if await session.get(AgentTeam, (agent.id, item.team_id)) is None:
        raise Conflict("agent_not_in_team")
    lease, now = agent.lease_until, await database_now(session)
    if agent.presence == Presence.OFFLINE.value or lease is None or lease <= now:
        raise Conflict("agent_offline")


async def _record(
    session: AsyncSession, interaction: Interaction, item: WorkItem, holder: Agent | None, to_agent: str, by: str
) -> None:
    """Journal what was done, and wake whoever it makes room for."""
    facts = {"taken_from": holder.id if holder else "", "to": to_agent}
    note(session, Happening.WORK_REASSIGNED, interaction=interaction, ref=item.id, by=by, **facts)
    await session.flush()
    freed = await teams_of(session, holder.id) if holder else []
    await wake(session, sorted({item.team_id, *freed}))
    await notify_desk(session)
