"""The ledger of a flow's steps: what was begun, and what the shop answered, given again whenever a step runs again."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.effects import Done
from domain.flows.refusal import Refused
from store.database import Database
from store.flows import Flow, FlowStep, lock_flow, note_flow
from store.journal import Happening
from store.live import notify_desk
from store.locking import database_now

Answer = Done | Refused
BEGUN, DONE, REFUSED = "begun", "done", "refused"


def _nothing(_: Done) -> dict[str, object]:
    return {}


async def once(
    database: Database,
    flow_id: str,
    name: str,
    do: Callable[[Flow, str], Awaitable[Answer]],
    facts: Callable[[Done], dict[str, object]] = _nothing,
) -> Answer:
    """Do a step once: its first answer is given again. `do` gets the flow and the key of its effect.

    What `facts` makes of the answer is added to those of the flow, which customer and desk are shown.
    """
    async with database.begin() as session:
        await session.execute(insert(FlowStep).values(**_begun(flow_id, name)).on_conflict_do_nothing())
        step = await _step(session, flow_id, name)
        flow = await session.get_one(Flow, flow_id)
        known = answer_of(step)
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
            flow.facts = {**flow.facts, **facts(answer)}
        note_flow(session, flow, Happening.FLOW_STEP, ref=step.id, step=name, state=step.state)
        await notify_desk(session)
    return answer


def _begun(flow_id: str, name: str) -> dict[str, object]:
    return FlowStep(flow_id=flow_id, name=name).model_dump(exclude={"begun_at"})


async def _step(session: AsyncSession, flow_id: str, name: str) -> FlowStep:
    query = select(FlowStep).where(col(FlowStep.flow_id) == flow_id, col(FlowStep.name) == name)
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one()


def answer_of(step: FlowStep) -> Answer | None:
    """What the shop answered; None while it has not."""
    if step.state == BEGUN:
        return None
    return (Done if step.state == DONE else Refused).model_validate(step.result)
