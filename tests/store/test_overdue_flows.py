"""The sweep and the audit of flows: what nobody acts on is poked, then shown to people; what is left over is found."""

from sqlalchemy import text

from domain.flows.kinds import FlowEntryKind, FlowKind, FlowState
from store.audit import Problem, audit_store, open_flows
from store.database import Database
from store.flows import Flow, FlowClaim, FlowStep, FlowTask, lock_flow, tell_flow
from store.overdue_flows import look_after_flow, overdue_flows, poke_flow_if_open
from store.policy_versions import PolicyShelf
from tests.store.scene import Scene


async def flow(database: Database, *, state: FlowState = FlowState.AWAITING_PARCEL, due: str = "- 1") -> str:
    """A return that nobody acts on; `due` is when, in seconds from now."""
    async with database.begin() as session:
        row = Flow(
            kind=FlowKind.RETURN.value, intent=f"test:{due}{state}", asked_by="customer", request={}, policy_version=1
        )
        row.state = state.value
        session.add(row)
        await session.flush()
        query = f"UPDATE flow SET next_step_due = clock_timestamp() + interval '{due} seconds'"  # noqa: S608
        await session.execute(text(query))
    return row.id


async def outbox(database: Database) -> list[tuple[str, str | None]]:
    async with database.begin() as session:
        rows = await session.execute(text("SELECT workflow_id, entry ->> 'kind' FROM outbox WHERE flow_id IS NOT NULL"))
        return [(row[0], row[1]) for row in rows]


async def problems(database: Database) -> set[Problem]:
    async with database.begin() as session:
        return {finding.problem for finding in await audit_store(session)} - {Problem.UNDELIVERED}


async def look(database: Database, flow_id: str) -> bool:
    async with database.begin() as session:
        return await look_after_flow(session, flow_id, PolicyShelf())


async def test_the_first_miss_is_a_poke_and_the_second_a_task_for_people(scene: Scene) -> None:
    flow_id = await flow(scene.database)
    async with scene.database.begin() as session:
        assert await overdue_flows(session) == [flow_id]
    assert not await look(scene.database, flow_id)
    assert await outbox(scene.database) == [(f"return-{flow_id}", None)]
    assert not await look(scene.database, flow_id), "it has time until the next look"
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE flow SET next_step_due = clock_timestamp() - interval '1 second'"))
    assert await look(scene.database, flow_id)
    async with scene.database.begin() as session:
        tasks = (await session.execute(text("SELECT team_id, kind, facts ->> 'workflow' FROM flow_task"))).all()
    assert [tuple(task) for task in tasks] == [("support", "follow_up", f"return-{flow_id}")]


async def test_people_are_asked_again_only_when_they_have_answered_and_it_still_stands(scene: Scene) -> None:
    flow_id = await flow(scene.database)
    given = []
    for answered in (False, False, False, True, False):
        async with scene.database.begin() as session:
            await session.execute(text("UPDATE flow SET next_step_due = clock_timestamp() - interval '1 second'"))
            if answered:
                await session.execute(text("UPDATE flow_task SET state = 'done'"))
        given.append(await look(scene.database, flow_id))
    assert given == [False, True, False, True, False]
    async with scene.database.begin() as session:
        states = (await session.execute(text("SELECT state FROM flow_task ORDER BY made_at"))).scalars().all()
    assert states == ["done", "open"]


async def test_a_closed_flow_is_neither_poked_nor_looked_after(scene: Scene) -> None:
    flow_id = await flow(scene.database, state=FlowState.CLOSED)
    async with scene.database.begin() as session:
        assert await overdue_flows(session) == []
        assert not await poke_flow_if_open(session, flow_id)
    assert not await look(scene.database, flow_id)
    assert await outbox(scene.database) == []


async def test_what_comes_after_the_end_is_journalled_as_late_and_starts_nothing(scene: Scene) -> None:
    flow_id = await flow(scene.database, state=FlowState.CLOSED)
    async with scene.database.begin() as session:
        row = await lock_flow(session, flow_id)
        assert not tell_flow(session, row, FlowEntryKind.PARCEL_SCANNED, ref="label")
    assert await outbox(scene.database) == []
    async with scene.database.begin() as session:
        late = (await session.execute(text("SELECT facts ->> 'of' FROM journal WHERE kind = 'late'"))).scalars()
    assert list(late) == [FlowEntryKind.PARCEL_SCANNED.value]


async def test_entries_of_a_flow_are_numbered_without_gaps_beside_those_of_its_case(scene: Scene) -> None:
    flow_id = await flow(scene.database)
    for expected in (1, 2):
        async with scene.database.begin() as session:
            row = await lock_flow(session, flow_id)
            assert tell_flow(session, row, FlowEntryKind.PARCEL_SCANNED)
            assert row.last_seq == expected


async def test_the_audit_finds_what_a_closed_flow_has_left_behind(scene: Scene) -> None:
    flow_id = await flow(scene.database, due="+ 60")
    assert await problems(scene.database) == set()
    async with scene.database.begin() as session:
        session.add(FlowClaim(flow_id=flow_id, line_id="L1", order_number="O1", quantity=1))
        session.add(FlowTask(flow_id=flow_id, key="k", kind="approve", team_id="support"))
        session.add(FlowStep(flow_id=flow_id, name="open_return"))
        assert await open_flows(session) == {f"return-{flow_id}"}
    assert await problems(scene.database) == set()
    async with scene.database.begin() as session:
        (await lock_flow(session, flow_id)).state = FlowState.CLOSED.value
        (await lock_flow(session, flow_id)).last_seq = 1
    left = {Problem.CLAIM_LEFT, Problem.TASK_LEFT, Problem.STEP_UNANSWERED, Problem.FLOW_UNTOLD}
    assert await problems(scene.database) == left


async def test_the_audit_finds_a_flow_that_nobody_acts_on(scene: Scene) -> None:
    await flow(scene.database, due="- 61")
    assert await problems(scene.database) == {Problem.FLOW_OVERDUE}
