"""The outbound queue of a conversation: claim the lowest unsent message, send it, settle it; one in flight at most."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.delivery import UNSENT, Verdict, may_send
from domain.message import DeliveryState, OutboundMessage, SendOutcome, SendResult
from domain.parties import AuthorKind, Channel
from store.conversations import Conversation, Message
from store.customers import lock_customer
from store.errors import NotFound
from store.interactions import Interaction
from store.journal import Happening, note
from store.live import notify_conversation
from store.locking import current_row, database_now
from store.speaking import lock_conversation
from store.switches import ai_stopped

SENDING_LEASE = 15.0
"""Seconds for which a claimed message is its sender's."""
SENDING_TIMEOUT = 12.0
"""Seconds after which a sender gives up, well within its lease."""


@dataclass(frozen=True)
class Claimed:
    """A message to be sent now. With `reconcile` its earlier sender died: ask the provider first."""

    message: OutboundMessage
    reconcile: bool


@dataclass(frozen=True)
class Busy:
    """Another sender is at work in this conversation."""

    retry_in: float


async def claim_next(
    session: AsyncSession,
    conversation_id: str,
    attempt: str,
    label: Callable[[AuthorKind], str],
    *,
    by_commit: bool,
) -> Claimed | Busy | None:
    """Claim the lowest unsent message, passing over what may no longer be sent; None when the queue is empty.

    With `by_commit` the store itself is the provider: the message is sent when this transaction commits.
    """
    customer = await lock_customer(session, await _owner(session, conversation_id))
    conversation = await lock_conversation(session, conversation_id)
    for message in await _unsent(session, conversation_id):
        interaction = await current_row(session, Interaction, message.interaction_id)
        if message.state == DeliveryState.QUEUED.value:
            verdict = may_send(
                author=AuthorKind(message.author),
                epoch=message.epoch,
                answers_seq=message.answers_seq,
                baton_epoch=customer.epoch,
                last_customer_seq=interaction.last_customer_seq,
            )
            if verdict is Verdict.SEND and message.author == AuthorKind.AI.value:
                verdict = Verdict.AI_STOPPED if await ai_stopped(session, interaction) else verdict
            if verdict is not Verdict.SEND:
                message.state, message.code = DeliveryState.CANCELLED.value, verdict.value
                note(session, Happening.MESSAGE_CANCELLED, interaction=interaction, ref=message.id, code=verdict.value)
                continue
            if by_commit:
                await _mark_sent(session, conversation, message, interaction)
                continue
        return await _take(session, conversation, message, attempt, label)
    return None


async def _owner(session: AsyncSession, conversation_id: str) -> str:
    query = select(col(Conversation.customer_id)).where(col(Conversation.id) == conversation_id)
    owner = (await session.execute(query)).scalar_one_or_none()
    if owner is None:
        raise NotFound("conversation")
    return owner


async def _unsent(session: AsyncSession, conversation_id: str) -> list[Message]:
    query = (
        select(Message)
        .where(col(Message.conversation_id) == conversation_id, col(Message.state).in_([s.value for s in UNSENT]))
        .order_by(col(Message.out_seq))
    )
    return list((await session.execute(query.execution_options(populate_existing=True))).scalars())


async def _take(
    session: AsyncSession,
    conversation: Conversation,
    message: Message,
    attempt: str,
    label: Callable[[AuthorKind], str],
) -> Claimed | Busy:
    now = await database_now(session)
    orphaned = message.state in {DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value}
    if orphaned and message.attempt != attempt and message.lease_until and message.lease_until > now:
        return Busy(retry_in=(message.lease_until - now).total_seconds())
    message.state = (DeliveryState.UNKNOWN if orphaned else DeliveryState.SENDING).value
    message.attempt, message.lease_until = attempt, now + timedelta(seconds=SENDING_LEASE)
    return Claimed(message=await _outbound(session, conversation, message, label), reconcile=orphaned)


async def _outbound(
    session: AsyncSession, conversation: Conversation, message: Message, label: Callable[[AuthorKind], str]
) -> OutboundMessage:
    query = (
        select(Message)
        .where(col(Message.conversation_id) == conversation.id, col(Message.seq).is_not(None))
        .order_by(col(Message.seq))
    )
    thread = list((await session.execute(query)).scalars())
    theirs = [row for row in thread if row.author == AuthorKind.CUSTOMER.value]
    newest = theirs[-1] if theirs else None
    return OutboundMessage(
        message_id=message.id,
        conversation_id=conversation.id,
        channel=Channel(conversation.channel),
        account=conversation.account,
        recipient=conversation.address,
        text=message.body,
        author_label=label(AuthorKind(message.author)),
        subject=conversation.subject,
        in_reply_to=newest.provider_message_id if newest else "",
        references=tuple(row.provider_message_id for row in thread)[-20:],
        automatic=message.author != AuthorKind.AGENT.value,
    )


async def name_for_provider(session: AsyncSession, message_id: str, provider_message_id: str) -> None:
    """Record the provider's id before the send, so that an answer to the message finds its thread."""
    message = await session.get_one(Message, message_id)
    message.provider_message_id = provider_message_id


async def give_back(session: AsyncSession, message_id: str, attempt: str) -> None:
    """The provider surely did not take it: it is queued again, first in line."""
    message = await _held(session, message_id, attempt)
    if message is not None:
        message.state, message.lease_until = DeliveryState.QUEUED.value, None


async def mark_unknown(session: AsyncSession, message_id: str, attempt: str) -> None:
    """Nobody can tell yet whether the provider took it."""
    message = await _held(session, message_id, attempt)
    if message is not None:
        message.state = DeliveryState.UNKNOWN.value


async def _held(session: AsyncSession, message_id: str, attempt: str) -> Message | None:
    """The message, locked, if this attempt still holds it."""
    query = select(Message).where(col(Message.id) == message_id).with_for_update()
    message = (await session.execute(query.execution_options(populate_existing=True))).scalar_one()
    held = message.state in {DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value} and message.attempt == attempt
    return message if held else None


async def settle(session: AsyncSession, message_id: str, attempt: str, outcome: SendOutcome, *, resend: bool) -> None:
    """Record how a send or a reconciliation ended; a settlement by another attempt than the claiming one is ignored."""
    found = await session.get_one(Message, message_id)
    conversation = await lock_conversation(session, found.conversation_id)
    message = await _held(session, message_id, attempt)
    if message is None:
        return
    interaction = await session.get_one(Interaction, message.interaction_id)
    was_reconciled = message.state == DeliveryState.UNKNOWN.value
    message.lease_until = None
    match outcome.result:
        case SendResult.SENT:
            await _mark_sent(session, conversation, message, interaction)
        case SendResult.FAILED if not was_reconciled:
            _mark_failed(session, message, interaction, outcome.code)
        case SendResult.FAILED:
            message.state = DeliveryState.QUEUED.value
        case SendResult.UNKNOWN if resend:
            message.state, message.ambiguous = DeliveryState.QUEUED.value, True
            note(session, Happening.MESSAGE_UNKNOWN, interaction=interaction, ref=message.id)
        case SendResult.UNKNOWN:
            message.ambiguous = True
            _mark_failed(session, message, interaction, "fate_unknown")


def _mark_failed(session: AsyncSession, message: Message, interaction: Interaction, code: str) -> None:
    message.state, message.code = DeliveryState.FAILED.value, code
    note(session, Happening.MESSAGE_FAILED, interaction=interaction, ref=message.id, code=code)


async def _mark_sent(
    session: AsyncSession, conversation: Conversation, message: Message, interaction: Interaction
) -> None:
    conversation.last_seq += 1
    message.seq, message.state = conversation.last_seq, DeliveryState.SENT.value
    message.sent_at = await database_now(session)
    note(session, Happening.MESSAGE_SENT, interaction=interaction, ref=message.id, author=message.author)
    await notify_conversation(session, conversation.id)
