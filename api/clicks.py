"""One click of a person on a case: one transaction, and what is said when it comes too late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import Staff
from api.parts import Parts
from api.problems import Problem, not_found, responses
from domain.policy import Policy
from domain.work import WorkState
from store.desk_views import WorkView, policy_version_of_item, work_view
from store.errors import Conflict

REFUSALS = responses(400, 401, 403, 404, 409, 413, 422, 503)
"""What every click can be answered with."""


@asynccontextmanager
async def click(parts: Parts, caller: Staff, item_id: str) -> AsyncIterator[tuple[AsyncSession, Policy]]:
    """One transaction with the policy that the case is pinned to; the relay is poked after its commit."""
    try:
        async with parts.database.begin() as session:
            number = await policy_version_of_item(session, item_id)
            if number is None:
                raise not_found()
            yield session, await parts.shelf.version(session, number)
    except Conflict as conflict:
        raise await _explained(parts, caller, item_id, conflict) from None
    parts.relay.poke()


async def _explained(parts: Parts, caller: Staff, item_id: str, conflict: Conflict) -> Exception:
    """Tell who was faster, where it is known."""
    if str(conflict) != "offer_gone":
        return conflict
    async with parts.database.begin() as session:
        item = await work_view(session, item_id)
    if item is None:
        return conflict
    match WorkState(item.state):
        case WorkState.ASSIGNED if item.agent_id == caller.agent_id:
            return Problem(409, "You have this case already.")
        case WorkState.ASSIGNED | WorkState.OFFERED if item.agent_id != caller.agent_id:
            return Problem(409, "Another agent was faster, or was asked after your time ran out.")
        case WorkState.WAITING:
            return Problem(409, "Your time for this offer ran out.")
        case WorkState.DONE | WorkState.CANCELLED | WorkState.WRAPPING:
            return Problem(409, "This case is closed.")
        case _:
            return conflict


async def as_it_is(parts: Parts, item_id: str) -> WorkView:
    """The item after a click."""
    async with parts.database.begin() as session:
        item = await work_view(session, item_id)
    if item is None:
        raise not_found()
    return item
