"""Cases that an agent may act on: those that have come to them or to a team of theirs."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import Staff
from api.problems import not_found
from domain.parties import Role
from store.attachments import in_reach
from store.flow_views import CaseOf, case_of


async def case_in_reach(session: AsyncSession, caller: Staff, interaction_id: str) -> CaseOf:
    """The case; leads and admins reach all. Raises 404."""
    case = await case_of(session, interaction_id)
    if case is None:
        raise not_found()
    if caller.role is Role.AGENT and not await in_reach(session, interaction_id, caller.agent_id):
        raise not_found()
    return case
