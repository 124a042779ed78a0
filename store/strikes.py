"""Timers of commitments: people are woken before a promise is due, and a promise that nobody kept is broken."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commitment import CommitmentState
from domain.interaction import WITH_PEOPLE, EntryKind, InteractionState
from domain.policy import Policy
from domain.work import Presence, WorkState
from store.commitment_table import Commitment
from store.customers import Customer
from store.interactions import Interaction, move
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import CLOCK, database_now, note_held
from store.parking import unpark
from store.people import lose_agent
from store.policy_versions import PolicyShelf
from store.work import Agent, WorkItem, lock_agent, lock_item, on_shift, open_item

_TAKEN = (WorkState.ASSIGNED.value, WorkState.PARKED.value)
"""States in which an item is an agent's own."""


async def strike_due(session: AsyncSession, team_id: str, policy: Policy, limit: int) -> int:
    """Act on the team's commitments whose time has come, `limit` at most; returns how many there were.

    Before a promise is due its holder is woken or, if nobody who is here and on shift has the case, the team. Cases
    that somebody else works on at this moment are left for the next call, so this waits for nobody.
    """
    struck = await _due(session, team_id, limit)
    unwoken = [interaction for row, interaction in struck if row.woken_at is None]
    items = {interaction.id: await open_item(session, interaction.id) for interaction in unwoken}
    here = {case: await _holder(session, item) for case, item in items.items()}
    await _lock(session, [item for case, item in items.items() if item is not None and not here[case]])
    for row, interaction in struck:
        if row.woken_at is None:
            row.woken_at, row.next_at = await database_now(session), row.due_at
            holder = here[interaction.id]
            note(session, Happening.COMMITMENT_WOKEN, interaction=interaction, ref=row.id, holder=holder, team=team_id)
            if not holder:
                await _wake_team(session, row, interaction, items[interaction.id], policy)
        await _break_if_over(session, row, interaction)
    if struck:
        await notify_desk(session)
    return len(struck)


async def next_strike(session: AsyncSession, team_id: str) -> datetime | None:
    """The nearest timer of the team's commitments."""
    query = select(func.min(col(Commitment.next_at))).where(
        col(Commitment.team_id) == team_id, col(Commitment.next_at).is_not(None)
    )
    found: datetime | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def _due(session: AsyncSession, team_id: str, limit: int) -> list[tuple[Commitment, Interaction]]:
    """Commitments whose timer has run out, the earliest first, with their cases locked; locked cases are left out."""
    query = (
        select(Commitment, Customer, Interaction, CLOCK)
        .join(Interaction, col(Interaction.id) == col(Commitment.interaction_id))
        .join(Customer, col(Customer.id) == col(Interaction.customer_id))
        .where(col(Commitment.team_id) == team_id, col(Commitment.next_at) <= CLOCK)
        .order_by(col(Commitment.next_at))
        .limit(limit)
        .with_for_update(of=(Customer, Interaction, Commitment), skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found: list[tuple[Commitment, Interaction]] = []
    for row, customer, interaction, now in (await session.execute(query)).all():
        note_held(session, [customer, interaction], now)
        found.append((row, interaction))
    return found


async def _holder(session: AsyncSession, item: WorkItem | None) -> str:
    """The agent who has the case, if they are here and on shift."""
    if item is None or item.state != WorkState.ASSIGNED.value:
        return ""
    agent, now = await session.get_one(Agent, item.agent_id, populate_existing=True), await database_now(session)
    leased = agent.lease_until is not None and agent.lease_until > now
    here = leased and agent.presence != Presence.OFFLINE.value and on_shift(agent, now)
    return agent.id if here else ""


async def _lock(session: AsyncSession, items: list[WorkItem]) -> None:
    """Lock agents, then items, before anything is done: what follows locks teams, which come last."""
    taken = [item for item in items if item.state in _TAKEN]
    for agent_id in sorted({item.agent_id for item in taken if item.agent_id}):
        await lock_agent(session, agent_id)
    for item in taken:
        await lock_item(session, item.id)


async def _wake_team(
    session: AsyncSession, row: Commitment, interaction: Interaction, item: WorkItem | None, policy: Policy
) -> None:
    """The case is open again if it was closed, and waits for whoever is there; its workflow sees to it."""
    now = await database_now(session)
    if item is not None and item.state in _TAKEN:
        pinned = await PolicyShelf().version(session, interaction.policy_version)
        if item.state == WorkState.PARKED.value:
            item.parked_until = now
            await unpark(session, item.id, pinned)
        else:
            await lose_agent(session, item.id, item.agent_id or "", pinned)
    step = policy.deadlines.step_seconds
    if not interaction.is_open:
        await move(session, interaction, InteractionState.AWAITING_CUSTOMER, due_in=step)
        interaction.runs += 1
        note(session, Happening.INTERACTION_REOPENED, interaction=interaction)
    tell(session, interaction, EntryKind.COMMITMENT_DUE, ref=row.id)
    if interaction.state not in WITH_PEOPLE:
        due = now + timedelta(seconds=step)
        interaction.next_step_due = min(interaction.next_step_due or due, due)


async def _break_if_over(session: AsyncSession, row: Commitment, interaction: Interaction) -> None:
    if row.due_at <= await database_now(session):
        row.state, row.next_at = CommitmentState.BROKEN.value, None
        note(session, Happening.COMMITMENT_BROKEN, interaction=interaction, ref=row.id)
