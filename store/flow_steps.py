"""The ledger of a flow: what the shop answered to each step, and how each wait ended.

A step that runs again, and a new run of the flow, are given the same answers.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.effects import Done
from domain.flows.refusal import Refused
from domain.flows.waiting import Wait, Waited
from store.database import Database
from store.flows import Flow, FlowStep, lock_flow, note_flow
from store.journal import Happening
from store.live import notify_desk
from store.locking import database_now

Answer = Done | Refused
BEGUN, DONE, REFUSED = "begun", "done", "refused"
_WAIT = "wait:"


def _nothing(_: Flow, __: Done) -> dict[str, object]:
    return {}


async def once(
    database: Database,
    flow_id: str,
    name: str,
    do: Callable[[Flow, str], Awaitable[Answer]],
    facts: Callable[[Flow, Done], dict[str, object]] = _nothing,
) -> Answer:
    """Do a step once: its first answer is given again. `do` gets the flow and the key of its effect.

    What `facts` makes of the answer is added to those of the flow, which customer and desk are shown.
    """
    async with database.begin() as session:
        known = answer_of(await _begun(session, flow_id, name))
        flow = await session.get_one(Flow, flow_id)
    if known is not None:
        return known
    answer = await do(flow, f"{name}:{flow_id}")
    async with database.begin() as session:
        flow = await lock_flow(session, flow_id)
        step = await _step(session, flow_id, name)
        known = answer_of(step)
        if known is not None:
            return known
        step.state = DONE if isinstance(answer, Done) else REFUSED
        step.result, step.done_at = answer.model_dump(mode="json"), await database_now(session)
        if isinstance(answer, Done):
            flow.facts = {**flow.facts, **facts(flow, answer)}
        note_flow(session, flow, Happening.FLOW_STEP, ref=step.id, step=name, state=step.state)
        await notify_desk(session)
    return answer


def answer_of(step: FlowStep) -> Answer | None:
    """What the shop answered; None while it has not."""
    if step.state == BEGUN:
        return None
    return (Done if step.state == DONE else Refused).model_validate(step.result)


async def done_steps(session: AsyncSession, flow_id: str) -> list[FlowStep]:
    """The steps of a flow that were done, in the order in which they were."""
    query = select(FlowStep).where(col(FlowStep.flow_id) == flow_id, col(FlowStep.state) == DONE)
    return list((await session.execute(query.order_by(col(FlowStep.done_at)))).scalars())


async def begin_wait(session: AsyncSession, flow: Flow, name: str, until: datetime | None) -> Wait:
    """The wait of this name, begun now unless it was before: its deadline stays what it was. The flow is locked.

    The deadline is among the flow's facts while it lasts, as `until`.
    """
    step = await _begun(session, flow.id, _WAIT + name)
    if not step.result:
        step.result = Wait(until=until).model_dump(mode="json")
    wait = Wait.model_validate(step.result)
    if wait.ended is None:
        shown = wait.until.isoformat() if wait.until else ""
        if flow.facts.get("until", "") != shown:
            flow.facts = {**flow.facts, "until": shown}
    return wait


async def end_wait(session: AsyncSession, flow: Flow, name: str, ended: Waited) -> Waited:
    """End a wait that has begun; the first word on it counts, and is given back. The flow is locked."""
    step = await _step(session, flow.id, _WAIT + name)
    wait = Wait.model_validate(step.result)
    if wait.ended is not None:
        return wait.ended
    step.result = wait.model_copy(update={"ended": ended}).model_dump(mode="json")
    step.state, step.done_at = DONE, await database_now(session)
    flow.facts = {**flow.facts, "until": ""}
    note_flow(session, flow, Happening.FLOW_STEP, ref=step.id, step=step.name, state=ended.how.value)
    return ended


async def _begun(session: AsyncSession, flow_id: str, name: str) -> FlowStep:
    values = FlowStep(flow_id=flow_id, name=name).model_dump(exclude={"begun_at"})
    await session.execute(insert(FlowStep).values(**values).on_conflict_do_nothing())
    return await _step(session, flow_id, name)


async def _step(session: AsyncSession, flow_id: str, name: str) -> FlowStep:
    query = select(FlowStep).where(col(FlowStep.flow_id) == flow_id, col(FlowStep.name) == name)
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one()
