"""Commitments that flows make and keep. What a flow says is itself the notice that a promise is fulfilled.

Order of locks: the customer is locked by the caller, then interactions by id.
"""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commitment import CommitmentState, Fact, FulfilledBy, NewCommitment
from domain.policy import Policy
from store.commitment_table import Commitment
from store.commitments import commit, fulfil, team_of
from store.customers import Customer
from store.flow_steps import done_steps
from store.flows import Flow
from store.interactions import Interaction, lock_interaction
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import database_now
from store.spoken_facts import refund_due

_REFUNDS = {"refunded", "partly_refunded", "partly_exchanged", "order_cancelled", "refund_made"}
_ARRIVED = {"received"}
_SENT = {"shipped"}
_NOTHING_COMES_OF_IT = {"not_accepted", "declined", "called_off", "expired", "undone", "swapped_for_refund"}


async def facts_of(session: AsyncSession, flow: Flow, word: str) -> tuple[Fact, ...]:
    """What has happened in the shop when a flow says this word."""
    found: list[Fact] = []
    if word in _REFUNDS and (ref := await _refund_ref(session, flow.id)):
        found.append(Fact(kind=FulfilledBy.REFUND, order=flow.order_number, ref=ref))
    if word in _ARRIVED:
        ref = str(flow.facts.get("return_id", ""))
        found.append(Fact(kind=FulfilledBy.RETURN_RECEIVED, order=flow.order_number, ref=ref))
    if word in _SENT:
        ref = str(flow.facts.get("shipment", ""))
        kinds = (FulfilledBy.REPLACEMENT, FulfilledBy.SHIPMENT)
        found += [Fact(kind=kind, order=flow.order_number, ref=ref) for kind in kinds]
    return tuple(found)


async def _refund_ref(session: AsyncSession, flow_id: str) -> str:
    """The shop's id of the newest refund that moved money."""
    steps = await done_steps(session, flow_id)
    moved = (step for step in reversed(steps) if step.name.partition(":")[0] in {"refund", "change_order"})
    return next((str(step.result.get("ref", "")) or step.id for step in moved if step.result.get("amount_minor")), "")


_KEPT = text(
    """
    SELECT c.id, c.interaction_id
    FROM commitment c JOIN interaction i ON i.id = c.interaction_id
    CROSS JOIN LATERAL (SELECT COALESCE(i.triage -> 'entities' -> 'order_numbers', '[]') AS orders) named
    WHERE c.closed_at IS NULL AND i.customer_id = :customer AND c.fulfilled_by = ANY(:kinds)
      AND (c.order_number = :order OR c.order_number = '' AND (
          i.id = :case OR named.orders @> to_jsonb(CAST(:order AS text)) OR named.orders = '[]'))
    ORDER BY c.interaction_id, c.id
    """
)


async def keep_promises(
    session: AsyncSession, customer: Customer, interaction: Interaction, facts: tuple[Fact, ...]
) -> None:
    """Close what these facts fulfil in the customer's cases, without a notice: the flow tells them itself."""
    for fact in facts:
        values = {"customer": customer.id, "kinds": [fact.kind.value], "order": fact.order, "case": interaction.id}
        for row_id, case in (await session.execute(_KEPT, values)).all():
            owing = await lock_interaction(session, case)
            row = await session.get_one(Commitment, row_id, populate_existing=True)
            if row.closed_at is None:
                await fulfil(session, owing, row, f"{fact.kind}:{fact.ref}".rstrip(":"), told=True)


async def promise_refund(
    session: AsyncSession, flow: Flow, interaction: Interaction, word: str, body: str, source: str, policy: Policy
) -> None:
    """A word that says until when the refund comes is a commitment from then on."""
    due = refund_due(flow, word, policy.commerce, await database_now(session))
    if due is not None:
        new = NewCommitment(text=body, due_at=_end_of(due), fulfilled_by=FulfilledBy.REFUND, order=flow.order_number)
        team = await team_of(session, interaction, policy)
        await commit(session, interaction, team, new, f"flow:{flow.id}", source, policy)


def _end_of(due: datetime) -> datetime:
    """The promise names a day, which counts whole (UTC)."""
    return due.replace(hour=23, minute=59, second=59, microsecond=0)


async def withdraw_promises(session: AsyncSession, flow: Flow, interaction: Interaction, word: str) -> None:
    """The flow says that nothing comes of it: what it had promised is owed no more."""
    if word not in _NOTHING_COMES_OF_IT:
        return
    query = select(Commitment).where(
        col(Commitment.interaction_id) == interaction.id,
        col(Commitment.made_by) == f"flow:{flow.id}",
        col(Commitment.closed_at).is_(None),
    )
    for row in (await session.execute(query.execution_options(populate_existing=True))).scalars():
        row.state, row.closed_at = CommitmentState.WITHDRAWN.value, await database_now(session)
        row.closed_by, row.next_at = f"flow:{flow.id}", None
        note(session, Happening.COMMITMENT_WITHDRAWN, interaction=interaction, ref=row.id)
        await notify_desk(session)
