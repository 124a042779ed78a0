"""What agents do: each verb is one transaction that ends as an entry for the interaction's workflow.

Order of locks everywhere: customer, interaction, agent, work item, conversation.
"""

from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.baton import HolderKind
from domain.commitment import NewCommitment
from domain.interaction import EntryKind, InteractionState
from domain.parties import AuthorKind
from domain.policy import Policy
from domain.requirement import PULLED, Requirement, Widening, widening
from domain.sla import ClockState
from domain.team import Team
from domain.work import MISSED_OFFERS_UNTIL_AWAY, DispatchMode, Presence, WorkState
from store import sla
from store.commitments import commit, reply_fulfils
from store.conversations import Message
from store.customers import Customer
from store.errors import Conflict, NotFound
from store.interactions import Interaction, lock_case, move
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.queue_line import team_rules
from store.speaking import (
    conversation_of,
    free_baton,
    judge_suggestion,
    lock_conversation,
    pass_baton,
    queue_message,
)
from store.work import Agent, WorkItem, begin_rings, lock_agent, lock_item, schedule, teams_of, wake

PASS_SECONDS = 120
"""How long an agent who let an item pass is not asked again."""


async def accept(session: AsyncSession, item_id: str, agent_id: str, version: int, policy: Policy) -> WorkItem:
    """Accept an offer. The first of two clicks wins; the second raises `Conflict`."""
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    if item.state != WorkState.OFFERED.value or item.agent_id != agent_id or item.version != version:
        raise Conflict("offer_gone")
    agent.missed_offers = 0
    await take_over(session, customer, interaction, agent, item, policy)
    return item


async def take_over(
    session: AsyncSession, customer: Customer, interaction: Interaction, agent: Agent, item: WorkItem, policy: Policy
) -> None:
    """The agent, whose capacity is already taken, gets the case and the baton."""
    now = await database_now(session)
    item.state, item.agent_id, item.offered_until = WorkState.ASSIGNED.value, agent.id, None
    item.assigned_at, item.version = now, item.version + 1
    item.own_agent_id, item.returning, item.parked_for = agent.id, False, ""
    schedule(item)
    agent.idle_since = now
    interaction.agent_id = agent.id
    await move(session, interaction, InteractionState.WITH_PERSON, due_in=policy.deadlines.check_in_seconds)
    await pass_baton(session, customer, HolderKind.AGENT, agent.id, by=agent.id)
    tell(session, interaction, EntryKind.WORK_ACCEPTED, ref=item.id, by=agent.id)
    await notify_desk(session)


async def decline(session: AsyncSession, item_id: str, agent_id: str, version: int, reason: str) -> None:
    """Let an offer pass; it is offered to somebody else and keeps its place."""
    _, interaction, agent, item = await lock_work(session, item_id, agent_id)
    if item.state != WorkState.OFFERED.value or item.agent_id != agent_id or item.version != version:
        raise Conflict("offer_gone")
    agent.missed_offers = 0
    await release_offer(session, agent, item)
    note(session, Happening.OFFER_DECLINED, interaction=interaction, ref=item.id, by=agent_id, reason=reason)
    await wake(session, await teams_of(session, agent_id))
    await notify_desk(session)


async def release_offer(session: AsyncSession, agent: Agent, item: WorkItem) -> None:
    """An offer goes back to waiting with its rank; the agent's capacity is free again."""
    agent.load -= item.taken
    item.state, item.agent_id, item.offered_until, item.version = WorkState.WAITING.value, None, None, item.version + 1
    item.taken = 0
    schedule(item)
    await let_pass(session, item.id, agent.id)


async def let_pass(session: AsyncSession, item_id: str, agent_id: str) -> None:
    """The agent is not asked for this item again for a while."""
    await session.execute(
        text(
            "INSERT INTO work_pass (work_item_id, agent_id, until)"
            " VALUES (:item, :agent, clock_timestamp() + make_interval(secs => :seconds))"
            " ON CONFLICT (work_item_id, agent_id) DO UPDATE SET until = excluded.until"
        ),
        {"item": item_id, "agent": agent_id, "seconds": PASS_SECONDS},
    )


async def miss_offer(session: AsyncSession, agent: Agent, item: WorkItem, interaction: Interaction) -> None:
    """An offer's deadline passed; the second one missed in a row sets the agent away."""
    await release_offer(session, agent, item)
    agent.missed_offers += 1
    if agent.missed_offers >= MISSED_OFFERS_UNTIL_AWAY and agent.presence == Presence.AVAILABLE.value:
        agent.presence, agent.presence_since = Presence.AWAY.value, await database_now(session)
        note(session, Happening.PRESENCE_CHANGED, by=agent.id, presence=Presence.AWAY.value)
    note(session, Happening.OFFER_EXPIRED, interaction=interaction, ref=item.id, by=agent.id)


async def return_offers(session: AsyncSession, agent: Agent) -> None:
    """The agent gets nothing new: what was offered to them goes back at once, to whichever team offered it."""
    query = select(WorkItem).where(col(WorkItem.agent_id) == agent.id, col(WorkItem.state) == WorkState.OFFERED.value)
    offered = await session.execute(query.with_for_update().execution_options(populate_existing=True))
    for item in offered.scalars():
        await miss_offer(session, agent, item, await session.get_one(Interaction, item.interaction_id))


async def reply(
    session: AsyncSession,
    item_id: str,
    agent_id: str,
    body: str,
    key: str,
    policy: Policy,
    promise: NewCommitment | None = None,
) -> Message:
    """The holder answers the customer, with a promise if one is made; the same `key` again is the same message."""
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    message_id = f"{item_id}-{key}"
    known = await session.get(Message, message_id)
    if known is not None:
        return known
    must_have(item, agent_id)
    await must_speak(session, customer, agent)
    conversation = await lock_conversation(session, await conversation_of(session, interaction.id))
    message = queue_message(
        session,
        conversation,
        customer,
        interaction,
        AuthorKind.AGENT,
        body,
        author_id=agent_id,
        message_id=message_id,
    )
    tell(session, interaction, EntryKind.AGENT_REPLIED, ref=message.id, by=agent_id)
    team = team_rules(policy, item)
    await _await_customer(session, item, team)
    await sla.person_answered(session, item, team)
    await reply_fulfils(session, interaction, message.id, agent_id)
    if promise is not None:
        await commit(session, interaction, item.team_id, promise, f"agent:{agent_id}", message.id, policy)
    await notify_desk(session)
    return message


async def _await_customer(session: AsyncSession, item: WorkItem, team: Team) -> None:
    """From now on the customer's silence counts."""
    idle = team.on(item.channel).idle_seconds
    item.idle_at = await database_now(session) + timedelta(seconds=idle) if idle else None
    schedule(item)
    if idle and timedelta(seconds=idle) < sla.WAKES_WITHIN:
        await wake(session, [item.team_id])


async def use_suggestion(
    session: AsyncSession, item_id: str, agent_id: str, suggestion_id: str, body: str | None, policy: Policy
) -> None:
    """The holder says, or with `body` None dismisses, what another interaction of the customer suggested."""
    customer, _, _, item = await lock_work(session, item_id, agent_id)
    must_have(item, agent_id)
    if body is not None:
        await reply(session, item_id, agent_id, body, f"suggestion-{suggestion_id}", policy)
    await judge_suggestion(
        session, suggestion_id, customer.id, agent_id, used=body is not None, due_in=policy.deadlines.step_seconds
    )
    await notify_desk(session)


async def finish(session: AsyncSession, item_id: str, agent_id: str, policy: Policy) -> None:
    """The agent resolved the case; capacity and baton are free again. Done twice, it changes nothing."""
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    if item.state in {WorkState.DONE.value, WorkState.WRAPPING.value}:
        return
    must_have(item, agent_id)
    if item.asks_decision:
        raise Conflict("decide_first")
    await close_work(session, customer, agent, item, policy)
    tell(session, interaction, EntryKind.AGENT_RESOLVED, ref=item.id, by=agent_id)
    await move(session, interaction, InteractionState.AWAITING_CUSTOMER, due_in=policy.deadlines.step_seconds)
    await notify_desk(session)


async def close_work(session: AsyncSession, customer: Customer, agent: Agent, item: WorkItem, policy: Policy) -> None:
    """The agent is done with the case, and after their notes with the item; all rows are locked."""
    team = team_rules(policy, item)
    wrap_up = team.on(item.channel).wrap_up_seconds
    item.wrap_until = await database_now(session) + timedelta(seconds=wrap_up) if wrap_up else None
    await put_down(session, customer, agent, item, WorkState.WRAPPING if wrap_up else WorkState.DONE)
    await sla.ended(session, item, ClockState.MET, team)


async def end_wrap_up(session: AsyncSession, item_id: str, agent_id: str | None) -> None:
    """The agent's notes are written, or with None their time is over: the capacity is free again.

    Done twice, it changes nothing. Raises `NotFound`, and `Conflict` if the agent has nothing to write there.
    """
    found = await session.get(WorkItem, item_id)
    if found is None:
        raise NotFound("work item")
    if found.agent_id is None or agent_id not in {None, found.agent_id}:
        raise Conflict("not_your_case")
    agent, item = await lock_agent(session, found.agent_id), await lock_item(session, item_id)
    now = await database_now(session)
    if item.state == WorkState.DONE.value:
        return
    if item.state != WorkState.WRAPPING.value:
        if agent_id is not None:
            raise Conflict("not_wrapping")
        return
    if agent_id is None and item.wrap_until is not None and item.wrap_until > now:
        return
    agent.load, item.taken, agent.idle_since = agent.load - item.taken, 0, now
    item.state, item.wrap_until, item.done_at, item.version = WorkState.DONE.value, None, now, item.version + 1
    schedule(item)
    await session.flush()
    await wake(session, await teams_of(session, agent.id))
    await notify_desk(session)


async def hand_back(session: AsyncSession, item_id: str, agent_id: str, policy: Policy) -> None:
    """The agent gives the case back to the AI."""
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    must_have(item, agent_id)
    await put_down(session, customer, agent, item, WorkState.DONE)
    await sla.ended(session, item, ClockState.CANCELLED)
    tell(session, interaction, EntryKind.HANDED_BACK, ref=item.id, by=agent_id)
    await move(session, interaction, InteractionState.NEW, due_in=policy.deadlines.step_seconds)
    await notify_desk(session)


async def lose_agent(session: AsyncSession, item_id: str, agent_id: str, policy: Policy) -> None:
    """The agent who holds the item is gone; it waits for another at its old place."""
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    if item.state != WorkState.ASSIGNED.value or item.agent_id != agent_id:
        return
    await put_down(session, customer, agent, item, WorkState.WAITING)
    await ask_anew(session, item, policy)
    await move(session, interaction, InteractionState.AWAITING_PERSON, due_in=policy.deadlines.check_in_seconds)
    tell(session, interaction, EntryKind.WORK_REQUEUED, ref=item.id, by=agent_id)
    await wake(session, [item.team_id])
    await notify_desk(session)


async def renew_presence(session: AsyncSession, agent_id: str, lease_seconds: float) -> Agent:
    """The desk's heartbeat: prolongs the lease of an agent who is there, and never changes what they are."""
    agent = await lock_agent(session, agent_id)
    now = await database_now(session)
    if agent.presence != Presence.OFFLINE.value and agent.lease_until is not None and agent.lease_until > now:
        agent.lease_until = now + timedelta(seconds=lease_seconds)
    return agent


async def be_present(
    session: AsyncSession, agent_id: str, presence: Presence, lease_seconds: float, *, by: str = ""
) -> Agent:
    """Set an agent's presence, as they or (`by`) a supervisor chose it. Who is not available has no open offers."""
    agent = await lock_agent(session, agent_id)
    now = await database_now(session)
    changed = agent.presence != presence.value or agent.lease_until is None or agent.lease_until < now
    agent.presence = presence.value
    agent.lease_until = now if presence is Presence.OFFLINE else now + timedelta(seconds=lease_seconds)
    if changed:
        agent.presence_since = now
        if presence is not Presence.AVAILABLE:
            await return_offers(session, agent)
        agent.missed_offers = 0
        note(session, Happening.PRESENCE_CHANGED, by=agent_id, presence=presence.value, set_by=by or agent_id)
        await wake(session, await teams_of(session, agent_id))
        await notify_desk(session)
    return agent


async def ask_anew(session: AsyncSession, item: WorkItem, policy: Policy, *, own_agent: str = "") -> None:
    """An item that waits once more: whoever can do it is asked, its own agent first if one is given; its rank stays."""
    item.agent_id, item.assigned_at, item.own_agent_id = None, None, own_agent
    begin_rings(item, _rings(item, team_rules(policy, item), own_agent), await database_now(session))
    schedule(item)


def _rings(item: WorkItem, team: Team, own_agent: str) -> Widening:
    if item.mode == DispatchMode.PULL.value:
        mine = (Requirement(agent=own_agent).key,) if own_agent else ()
        return Widening(keys=(*mine, PULLED), seconds=(item.offer_seconds,) * len(mine))
    asks = Widening.model_validate(item.widening).asks if item.widening else ""
    return widening(Requirement.read(asks), team.rings, own_agent)


async def lock_work(
    session: AsyncSession, item_id: str, agent_id: str
) -> tuple[Customer, Interaction, Agent, WorkItem]:
    """An item with its case and an agent, locked in the order of locks. Raises `NotFound`."""
    item = await session.get(WorkItem, item_id)
    if item is None:
        raise NotFound("work item")
    customer, interaction = await lock_case(session, item.interaction_id)
    agent = await lock_agent(session, agent_id)
    return customer, interaction, agent, await lock_item(session, item_id)


def must_have(item: WorkItem, agent_id: str) -> None:
    """Raises `Conflict` unless the agent has the case now."""
    if item.state != WorkState.ASSIGNED.value or item.agent_id != agent_id:
        raise Conflict("not_your_case")


async def must_speak(session: AsyncSession, customer: Customer, agent: Agent) -> None:
    """An agent with a case of the customer picks the baton up, unless a colleague with another case holds it."""
    if customer.baton.kind is HolderKind.AGENT and customer.baton.holder_id != agent.id:
        raise Conflict("not_the_holder")
    await pass_baton(session, customer, HolderKind.AGENT, agent.id, by=agent.id)


async def put_down(session: AsyncSession, customer: Customer, agent: Agent, item: WorkItem, state: WorkState) -> None:
    """The agent no longer has the case, which goes on in `state`: their capacity, and if it is theirs the baton, is
    free. The case's rows are locked by the caller.
    """
    now = await database_now(session)
    if state is not WorkState.WRAPPING:
        agent.load, item.taken = agent.load - item.taken, 0
        agent.idle_since = now
    item.state, item.version, item.idle_at = state.value, item.version + 1, None
    item.done_at = now if state in {WorkState.DONE, WorkState.WRAPPING} else None
    schedule(item)
    await session.flush()
    await wake(session, await teams_of(session, agent.id))
    holds = customer.baton == customer.baton.passed_to(HolderKind.AGENT, agent.id)
    if holds and not await _speaks_on(session, customer, agent):
        await free_baton(session, customer, by=agent.id)


async def _speaks_on(session: AsyncSession, customer: Customer, agent: Agent) -> bool:
    """Does the agent hold another case of the same customer?"""
    query = text(
        "SELECT count(*) FROM work_item w JOIN interaction i ON i.id = w.interaction_id"
        " WHERE w.state = 'assigned' AND w.agent_id = :agent AND i.customer_id = :customer"
    )
    found = await session.execute(query, {"agent": agent.id, "customer": customer.id})
    return bool(found.scalar_one())
