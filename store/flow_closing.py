"""The end of a flow: its row, the units that it held, the tasks that nobody needs to do any more, and its case."""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import FlowOutcome, FlowState
from domain.interaction import EntryKind
from store.flow_tasks import OPEN, WITHDRAWN
from store.flows import Flow, FlowClaim, FlowTask, lock_flow, note_flow
from store.interactions import lock_interaction
from store.journal import Happening, tell
from store.live import notify_desk
from store.locking import database_now


async def close_flow(
    session: AsyncSession, flow_id: str, outcome: FlowOutcome, reason: str, *, handled_seq: int
) -> bool:
    """Close a flow unless it has been told something above `handled_seq`: False then, and nothing has changed.

    The units that it held are free again, its open tasks are withdrawn, and the case that it belongs to, if that is
    open, is told. Closed already: True, and it stays as it was. Raises `NotFound`.
    """
    interaction_id = await _case_of(session, flow_id)
    interaction = await lock_interaction(session, interaction_id) if interaction_id else None
    flow = await lock_flow(session, flow_id)
    if not flow.is_open:
        return True
    if flow.last_seq != handled_seq:
        return False
    now = await database_now(session)
    flow.state, flow.outcome, flow.reason = FlowState.CLOSED.value, outcome.value, reason
    flow.handled_seq, flow.next_step_due = handled_seq, None
    flow.changed_at = flow.closed_at = now
    await session.execute(delete(FlowClaim).where(col(FlowClaim.flow_id) == flow_id))
    await session.execute(
        update(FlowTask)
        .where(col(FlowTask.flow_id) == flow_id, col(FlowTask.state) == OPEN)
        .values(state=WITHDRAWN, version=FlowTask.version + 1)
    )
    note_flow(session, flow, Happening.FLOW_CLOSED, kind_of_flow=flow.kind, outcome=outcome.value, reason=reason)
    if interaction is not None and interaction.is_open:
        tell(session, interaction, EntryKind.FLOW_REPORTED, ref=flow_id)
    await notify_desk(session)
    return True


async def _case_of(session: AsyncSession, flow_id: str) -> str | None:
    query = select(col(Flow.interaction_id)).where(col(Flow.id) == flow_id)
    return (await session.execute(query)).scalar_one_or_none()
