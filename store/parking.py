"""Parking: a case rests without taking capacity, and waits again when its time or its customer comes.

Order of locks everywhere: customer, interaction, agent, work item.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.interaction import EntryKind, InteractionState
from domain.matching import units_of
from domain.policy import Policy
from domain.work import Presence, WorkState
from store import sla
from store.customers import Customer
from store.errors import Conflict
from store.interactions import Interaction, lock_case, move
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.people import ask_anew, lock_work, must_have, put_down, take_over
from store.queue_line import team_rules
from store.work import Agent, AgentTeam, WorkItem, lock_item, on_shift, open_item, schedule, wake

SNOOZED, IDLE = "snoozed", "idle"
LONGEST = timedelta(days=366)
"""How far ahead a case can be snoozed."""


async def park(session: AsyncSession, item_id: str, agent_id: str, policy: Policy, until: datetime | None) -> None:
    """Snooze a case until a time, or with None until the customer writes, which ends it in any case.

    It stays the agent's own, takes no capacity, and leaves the baton to others. Raises `Conflict`: `not_your_case`,
    `time_is_past`, `time_too_far`.
    """
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    must_have(item, agent_id)
    now = await database_now(session)
    if until is not None and until <= now:
        raise Conflict("time_is_past")
    if until is not None and until > now + LONGEST:
        raise Conflict("time_too_far")
    await _set_aside(session, customer, interaction, agent, item, policy, SNOOZED, until)


async def park_idle(session: AsyncSession, item_id: str, policy: Policy) -> None:
    """The customer has been silent for so long that the case takes no capacity until they write.

    Nothing happens if they have written, or the case has moved on, since the timer was read.
    """
    held_by = (await session.get_one(WorkItem, item_id)).agent_id
    if held_by is None:
        return
    customer, interaction, agent, item = await lock_work(session, item_id, held_by)
    over = item.idle_at is not None and item.idle_at <= await database_now(session)
    if item.state == WorkState.ASSIGNED.value and item.agent_id == held_by and over:
        await _set_aside(session, customer, interaction, agent, item, policy, IDLE, None)


async def _set_aside(
    session: AsyncSession,
    customer: Customer,
    interaction: Interaction,
    agent: Agent,
    item: WorkItem,
    policy: Policy,
    why: str,
    until: datetime | None,
) -> None:
    item.parked_for, item.parked_until = why, until
    await put_down(session, customer, agent, item, WorkState.PARKED)
    await sla.paused(session, item, team_rules(policy, item))
    facts = {"until": until.isoformat() if until else None}
    note(session, Happening.WORK_PARKED, interaction=interaction, ref=item.id, by=agent.id, why=why, **facts)
    if until is not None:
        await wake(session, [item.team_id])  # its dispatcher sleeps until then
    await notify_desk(session)


async def unpark(session: AsyncSession, item_id: str, policy: Policy) -> None:
    """The time of a snoozed case has come: it waits again. Nothing happens before, or if it has moved on."""
    _, interaction = await lock_case(session, (await session.get_one(WorkItem, item_id)).interaction_id)
    item = await lock_item(session, item_id)
    over = item.parked_until is not None and item.parked_until <= await database_now(session)
    if item.state == WorkState.PARKED.value and over:
        await _wait_again(session, interaction, item, policy)


async def customer_came(session: AsyncSession, customer: Customer, interaction: Interaction, policy: Policy) -> None:
    """The customer has written into a case that people have: it is their turn, and a parked case waits again.

    Customer and interaction are locked by the caller.
    """
    found = await open_item(session, interaction.id)
    if found is None:
        return
    item = await lock_item(session, found.id)
    if item.state == WorkState.PARKED.value:
        await _wait_again(session, interaction, item, policy)
    item.idle_at = None
    schedule(item)
    await sla.customer_wrote(session, item, team_rules(policy, item), customer.tier)


async def _wait_again(session: AsyncSession, interaction: Interaction, item: WorkItem, policy: Policy) -> None:
    """At its old place: its own agent gets it without an accept step once they have room, others after them."""
    owner, now = item.agent_id or "", await database_now(session)
    near = owner if await _is_near(session, owner, item.team_id) else ""
    item.state, item.version, item.ready_at = WorkState.WAITING.value, item.version + 1, now
    item.parked_until, item.parked_for, item.returning = None, "", True
    await ask_anew(session, item, policy, own_agent=near)
    await sla.resumed(session, item, team_rules(policy, item))
    await move(session, interaction, InteractionState.AWAITING_PERSON, due_in=policy.deadlines.check_in_seconds)
    note(session, Happening.WORK_UNPARKED, interaction=interaction, ref=item.id, owner=owner)
    tell(session, interaction, EntryKind.WORK_REQUEUED, ref=item.id, by=owner, returning=True)
    await session.flush()
    await wake(session, [item.team_id])
    await notify_desk(session)


async def _is_near(session: AsyncSession, agent_id: str, team_id: str) -> bool:
    """Is the agent here, on shift and still of the team?"""
    agent = await session.get(Agent, agent_id, populate_existing=True)
    if agent is None or await session.get(AgentTeam, (agent_id, team_id)) is None:
        return False
    now = await database_now(session)
    here = agent.presence == Presence.AVAILABLE.value and agent.lease_until is not None and agent.lease_until > now
    return here and on_shift(agent, now)


async def resume(session: AsyncSession, item_id: str, agent_id: str, policy: Policy) -> None:
    """The owner takes a parked case up again at once. Raises `Conflict`: `not_parked`, `no_capacity`."""
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    if item.state != WorkState.PARKED.value or item.agent_id != agent_id:
        raise Conflict("not_parked")
    units = units_of(item.cost, agent.capacity)
    if agent.load + units > agent.capacity:
        raise Conflict("no_capacity")
    agent.load, item.taken, item.parked_until = agent.load + units, units, None
    await take_over(session, customer, interaction, agent, item, policy)
    await sla.resumed(session, item, team_rules(policy, item))
    note(session, Happening.WORK_UNPARKED, interaction=interaction, ref=item.id, by=agent_id, owner=agent_id)
