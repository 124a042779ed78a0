"""Passing a case on: to another team, or to one colleague, with a note for whoever gets it.

Order of locks everywhere: customer, interaction, agent, work item.
"""

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import EntryKind, InteractionState
from domain.plan import Stage, StageKind
from domain.policy import Policy
from domain.requirement import Requirement, Widening
from domain.work import Presence, WorkState
from store import sla
from store.customers import Customer
from store.errors import Conflict
from store.handing_over import agent_who_knows, ask_team
from store.interactions import Interaction, move
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.people import let_pass, lock_work, must_have, put_down
from store.work import Agent, WorkItem, WorkPass, teams_of, wake


async def transfer(
    session: AsyncSession,
    item_id: str,
    agent_id: str,
    policy: Policy,
    *,
    team: str = "",
    to_agent: str = "",
    words: str = "",
) -> None:
    """The agent passes a case on, to a team or to one colleague, who is asked alone before the team is.

    `words` are for whoever gets it. It keeps its place. Raises `Conflict`: `not_your_case`, `unknown_team`,
    `unknown_agent`, `transfer_to_self`, `agent_offline`, `agent_without_team`.
    """
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    must_have(item, agent_id)
    if to_agent:
        team = await _team_of(session, to_agent, agent_id, item, policy)
    if team not in policy.teams:
        raise Conflict("unknown_team")
    await put_down(session, customer, agent, item, WorkState.WAITING)
    await let_pass(session, item.id, agent_id)
    item.note = words
    await move_to_team(session, customer, interaction, item, team, policy, to_agent=to_agent, by=agent_id)


async def _team_of(session: AsyncSession, to_agent: str, agent_id: str, item: WorkItem, policy: Policy) -> str:
    """The team in which a colleague gets the case: the present one if they are in it."""
    if to_agent == agent_id:
        raise Conflict("transfer_to_self")
    colleague = await session.get(Agent, to_agent, populate_existing=True)
    if colleague is None:
        raise Conflict("unknown_agent")
    lease = colleague.lease_until
    if colleague.presence == Presence.OFFLINE.value or lease is None or lease <= await database_now(session):
        raise Conflict("agent_offline")
    teams = [team for team in await teams_of(session, to_agent) if team in policy.teams]
    if not teams:
        raise Conflict("agent_without_team")
    return item.team_id if item.team_id in teams else teams[0]


async def move_to_team(
    session: AsyncSession,
    customer: Customer,
    interaction: Interaction,
    item: WorkItem,
    team: str,
    policy: Policy,
    *,
    to_agent: str = "",
    by: str = "",
) -> None:
    """A waiting item is asked for anew in a team, as that team works its channel; its place in the queue stays.

    The case's rows are locked by the caller. What the team does not list under its skills is no longer asked for.
    """
    before, rules = item.team_id, policy.teams[team]
    ways = rules.on(item.channel)
    item.team_id, item.cost, item.mode, item.offer_seconds = team, ways.cost, ways.mode.value, ways.offer_seconds
    item.agent_id, item.assigned_at, item.returning, item.version = None, None, False, item.version + 1
    item.own_agent_id, near = await agent_who_knows(session, customer, interaction, team)
    if to_agent or item.own_agent_id == by:
        item.own_agent_id, near = to_agent, False
    await session.execute(
        delete(WorkPass).where(col(WorkPass.work_item_id) == item.id, col(WorkPass.agent_id) == to_agent)
    )
    stage = Stage(kind=StageKind.QUEUE, team=team, agent=to_agent, needs=_kept(item, rules.skills))
    await ask_team(session, item, interaction, stage, rules, item.own_agent_id if near else "")
    if team != before:
        await sla.moved(session, item, team, policy.teams.get(before, rules), rules)
        await session.execute(_PROMISES, {"interaction": interaction.id, "before": before, "team": team})
    moved, ref = (EntryKind.WORK_MOVED, team) if team != before else (EntryKind.WORK_REQUEUED, item.id)
    note(session, Happening.WORK_TRANSFERRED, interaction=interaction, ref=item.id, by=by, team=team, to=to_agent)
    tell(session, interaction, moved, ref=ref, by=by, passed_on=True)
    await move(session, interaction, InteractionState.AWAITING_PERSON, due_in=policy.deadlines.check_in_seconds)
    await session.flush()
    await wake(session, sorted({before, team}))
    await notify_desk(session)


# What is owed to the customer is the new team's to keep.
_PROMISES = text(
    "UPDATE commitment SET team_id = :team WHERE interaction_id = :interaction AND team_id = :before AND state = 'open'"
)


def _kept(item: WorkItem, skills: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Of the skills that the item asks for, those that a team lists."""
    asks = Widening.model_validate(item.widening).asks if item.widening else ""
    return tuple(need for need in Requirement.read(asks).skills if need[0] in skills)
