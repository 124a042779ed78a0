"""What flows of a case have offered its customer, and wait to hear about."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import FlowKind, FlowState
from domain.values import Value
from store.flow_telling import choices_of
from store.flows import Flow


class OpenChoice(Value):
    """A flow's question to its customer."""

    flow_id: str
    order: str
    shop_customer_id: str
    offered: tuple[str, ...]
    """Constant words."""


async def open_choice(session: AsyncSession, interaction_id: str) -> OpenChoice | None:
    """The newest question that a flow of the case has put to its customer and that is not answered."""
    query = (
        select(Flow)
        .where(col(Flow.interaction_id) == interaction_id, col(Flow.state) == FlowState.AWAITING_CUSTOMER.value)
        .order_by(col(Flow.changed_at).desc(), col(Flow.id).desc())
        .limit(1)
    )
    flow = (await session.execute(query)).scalar_one_or_none()
    offered = choices_of(FlowKind(flow.kind), FlowState(flow.state), flow.facts) if flow else []
    if flow is None or not offered:
        return None
    return OpenChoice(
        flow_id=flow.id, order=flow.order_number, shop_customer_id=flow.shop_customer_id, offered=tuple(offered)
    )
