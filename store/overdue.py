"""What the sweep finds: interactions and teams whose deadline has passed without a step."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import EntryKind, InteractionState
from domain.proposal import HandoffReason
from store.handing_over import open_work
from store.interactions import Interaction, lock_case
from store.journal import Happening, note, tell
from store.locking import database_now
from store.outbox import address_dispatcher, address_interaction
from store.policy_versions import PolicyShelf
from store.work import Team, open_item

BATCH = 200
SECOND_LOOK_SECONDS = 30.0
"""After a first miss the story has this long to report in."""
MISSES_UNTIL_STUCK = 2
WAKE_LOST_SECONDS = 10.0
"""A wake that has caused no allocation for so long is sent again."""


@dataclass(frozen=True)
class Swept:
    """What a sweep did."""

    poked: int = 0
    stuck: int = 0
    teams: int = 0


async def overdue_interactions(session: AsyncSession) -> list[str]:
    """Open interactions past their deadline, oldest first."""
    query = (
        select(col(Interaction.id))
        .where(
            col(Interaction.state) != InteractionState.RESOLVED.value,
            col(Interaction.next_step_due) < text("clock_timestamp()"),
        )
        .order_by(col(Interaction.next_step_due))
        .limit(BATCH)
    )
    return list((await session.execute(query)).scalars())


async def look_after(session: AsyncSession, interaction_id: str, shelf: PolicyShelf) -> bool:
    """Poke an overdue interaction; at the second miss a person gets it. True if it was given to a person."""
    customer, row = await lock_case(session, interaction_id)
    now = await database_now(session)
    if not row.is_open or row.next_step_due is None or row.next_step_due > now:
        return False
    policy = await shelf.version(session, row.policy_version)
    misses = row.misses + 1
    stuck = misses >= MISSES_UNTIL_STUCK and await open_item(session, row.id) is None
    if stuck:
        item = await open_work(session, row, customer, policy.overflow, HandoffReason.STUCK, policy, brief=None)
        tell(session, row, EntryKind.STUCK, ref=item.id)
    else:
        address_interaction(session, row.id, None)
    patience = policy.deadlines.check_in_seconds if misses >= MISSES_UNTIL_STUCK else SECOND_LOOK_SECONDS
    row.misses, row.next_step_due = misses, now + timedelta(seconds=patience)
    return stuck


async def poke_if_open(session: AsyncSession, interaction_id: str) -> bool:
    """Poke an interaction whose run has ended without closing it."""
    row = await session.get(Interaction, interaction_id)
    if row is None or not row.is_open:
        return False
    address_interaction(session, row.id, None)
    note(session, Happening.REPAIRED, interaction=row)
    return True


async def wake_overdue_teams(session: AsyncSession) -> int:
    """Wake the dispatchers that have slept past their deadline, were never started, or lost a wake."""
    lost = text(f"clock_timestamp() - interval '{WAKE_LOST_SECONDS} seconds'")
    query = (
        select(Team)
        .where(
            or_(
                col(Team.next_due).is_(None) & col(Team.wake_pending_since).is_(None),
                col(Team.next_due) < lost,
                col(Team.wake_pending_since) < lost,
            )
        )
        .with_for_update(skip_locked=True)
    )
    teams = list((await session.execute(query)).scalars())
    for team in teams:
        team.wake_pending_since = await database_now(session)
        address_dispatcher(session, team.id)
    return len(teams)
