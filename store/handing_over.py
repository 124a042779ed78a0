"""Handing a case to people: opening its work item, and taking it back."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.baton import HolderKind
from domain.interaction import InteractionState
from domain.parties import AuthorKind, Role
from domain.plan import Exit, Plan, Stage, StageKind
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.requirement import PULLED, Requirement, Widening, widening
from domain.sla import ClockState
from domain.team import Team as TeamRules
from domain.triage import Triage
from domain.work import DispatchMode, WorkState, virtual_enqueue_time
from store import sla
from store.conversations import Message
from store.customers import Customer
from store.errors import Conflict
from store.interactions import Interaction, move
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import database_now
from store.plain import run
from store.speaking import conversation_of, free_baton, lock_conversation, queue_message
from store.work import (
    Agent,
    AgentTeam,
    WorkItem,
    begin_rings,
    lock_agent,
    lock_item,
    open_item,
    release_kept,
    schedule,
    teams_of,
    wake,
)


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
    ways, now = policy.teams[team].on(interaction.channel), await database_now(session)
    stage = await _stage_of(session, interaction, team, reason)
    item = WorkItem(
        interaction_id=interaction.id,
        customer_id=customer.id,
        team_id=team,
        channel=interaction.channel,
        rank=now,
        cost=ways.cost,
        mode=ways.mode.value,
        offer_seconds=ways.offer_seconds,
        reason=reason.value,
        brief=brief,
        asks_decision=stage.until is Exit.DECIDED,
        shifts_at=_shifts_at(interaction, reason),
    )
    item.own_agent_id, near = await agent_who_knows(session, customer, interaction, team)
    await ask_team(session, item, interaction, stage, policy.teams[team], item.own_agent_id if near else "")
    session.add(item)
    await session.flush()
    due = await sla.start_clocks(session, item, interaction, policy.teams[team], customer.tier)
    item.rank = virtual_enqueue_time(now, policy.priority(customer.tier), due)
    await move(session, interaction, InteractionState.AWAITING_PERSON, due_in=policy.deadlines.check_in_seconds)
    note(session, Happening.HANDED_OFF, interaction=interaction, ref=item.id, reason=reason.value, team=team)
    await wake(session, [team])
    await notify_desk(session)
    return item


async def _stage_of(session: AsyncSession, interaction: Interaction, team: str, reason: HandoffReason) -> Stage:
    """The stage of the plan that the item carries out; a plain one if the case came to the team in another way."""
    if reason is HandoffReason.LOW_SATISFACTION:
        return Stage(kind=StageKind.QUEUE, team=team, agent=await _lead_at_hand(session, team))
    plan = Plan.model_validate(interaction.plan) if interaction.plan else None
    stages = plan.stages[interaction.stage :] if plan else ()
    wanted = (stage for stage in stages if stage.with_people and stage.team == team)
    stage = next(wanted, Stage(kind=StageKind.QUEUE, team=team))
    if reason is HandoffReason.DRAFT_REVIEW:  # what the stage itself asks of people is not their turn yet
        return Stage(kind=StageKind.QUEUE, team=team, needs=stage.needs)
    return stage


_LEAD = """
    SELECT a.id FROM agent a JOIN agent_team t ON t.agent_id = a.id
    WHERE t.team_id = %(team)s AND a.role = %(lead)s AND a.presence = 'available'
      AND a.lease_until > clock_timestamp() AND a.load < a.capacity
    ORDER BY a.load, a.idle_since, a.id LIMIT 1
"""


async def _lead_at_hand(session: AsyncSession, team: str) -> str:
    """The lead of the team who is here and has the most room, or nobody: then the whole team is asked at once."""
    found = await run(session, _LEAD, {"team": team, "lead": Role.LEAD.value})
    return str(found[0][0]) if found else ""


def _shifts_at(interaction: Interaction, reason: HandoffReason) -> str | None:
    """The pressure from which the AI may try: only what a rule gave to people, and only once."""
    plan = Plan.model_validate(interaction.plan) if interaction.plan else None
    may = plan is not None and reason is HandoffReason.POLICY and interaction.shifted_to_ai_at is None
    return plan.shifts_at.value if plan is not None and may and plan.shifts_at else None


async def ask_team(
    session: AsyncSession, item: WorkItem, interaction: Interaction, stage: Stage, team: TeamRules, own_agent: str = ""
) -> None:
    """Set what the item asks for, and its rings: first the agent whom the stage names, then as the team says.

    `own_agent` knows the customer and is near; empty if there is none.
    """
    if item.mode == DispatchMode.PULL.value:
        rings = Widening(keys=(PULLED,))
    else:
        rings = widening(await _asked(session, item, interaction, stage, team), team.rings, own_agent)
    if stage.agent:
        alone = stage.deadline_seconds or item.offer_seconds * 2
        keys, seconds = (Requirement(agent=stage.agent).key, *rings.keys), (alone, *rings.seconds)
        rings = rings.model_copy(update={"keys": keys, "seconds": seconds})
    begin_rings(item, rings, await database_now(session))
    schedule(item)


async def _asked(
    session: AsyncSession, item: WorkItem, interaction: Interaction, stage: Stage, team: TeamRules
) -> Requirement:
    triage = Triage.model_validate(interaction.triage) if interaction.triage else None
    language = triage.language if triage is not None and team.match_language else ""
    requirement = Requirement.of(dict(stage.needs), language)
    if requirement != Requirement() and not await _anybody_has(session, item.team_id, requirement):
        note(session, Happening.REQUIREMENT_DROPPED, interaction=interaction, team=item.team_id, asked=requirement.key)
        return Requirement()
    return requirement


_OWN_AGENT = """
    WITH own AS (
        SELECT CASE WHEN c.holder_kind = 'agent' THEN c.holder_id ELSE COALESCE((
            SELECT o.agent_id FROM interaction o WHERE o.customer_id = c.id AND o.agent_id <> ''
            ORDER BY o.id = %(interaction)s DESC, o.changed_at DESC LIMIT 1), '') END AS id
        FROM customer c WHERE c.id = %(customer)s
    )
    SELECT own.id, EXISTS (
        SELECT 1 FROM agent a JOIN agent_team t ON t.agent_id = a.id AND t.team_id = %(team)s
        WHERE a.id = own.id AND a.presence = 'available' AND a.lease_until > clock_timestamp() AND a.load < a.capacity)
    FROM own
"""


async def agent_who_knows(
    session: AsyncSession, customer: Customer, interaction: Interaction, team: str
) -> tuple[str, bool]:
    """Who speaks to the customer now, or spoke to them last, and whether they are near."""
    await session.flush()
    values = {"interaction": interaction.id, "customer": customer.id, "team": team}
    own, near = (await run(session, _OWN_AGENT, values))[0]
    return own, near


async def _anybody_has(session: AsyncSession, team: str, requirement: Requirement) -> bool:
    """Has anybody of the team, here or not, what is asked for?"""
    query = select(Agent).join(AgentTeam, col(AgentTeam.agent_id) == col(Agent.id))
    agents = (await session.execute(query.where(col(AgentTeam.team_id) == team))).scalars()
    return any(requirement.met_by(agent.id, agent.skills, agent.languages) for agent in agents)


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
        agent.load, item.taken = agent.load - item.taken, 0
        await wake(session, await teams_of(session, agent.id))
    if item.state == WorkState.WAITING.value:
        await release_kept(session, item.id)
    item.state, item.version, item.done_at = WorkState.CANCELLED.value, item.version + 1, await database_now(session)
    schedule(item)
    await sla.ended(session, item, ClockState.CANCELLED)
    if agent is not None and customer.baton.passed_to(HolderKind.AGENT, agent.id) == customer.baton:
        await free_baton(session, customer)
    await notify_desk(session)


def waiting_notice(item: WorkItem) -> str:
    """The id of the message that tells the customer that a person will answer."""
    return f"{item.interaction_id}-waiting-{item.id}"


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
