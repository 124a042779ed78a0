"""Handing a case to people: opening its work item, and taking it back."""

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import InteractionState
from domain.parties import AuthorKind
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.work import WorkState, virtual_enqueue_time
from store.conversations import Conversation, Message
from store.customers import Customer
from store.interactions import Interaction, database_now, move
from store.journal import Happening, note
from store.live import notify_desk
from store.speaking import conversation_of, lock_conversation, queue_message
from store.work import WorkItem, open_item, wake


async def open_work(
    session: AsyncSession,
    interaction: Interaction,
    customer: Customer,
    team: str,
    reason: HandoffReason,
    policy: Policy,
    brief: dict[str, object] | None,
) -> WorkItem:
    """The interaction's work item, opened unless one is open already; customer and interaction are locked.

    An item that exists keeps its place; only a brief that came later is added.
    """
    item = await open_item(session, interaction.id)
    if item is not None:
        item.brief = item.brief or brief
        return item
    ways = policy.teams[team].on(interaction.channel)
    item = WorkItem(
        interaction_id=interaction.id,
        customer_id=customer.id,
        team_id=team,
        channel=interaction.channel,
        rank=virtual_enqueue_time(await database_now(session), policy.priority(customer.tier)),
        cost=ways.cost,
        mode=ways.mode.value,
        offer_seconds=ways.offer_seconds,
        reason=reason.value,
        brief=brief,
    )
    session.add(item)
    await session.flush()
    await move(session, interaction, InteractionState.AWAITING_PERSON, due_in=policy.deadlines.check_in_seconds)
    note(session, Happening.HANDED_OFF, interaction=interaction, ref=item.id, reason=reason.value, team=team)
    await wake(session, [team])
    await notify_desk(session)
    return item


async def cancel_work(session: AsyncSession, interaction: Interaction) -> None:
    """The case needs no person any more; an item that nobody holds yet is cancelled."""
    await session.execute(
        text(
            "UPDATE work_item SET state = :cancelled, version = version + 1, done_at = clock_timestamp()"
            " WHERE interaction_id = :interaction AND state = :waiting"
        ),
        {
            "cancelled": WorkState.CANCELLED.value,
            "waiting": WorkState.WAITING.value,
            "interaction": interaction.id,
        },
    )


async def announce(session: AsyncSession, interaction: Interaction, customer: Customer, body: str, key: str) -> str:
    """Queue a notice of Baton's own to the customer once for each `key`; returns the message's id.

    Nothing is announced while a person holds the baton, since they speak for themselves; the id is empty then.
    """
    if not customer.baton.open_to_ai():
        return ""
    conversation = await lock_conversation(session, await conversation_of(session, interaction.id))
    message_id = f"{interaction.id}-{key}"
    if await session.get(Message, message_id) is None:
        queue_message(session, conversation, customer, interaction, AuthorKind.SYSTEM, body, message_id=message_id)
    return message_id


async def conversations_of(session: AsyncSession, interaction_id: str) -> list[Conversation]:
    """Every conversation that holds messages of an interaction, oldest first."""
    query = (
        select(Conversation)
        .where(
            col(Conversation.id).in_(
                select(col(Message.conversation_id)).where(col(Message.interaction_id) == interaction_id)
            )
        )
        .order_by(col(Conversation.created_at), col(Conversation.id))
    )
    return list((await session.execute(query)).scalars())
