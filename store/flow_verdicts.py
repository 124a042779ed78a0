"""What policy says of a request right now, for those who want to know before they ask. Nothing is started."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.flows.judging import judge
from domain.flows.kinds import AskedBy
from domain.flows.requests import FlowRequest
from domain.flows.verdict import RequestFacts, Verdict
from domain.policy import Policy
from store.flow_requests import with_flows
from store.locking import database_now


async def verdict_now(
    session: AsyncSession, request: FlowRequest, facts: RequestFacts, asked_by: AskedBy, policy: Policy
) -> Verdict:
    """As `store.flow_requests.request_flow` would judge it at this moment."""
    whole = await with_flows(session, request.order, facts)
    return judge(request, whole, policy.commerce, asked_by, await database_now(session))
