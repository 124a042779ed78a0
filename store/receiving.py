"""Receiving: one inbound message becomes rows, in one transaction (design, section 3, step 2)."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.interaction import WITH_PEOPLE, EntryKind
from domain.masking import masked
from domain.message import InboundMessage, Receipt
from domain.parties import AuthorKind, Channel, normalise_address
from domain.policy import Policy
from domain.rating import read_rating
from store.conversations import Attachment, Conversation, Message
from store.customers import Customer, claim_keys, identities_of
from store.database import Database
from store.interactions import Interaction
from store.joining import CustomerProfile, customer_of, describe, joinable, thread_of
from store.journal import Happening, note, tell
from store.live import notify_conversation
from store.locking import database_now, take_turns
from store.parking import customer_came
from store.plain import insert, run
from store.policy_versions import PolicyShelf
from store.ratings import question_before, record_rating
from store.speaking import lock_conversation
from store.taking_back import reopen

__all__ = ["MAX_TEXT", "CustomerProfile", "Reception"]

MAX_TEXT = 100_000
"""Characters of one message that are kept; the rest of a longer one is cut off, visibly."""


class Reception:
    """Takes messages in. Used by every channel; returns after the commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    async def receive(self, inbound: InboundMessage, profile: CustomerProfile | None = None) -> Receipt:
        """Record a message once, however often it comes.

        Raises `StoreUnavailable` when nothing could be stored; the provider should try again.
        """
        inbound = _without_secrets(inbound)
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
    describe(customer, profile)
    interaction = _open(session, customer, None, inbound, policy)
    conversation = _begin_conversation(customer, inbound)
    conversation.interaction_id = interaction.id
    message = _message(inbound, conversation, interaction)
    await tell_story(session, interaction, message, policy)
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
    conversation = await thread_of(session, inbound)
    customer = await customer_of(session, inbound, conversation, profile)
    interaction = await joinable(session, customer, conversation, policy)
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
    if interaction.is_open or await _reopens(session, customer, interaction, conversation, message, shelf):
        await tell_story(session, interaction, message, policy)
    if interaction.state in WITH_PEOPLE:
        await customer_came(session, customer, interaction, await shelf.version(session, interaction.policy_version))
    await notify_conversation(session, conversation.id)
    return Receipt(message_id=message.id, interaction_id=interaction.id, conversation_id=conversation.id)


async def _reopens(
    session: AsyncSession,
    customer: Customer,
    interaction: Interaction,
    conversation: Conversation,
    message: Message,
    shelf: PolicyShelf,
) -> bool:
    """Does a message in a resolved case open it again? A machine's answer and a mere rating do not.

    A machine that answered whatever closes a case would open and close it for ever.
    """
    if message.automatic:
        note(session, Happening.LATE, interaction=interaction, ref=message.id, automatic=True)
        return False
    question = await question_before(session, interaction, conversation)
    rating = read_rating(message.body) if question else None
    if question is None or rating is None:
        return True
    policy = await shelf.version(session, interaction.policy_version)
    low = await record_rating(session, customer, interaction, question, rating, policy, message.id)
    return rating.says_more and not low


async def _one_at_a_time(session: AsyncSession, inbound: InboundMessage) -> None:
    """Messages of one chat session, and copies of one mail, are recorded one after the other.

    So are first messages of one proven person on two channels at the same moment, which must find one another.
    """
    key = inbound.thread_refs[0] if inbound.channel is Channel.CHAT else inbound.provider_message_id
    proven = claim_keys([inbound.sender, *inbound.further_identities])
    await take_turns(session, [f"thread|{inbound.account}|{key}", *proven])


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
        body=kept(inbound.text),
        raw_body=kept(inbound.raw_text),
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


def _without_secrets(inbound: InboundMessage) -> InboundMessage:
    """Everything of a message that is stored as text, without card numbers and secrets."""
    return inbound.model_copy(
        update={
            "text": masked(inbound.text),
            "raw_text": masked(inbound.raw_text),
            "subject": masked(inbound.subject),
            "display_name": masked(inbound.display_name),
            "attachments": tuple(
                attached.model_copy(update={"filename": masked(attached.filename)}) for attached in inbound.attachments
            ),
        }
    )


def kept(body: str) -> str:
    """As much of a text as is stored."""
    return body if len(body) <= MAX_TEXT else body[:MAX_TEXT] + " […]"


async def tell_story(session: AsyncSession, interaction: Interaction, message: Message, policy: Policy) -> None:
    """Append the entry for the workflow; a resolved interaction is open again."""
    now = await database_now(session)
    if not interaction.is_open:
        await reopen(session, interaction)
    interaction.last_customer_seq = tell(session, interaction, EntryKind.MESSAGE_RECEIVED, ref=message.id)
    if interaction.state not in WITH_PEOPLE:
        due = now + timedelta(seconds=policy.deadlines.step_seconds)
        interaction.next_step_due = min(interaction.next_step_due or due, due)
