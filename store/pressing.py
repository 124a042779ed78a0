"""The pressure on a team: measured when its dispatcher looks, and what it moves between people and the AI."""

from datetime import timedelta

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import EntryKind, InteractionState
from domain.pressure import Pressure, PressureRules, estimated_wait, next_level
from domain.values import Value
from domain.work import WorkState
from store.database import Database
from store.interactions import lock_case
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now, lock_row
from store.work import AVAILABLE, Agent, AgentTeam, Team, lock_item, on_shift

SHIFTS_AT_ONCE = 100
"""Cases that one look moves at most."""
_ENOUGH = 10
"""Finished cases from which the time that a case takes is told."""

_HERE = (
    select(Agent)
    .join(AgentTeam, col(AgentTeam.agent_id) == col(Agent.id))
    .where(col(AgentTeam.team_id) == bindparam("team"), *AVAILABLE)
    .execution_options(populate_existing=True)
)

# What waits, in capacity units; a case that takes a whole agent counts as the largest of them.
_WAITING = text(
    """
    WITH finished AS (
        SELECT EXTRACT(epoch FROM w.done_at - w.assigned_at) AS seconds FROM work_item w
        WHERE w.team_id = :team AND w.state = 'done' AND w.assigned_at IS NOT NULL
          AND w.done_at > clock_timestamp() - interval '1 day'
        ORDER BY w.done_at DESC LIMIT 50
    )
    SELECT
        (SELECT COALESCE(sum(LEAST(w.cost, :largest)), 0) FROM work_item w
          WHERE w.team_id = :team AND w.state = 'waiting') AS units,
        (SELECT avg(seconds) FROM finished HAVING count(*) >= :enough) AS handling
    """
)


class Strain(Value):
    """A team's load as measured, in capacity units."""

    level: Pressure
    waiting: float
    here: float
    free: float
    handling_seconds: float
    wait_seconds: float | None
    """Estimated wait of a customer who comes now; None while work waits and nobody is here."""

    def excess(self, rules: PressureRules) -> int:
        """Units that have to go until the wait is below the level at which the pressure began."""
        bearable = rules.elevated.wait_minutes * 60 * rules.leave_below * self.here / self.handling_seconds
        return max(round(self.waiting - bearable), 0)


async def measure(session: AsyncSession, team_id: str, rules: PressureRules) -> Strain:
    """Measure a team's load and set its level; a change is journalled."""
    now = await database_now(session)
    here = [agent for agent in (await session.execute(_HERE, {"team": team_id})).scalars() if on_shift(agent, now)]
    units = sum(agent.capacity for agent in here)
    values = {"team": team_id, "largest": max((agent.capacity for agent in here), default=1), "enough": _ENOUGH}
    row = (await session.execute(_WAITING, values)).one()
    waiting = float(row.units)
    seconds = max(float(row.handling), 1.0) if row.handling is not None else rules.handling_minutes * 60
    wait = estimated_wait(waiting, units, timedelta(seconds=seconds))
    team = await lock_row(session, Team, team_id)
    before = Pressure(team.pressure)
    level = next_level(before, team.pressure_since, wait, rules, now)
    team.estimated_wait_seconds = wait.total_seconds() if wait is not None else None
    team.handling_seconds = seconds if row.handling is not None else None
    if level is not before:
        team.pressure, team.pressure_since = level.value, now
        note(
            session,
            Happening.PRESSURE_CHANGED,
            ref=team_id,
            before=before.value,
            level=level.value,
            waiting=waiting,
            wait_seconds=team.estimated_wait_seconds,
        )
        await notify_desk(session)
    return Strain(
        level=level,
        waiting=waiting,
        here=units,
        free=sum(agent.capacity - agent.load for agent in here),
        handling_seconds=seconds,
        wait_seconds=team.estimated_wait_seconds,
    )


async def relieve(database: Database, team_id: str, strain: Strain, rules: PressureRules) -> int:
    """Move borderline cases: to the AI under pressure, and what it has not solved back to people with room.

    Returns how many were moved.
    """
    async with database.begin() as session:
        if strain.level is not Pressure.NORMAL:
            wanted = min(strain.excess(rules), SHIFTS_AT_ONCE)
            critical = strain.level is Pressure.CRITICAL
            values: dict[str, object] = {"team": team_id, "limit": wanted, "critical": critical}
            waiting = (await session.execute(_SHIFTABLE, values)).all()
            unsolved: list[str] = []
        else:
            room = min(int(strain.free - strain.waiting), SHIFTS_AT_ONCE)
            values = {"team": team_id, "limit": max(room, 0)}
            unsolved = list((await session.execute(_UNSOLVED, values)).scalars())
            waiting = []
    moved = 0
    for item_id, interaction_id in waiting:
        async with database.begin() as session:
            moved += await _let_ai_try(session, item_id, interaction_id, strain.level)
    for interaction_id in unsolved:
        async with database.begin() as session:
            moved += await _give_to_people(session, interaction_id, team_id)
    return moved


# Those who would wait longest first.
_SHIFTABLE = text(
    """
    SELECT id, interaction_id FROM work_item
    WHERE team_id = :team AND state = 'waiting' AND shifts_at IS NOT NULL AND (shifts_at = 'elevated' OR :critical)
    ORDER BY rank DESC LIMIT :limit
    """
)

# What the AI has answered and the customer has not come back about counts as solved.
_UNSOLVED = text(
    """
    SELECT i.id FROM interaction i
    WHERE i.shifted_from = :team AND i.shifted_from <> '' AND i.shifted_to_people_at IS NULL AND i.state <> 'resolved'
      AND (i.state IN ('new', 'with_ai') OR (i.state = 'awaiting_customer' AND i.asked))
      AND NOT EXISTS (SELECT 1 FROM work_item w WHERE w.interaction_id = i.id
                      AND w.state IN ('waiting', 'offered', 'assigned', 'parked'))
    ORDER BY i.opened_at LIMIT :limit
    """
)


async def _let_ai_try(session: AsyncSession, item_id: str, interaction_id: str, level: Pressure) -> bool:
    """The AI may answer a waiting case, which keeps its place in the queue."""
    _, row = await lock_case(session, interaction_id)
    item = await lock_item(session, item_id)
    waits = item.state == WorkState.WAITING.value and row.state == InteractionState.AWAITING_PERSON.value
    if not waits or item.shifts_at is None or row.shifted_to_ai_at is not None:
        return False
    row.shifted_to_ai_at, row.shifted_from, item.shifts_at = await database_now(session), item.team_id, None
    tell(session, row, EntryKind.SHIFTED_TO_AI, ref=item.id, team=item.team_id, level=level.value)
    await notify_desk(session)
    return True


async def _give_to_people(session: AsyncSession, interaction_id: str, team_id: str) -> bool:
    """People have room again for a case that only the pressure gave to the AI."""
    _, row = await lock_case(session, interaction_id)
    if not row.is_open or row.shifted_to_people_at is not None:
        return False
    row.shifted_to_people_at = await database_now(session)
    tell(session, row, EntryKind.SHIFTED_TO_PEOPLE, ref=team_id, team=team_id)
    await notify_desk(session)
    return True
