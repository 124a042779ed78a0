"""To whom and to what an inbound message belongs: its thread, its customer, and the case that it continues.

By thread, or by a proven identity with exactly one open case; never by an address that somebody only typed.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import InteractionState
from domain.message import InboundMessage
from domain.parties import Channel, IdentityKind, normalise_address
from domain.policy import Policy
from store.conversations import Conversation, Message
from store.customers import Customer, identities_of, lock_customer, note_identities, verified_owners
from store.interactions import Interaction, lock_interaction
from store.locking import database_now
from store.merging import merge_customers


@dataclass(frozen=True)
class CustomerProfile:
    """What the shop knows of a verified sender; the tier is the shop's own word."""

    tier: str
    display_name: str
    shop_customer_id: str


async def thread_of(session: AsyncSession, inbound: InboundMessage) -> Conversation | None:
    """The conversation that the message continues.

    A chat session is its own proof. A mail continues a thread only if it names one of the thread's messages and comes
    from the address that the thread is held with: knowing a Message-ID proves nothing about a stranger.
    """
    if inbound.channel is not Channel.EMAIL:
        query = select(Conversation).where(
            col(Conversation.account) == inbound.account, col(Conversation.thread_key) == inbound.thread_refs[0]
        )
        return (await session.execute(query)).scalar_one_or_none()
    if not inbound.thread_refs:
        return None
    query = (
        select(Conversation)
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(
            col(Message.account) == inbound.account,
            col(Message.provider_message_id).in_(inbound.thread_refs),
            col(Conversation.address) == normalise_address(IdentityKind.EMAIL, inbound.sender.value),
        )
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def customer_of(
    session: AsyncSession,
    inbound: InboundMessage,
    conversation: Conversation | None,
    profile: CustomerProfile | None,
) -> Customer:
    """Who wrote, locked: whom the message proves, else whose thread it is, else somebody new."""
    claims = [inbound.sender, *inbound.further_identities]
    owners = await verified_owners(session, claims)
    current = conversation.customer_id if conversation else None
    if not owners and current is None:
        customer = Customer(display_name=inbound.display_name)
        session.add(customer)
        await session.flush()  # first of all rows that refer to it
        session.add_all(identities_of(customer.id, claims))
    else:
        customer = await _proven_or_known(session, owners, current)
        await note_identities(session, customer.id, claims)
    describe(customer, profile)
    return customer


def describe(customer: Customer, profile: CustomerProfile | None) -> None:
    """Note what the shop says of them."""
    if profile is not None:
        customer.tier, customer.display_name = profile.tier, profile.display_name
        customer.shop_customer_id = profile.shop_customer_id


async def _proven_or_known(session: AsyncSession, owners: list[str], current: str | None) -> Customer:
    """Whom the strongest proof names, else whose thread it is; records that the shop does not know are merged in."""
    known = [current] if current is not None else []
    locked = {key: await lock_customer(session, key) for key in sorted({*owners, *known})}
    named = locked[(owners or known)[0]]
    if current is not None and locked[current].shop_customer_id is not None:
        named = locked[current]
    for other in locked.values():
        if other is not named and other.shop_customer_id is None:
            await merge_customers(session, guest=other, into=named)
    return named


async def joinable(
    session: AsyncSession, customer: Customer, conversation: Conversation | None, policy: Policy
) -> Interaction | None:
    """The interaction that the message belongs to: by thread, else the proven customer's only open one."""
    if conversation is not None and conversation.interaction_id is not None:
        row = await lock_interaction(session, conversation.interaction_id)
        if row.is_open or await _within_reopen_window(session, row, policy):
            return row
        return None
    query = select(col(Interaction.id)).where(
        col(Interaction.customer_id) == customer.id, col(Interaction.state) != InteractionState.RESOLVED.value
    )
    open_ids = list((await session.execute(query)).scalars())
    return await lock_interaction(session, open_ids[0]) if len(open_ids) == 1 else None


async def _within_reopen_window(session: AsyncSession, row: Interaction, policy: Policy) -> bool:
    now = await database_now(session)
    return row.closed_at is not None and now - row.closed_at <= timedelta(days=policy.deadlines.reopen_days)
