"""A customer leaves a chat: the case goes on by mail, in the same interaction, with whoever holds it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.case import Turn
from domain.interaction import EntryKind
from domain.parties import AuthorKind, Channel, IdentityKind
from domain.policy import Policy
from domain.transcript import transcript, transcript_subject
from domain.triage import Triage
from store.conversations import Conversation, Message
from store.customers import Customer, Identity
from store.ids import new_id
from store.interactions import Interaction, lock_case
from store.journal import tell
from store.locking import database_now
from store.speaking import lock_conversation, queue_message


async def leave_chat(session: AsyncSession, conversation_id: str, mail_account: str, policy: Policy) -> bool:
    """The customer has left; a transcript that they can answer goes to their proven address.

    False if there is nothing to go on with: no open interaction, no proven mail address, or the chat was left before.
    """
    left = await session.get_one(Conversation, conversation_id)
    if left.interaction_id is None:
        return False
    customer, interaction = await lock_case(session, left.interaction_id)
    left = await lock_conversation(session, conversation_id)
    address = await _proven_mail(session, customer.id)
    if not interaction.is_open or address is None or left.left_at is not None:
        return False
    left.left_at = await database_now(session)
    mail = await _mail_thread(session, customer, interaction, mail_account, address, policy)
    body = transcript(await _turns(session, left), _labels(policy), _language(interaction))
    message = queue_message(session, mail, customer, interaction, AuthorKind.SYSTEM, body)
    tell(session, interaction, EntryKind.NOTICE_QUEUED, ref=message.id)
    return True


async def _proven_mail(session: AsyncSession, customer_id: str) -> str | None:
    query = select(col(Identity.value)).where(
        col(Identity.customer_id) == customer_id,
        col(Identity.kind) == IdentityKind.EMAIL.value,
        col(Identity.verified),
    )
    return (await session.execute(query.limit(1))).scalar_one_or_none()


async def _mail_thread(
    session: AsyncSession,
    customer: Customer,
    interaction: Interaction,
    account: str,
    address: str,
    policy: Policy,
) -> Conversation:
    """The interaction's thread on the mail account, begun if there is none."""
    query = select(Conversation).where(
        col(Conversation.interaction_id) == interaction.id, col(Conversation.account) == account
    )
    known = (await session.execute(query.limit(1))).scalar_one_or_none()
    if known is not None:
        return await lock_conversation(session, known.id)
    thread = Conversation(
        customer_id=customer.id,
        interaction_id=interaction.id,
        channel=Channel.EMAIL.value,
        account=account,
        thread_key=f"transcript:{new_id()}",
        address=address,
        subject=transcript_subject(policy.brand.name, _language(interaction)),
    )
    session.add(thread)
    await session.flush()
    return thread


async def _turns(session: AsyncSession, conversation: Conversation) -> list[Turn]:
    query = (
        select(Message)
        .where(col(Message.conversation_id) == conversation.id, col(Message.seq).is_not(None))
        .order_by(col(Message.seq))
    )
    return [
        Turn(
            message_id=row.id,
            author=AuthorKind(row.author),
            text=row.body,
            at=row.created_at,
            channel=Channel(conversation.channel),
        )
        for row in (await session.execute(query)).scalars()
    ]


def _labels(policy: Policy) -> dict[AuthorKind, str]:
    others = (AuthorKind.AGENT, AuthorKind.FLOW, AuthorKind.SYSTEM)
    return {AuthorKind.AI: policy.brand.ai_label} | dict.fromkeys(others, policy.brand.name)


def _language(interaction: Interaction) -> str:
    return Triage.model_validate(interaction.triage).language if interaction.triage else "en"
