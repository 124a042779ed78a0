"""What a breached service level does to a case that still waits: the next team gets it."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.policy import Policy
from domain.work import WorkState
from store.interactions import lock_case
from store.locking import database_now
from store.passing_on import move_to_team
from store.work import WorkItem, lock_item


async def escalate(session: AsyncSession, item_id: str, policy: Policy) -> bool:
    """Move a waiting case to the team that its team escalates to, unless that one is closed; True if it moved."""
    found = await session.get_one(WorkItem, item_id)
    customer, interaction = await lock_case(session, found.interaction_id)
    item = await lock_item(session, item_id)
    team = policy.teams[item.team_id].escalate_to if item.team_id in policy.teams else ""
    if not team or item.state != WorkState.WAITING.value:
        return False
    if team in policy.teams and not policy.teams[team].hours.is_open(await database_now(session)):
        return False
    await move_to_team(session, customer, interaction, item, team, policy)
    return True
