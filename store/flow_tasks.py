"""What flows ask of people: tasks with a deadline, done by those whose role may, and never by who asked for the flow.

Order of locks: flow, task.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import FlowEntryKind, TaskKind
from domain.limits import limits_of, may_approve
from domain.money import Money
from domain.policy import Policy
from store.errors import Conflict
from store.flows import Flow, FlowTask, lock_flow, lock_task, note_flow, tell_flow
from store.journal import Happening
from store.live import notify_desk
from store.locking import database_now

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"
APPROVED, REFUSED = "approved", "refused"
ASKS_DECISION = frozenset({TaskKind.APPROVE, TaskKind.JUDGE})
"""Tasks that are approved or refused, by somebody who has not asked for the flow; the others are done."""
INSPECTED = "inspected"
"""The fact of a flow that answers a task to inspect."""


async def ask(
    session: AsyncSession,
    flow: Flow,
    key: str,
    kind: TaskKind,
    team: str,
    *,
    hours: float,
    amount: Money | None = None,
    facts: dict[str, str] | None = None,
) -> FlowTask:
    """The task under this key, opened now unless it was before; the flow is locked by the caller."""
    known = await task_of(session, flow.id, key)
    if known is not None:
        return known
    task = FlowTask(
        flow_id=flow.id,
        key=key,
        kind=kind.value,
        team_id=team,
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else "",
        facts=dict(facts or {}),
        due_at=await database_now(session) + timedelta(hours=hours),
    )
    session.add(task)
    note_flow(session, flow, Happening.TASK_OPENED, ref=task.id, task=kind.value, team=team)
    await session.flush()
    await notify_desk(session)
    return task


async def task_of(session: AsyncSession, flow_id: str, key: str) -> FlowTask | None:
    """A flow's task by its key."""
    query = select(FlowTask).where(col(FlowTask.flow_id) == flow_id, col(FlowTask.key) == key)
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def finish_task(
    session: AsyncSession, task_id: str, agent_id: str, role: str, decision: str, words: str, policy: Policy
) -> FlowTask:
    """Approve, refuse, or say that it is done; `words` are for the customer. The same again changes nothing.

    Raises `NotFound`, or `Conflict`: `task_over`, `not_a_decision` or `needs_a_decision`, `needs_counts` where nothing
    has been inspected, `own_request` if the agent asked for the flow, `needs_higher_role` if the amount is above what
    the role may approve.
    """
    found = await session.get(FlowTask, task_id)
    flow = await lock_flow(session, found.flow_id if found else task_id)
    task = await lock_task(session, task_id)
    if task.state == DONE and (task.done_by, task.decision) == (agent_id, decision):
        return task
    _must_be_open(flow, task)
    _must_suit(TaskKind(task.kind), decision)
    if task.kind == TaskKind.INSPECT.value and INSPECTED not in flow.facts:
        raise Conflict("needs_counts")
    if task.kind in ASKS_DECISION and flow.asked_by == f"agent:{agent_id}":
        raise Conflict("own_request")
    if decision == APPROVED and not may_approve(limits_of(role, policy), amount_of(task)):
        raise Conflict("needs_higher_role")
    task.words = words
    await mark_done(session, flow, task, decision, by=agent_id)
    told = {APPROVED: FlowEntryKind.APPROVED, REFUSED: FlowEntryKind.REFUSED}.get(decision, FlowEntryKind.TASK_DONE)
    tell_flow(session, flow, told, ref=task.id, by=agent_id)
    await notify_desk(session)
    return task


async def mark_done(session: AsyncSession, flow: Flow, task: FlowTask, decision: str, *, by: str) -> None:
    """Somebody has done it; flow and task are locked by the caller, who tells the flow what came of it."""
    task.state, task.decision, task.done_by = DONE, decision, by
    task.version, task.done_at = task.version + 1, await database_now(session)
    note_flow(session, flow, Happening.TASK_DONE, ref=task.id, by=by, task=task.kind, decision=decision)


def _must_be_open(flow: Flow, task: FlowTask) -> None:
    if task.state != OPEN or not flow.is_open:
        raise Conflict("task_over")


def _must_suit(kind: TaskKind, decision: str) -> None:
    if kind in ASKS_DECISION and decision not in {APPROVED, REFUSED}:
        raise Conflict("needs_a_decision")
    if kind not in ASKS_DECISION and decision != DONE:
        raise Conflict("not_a_decision")


def amount_of(task: FlowTask) -> Money | None:
    """What a task is about in money, if it is."""
    return None if task.amount_minor is None else Money(minor=task.amount_minor, currency=task.currency)


async def overdue(session: AsyncSession, flow: Flow, key: str) -> None:
    """The deadline of a task has passed: leads of every team see it from now on."""
    task = await task_of(session, flow.id, key)
    if task is not None and task.state == OPEN and not task.overdue:
        task.overdue, task.version = True, task.version + 1
        note_flow(session, flow, Happening.TASK_OVERDUE, ref=task.id, task=task.kind, team=task.team_id)
        await notify_desk(session)


async def withdraw(session: AsyncSession, flow: Flow, key: str) -> str:
    """The flow does not need it any more. A task that is done stays so, and what was decided is given back."""
    task = await task_of(session, flow.id, key)
    if task is not None and task.state == OPEN:
        task.state, task.version = WITHDRAWN, task.version + 1
        await notify_desk(session)
    return task.decision if task is not None and task.state == DONE else ""
