"""The clocks of work items on a real database: who starts, stops, meets and misses them, and what is read of them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.hours import Hours, Weekday
from domain.parties import AuthorKind
from domain.sla import ClockState, SlaKind, SlaTargets
from domain.team import Team
from store import dispatching, live, sla
from store.conversations import Message
from store.ids import new_id
from store.interactions import Interaction
from store.journal import JournalRow
from store.locking import database_now
from store.plain import run
from store.postscript import postscript
from store.sla_clocks import SlaClock
from store.work import Team as TeamRow
from store.work import WorkItem, lock_item
from tests.store.scene import Scene

TARGETS = SlaTargets(first_response_minutes=60, next_response_minutes=40, resolution_minutes=600)
_WEEK = tuple(Weekday)
HOURS = Hours(week=dict.fromkeys(Weekday, ("00:00-24:00",)))
"""Never closed, and yet counted day by day."""
TEAM = Team(title="Support", sla={"any": TARGETS}, hours=HOURS)
Verb = Callable[[AsyncSession, WorkItem], Awaitable[Any]]
FIRST, NEXT, RESOLUTION = SlaKind.FIRST_RESPONSE, SlaKind.NEXT_RESPONSE, SlaKind.RESOLUTION


class Case:
    """A work item and the clocks of a team's service levels."""

    def __init__(self, scene: Scene, item: WorkItem, team: Team) -> None:
        self.scene, self.item, self.team = scene, item, team

    async def do(self, verb: Verb) -> Any:
        """One transaction that holds the item's row."""
        async with self.scene.database.begin() as session:
            return await verb(session, await lock_item(session, self.item.id))

    async def opens(self) -> datetime | None:
        async with self.scene.database.begin() as session:
            item = await lock_item(session, self.item.id)
            interaction = await session.get_one(Interaction, item.interaction_id)
            return await sla.start_clocks(session, item, interaction, self.team, "guest")

    async def person_answers(self) -> None:
        await self.has_been_answered()
        await self.do(lambda session, item: sla.person_answered(session, item, self.team))

    async def has_been_answered(self) -> None:
        """A message of a person stands in the case."""
        async with self.scene.database.begin() as session:
            said = select(Message).where(col(Message.interaction_id) == self.item.interaction_id).limit(1)
            first = (await session.execute(said)).scalar_one()
            words = first.model_dump(include={"conversation_id", "interaction_id", "account"})
            session.add(Message(**words, provider_message_id=new_id(), author=AuthorKind.AGENT.value, body="hi"))

    async def customer_writes(self) -> None:
        await self.do(lambda session, item: sla.customer_wrote(session, item, self.team, "guest"))

    async def ends(self, how: Any) -> None:
        await self.do(lambda session, item: sla.ended(session, item, how, self.team))

    async def passes(self, minutes: float) -> None:
        """So much time passes for the clocks."""
        moments = ("started_at", "warn_at", "due_at", "warned_at", "breached_at", "ended_at", "next_at")
        async with self.scene.database.begin() as session:
            shift = ", ".join(f"{name} = {name} - make_interval(mins => :minutes)" for name in moments)
            await session.execute(
                text(f"UPDATE sla_clock SET {shift} WHERE work_item_id = :item"),  # noqa: S608
                {"minutes": minutes, "item": self.item.id},
            )

    async def clock(self, kind: SlaKind) -> SlaClock:
        """The newest clock of the kind."""
        return (await self.clocks(kind))[-1]

    async def clocks(self, kind: SlaKind) -> list[SlaClock]:
        async with self.scene.database.begin() as session:
            query = select(SlaClock).where(col(SlaClock.work_item_id) == self.item.id, col(SlaClock.kind) == kind.value)
            return list((await session.execute(query.order_by(col(SlaClock.id)))).scalars())

    async def live(self) -> dict[SlaKind, ClockState]:
        """The clocks that the desk shows."""
        async with self.scene.database.begin() as session:
            found = await sla.clocks_of(session, [self.item.id])
        return {view.kind: view.state for view in found[self.item.id]}

    async def happened(self) -> list[tuple[str, str]]:
        """What the journal tells of the clocks."""
        async with self.scene.database.begin() as session:
            query = select(JournalRow).where(col(JournalRow.kind).startswith("sla_")).order_by(col(JournalRow.id))
            rows = list((await session.execute(query)).scalars())
        assert all((row.ref, row.customer_id) == (self.item.id, self.item.customer_id) for row in rows)
        return [(row.kind, str(row.facts["kind"])) for row in rows]

    async def struck(self) -> list[sla.Struck]:
        """What the dispatcher does when it wakes."""
        async with self.scene.database.begin() as session:
            return [await sla.strike(session, clock) for clock in await sla.due_clocks(session, self.item.team_id, 100)]


@pytest.fixture
async def case(scene: Scene) -> Case:
    """A case that waits, without clocks yet."""
    return Case(scene, await scene.waiting(), TEAM)


@pytest.fixture
async def opened(case: Case) -> Case:
    """A case whose clocks run."""
    await case.opens()
    return case


def left(clock: SlaClock, since: datetime | None = None) -> float:
    """Minutes until the clock is due."""
    assert clock.due_at is not None
    return (clock.due_at - (since or datetime.now(UTC))).total_seconds() / 60


def about(minutes: float) -> Any:
    return pytest.approx(minutes, abs=0.5)


# --- starting ---------------------------------------------------------------------------------------------------------


async def test_a_new_case_awaits_its_first_response_and_its_resolution(case: Case) -> None:
    due = await case.opens()
    first, resolution = await case.clock(FIRST), await case.clock(RESOLUTION)
    assert due is not None
    assert due == first.due_at
    assert (left(first), left(resolution)) == (about(60), about(600))
    assert first.next_at == first.warn_at == due - timedelta(minutes=15)
    assert await case.live() == {FIRST: ClockState.RUNNING, RESOLUTION: ClockState.RUNNING}


async def test_a_case_that_a_person_has_answered_before_awaits_its_next_response(case: Case) -> None:
    await case.has_been_answered()
    due = await case.opens()
    assert due == (await case.clock(NEXT)).due_at
    assert not await case.clocks(FIRST)


@pytest.mark.parametrize(
    ("targets", "kinds"),
    [
        (SlaTargets(), set()),
        (SlaTargets(resolution_minutes=5), {RESOLUTION}),
        (SlaTargets(next_response_minutes=5), set()),
        (SlaTargets(first_response_minutes=5), {FIRST}),
    ],
)
async def test_what_the_policy_does_not_promise_has_no_clock(
    scene: Scene, targets: SlaTargets, kinds: set[SlaKind]
) -> None:
    case = Case(scene, await scene.waiting(), Team(title="Support", sla={"any": targets}))
    assert (await case.opens() is None) == (FIRST not in kinds)
    assert set(await case.live()) == kinds


async def test_targets_are_those_of_the_tier(scene: Scene) -> None:
    tiers = {"any": TARGETS, "guest": SlaTargets(first_response_minutes=5)}
    case = Case(scene, await scene.waiting(), Team(title="Support", sla=tiers))
    await case.opens()
    assert left(await case.clock(FIRST)) == about(5)
    assert not await case.clocks(RESOLUTION)


async def test_outside_working_hours_the_time_counts_from_the_next_opening(scene: Scene) -> None:
    opens = (datetime.now(UTC) + timedelta(days=2)).date()
    day = tuple(Weekday)[opens.weekday()]
    case = Case(scene, await scene.waiting(), TEAM.model_copy(update={"hours": Hours(week={day: ("09:00-17:00",)})}))
    await case.opens()
    nine = datetime(opens.year, opens.month, opens.day, 9, tzinfo=UTC)
    assert left(await case.clock(FIRST), nine) == 60


async def test_hours_that_never_come_do_not_keep_a_case_from_opening(scene: Scene) -> None:
    never = Hours(week={Weekday.MON: ()})
    case = Case(scene, await scene.waiting(), TEAM.model_copy(update={"hours": never}))
    assert await case.opens() is None
    assert await case.live() == {}


# --- turns ------------------------------------------------------------------------------------------------------------


async def test_an_answer_meets_the_response_and_the_resolution_waits_for_the_customer(opened: Case) -> None:
    await opened.passes(20)
    await opened.person_answers()
    first, resolution = await opened.clock(FIRST), await opened.clock(RESOLUTION)
    assert (first.state, first.next_at) == (ClockState.MET, None)
    assert first.left_seconds == pytest.approx(40 * 60, abs=30)
    assert (resolution.state, resolution.due_at, resolution.next_at) == (ClockState.PAUSED, None, None)
    assert resolution.left_seconds == pytest.approx(580 * 60, abs=30)
    assert await opened.happened() == [("sla_met", "first_response")]


async def test_the_resolution_goes_on_with_what_was_left_when_the_customer_writes(opened: Case) -> None:
    await opened.passes(20)
    await opened.person_answers()
    await opened.passes(5000)
    await opened.customer_writes()
    assert left(await opened.clock(RESOLUTION)) == about(580)
    assert left(await opened.clock(NEXT)) == about(40)
    assert await opened.live() == {NEXT: ClockState.RUNNING, RESOLUTION: ClockState.RUNNING}


async def test_a_customer_who_writes_again_does_not_start_the_time_anew(opened: Case) -> None:
    await opened.customer_writes()
    assert not await opened.clocks(NEXT)
    await opened.person_answers()
    await opened.customer_writes()
    await opened.passes(10)
    await opened.customer_writes()
    assert [left(clock) for clock in await opened.clocks(NEXT)] == [about(30)]


async def test_without_a_first_target_a_customer_whom_nobody_answered_awaits_no_next_response(scene: Scene) -> None:
    targets = SlaTargets(next_response_minutes=40)
    case = Case(scene, await scene.waiting(), Team(title="Support", sla={"any": targets}))
    await case.opens()
    await case.customer_writes()
    assert await case.live() == {}
    await case.person_answers()
    await case.customer_writes()
    assert await case.live() == {NEXT: ClockState.RUNNING}


async def test_answers_while_it_is_the_customers_turn_change_nothing(opened: Case) -> None:
    await opened.passes(20)
    await opened.person_answers()
    before = [await opened.clock(kind) for kind in (FIRST, RESOLUTION)]
    await opened.person_answers()
    assert [clock.model_dump() for clock in [await opened.clock(FIRST), await opened.clock(RESOLUTION)]] == [
        clock.model_dump() for clock in before
    ]


async def test_an_answer_that_comes_too_late_ends_a_breached_clock_and_tells_how_late(opened: Case) -> None:
    await opened.passes(70)
    await opened.struck()
    await opened.person_answers()
    late = await opened.clock(FIRST)
    assert (late.state, late.ended_at is not None) == (ClockState.BREACHED, True)
    assert late.left_seconds == pytest.approx(-10 * 60, abs=30)
    assert await opened.happened() == [("sla_breached", "first_response")]


async def test_too_late_is_too_late_although_the_dispatcher_had_not_seen_it(opened: Case) -> None:
    await opened.passes(70)
    await opened.person_answers()
    assert (await opened.clock(FIRST)).state == ClockState.BREACHED
    assert await opened.happened() == [("sla_breached", "first_response")]


async def test_while_a_missed_response_is_still_awaited_no_other_clock_starts(opened: Case) -> None:
    await opened.person_answers()
    await opened.customer_writes()
    await opened.passes(50)
    await opened.struck()
    await opened.customer_writes()
    assert [clock.state for clock in await opened.clocks(NEXT)] == [ClockState.BREACHED]


# --- parking and ending -----------------------------------------------------------------------------------------------


async def park(case: Case) -> None:
    await case.do(lambda session, item: sla.paused(session, item, case.team))


async def unpark(case: Case) -> None:
    await case.do(lambda session, item: sla.resumed(session, item, case.team))


async def test_parking_stops_every_clock_and_its_end_lets_them_go_on(opened: Case) -> None:
    await opened.passes(20)
    await park(opened)
    assert await opened.live() == {FIRST: ClockState.PAUSED, RESOLUTION: ClockState.PAUSED}
    await opened.passes(5000)
    assert not await opened.struck()
    await unpark(opened)
    assert left(await opened.clock(FIRST)) == about(40)
    assert left(await opened.clock(RESOLUTION)) == about(580)


async def test_the_end_of_parking_is_not_the_end_of_the_customers_turn(opened: Case) -> None:
    await opened.person_answers()
    await park(opened)
    await unpark(opened)
    assert await opened.live() == {RESOLUTION: ClockState.PAUSED}
    await opened.customer_writes()
    assert await opened.live() == {NEXT: ClockState.RUNNING, RESOLUTION: ClockState.RUNNING}


async def test_a_customer_who_writes_ends_parking_for_the_clocks(opened: Case) -> None:
    await park(opened)
    await opened.customer_writes()
    assert await opened.live() == {FIRST: ClockState.RUNNING, RESOLUTION: ClockState.RUNNING}


async def test_a_resolved_case_meets_its_resolution_and_awaits_no_response(opened: Case) -> None:
    await opened.passes(20)
    await opened.ends(ClockState.MET)
    first, resolution = await opened.clock(FIRST), await opened.clock(RESOLUTION)
    assert (first.state, resolution.state) == (ClockState.CANCELLED, ClockState.MET)
    assert resolution.left_seconds == pytest.approx(580 * 60, abs=30)
    assert await opened.live() == {}
    assert await opened.happened() == [("sla_met", "resolution")]
    await opened.passes(5000)
    assert not await opened.struck()


async def test_a_case_resolved_too_late_has_missed_its_target(opened: Case) -> None:
    await opened.person_answers()
    await opened.customer_writes()
    await opened.person_answers()
    await opened.customer_writes()
    await opened.passes(700)
    await opened.ends(ClockState.MET)
    resolution = await opened.clock(RESOLUTION)
    assert resolution.state == ClockState.BREACHED
    assert resolution.left_seconds == pytest.approx(-100 * 60, abs=60)


async def test_a_case_that_needs_nobody_any_more_cancels_its_clocks(opened: Case) -> None:
    await opened.ends(ClockState.CANCELLED)
    clocks = [await opened.clock(FIRST), await opened.clock(RESOLUTION)]
    assert {(clock.state, clock.next_at) for clock in clocks} == {(ClockState.CANCELLED, None)}
    assert await opened.happened() == []


async def test_the_clocks_follow_the_case_to_another_team_with_their_deadlines(opened: Case) -> None:
    before = await opened.clock(RESOLUTION)
    await opened.ends(ClockState.CANCELLED)
    await opened.opens()
    await opened.do(lambda session, item: sla.moved(session, item, "returns", TEAM, TEAM))
    ended, lives = await opened.clocks(RESOLUTION)
    assert (ended.team_id, lives.team_id) == (before.team_id, "returns")
    await opened.passes(70)
    assert not await opened.struck()
    async with opened.scene.database.begin() as session:
        assert [clock.kind for clock in await sla.due_clocks(session, "returns", 10)] == [FIRST]


async def test_the_time_that_is_left_is_left_in_the_hours_of_the_next_team(opened: Case) -> None:
    """No time is lost by moving to a team that is closed at this moment, nor by a pause there."""
    before = await opened.clock(RESOLUTION)
    tomorrow = _WEEK[(before.started_at.weekday() + 1) % 7] if before.started_at else Weekday.MON
    closed = TEAM.model_copy(update={"hours": Hours(week={tomorrow: ("00:00-24:00",)})})
    await opened.do(lambda session, item: sla.moved(session, item, "returns", TEAM, closed))
    moved = await opened.clock(RESOLUTION)
    assert before.due_at is not None
    assert moved.due_at is not None
    assert moved.due_at > before.due_at, "the next team begins tomorrow"
    await opened.do(lambda session, item: sla.paused(session, item, closed))
    left = (await opened.clock(RESOLUTION)).left_seconds
    assert left is not None
    assert abs(left - before.target_seconds) < 60


# --- striking ---------------------------------------------------------------------------------------------------------


async def test_people_are_warned_once_then_the_target_is_missed_once(opened: Case) -> None:
    assert not await opened.struck()
    await opened.passes(46)
    assert [(one.kind, one.breached) for one in await opened.struck()] == [(FIRST, False)]
    warned = await opened.clock(FIRST)
    assert (warned.state, warned.next_at) == (ClockState.RUNNING, warned.due_at)
    assert not await opened.struck()
    await opened.passes(15)
    struck = await opened.struck()
    assert [(one.kind, one.breached, one.work_item_id) for one in struck] == [(FIRST, True, opened.item.id)]
    missed = await opened.clock(FIRST)
    assert (missed.state, missed.breached_at, missed.next_at) == (ClockState.BREACHED, missed.due_at, None)
    assert not await opened.struck()
    assert await opened.happened() == [("sla_warning", "first_response"), ("sla_breached", "first_response")]


async def test_a_warned_clock_that_goes_on_does_not_warn_again(opened: Case) -> None:
    await opened.passes(46)
    await opened.struck()
    await park(opened)
    await unpark(opened)
    resumed = await opened.clock(FIRST)
    assert (resumed.next_at, resumed.warned_at is not None) == (resumed.due_at, True)


async def test_two_dispatchers_never_strike_one_clock(opened: Case) -> None:
    await opened.passes(46)
    async with opened.scene.database.begin() as one, opened.scene.database.begin() as other:
        assert len(await sla.due_clocks(one, opened.item.team_id, 10)) == 1
        assert await sla.due_clocks(other, opened.item.team_id, 10) == []


@pytest.mark.parametrize("kind", [FIRST, RESOLUTION])
async def test_the_clock_that_is_due_first_is_struck_first(opened: Case, kind: SlaKind) -> None:
    await opened.passes(601)
    async with opened.scene.database.begin() as session:
        earlier = "UPDATE sla_clock SET next_at = next_at - interval '9 days' * (kind = :kind)::int"
        await session.execute(text(earlier), {"kind": kind.value})
    async with opened.scene.database.begin() as session:
        for scan in ("indexscan", "bitmapscan"):  # an index may have the order by chance
            await session.execute(text(f"SET LOCAL enable_{scan} = off"))
        assert [clock.kind for clock in await sla.due_clocks(session, opened.item.team_id, 1)] == [kind]


async def test_the_time_asked_for_before_does_not_turn_a_breach_into_a_warning(opened: Case) -> None:
    await opened.passes(44)
    async with opened.scene.database.begin() as session:
        await database_now(session)
        await session.execute(text("UPDATE sla_clock SET warn_at = clock_timestamp(), due_at = clock_timestamp(),"
                                   " next_at = clock_timestamp() WHERE kind = 'first_response'"))  # fmt: skip
        struck = [await sla.strike(session, clock) for clock in await sla.due_clocks(session, opened.item.team_id, 9)]
    assert [one.breached for one in struck] == [True]


async def test_an_answer_waits_for_the_dispatcher_that_is_striking(opened: Case) -> None:
    await opened.passes(46)
    async with opened.scene.database.begin() as session:
        for clock in await sla.due_clocks(session, opened.item.team_id, 10):
            await sla.strike(session, clock)
        await session.flush()
        async with opened.scene.database.begin() as other:
            await other.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                await sla.person_answered(other, opened.item, opened.team)
            await other.rollback()
    await opened.person_answers()
    met = await opened.clock(FIRST)
    assert (met.state, met.warned_at is not None) == (ClockState.MET, True)


async def test_striking_tells_the_desk(opened: Case) -> None:
    await opened.passes(46)
    async with opened.scene.database.begin() as session:
        for clock in await sla.due_clocks(session, opened.item.team_id, 10):
            await sla.strike(session, clock)
        assert (live.JOURNAL_CHANNEL, "") in postscript(session).notices


# --- waking -----------------------------------------------------------------------------------------------------------


async def woken(case: Case) -> bool:
    """Was the team's dispatcher woken since the mark was cleared?"""
    async with case.scene.database.begin() as session:
        team = await session.get_one(TeamRow, case.item.team_id)
        pending, team.wake_pending_since = team.wake_pending_since, None
    return pending is not None


@pytest.mark.parametrize(("minutes", "wakes"), [(5, True), (600, False)])
async def test_a_timer_that_comes_before_the_dispatcher_looks_again_wakes_it(
    scene: Scene, minutes: float, wakes: bool
) -> None:
    targets = SlaTargets(first_response_minutes=minutes, next_response_minutes=minutes)
    case = Case(scene, await scene.waiting(), Team(title="Support", sla={"any": targets}))
    await case.opens()
    await park(case)
    await woken(case)
    await unpark(case)
    assert await woken(case) is wakes
    await case.person_answers()
    await case.customer_writes()
    assert await woken(case) is wakes


def test_a_dispatcher_looks_again_before_a_timer_that_did_not_wake_it() -> None:
    assert sla.WAKES_WITHIN.total_seconds() > dispatching.IDLE_CHECK


# --- what is read -----------------------------------------------------------------------------------------------------


async def test_the_desk_sees_each_item_with_its_nearest_deadline_first(opened: Case) -> None:
    other = Case(opened.scene, await opened.scene.waiting(), opened.team)
    await opened.passes(46)
    await opened.struck()
    async with opened.scene.database.begin() as session:
        found = await sla.clocks_of(session, [opened.item.id, other.item.id])
    first, resolution = found[opened.item.id]
    assert (first.kind, first.state, first.warned, first.left_seconds) == (FIRST, ClockState.RUNNING, True, None)
    assert (resolution.kind, resolution.warned) == (RESOLUTION, False)
    assert found[other.item.id] == []


async def report(case: Case, since: timedelta = timedelta(days=7)) -> dict[SlaKind, sla.SlaLine]:
    async with case.scene.database.begin() as session:
        now = datetime.now(UTC)
        lines = await sla.sla_report(session, now - since, now + timedelta(minutes=1))
    assert {line.team_id for line in lines} <= {"support"}
    return {line.kind: line for line in lines}


async def test_the_report_counts_what_was_met_missed_and_runs_and_the_time_it_took(opened: Case) -> None:
    for minutes in (10, 20, 30, 40, 90):
        other = Case(opened.scene, await opened.scene.waiting(), opened.team)
        await other.opens()
        await other.passes(minutes)
        await other.person_answers()
    found = await report(opened)
    first, resolution = found[FIRST], found[RESOLUTION]
    assert (first.met, first.breached, first.running) == (4, 1, 1)
    assert first.p50_seconds == pytest.approx(30 * 60, abs=30)
    assert first.p90_seconds == pytest.approx(70 * 60, abs=30)
    assert (resolution.met, resolution.breached, resolution.running, resolution.p50_seconds) == (0, 0, 6, None)


async def test_the_report_does_not_count_time_in_which_a_clock_was_paused(opened: Case) -> None:
    await opened.passes(20)
    await park(opened)
    await opened.passes(3000)
    await unpark(opened)
    await opened.passes(10)
    await opened.person_answers()
    assert (await report(opened))[FIRST].p50_seconds == pytest.approx(30 * 60, abs=30)


async def test_the_report_of_a_period_leaves_out_what_ended_before_it_and_what_was_cancelled(opened: Case) -> None:
    await opened.person_answers()
    await opened.passes(120)
    await opened.ends(ClockState.CANCELLED)
    assert set(await report(opened)) == {FIRST}
    assert await report(opened, timedelta(hours=1)) == {}


async def test_a_missed_target_is_reported_while_its_answer_is_still_awaited(opened: Case) -> None:
    await opened.passes(61)
    await opened.struck()
    first = (await report(opened))[FIRST]
    assert (first.met, first.breached, first.running, first.p50_seconds) == (0, 1, 0, None)


async def test_a_reply_costs_one_statement_where_nothing_changes_and_two_where_it_does(
    opened: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    async def counting(session: AsyncSession, statement: str, parameters: dict[str, object]) -> list[tuple[Any, ...]]:
        counted.append(statement)
        return await run(session, statement, parameters)

    monkeypatch.setattr("store.sla.run", counting)
    await opened.person_answers()
    assert len(counted) == 2
    await opened.person_answers()
    assert len(counted) == 3
