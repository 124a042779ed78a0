"""Flows whose deadline passed: they are poked, and people get those that do not answer. See `store.overdue`."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import TaskKind
from store import flow_tasks
from store.flows import CLOSED, Flow, FlowTask, lock_flow, note_flow
from store.journal import Happening
from store.locking import database_now
from store.outbox import address_flow
from store.overdue import BATCH, MISSES_UNTIL_STUCK, SECOND_LOOK_SECONDS
from store.policy_versions import PolicyShelf

_STUCK = "stuck"
_STUCK_HOURS = 24.0


async def overdue_flows(session: AsyncSession) -> list[str]:
    """Open flows past their deadline, oldest first."""
    query = (
        select(col(Flow.id))
        .where(col(Flow.state) != CLOSED, col(Flow.next_step_due) < text("clock_timestamp()"))
        .order_by(col(Flow.next_step_due))
        .limit(BATCH)
    )
    return list((await session.execute(query)).scalars())


async def look_after_flow(session: AsyncSession, flow_id: str, shelf: PolicyShelf) -> bool:
    """Poke an overdue flow; from the second miss on people have it as a task. True if it was given to people.

    What is at a standstill although its task was done is given to them again. The story itself stays where it is, and
    goes on as soon as it is told: the task only says that somebody should look.
    """
    flow = await lock_flow(session, flow_id)
    now = await database_now(session)
    if not flow.is_open or flow.next_step_due is None or flow.next_step_due > now:
        return False
    policy = await shelf.version(session, flow.policy_version)
    flow.misses += 1
    standstill = flow.misses >= MISSES_UNTIL_STUCK
    given = standstill and await _give_to_people(session, flow, policy.overflow)
    address_flow(session, flow.id, flow.workflow_id, None)
    patience = policy.deadlines.check_in_seconds if standstill else SECOND_LOOK_SECONDS
    flow.next_step_due = now + timedelta(seconds=patience)
    return given


async def _give_to_people(session: AsyncSession, flow: Flow, team: str) -> bool:
    """Ask people to look after it; False if they have been asked and have not answered yet."""
    query = select(col(FlowTask.state)).where(col(FlowTask.flow_id) == flow.id, col(FlowTask.key).startswith(_STUCK))
    asked = list((await session.execute(query)).scalars())
    if flow_tasks.OPEN in asked:
        return False
    key = f"{_STUCK}:{len(asked)}" if asked else _STUCK
    facts = {"workflow": flow.workflow_id, "state": flow.state}
    await flow_tasks.ask(session, flow, key, TaskKind.FOLLOW_UP, team, hours=_STUCK_HOURS, facts=facts)
    return True


async def poke_flow_if_open(session: AsyncSession, flow_id: str) -> bool:
    """Poke a flow whose run has ended without closing it: the new run finds all as it was."""
    flow = await session.get(Flow, flow_id)
    if flow is None or not flow.is_open:
        return False
    address_flow(session, flow.id, flow.workflow_id, None)
    note_flow(session, flow, Happening.REPAIRED)
    return True
