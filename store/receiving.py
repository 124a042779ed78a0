"""Receiving: one inbound message becomes rows, in one transaction (design, section 3, step 2)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import WITH_PEOPLE, EntryKind, InteractionState
from domain.masking import masked
from domain.message import InboundMessage, Receipt
from domain.parties import AuthorKind, Channel, IdentityKind, normalise_address
from domain.policy import Policy
from store.conversations import Attachment, Conversation, Message
from store.customers import Customer, claim_keys, identities_of, lock_customer, note_identities, verified_owners
from store.database import Database
from store.interactions import Interaction, lock_interaction
from store.journal import Happening, note, tell
from store.live import notify_conversation
from store.locking import database_now, take_turns
from store.merging import merge_customers
from store.parking import customer_came
from store.plain import insert, run
from store.policy_versions import PolicyShelf
from store.speaking import lock_conversation

MAX_TEXT = 100_000
"""Characters of one message that are kept; the rest of a longer one is cut off, visibly."""


@dataclass(frozen=True)
class CustomerProfile:
    """What the shop knows of a verified sender; the tier is the shop's own word."""

    tier: str
    display_name: str
    shop_customer_id: str


class Reception:
    """Takes messages in. Used by every channel; returns after the commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    async def receive(self, inbound: InboundMessage, profile: CustomerProfile | None = None) -> Receipt:
        """Record a message once, however often it comes.

        Raises `StoreUnavailable` when nothing could be stored; the provider should try again.
        """
        inbound = inbound.model_copy(update={"text": masked(inbound.text)})
        try:
            return await self._receive(inbound, profile)
        except IntegrityError:
            # The same message came twice at the same moment; the other one has won.
            return await self._receive(inbound, profile)

    async def _receive(self, inbound: InboundMessage, profile: CustomerProfile | None) -> Receipt:
        async with self._database.begin() as session:
            await _one_at_a_time(session, inbound)
            arrival = await _look(session, inbound)
            if arrival.known is not None:
                return arrival.known
            policy = await self._shelf.at(session, arrival.policy)
            if arrival.of_somebody_new and not inbound.attachments:
                return await _first_words(session, inbound, profile, policy)
            return await _record(session, inbound, profile, policy, self._shelf)


class _Arrival(NamedTuple):
    """What the store knows of a message when it comes."""

    known: Receipt | None
    """It has come before."""
    of_somebody_new: bool
    """No thread, and nobody whom its proofs name."""
    policy: int | None
    """The active version."""


_LOOK = """
    SELECT
        (SELECT ARRAY[id, interaction_id, conversation_id] FROM message
          WHERE account = %(account)s AND provider_message_id = %(message)s),
        EXISTS (SELECT 1 FROM conversation WHERE account = %(account)s AND thread_key = ANY(%(threads)s))
        OR EXISTS (SELECT 1 FROM message WHERE account = %(account)s AND provider_message_id = ANY(%(threads)s))
        OR EXISTS (SELECT 1 FROM identity i JOIN unnest(%(kinds)s::text[], %(values)s::text[]) AS proof (kind, value)
                   ON i.kind = proof.kind AND i.value = proof.value WHERE i.verified),
        (SELECT version FROM policy_version WHERE active)
"""


async def _look(session: AsyncSession, inbound: InboundMessage) -> _Arrival:
    """One look at everything that decides how a message is recorded; most are the first words of somebody new."""
    proofs = [claim for claim in [inbound.sender, *inbound.further_identities] if claim.verified]
    values = {
        "account": inbound.account,
        "message": inbound.provider_message_id,
        "threads": list(inbound.thread_refs),
        "kinds": [claim.kind.value for claim in proofs],
        "values": [normalise_address(claim.kind, claim.value) for claim in proofs],
    }
    known, someone, policy = (await run(session, _LOOK, values))[0]
    receipt = None
    if known is not None:
        message_id, interaction_id, conversation_id = known
        receipt = Receipt(
            message_id=message_id, interaction_id=interaction_id, conversation_id=conversation_id, duplicate=True
        )
    return _Arrival(known=receipt, of_somebody_new=not someone, policy=policy)


async def _first_words(
    session: AsyncSession, inbound: InboundMessage, profile: CustomerProfile | None, policy: Policy
) -> Receipt:
    """A customer, a conversation and an interaction begin, by one statement: what every spike is made of."""
    customer = Customer(display_name=inbound.display_name)
    _describe(customer, profile)
    interaction = _open(session, customer, None, inbound, policy)
    conversation = _begin_conversation(customer, inbound)
    conversation.interaction_id = interaction.id
    message = _message(inbound, conversation, interaction)
    await _tell_story(session, interaction, message, policy)
    claims = [inbound.sender, *inbound.further_identities]
    rows = [customer, *identities_of(customer.id, claims), interaction, conversation, message]
    await insert(session, rows, await database_now(session))
    await notify_conversation(session, conversation.id)
    return Receipt(message_id=message.id, interaction_id=interaction.id, conversation_id=conversation.id)


async def _record(
    session: AsyncSession,
    inbound: InboundMessage,
    profile: CustomerProfile | None,
    policy: Policy,
    shelf: PolicyShelf,
) -> Receipt:
    conversation = await _thread(session, inbound)
    customer = await _customer(session, inbound, conversation, profile)
    interaction = await _joinable(session, customer, conversation, policy)
    if interaction is None:
        interaction = _open(session, customer, conversation, inbound, policy)
        session.add(interaction)
    if conversation is None:
        conversation = _begin_conversation(customer, inbound)
        session.add(conversation)
    else:
        conversation = await lock_conversation(session, conversation.id)
    conversation.interaction_id, conversation.left_at = interaction.id, None
    message = await _add_message(session, inbound, conversation, interaction)
    await _tell_story(session, interaction, message, policy)
    if interaction.state in WITH_PEOPLE:
        await customer_came(session, customer, interaction, await shelf.version(session, interaction.policy_version))
    await notify_conversation(session, conversation.id)
    return Receipt(message_id=message.id, interaction_id=interaction.id, conversation_id=conversation.id)


async def _one_at_a_time(session: AsyncSession, inbound: InboundMessage) -> None:
    """Messages of one chat session, and copies of one mail, are recorded one after the other.

    So are first messages of one proven person on two channels at the same moment, which must find one another.
    """
    key = inbound.thread_refs[0] if inbound.channel is Channel.CHAT else inbound.provider_message_id
    proven = claim_keys([inbound.sender, *inbound.further_identities])
    await take_turns(session, [f"thread|{inbound.account}|{key}", *proven])


async def _thread(session: AsyncSession, inbound: InboundMessage) -> Conversation | None:
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


async def _customer(
    session: AsyncSession,
    inbound: InboundMessage,
    conversation: Conversation | None,
    profile: CustomerProfile | None,
) -> Customer:
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
    _describe(customer, profile)
    return customer


def _describe(customer: Customer, profile: CustomerProfile | None) -> None:
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


async def _joinable(
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


def _open(
    session: AsyncSession,
    customer: Customer,
    conversation: Conversation | None,
    inbound: InboundMessage,
    policy: Policy,
) -> Interaction:
    earlier = conversation.interaction_id if conversation else None
    row = Interaction(
        customer_id=customer.id, channel=inbound.channel.value, policy_version=policy.version, linked_to=earlier
    )
    note(session, Happening.INTERACTION_OPENED, interaction=row, channel=inbound.channel.value)
    return row


def _begin_conversation(customer: Customer, inbound: InboundMessage) -> Conversation:
    email = inbound.channel is Channel.EMAIL
    return Conversation(
        customer_id=customer.id,
        channel=inbound.channel.value,
        account=inbound.account,
        thread_key=inbound.provider_message_id if email else inbound.thread_refs[0],
        address=normalise_address(inbound.sender.kind, inbound.sender.value),
        subject=inbound.subject[:500],
    )


def _message(inbound: InboundMessage, conversation: Conversation, interaction: Interaction) -> Message:
    conversation.last_seq += 1
    return Message(
        conversation_id=conversation.id,
        interaction_id=interaction.id,
        account=inbound.account,
        provider_message_id=inbound.provider_message_id,
        author=AuthorKind.CUSTOMER.value,
        body=_kept(inbound.text),
        raw_body=_kept(inbound.raw_text),
        references=list(inbound.thread_refs),
        automatic=inbound.auto_submitted,
        seq=conversation.last_seq,
    )


async def _add_message(
    session: AsyncSession, inbound: InboundMessage, conversation: Conversation, interaction: Interaction
) -> Message:
    message = _message(inbound, conversation, interaction)
    session.add(message)
    if inbound.attachments:
        await session.flush()  # before the rows that refer to it
    session.add_all(
        Attachment(
            message_id=message.id,
            filename=attached.filename,
            media_type=attached.media_type,
            size=attached.size,
            content=attached.content,
        )
        for attached in inbound.attachments
    )
    return message


def _kept(body: str) -> str:
    return body if len(body) <= MAX_TEXT else body[:MAX_TEXT] + " […]"


async def _tell_story(session: AsyncSession, interaction: Interaction, message: Message, policy: Policy) -> None:
    """Append the entry for the workflow; a resolved interaction is open again."""
    now = await database_now(session)
    if not interaction.is_open:
        interaction.state, interaction.resolution = InteractionState.NEW.value, ""
        interaction.closed_at, interaction.changed_at = None, now
        interaction.runs += 1
        interaction.misses = 0
        note(session, Happening.INTERACTION_REOPENED, interaction=interaction)
    interaction.last_customer_seq = tell(session, interaction, EntryKind.MESSAGE_RECEIVED, ref=message.id)
    if interaction.state not in WITH_PEOPLE:
        due = now + timedelta(seconds=policy.deadlines.step_seconds)
        interaction.next_step_due = min(interaction.next_step_due or due, due)
