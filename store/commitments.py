"""Commitments: made with what is said to a customer, and closed by a reply, by hand, or taken back.

Every function but `unfulfilled` expects the caller to hold the lock of the interaction's row, or takes it.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commitment import LONGEST_PROMISE, CommitmentState, FulfilledBy, NewCommitment, state_when_closed, wake_at
from domain.plan import Plan
from domain.policy import Policy
from store.commitment_table import Commitment
from store.errors import Conflict, NotFound
from store.interactions import Interaction, lock_case
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import database_now
from store.work import open_item, wake


async def commit(
    session: AsyncSession,
    interaction: Interaction,
    team_id: str,
    new: NewCommitment,
    made_by: str,
    source: str,
    policy: Policy,
    *,
    position: int = 0,
) -> Commitment:
    """Promise something, once for each source and position; the interaction is locked by the caller.

    Raises `Conflict`: `due_in_the_past`, or `due_too_far` (more than a year).
    """
    known = await _made(session, source, position)
    if known is not None:
        return known
    now = await database_now(session)
    if new.due_at <= now:
        raise Conflict("due_in_the_past")
    if new.due_at > now + LONGEST_PROMISE:
        raise Conflict("due_too_far")
    team = policy.teams.get(team_id, policy.teams[policy.overflow])
    row = Commitment(
        interaction_id=interaction.id,
        team_id=team_id,
        made_by=made_by,
        source=source,
        position=position,
        text=new.text,
        order_number=new.order,
        fulfilled_by=new.fulfilled_by.value,
        made_at=now,
        due_at=new.due_at,
        next_at=wake_at(now, new.due_at, team.hours),
    )
    session.add(row)
    await session.flush()
    facts = {"due_at": new.due_at.isoformat(), "fulfilled_by": row.fulfilled_by, "made_by": made_by}
    note(session, Happening.COMMITTED, interaction=interaction, ref=row.id, by=_agent_in(made_by), **facts)
    await wake(session, [team_id])  # its dispatcher may sleep beyond the new timer
    await notify_desk(session)
    return row


async def _made(session: AsyncSession, source: str, position: int) -> Commitment | None:
    query = select(Commitment).where(col(Commitment.source) == source, col(Commitment.position) == position)
    return (await session.execute(query)).scalar_one_or_none()


def _agent_in(made_by: str) -> str:
    kind, _, agent_id = made_by.partition(":")
    return agent_id if kind == "agent" else ""


async def team_of(session: AsyncSession, interaction: Interaction, policy: Policy) -> str:
    """Whose people keep the case's promises: the team that has it, else the plan's next one, else the overflow."""
    item = await open_item(session, interaction.id)
    if item is not None:
        return item.team_id
    stages = Plan.model_validate(interaction.plan).stages if interaction.plan else ()
    return next((stage.team for stage in stages if stage.team), policy.overflow)


async def unfulfilled(session: AsyncSession, interaction_id: str) -> list[Commitment]:
    """What the case still owes its customer, in time or too late."""
    query = (
        select(Commitment)
        .where(col(Commitment.interaction_id) == interaction_id, col(Commitment.closed_at).is_(None))
        .order_by(col(Commitment.due_at), col(Commitment.id))
    )
    return list((await session.execute(query.execution_options(populate_existing=True))).scalars())


async def fulfil(
    session: AsyncSession, interaction: Interaction, row: Commitment, closed_by: str, *, by: str = "", **facts: object
) -> None:
    """Close a promise that is fulfilled now: kept, or, past its time, closed and still broken."""
    row.closed_at, row.closed_by, row.next_at = await database_now(session), closed_by, None
    before, state = row.state, state_when_closed(row.due_at, row.closed_at)
    row.state = state.value
    late = state is CommitmentState.BROKEN
    if late and before == CommitmentState.OPEN.value:
        note(session, Happening.COMMITMENT_BROKEN, interaction=interaction, ref=row.id)
    note(session, Happening.COMMITMENT_KEPT, interaction=interaction, ref=row.id, by=by, late=late, **facts)
    await notify_desk(session)


async def reply_fulfils(session: AsyncSession, interaction: Interaction, message_id: str, by: str) -> None:
    """A person's reply is what was promised; what the reply itself promises is made after this."""
    for row in await unfulfilled(session, interaction.id):
        if row.fulfilled_by == FulfilledBy.REPLY.value:
            await fulfil(session, interaction, row, f"message:{message_id}", by=by)


async def keep_by_hand(session: AsyncSession, commitment_id: str, agent_id: str) -> Commitment:
    """An agent says that it is fulfilled. Said twice, it changes nothing.

    Raises `NotFound`, or `Conflict` (`commitment_withdrawn`).
    """
    interaction, row = await _locked(session, commitment_id)
    if row.state == CommitmentState.WITHDRAWN.value:
        raise Conflict("commitment_withdrawn")
    if row.closed_at is None:
        await fulfil(session, interaction, row, f"agent:{agent_id}", by=agent_id)
    return row


async def withdraw(session: AsyncSession, commitment_id: str, agent_id: str) -> Commitment:
    """An agent takes a promise back before it is due. Done twice, it changes nothing.

    Raises `NotFound`, or `Conflict` (`commitment_over`): what is kept or broken stays so.
    """
    interaction, row = await _locked(session, commitment_id)
    now = await database_now(session)
    if row.state == CommitmentState.WITHDRAWN.value:
        return row
    if row.state != CommitmentState.OPEN.value or row.due_at <= now:
        raise Conflict("commitment_over")
    row.state, row.closed_at, row.closed_by = CommitmentState.WITHDRAWN.value, now, f"agent:{agent_id}"
    row.next_at = None
    note(session, Happening.COMMITMENT_WITHDRAWN, interaction=interaction, ref=row.id, by=agent_id)
    await notify_desk(session)
    return row


async def _locked(session: AsyncSession, commitment_id: str) -> tuple[Interaction, Commitment]:
    found = await session.get(Commitment, commitment_id)
    if found is None:
        raise NotFound("commitment")
    _, interaction = await lock_case(session, found.interaction_id)
    return interaction, await session.get_one(Commitment, commitment_id, populate_existing=True)
