"""The line before a waiting work item, and what its customer is told of it."""

import json
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.policy import Policy
from domain.queueing import COUNTED, Outlook, outlook
from domain.requirement import PULLED, Requirement, Widening
from domain.team import Team as TeamRules
from domain.values import Value
from domain.work import WorkState
from store.locking import database_now
from store.plain import run
from store.queue_kinds import kinds_of
from store.work import WorkItem


def team_rules(policy: Policy, item: WorkItem) -> TeamRules:
    """How the item's team works; of a team that the policy does not know, how the overflow team does."""
    return policy.teams.get(item.team_id, policy.teams[policy.overflow])


async def outlook_of(session: AsyncSession, item: WorkItem, policy: Policy) -> Outlook:
    """What the customer of an item that nobody has taken is told of their wait."""
    line, team = await _line(session, item), team_rules(policy, item)
    handling = timedelta(seconds=line.handling_seconds or policy.pressure.handling_minutes * 60)
    now = await database_now(session)
    return outlook(line.ahead + 1, line.units_to_free(handling), line.units_here, handling, team.hours, now, team.queue)


class _Line(Value):
    """The line before an item, and the people who could take it."""

    ahead: int
    units: float
    """Capacity that the line and the item take."""
    units_here: float
    units_free: float
    handling_seconds: float | None
    whole_wait_seconds: float | None
    """The wait behind everything that waits for the team."""

    def units_to_free(self, handling: timedelta) -> float:
        """Capacity that must become free before it is the item's turn."""
        uncounted = self.ahead > COUNTED and self.whole_wait_seconds is not None
        whole = (self.whole_wait_seconds or 0) / handling.total_seconds() * self.units_here if uncounted else 0
        return max(self.units - self.units_free, whole, 0)


# The kinds of waiting work are found by stepping through the index, and of each kind a few rows are read at most: what
# it costs does not grow with what waits. Work that agents pick themselves is a line of its own.
_LINE = f"""
    WITH RECURSIVE {kinds_of("ARRAY[%(team)s]")}, ahead AS (
        SELECT before.cost FROM kinds, LATERAL (
            SELECT w.cost FROM work_item w
            WHERE w.team_id = %(team)s AND w.state = 'waiting'
              AND w.requirement_key = kinds.requirement_key AND w.cost = kinds.cost
              AND (w.rank, w.id) < (%(rank)s, %(id)s)
            ORDER BY w.rank, w.id LIMIT %(counted)s) before
        WHERE (kinds.requirement_key = %(pulled)s) = %(is_pulled)s
        LIMIT %(counted)s
    ), here AS (
        SELECT a.capacity, GREATEST(a.capacity - a.load, 0) AS free
        FROM agent_team t JOIN agent a ON a.id = t.agent_id
        WHERE t.team_id = %(team)s AND a.presence = 'available' AND a.lease_until > clock_timestamp()
          AND %(agent)s IN ('', a.id)
          AND (%(language)s = '' OR a.languages @> to_jsonb(%(language)s::text))
          AND NOT EXISTS (
            SELECT 1 FROM jsonb_each_text(%(skills)s::jsonb) asked
            WHERE COALESCE((a.skills ->> asked.key)::int, 0) < asked.value::int)
    ), able AS (
        SELECT COALESCE(sum(capacity), 0) AS units, COALESCE(sum(free), 0) AS free,
               COALESCE(max(capacity), 1) AS largest
        FROM here
    )
    SELECT (SELECT count(*) FROM ahead),
           (SELECT COALESCE(sum(LEAST(cost, able.largest)), 0) FROM ahead) + LEAST(%(own)s, able.largest),
           able.units, able.free, t.handling_seconds, t.estimated_wait_seconds
    FROM able, team t WHERE t.id = %(team)s
"""  # noqa: S608


async def _line(session: AsyncSession, item: WorkItem) -> _Line:
    wanted, waits = _wanted(item), item.state == WorkState.WAITING.value
    values = {
        "team": item.team_id,
        "rank": item.rank,
        "id": item.id,
        "counted": COUNTED + 1 if waits else 0,
        "own": item.cost if waits else 0,
        "pulled": PULLED,
        "is_pulled": item.requirement_key == PULLED,
        "agent": wanted.agent,
        "language": wanted.language,
        "skills": json.dumps(dict(wanted.skills)),
    }
    ahead, units, here, free, handling, whole = (await run(session, _LINE, values))[0]
    return _Line(
        ahead=ahead,
        units=units,
        units_here=here,
        units_free=free,
        handling_seconds=handling,
        whole_wait_seconds=whole,
    )


def _wanted(item: WorkItem) -> Requirement:
    """What the widest ring asks for: the narrower ones last a moment only."""
    keys = Widening.model_validate(item.widening).keys if item.widening else (item.requirement_key,)
    return Requirement() if keys[-1] == PULLED else Requirement.read(keys[-1])
