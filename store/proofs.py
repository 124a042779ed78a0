"""Proofs of identity: what was tried and asked for in a case, and what a customer has proven.

Everything hangs on the case, so that it follows a case whose customer turns out to be somebody else's record.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Index, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.parties import AuthorKind, Channel
from domain.proving import WATCHED, Means, Proven
from domain.values import Value
from store.columns import moment
from store.conversations import Conversation, Message
from store.customers import Customer
from store.ids import new_id
from store.interactions import Interaction
from store.journal import Happening, note
from store.locking import database_now


class IdentityProof(SQLModel, table=True):
    """One try at proving who writes. A proof by order number covers that order only; a code covers the customer."""

    __tablename__ = "identity_proof"
    __table_args__ = (Index("identity_proof_tried", "tried", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(index=True)
    means: str
    """A word of `domain.proving.Means`."""
    tried: str
    """The order number, whether there is such an order or not; for a code, the stand-in for its address."""
    claim: str = Field(unique=True)
    """Stands for the case and all that was tried: the same again is no new try."""
    proven: bool
    order_number: str = ""
    """The order that the proof covers; empty for a code, and for a try that failed."""
    shop_customer_id: str = ""
    at: datetime | None = moment(default_now=True)
    """When it was tried last."""


class ClaimedOrder(SQLModel, table=True):
    """An order that a customer has named who is not proven to be its buyer; kept, since the rest may come later."""

    __tablename__ = "claimed_order"

    interaction_id: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    at: datetime | None = moment(default_now=True)


class ProofRequest(SQLModel, table=True):
    """A question for proof, by the first of the customer's words that it answers."""

    __tablename__ = "proof_request"

    interaction_id: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    at: datetime | None = moment(default_now=True)


class MailThread(Value):
    """Where a case is held by mail."""

    address: str
    """The customer's; nobody has proven that it is theirs."""
    message_id: str
    """The Message-ID of the customer's newest mail."""


async def proven(session: AsyncSession, customer: Customer) -> Proven | None:
    """Who the customer is proven to be: by their channel or a code for everything, else for the orders they proved."""
    if customer.shop_customer_id is not None:
        return Proven(shop_customer_id=customer.shop_customer_id)
    query = (
        select(IdentityProof)
        .join(Interaction, col(Interaction.id) == col(IdentityProof.interaction_id))
        .where(col(Interaction.customer_id) == customer.id, col(IdentityProof.proven))
        .order_by(col(IdentityProof.at).desc(), col(IdentityProof.id).desc())
    )
    rows = [row for row in (await session.execute(query)).scalars() if row.order_number]
    if not rows:
        return None
    newest = rows[0].shop_customer_id
    orders = (row.order_number for row in rows if row.shop_customer_id == newest)
    return Proven(shop_customer_id=newest, orders=tuple(dict.fromkeys(orders)))


async def wrong_tries(session: AsyncSession, customer_id: str) -> int:
    """Wrong proofs within the watched time in all cases of a customer's record."""
    cases = select(col(Interaction.id)).where(col(Interaction.customer_id) == customer_id)
    return await _wrong(session, col(IdentityProof.interaction_id).in_(cases))


async def wrong_against(session: AsyncSession, tried: str) -> int:
    """Wrong proofs within the watched time for one order or address, whoever tried."""
    return await _wrong(session, col(IdentityProof.tried) == tried)


async def _wrong(session: AsyncSession, which: ColumnElement[bool]) -> int:
    since = await database_now(session) - WATCHED
    query = select(func.count()).where(which, ~col(IdentityProof.proven), col(IdentityProof.at) > since)
    return int((await session.execute(query.select_from(IdentityProof))).scalar_one())


async def tried_before(session: AsyncSession, claim: str) -> bool:
    """Whether exactly this was tried in the case already; if so, it is dated anew and counts no second time."""
    again = update(IdentityProof).where(col(IdentityProof.claim) == claim)
    found = await session.execute(again.values(at=func.clock_timestamp()).returning(col(IdentityProof.id)))
    return found.first() is not None


async def failed_since(session: AsyncSession, interaction_id: str, since: datetime) -> frozenset[Means]:
    """The ways that were tried in vain in a case since a moment, what nobody asked for left out."""
    query = select(col(IdentityProof.means)).where(
        col(IdentityProof.interaction_id) == interaction_id,
        ~col(IdentityProof.proven),
        col(IdentityProof.at) >= since,
    )
    return frozenset(map(Means, (await session.execute(query)).scalars())) - {Means.ORDER_SENDER}


def turn_of(tried: str) -> str:
    """What to lock before a proof for an order or an address is tried (`store.locking.take_turns`)."""
    return f"proof|{tried}"


def note_try(session: AsyncSession, interaction: Interaction, proof: IdentityProof) -> None:
    """Tell the journal of a try: how it went, and by which means."""
    kind = Happening.IDENTITY_PROVEN if proof.proven else Happening.IDENTITY_NOT_PROVEN
    note(session, kind, interaction=interaction, ref=proof.order_number, means=proof.means)


async def orders_claimed(session: AsyncSession, interaction_id: str) -> tuple[str, ...]:
    """The orders that the customer has named in a case without being proven, the newest first."""
    query = select(col(ClaimedOrder.number)).where(col(ClaimedOrder.interaction_id) == interaction_id)
    return tuple((await session.execute(query.order_by(col(ClaimedOrder.at).desc()))).scalars())


async def claim_orders(session: AsyncSession, interaction_id: str, numbers: Sequence[str]) -> None:
    """Keep the orders that the customer names now."""
    for number in sorted(numbers):
        row = insert(ClaimedOrder).values(interaction_id=interaction_id, number=number)
        keys = ["interaction_id", "number"]
        await session.execute(row.on_conflict_do_update(index_elements=keys, set_={"at": func.clock_timestamp()}))


async def count_request(session: AsyncSession, interaction_id: str, message_id: str) -> int:
    """Note that proof is asked for in answer to these words; returns how often it has been so far."""
    row = insert(ProofRequest).values(interaction_id=interaction_id, message_id=message_id)
    await session.execute(row.on_conflict_do_nothing())
    query = select(func.count()).where(col(ProofRequest.interaction_id) == interaction_id)
    return int((await session.execute(query.select_from(ProofRequest))).scalar_one())


async def mail_thread(session: AsyncSession, message_ids: Sequence[str]) -> MailThread | None:
    """The thread of the newest of these messages that a customer sent by mail."""
    query = (
        select(col(Conversation.address), col(Message.provider_message_id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            col(Message.id).in_(message_ids),
            col(Message.author) == AuthorKind.CUSTOMER.value,
            col(Conversation.channel) == Channel.EMAIL.value,
        )
        .order_by(col(Message.created_at).desc())
        .limit(1)
    )
    found = (await session.execute(query)).one_or_none()
    return MailThread(address=found[0], message_id=found[1]) if found else None
