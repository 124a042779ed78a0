"""The pressure on a team, as the store measures it, and the cases that it moves."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from domain.hours import Hours
from domain.interaction import InteractionState, Resolution
from domain.plan import Plan, Stage, StageKind
from domain.pressure import Pressure, PressureRules
from store.dispatching import STRAIN_SECONDS, Allocator
from store.interactions import lock_case, resolve
from store.pressing import Strain, measure, relieve
from store.pressure_report import pressure_report
from store.work import Agent, WorkItem
from tests.store.scene import Scene, scalar

RULES = PressureRules(dwell_seconds=0, handling_minutes=6)


async def strained(scene: Scene, rules: PressureRules = RULES) -> Strain:
    async with scene.database.begin() as session:
        return await measure(session, "support", rules)


async def waiting_return(scene: Scene, shifts_at: Pressure | None = Pressure.ELEVATED) -> WorkItem:
    """A case that waits for people and that the AI may try from a level on."""
    receipt = await scene.chat(f"t{datetime.now(UTC).timestamp()}")
    plan = Plan(stages=(Stage(kind=StageKind.QUEUE, team="support"),), cell="return x any", shifts_at=shifts_at)
    async with scene.database.begin() as session:
        _, row = await lock_case(session, receipt.interaction_id)
        row.plan, row.issue = plan.model_dump(mode="json"), "return"
    return await scene.hand_over(receipt.interaction_id)


async def entries(scene: Scene, kind: str) -> int:
    async with scene.database.begin() as session:
        return int(str(await scalar(session, "SELECT count(*) FROM journal WHERE kind = :kind", kind=kind)))


async def test_the_wait_is_the_waiting_work_over_what_is_freed(scene: Scene) -> None:
    await scene.hire(capacity=2)
    for _ in range(5):
        await scene.waiting()
    assert (await strained(scene)).wait_seconds == 5 / 2 * 6 * 60


async def test_finished_work_tells_how_long_a_case_takes(scene: Scene) -> None:
    await scene.hire(capacity=1)
    for _ in range(10):
        item = await scene.waiting()
        async with scene.database.begin() as session:
            done = "UPDATE work_item SET state = 'done', assigned_at = clock_timestamp() - interval '90 s',"
            await session.execute(text(done + " done_at = clock_timestamp() WHERE id = :id"), {"id": item.id})
    await scene.waiting()
    assert round((await strained(scene)).handling_seconds) == 90


async def test_who_is_off_shift_does_not_count_as_being_here(scene: Scene) -> None:
    agent = await scene.hire(capacity=3)
    await scene.waiting()
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%a").lower()
    async with scene.database.begin() as session:
        row = await session.get_one(Agent, agent.id)
        row.shift = Hours.model_validate({"week": {yesterday: ["00:00-00:01"]}}).model_dump(mode="json")
    assert (await strained(scene)).wait_seconds is None


async def test_a_change_of_level_is_journalled_once(scene: Scene) -> None:
    await scene.hire(capacity=1)
    for _ in range(6):
        await scene.waiting()
    assert [(await strained(scene)).level for _ in range(3)] == [Pressure.CRITICAL] * 3
    assert await entries(scene, "pressure_changed") == 1


async def test_a_level_lasts_at_least_its_dwell(scene: Scene) -> None:
    slow = RULES.model_copy(update={"dwell_seconds": 600})
    await scene.hire(capacity=1)
    items = [await scene.waiting() for _ in range(6)]
    assert (await strained(scene, slow)).level is Pressure.CRITICAL
    async with scene.database.begin() as session:
        cancel = "UPDATE work_item SET state = 'cancelled' WHERE id = ANY(:ids)"
        await session.execute(text(cancel), {"ids": [item.id for item in items]})
    assert (await strained(scene, slow)).level is Pressure.CRITICAL
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE team SET pressure_since = pressure_since - interval '10 min'"))
    assert (await strained(scene, slow)).level is Pressure.NORMAL


async def test_only_as_many_cases_move_as_the_wait_needs_the_last_in_line_first(scene: Scene) -> None:
    await scene.hire(capacity=1)
    items = [await waiting_return(scene) for _ in range(5)]
    strain = await strained(scene)
    assert strain.excess(RULES) == 4, "one of them can be borne"
    assert await relieve(scene.database, "support", strain, RULES) == 4
    first = await scene.interaction(items[0].interaction_id)
    assert first.shifted_to_ai_at is None
    for item in items[1:]:
        moved = await scene.interaction(item.interaction_id)
        assert (moved.shifted_from, moved.state) == ("support", InteractionState.AWAITING_PERSON)
        kept = await scene.item(item.interaction_id)
        assert (kept.state, kept.rank) == ("waiting", item.rank)


async def test_a_case_moves_once_and_only_from_its_level_on(scene: Scene) -> None:
    await scene.hire(capacity=1)
    for _ in range(2):
        await waiting_return(scene, Pressure.CRITICAL)
        await waiting_return(scene)
        await waiting_return(scene, None)
    elevated = (await strained(scene)).model_copy(update={"level": Pressure.ELEVATED})
    assert await relieve(scene.database, "support", elevated, RULES) == 2
    assert await relieve(scene.database, "support", elevated, RULES) == 0
    critical = elevated.model_copy(update={"level": Pressure.CRITICAL})
    assert await relieve(scene.database, "support", critical, RULES) == 2
    assert await relieve(scene.database, "support", critical, RULES) == 0
    assert await entries(scene, "shifted_to_ai") == 4


async def test_unsolved_cases_come_back_once_and_only_as_many_as_there_is_room_for(scene: Scene) -> None:
    await scene.hire(capacity=2)
    for number in range(3):
        receipt = await scene.chat(f"s{number}")
        async with scene.database.begin() as session:
            _, row = await lock_case(session, receipt.interaction_id)
            row.shifted_from, row.shifted_to_ai_at = "support", datetime.now(UTC)
            row.state, row.asked = InteractionState.AWAITING_CUSTOMER.value, number != 0
    calm = await strained(scene)
    assert calm.level is Pressure.NORMAL
    assert await relieve(scene.database, "support", calm, RULES) == 2, "what was answered counts as solved"
    assert await relieve(scene.database, "support", calm, RULES) == 0
    assert await entries(scene, "shifted_to_people") == 2


async def test_the_report_sets_shifted_beside_unshifted_cases(scene: Scene) -> None:
    await scene.hire(capacity=1)
    moved, stayed = await waiting_return(scene), await waiting_return(scene)
    async with scene.database.begin() as session:
        _, row = await lock_case(session, moved.interaction_id)
        row.shifted_from, row.shifted_to_ai_at = "support", datetime.now(UTC)
        await resolve(session, row, Resolution.CONFIRMED)
        _, row = await lock_case(session, stayed.interaction_id)
        row.agent_id = "somebody"
    async with scene.database.begin() as session:
        lines = await pressure_report(session, datetime.now(UTC) - timedelta(hours=1))
    assert [(line.team, line.shifted, line.cases, line.resolved, line.by_people) for line in lines] == [
        ("support", True, 1, 1.0, 0.0),
        ("support", False, 1, None, 1.0),
    ]


async def test_what_comes_right_after_a_measurement_is_measured_too(scene: Scene) -> None:
    """A case may come in the moment after a look that found nothing waiting, and nothing may wake the team again."""
    dispatcher = Allocator(scene.database, "support")
    assert (await dispatcher.allocate()).waiting == 0
    await scene.waiting()
    seen = await dispatcher.allocate()
    assert seen.waiting == 0, "the last measurement is fresh"
    assert seen.due_in <= STRAIN_SECONDS
