"""The clocks of work items: started, paused, met and struck; and what the desk and the reports read of them.

The verbs are called in a transaction that holds the work item's row. The dispatcher strikes clocks without it, so it
does nothing else in that transaction: whatever needs the case's rows (escalation) comes in the next one.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.hours import Hours
from domain.sla import Clock, ClockState, Ending, PausedFor, SlaKind, SlaTargets
from domain.team import Team
from domain.values import Value
from store.ids import new_id
from store.interactions import Interaction
from store.journal import Happening, note_about
from store.live import notify_desk
from store.locking import CLOCK, database_now, note_held
from store.plain import run
from store.sla_clocks import SlaClock
from store.work import WorkItem, wake

WAKES_WITHIN = timedelta(minutes=6)
"""A dispatcher looks again within five minutes anyway: only a timer that comes earlier has to wake it."""


class Struck(Value):
    """What happened to a clock: people are warned, or its target is missed."""

    clock_id: str
    work_item_id: str
    interaction_id: str
    kind: SlaKind
    breached: bool


class ClockView(Value):
    """A clock that has not ended, as the desk shows it."""

    kind: SlaKind
    state: ClockState
    due_at: datetime | None
    """None while it is paused."""
    left_seconds: float | None
    """Working time left, while it is paused."""
    warned: bool


class SlaLine(Value):
    """How one team kept one kind of target in a period."""

    team_id: str
    kind: SlaKind
    met: int
    breached: int
    """Deadlines that were missed in the period, whether an answer came later or not."""
    running: int
    """Clocks that run or are paused now."""
    p50_seconds: float | None
    """Working time taken by what was met in the period, in time or late; None if there was nothing."""
    p90_seconds: float | None


# --- the verbs of a work item -----------------------------------------------------------------------------------------


async def start_clocks(
    session: AsyncSession, item: WorkItem, interaction: Interaction, team: Team, tier: str
) -> datetime | None:
    """The clocks of a work item that has just been opened; returns when its response is due, None without a target.

    The caller wakes the dispatcher.
    """
    targets, now = team.targets(tier), await database_now(session)
    kinds = [SlaKind.RESOLUTION]
    if targets.first_response_minutes or targets.next_response_minutes:
        answered = await _person_has_answered(session, interaction.id)
        kinds.append(SlaKind.NEXT_RESPONSE if answered else SlaKind.FIRST_RESPONSE)
    started = _started(kinds, targets, team.hours, now)
    await _keep(session, item, started)
    return next((clock.due_at for clock in started if clock.is_response), None)


async def customer_wrote(session: AsyncSession, item: WorkItem, team: Team, tier: str) -> None:
    """It is the team's turn: what was paused goes on, and the next response is awaited unless one already is."""
    clocks, targets, now = await _live(session, item.id), team.targets(tier), await database_now(session)
    begun = [clock.resume(team.hours, now) for clock in clocks]
    awaited = any(clock.is_response for clock in clocks)
    if targets.next_response_minutes and not awaited and await _person_has_answered(session, item.interaction_id):
        begun += _started([SlaKind.NEXT_RESPONSE], targets, team.hours, now)
    await _keep_changed(session, item, clocks, begun)
    await _wake_if_soon(session, item, begun, now)


async def person_answered(session: AsyncSession, item: WorkItem, team: Team) -> None:
    """The awaited response is there, in time or late; the resolution's clock waits for the customer."""
    clocks, now = await _live(session, item.id), await database_now(session)
    after = [
        clock.end(ClockState.MET, now, team.hours)
        if clock.is_response
        else clock.pause(PausedFor.CUSTOMER, team.hours, now)
        for clock in clocks
    ]
    await _keep_changed(session, item, clocks, after)


async def paused(session: AsyncSession, item: WorkItem, team: Team) -> None:
    """The item is parked: its running clocks stop."""
    clocks, now = await _live(session, item.id), await database_now(session)
    await _keep_changed(session, item, clocks, [clock.pause(PausedFor.PARKED, team.hours, now) for clock in clocks])


async def resumed(session: AsyncSession, item: WorkItem, team: Team) -> None:
    """The item is parked no longer: its clocks go on, but for those that wait for the customer."""
    clocks, now = await _live(session, item.id), await database_now(session)
    parked = [clock for clock in clocks if clock.paused_for is PausedFor.PARKED]
    after = [clock.resume(team.hours, now) for clock in parked]
    await _keep_changed(session, item, parked, after)
    await _wake_if_soon(session, item, after, now)


async def ended(session: AsyncSession, item: WorkItem, how: Ending, team: Team | None = None) -> None:
    """The case is resolved (`met`) or needs no person any more (`cancelled`); a response still awaited is cancelled.

    With `team`, the working time that the resolution took is kept for the report.
    """
    clocks, now = await _live(session, item.id), await database_now(session)
    hours = team.hours if team is not None else None
    after = [clock.end(ClockState.CANCELLED if clock.is_response else how, now, hours) for clock in clocks]
    await _keep_changed(session, item, clocks, after)


async def moved(session: AsyncSession, item: WorkItem, team_id: str, before: Team, after: Team) -> None:
    """The item has gone to another team, whose dispatcher minds its clocks from now on.

    Their targets stay; the working time that is left is left in the new team's hours.
    """
    move = "UPDATE sla_clock SET team_id = %(team)s WHERE work_item_id = %(item)s AND ended_at IS NULL RETURNING id"
    await run(session, move, {"team": team_id, "item": item.id})
    if before.hours != after.hours:
        clocks, now = await _live(session, item.id), await database_now(session)
        again = [clock.rescheduled(before.hours, after.hours, now) for clock in clocks]
        await _keep_changed(session, item, clocks, again)


# --- the dispatcher ---------------------------------------------------------------------------------------------------


async def due_clocks(session: AsyncSession, team_id: str, limit: int) -> list[SlaClock]:
    """Clocks whose timer has come, the earliest first, locked; those that others hold are left to them."""
    query = (
        select(SlaClock, WorkItem, CLOCK)  # the items come along, so that striking needs no statement for them
        .join(WorkItem, col(WorkItem.id) == col(SlaClock.work_item_id))
        .where(col(SlaClock.team_id) == team_id, col(SlaClock.next_at) <= CLOCK)
        .order_by(col(SlaClock.next_at))
        .limit(limit)
        .with_for_update(of=SlaClock, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = (await session.execute(query)).all()
    if rows:
        note_held(session, [], max(now for _, _, now in rows))
    return [clock for clock, _, _ in rows]


async def strike(session: AsyncSession, clock: SlaClock) -> Struck:
    """The timer of a clock from `due_clocks` has come: people are warned, or the target is missed."""
    item = await session.get_one(WorkItem, clock.work_item_id)
    before = Clock.model_validate(clock.model_dump(include=set(Clock.model_fields)))
    after = before.strike(await database_now(session))
    clock.state, clock.next_at = after.state.value, after.next_at
    if after.state is ClockState.BREACHED:
        clock.next_at = item.offered_until  # whoever is asked at this moment may take it; else it escalates then
    clock.warned_at, clock.breached_at = after.warned_at, after.breached_at
    _note(session, item, before, after)
    await notify_desk(session)
    return Struck(
        clock_id=clock.id,
        work_item_id=item.id,
        interaction_id=item.interaction_id,
        kind=after.kind,
        breached=after.state is ClockState.BREACHED,
    )


# --- desk and reports -------------------------------------------------------------------------------------------------


async def clocks_of(session: AsyncSession, item_ids: Sequence[str]) -> dict[str, list[ClockView]]:
    """The clocks of each item that have not ended, the nearest deadline first."""
    query = """
        SELECT work_item_id, kind, state, due_at, left_seconds, warned_at IS NOT NULL AS warned FROM sla_clock
        WHERE work_item_id = ANY(%(items)s) AND ended_at IS NULL ORDER BY due_at NULLS LAST, kind
    """
    found: dict[str, list[ClockView]] = {item_id: [] for item_id in item_ids}
    for item_id, *clock in await run(session, query, {"items": list(item_ids)}):
        found[item_id].append(ClockView.model_validate(dict(zip(ClockView.model_fields, clock, strict=True))))
    return found


async def sla_report(session: AsyncSession, since: datetime, until: datetime) -> list[SlaLine]:
    """Each team and kind that had a clock in the period, or has one now."""
    return [
        SlaLine.model_validate(dict(zip(SlaLine.model_fields, line, strict=True)))
        for line in await run(session, _REPORT, {"since": since, "until": until})
    ]


_REPORT = """
    WITH clocks AS (
        SELECT *, ended_at IS NULL AND breached_at IS NULL AS runs,
            breached_at >= %(since)s AND breached_at < %(until)s AS missed,
            ended_at >= %(since)s AND ended_at < %(until)s AND state <> 'cancelled' AS done
        FROM sla_clock WHERE ended_at >= %(since)s OR ended_at IS NULL
    )
    SELECT team_id, kind, count(*) FILTER (WHERE done AND state = 'met'), count(*) FILTER (WHERE missed),
        count(*) FILTER (WHERE runs),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY target_seconds - left_seconds) FILTER (WHERE done),
        percentile_cont(0.9) WITHIN GROUP (ORDER BY target_seconds - left_seconds) FILTER (WHERE done)
    FROM clocks WHERE runs OR missed OR done GROUP BY team_id, kind ORDER BY team_id, kind
"""


# --- reading and writing ----------------------------------------------------------------------------------------------

_COLUMNS = ", ".join(Clock.model_fields)


async def _live(session: AsyncSession, item_id: str) -> list[Clock]:
    """The item's clocks that have not ended. Locked, since the dispatcher strikes them without the item's lock."""
    query = f"SELECT {_COLUMNS} FROM sla_clock WHERE work_item_id = %(item)s AND ended_at IS NULL FOR UPDATE"  # noqa: S608
    rows = await run(session, query, {"item": item_id})
    return [Clock.model_validate(dict(zip(Clock.model_fields, row, strict=True))) for row in rows]


async def _person_has_answered(session: AsyncSession, interaction_id: str) -> bool:
    """Has a person answered, in their own words or by releasing what the AI had drafted?"""
    query = """
        SELECT EXISTS (SELECT 1 FROM message WHERE interaction_id = %(interaction)s AND author = 'agent')
            OR EXISTS (SELECT 1 FROM draft WHERE interaction_id = %(interaction)s AND verdict IN ('sent', 'edited'))
    """
    return bool((await run(session, query, {"interaction": interaction_id}))[0][0])


def _started(kinds: Iterable[SlaKind], targets: SlaTargets, hours: Hours, now: datetime) -> list[Clock]:
    clocks = (Clock.start(new_id(), kind, targets, hours, now) for kind in kinds)
    return [clock for clock in clocks if clock is not None]


async def _keep_changed(session: AsyncSession, item: WorkItem, before: Sequence[Clock], after: Sequence[Clock]) -> None:
    known = {clock.id: clock for clock in before}
    changed = [clock for clock in after if clock != known.get(clock.id)]
    for clock in changed:
        _note(session, item, known.get(clock.id, clock), clock)
    await _keep(session, item, changed)


async def _keep(session: AsyncSession, item: WorkItem, clocks: Sequence[Clock]) -> None:
    """Write new and changed clocks, all in one statement."""
    about = {"work_item_id": item.id, "interaction_id": item.interaction_id, "team_id": item.team_id}
    if clocks:
        rows = [{**clock.model_dump(mode="json"), **about} for clock in clocks]
        await run(session, _WRITE, {"rows": json.dumps(rows)})


_CHANGING = (
    "state", "paused_for", "warn_at", "due_at", "left_seconds", "breached_at", "ended_at", "next_at",
)  # fmt: skip
_WRITE = f"""
    INSERT INTO sla_clock (work_item_id, interaction_id, team_id, {_COLUMNS})
    SELECT work_item_id, interaction_id, team_id, {_COLUMNS}
    FROM jsonb_populate_recordset(NULL::sla_clock, %(rows)s::jsonb)
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _CHANGING)}
    RETURNING id
"""  # noqa: S608


def _note(session: AsyncSession, item: WorkItem, before: Clock, after: Clock) -> None:
    """Put into the journal what is new: a warning, a missed target, or one that was met."""
    if after.breached_at != before.breached_at:
        kind = Happening.SLA_BREACHED
    elif after.warned_at != before.warned_at:
        kind = Happening.SLA_WARNING
    elif after.state is ClockState.MET:
        kind = Happening.SLA_MET
    else:
        return
    facts: dict[str, object] = {"kind": after.kind.value, "due_at": after.due_at.isoformat() if after.due_at else None}
    note_about(session, kind, (item.interaction_id, item.customer_id), ref=item.id, facts=facts)


async def _wake_if_soon(session: AsyncSession, item: WorkItem, clocks: Sequence[Clock], now: datetime) -> None:
    timers = [clock.next_at for clock in clocks if clock.next_at is not None]
    if timers and min(timers) < now + WAKES_WITHIN:
        await wake(session, [item.team_id])
