"""What flows ask of people: approve, look at a photo, inspect what came back, put right by hand, follow up."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import AgentCaller, Staff
from api.counting import Counted, counting
from api.fields import Body, Text
from api.flow_progress import items, titles_of
from api.parts import Engine, Parts
from api.problems import invalid, not_found, responses
from domain.commerce import Order
from domain.flows.kinds import TaskKind
from domain.limits import limits_of, may_approve
from domain.money import Money
from domain.parties import Role
from domain.policy import Policy
from store.attachments import AttachedFile
from store.flow_parcels import RECEIVED, known, record_inspection, units_asked
from store.flow_tasks import ASKS_DECISION, INSPECTED, finish_task
from store.flow_views import FlowView, TaskView, open_tasks, pictures_of, task_view
from store.work import teams_of

router = APIRouter(prefix="/v1/desk/tasks", tags=["flows"])


class LineToInspect(BaseModel):
    """A line of a return, and what is known of it."""

    line_id: str
    title: str
    sku: str
    quantity: int
    """Units that are to come back."""
    received: int | None
    """As the warehouse has counted; None if it has not."""
    accepted: int | None


class Task(TaskView):
    """A task as whoever works on it needs to see it."""

    items: list[str]
    """What the flow is about, e.g. `1 × Merino Scarf, grey`."""
    pictures: list[AttachedFile]
    """To judge by."""
    lines: list[LineToInspect]
    """To inspect."""
    refused_to_me: str
    """Why this agent may not decide it (`own_request`) or not approve it (`needs_higher_role`); empty: they may."""


class Decision(Body):
    """What became of a task."""

    decision: Literal["approved", "refused", "done"]
    words: Annotated[Text, Field(max_length=2000)] = ""
    """What the customer is to read with it."""
    lines: Annotated[list[Counted], Field(min_length=1, max_length=100)] | None = None
    """For an inspection."""


@router.get("", responses=responses(401, 403, 503))
async def list_tasks(caller: AgentCaller, parts: Engine) -> list[Task]:
    """Open tasks of the agent's teams, overdue ones first; leads see the overdue ones of every team."""
    async with parts.database.begin() as session:
        leads = caller.role is not Role.AGENT
        found = await open_tasks(session, await teams_of(session, caller.agent_id), leads=leads)
    return await _shown(parts, caller, found)


@router.post("/{task_id:id}", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def finish(task_id: str, body: Decision, caller: AgentCaller, parts: Engine) -> Task:
    """Approve, refuse, or say that it is done. The same again changes nothing."""
    async with parts.database.begin() as session:
        task = await _task(session, caller, task_id)
        if task.kind == TaskKind.INSPECT.value:
            await _inspect(session, task, body, caller)
        policy = await parts.shelf.version(session, task.flow.policy_version)
        await finish_task(session, task_id, caller.agent_id, caller.role.value, body.decision, body.words, policy)
    parts.relay.poke()
    async with parts.database.begin() as session:
        found = await task_view(session, task_id)
    if found is None:
        raise not_found()
    [shown] = await _shown(parts, caller, [found])
    return shown


async def _inspect(session: AsyncSession, task: TaskView, body: Decision, caller: Staff) -> None:
    """Counting finishes the task; whether every line was counted, the store knows."""
    if body.decision != "done" or not body.lines:
        raise invalid("lines", "must tell what was received and accepted, line by line")
    return_id = str(task.flow.facts.get("return_id", ""))
    with counting():
        await record_inspection(session, return_id, [line.accepted_line for line in body.lines], by=caller.agent_id)


async def _task(session: AsyncSession, caller: Staff, task_id: str) -> TaskView:
    """A task of the agent's teams; leads and admins see all."""
    found = await task_view(session, task_id)
    if found is None:
        raise not_found()
    if caller.role is Role.AGENT and found.team_id not in await teams_of(session, caller.agent_id):
        raise not_found()
    return found


async def _shown(parts: Parts, caller: Staff, tasks: list[TaskView]) -> list[Task]:
    """Desks read this with every change: one transaction, and each order is read once."""
    titles = await titles_of(parts.shop, [task.flow for task in tasks])
    inspected = {task.flow.order for task in tasks if task.kind == TaskKind.INSPECT.value}
    orders = {number: await parts.shop.order(number) for number in inspected}
    async with parts.database.begin() as session:
        return [
            Task(
                **dict(task),
                items=items(task.flow, titles),
                pictures=await _pictures(session, task),
                lines=_lines(task.flow, orders[task.flow.order]) if task.kind == TaskKind.INSPECT.value else [],
                refused_to_me=_refused_to(caller, task, await parts.shelf.version(session, task.flow.policy_version)),
            )
            for task in tasks
        ]


async def _pictures(session: AsyncSession, task: TaskView) -> list[AttachedFile]:
    case = task.flow.interaction_id
    return await pictures_of(session, case) if case and task.kind == TaskKind.JUDGE.value else []


def _lines(flow: FlowView, order: Order | None) -> list[LineToInspect]:
    received = {line.line_id: line.received for line in known(flow.facts, RECEIVED)}
    looked_at = {line.line_id: line for line in known(flow.facts, INSPECTED)}
    return [
        LineToInspect(
            line_id=line_id,
            title=line.title if (line := order.line(line_id) if order else None) else line_id,
            sku=line.sku if line else "",
            quantity=quantity,
            received=looked_at[line_id].received if line_id in looked_at else received.get(line_id),
            accepted=looked_at[line_id].accepted if line_id in looked_at else None,
        )
        for line_id, quantity in units_asked(flow.request).items()
    ]


def _refused_to(caller: Staff, task: TaskView, policy: Policy) -> str:
    """As `store.flow_tasks.finish_task` will say."""
    if TaskKind(task.kind) not in ASKS_DECISION:
        return ""
    if task.flow.asked_by == f"agent:{caller.agent_id}":
        return "own_request"
    amount = None if task.amount_minor is None else Money(minor=task.amount_minor, currency=task.currency)
    return "" if may_approve(limits_of(caller.role.value, policy), amount) else "needs_higher_role"
