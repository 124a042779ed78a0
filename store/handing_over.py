"""Handing a case to people: opening its work item, and taking it back."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.baton import HolderKind
from domain.interaction import InteractionState
from domain.parties import AuthorKind
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.work import WorkState, virtual_enqueue_time
from store.conversations import Message
from store.customers import Customer
from store.errors import Conflict
from store.interactions import Interaction, move
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import database_now
from store.speaking import conversation_of, free_baton, lock_conversation, queue_message
from store.work import WorkItem, lock_agent, lock_item, open_item, teams_of, wake


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


async def drop_work(session: AsyncSession, interaction: Interaction, customer: Customer) -> None:
    """The case needs no person any more: its item is cancelled, and whoever held it is free again.

    Customer and interaction are locked by the caller. Raises `Conflict` if the item moves on at this moment.
    """
    found = await open_item(session, interaction.id)
    if found is None:
        return
    held_by = found.agent_id
    agent = await lock_agent(session, held_by) if held_by else None
    item = await lock_item(session, found.id)
    if item.agent_id != held_by:
        raise Conflict("item_moved_on")  # offered or taken back since it was read: the caller tries again
    if agent is not None:
        agent.load -= item.cost
        await wake(session, await teams_of(session, agent.id))
    item.state, item.version, item.done_at = WorkState.CANCELLED.value, item.version + 1, await database_now(session)
    if agent is not None and customer.baton.passed_to(HolderKind.AGENT, agent.id) == customer.baton:
        await free_baton(session, customer)
    await notify_desk(session)


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
