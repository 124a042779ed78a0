"""The switch that stops the AI: from its commit on no word of the AI begins, and people get what it had in hand."""

import asyncio

import pytest

from domain.delivery import Posting
from domain.interaction import EntryKind, InteractionState
from domain.message import DeliveryState
from domain.modes import EVERY_CELL
from domain.plan import Plan, Stage, StageKind
from store.interactions import lock_case, move
from store.journal import Happening
from store.plain import run
from store.speaking import Draft, DraftState, post_draft
from store.stopping import start_ai, stop_ai
from store.switches import TAKE_SWITCH, AiSwitch, ai_stopped, stopped_cells
from tests.store.scene import Scene

_CELL = "return x any"


async def case(
    scene: Scene, thread: str = "c1", *, state: InteractionState = InteractionState.WITH_AI, cell: str = _CELL,
    asked: bool = False,
) -> tuple[str, str]:  # fmt: skip
    """A case with a plan of the cell: the interaction and its conversation."""
    receipt = await scene.chat(thread)
    async with scene.database.begin() as session:
        _, row = await lock_case(session, receipt.interaction_id)
        row.plan = Plan(stages=(Stage(kind=StageKind.AI),), cell=cell).model_dump(mode="json")
        row.asked = asked
        await move(session, row, state, due_in=3600)
    return receipt.interaction_id, receipt.conversation_id


async def stop(scene: Scene, cell: str = EVERY_CELL) -> int:
    return await stop_ai(scene.database, cell, "lead", "it is wrong")


async def post(scene: Scene, draft_id: str) -> Posting:
    async with scene.database.begin() as session:
        return (await post_draft(session, draft_id, suggestion_seconds=60))[0]


async def was_told(scene: Scene, interaction_id: str) -> bool:
    return EntryKind.AI_STOPPED in await scene.told(interaction_id)


async def test_no_draft_is_posted_while_its_cell_or_the_brand_is_stopped(scene: Scene) -> None:
    for thread, cell in (("c1", _CELL), ("c2", EVERY_CELL)):
        interaction_id, conversation_id = await case(scene, thread)
        draft_id = await scene.draft(interaction_id)
        async with scene.database.begin() as session:
            session.add(AiSwitch(cell=cell, stopped_by="lead"))
        assert await post(scene, draft_id) is Posting.STOPPED
        assert len(await scene.messages(conversation_id)) == 1
        async with scene.database.begin() as session:
            await start_ai(session, cell, "lead")


async def test_another_cell_speaks_on(scene: Scene) -> None:
    interaction_id, _ = await case(scene, cell="defaults")
    draft_id = await scene.draft(interaction_id)
    assert await stop(scene, _CELL) == 0
    assert await post(scene, draft_id) is Posting.QUEUED
    assert not await was_told(scene, interaction_id)


async def test_what_is_queued_and_not_yet_being_sent_never_is(scene: Scene) -> None:
    interaction_id, conversation_id = await case(scene)
    await post(scene, await scene.draft(interaction_id))
    async with scene.database.begin() as session:  # the switch alone, before anything is taken from the AI
        session.add(AiSwitch(cell=_CELL, stopped_by="lead"))
    assert await scene.claim(conversation_id, by_commit=True) is None
    queued = (await scene.messages(conversation_id))[-1]
    assert (queued.state, queued.code) == (DeliveryState.CANCELLED, "ai_stopped")


async def test_stopping_cancels_queued_words_at_once(scene: Scene) -> None:
    interaction_id, conversation_id = await case(scene)
    await post(scene, await scene.draft(interaction_id))
    await stop(scene)
    assert (await scene.messages(conversation_id))[-1].state == DeliveryState.CANCELLED


async def test_a_word_that_is_just_beginning_is_said_before_the_switch_is_thrown(scene: Scene) -> None:
    interaction_id, _ = await case(scene)
    async with scene.database.begin() as session:
        _, row = await lock_case(session, interaction_id)
        assert not await ai_stopped(session, row)
        throwing = asyncio.create_task(stop(scene))
        async with scene.database.begin() as other:
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while not (await run(other, waiting, {}))[0][0]:
                assert not throwing.done(), "it waits for who is speaking"
        async with scene.database.begin() as other:
            assert await stopped_cells(other) == []
    assert await throwing == 1


async def test_a_word_that_begins_while_the_switch_is_thrown_is_not_said(scene: Scene) -> None:
    interaction_id, _ = await case(scene)
    draft_id = await scene.draft(interaction_id)
    async with scene.database.begin() as session:
        await run(session, TAKE_SWITCH, {})
        session.add(AiSwitch(cell=EVERY_CELL, stopped_by="lead"))
        posting = asyncio.create_task(post(scene, draft_id))
        async with scene.database.begin() as other:
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while not (await run(other, waiting, {}))[0][0]:
                assert not posting.done(), "it waits for the switch"
    assert await posting is Posting.STOPPED


@pytest.mark.parametrize(
    ("state", "asked", "told"),
    [
        (InteractionState.NEW, False, True),
        (InteractionState.WITH_AI, False, True),
        (InteractionState.AWAITING_HOLDER, False, True),
        (InteractionState.AWAITING_CUSTOMER, True, True),
        (InteractionState.AWAITING_CUSTOMER, False, False),
        (InteractionState.WITH_PERSON, False, False),
        (InteractionState.RESOLVED, False, False),
    ],
)
async def test_people_get_what_the_ai_works_on_or_has_asked_about(
    scene: Scene, state: InteractionState, asked: bool, told: bool
) -> None:
    interaction_id, _ = await case(scene, state=state, asked=asked)
    await scene.draft(interaction_id)
    assert await stop(scene) == int(told)
    assert await was_told(scene, interaction_id) is told


async def test_a_case_that_somebody_holds_at_the_moment_is_taken_all_the_same(scene: Scene) -> None:
    held, _ = await case(scene, "c1")
    free, _ = await case(scene, "c2")
    async with scene.database.begin() as session:
        await lock_case(session, held)
        stopping = asyncio.create_task(stop(scene))
        while not await was_told(scene, free):
            assert not stopping.done()
    assert await stopping == 2
    assert await was_told(scene, held)


async def test_more_cases_than_one_transaction_takes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.stopping.BATCH", 2)
    cases = [(await case(scene, f"c{number}"))[0] for number in range(5)]
    assert await stop(scene) == 5
    for interaction_id in cases:
        assert (await scene.told(interaction_id)).count(EntryKind.AI_STOPPED) == 1


async def test_open_drafts_are_discarded(scene: Scene) -> None:
    interaction_id, _ = await case(scene)
    draft_id = await scene.draft(interaction_id)
    await stop(scene)
    async with scene.database.begin() as session:
        assert (await session.get_one(Draft, draft_id)).state == DraftState.DISCARDED


async def test_both_ways_are_journalled_once_and_a_start_gives_nothing_back(scene: Scene) -> None:
    interaction_id, _ = await case(scene)
    for _ in range(2):
        await stop(scene)
    async with scene.database.begin() as session:
        assert [(one.cell, one.stopped_by, one.why) for one in await stopped_cells(session)] == [
            (EVERY_CELL, "lead", "it is wrong")
        ]
        assert await start_ai(session, EVERY_CELL, "lead")
    async with scene.database.begin() as session:
        assert not await start_ai(session, EVERY_CELL, "lead")
        assert await stopped_cells(session) == []
    rows = await scene.happened(Happening.AI_SWITCHED)
    assert [(row.ref, row.facts["stopped"]) for row in rows] == [(EVERY_CELL, True), (EVERY_CELL, False)]
    assert await scene.told(interaction_id) == [EntryKind.MESSAGE_RECEIVED, EntryKind.AI_STOPPED, EntryKind.AI_STOPPED]
