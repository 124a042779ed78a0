"""Operators, ended runs and odd signals: no case is lost, none is answered twice."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from domain.interaction import Entry, EntryKind, InteractionState, Resolution
from domain.names import dispatcher_workflow_id
from domain.proposal import HandoffReason
from store.database import Database
from store.journal import entries_after
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    async with set_stage(database, temporal_address, small_policy()) as stage:
        yield stage


async def overdue(stage: Stage) -> None:
    """Every deadline passes, and the sweep looks."""
    async with stage.database.begin() as session:
        await session.execute(
            text("UPDATE interaction SET next_step_due = clock_timestamp() WHERE state <> 'resolved'")
        )
    await stage.watch.sweep()


async def end_run(stage: Stage, interaction_id: str) -> None:
    await stage.story(interaction_id).terminate()


async def test_a_run_terminated_while_the_customer_is_awaited_is_taken_up(stage: Stage) -> None:
    receipt = await stage.write("s1", "one")
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await end_run(stage, receipt.interaction_id)
    await overdue(stage)
    await stage.all_is_well()
    await stage.write("s1", "two")
    assert (await stage.answered(receipt.conversation_id, times=2))[-1] == ("ai", "re: two")
    assert len(await stage.said(receipt.conversation_id)) == 4, "the first word is answered once"


async def test_a_run_terminated_while_composing_is_taken_up(stage: Stage) -> None:
    stage.assistant.may_compose.clear()
    receipt = await stage.write("s1", "one")
    await stage.assistant.composing.wait()
    await end_run(stage, receipt.interaction_id)
    await overdue(stage)
    stage.assistant.may_compose.set()
    assert await stage.answered(receipt.conversation_id) == [("customer", "one"), ("ai", "re: one")]
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.all_is_well()


async def test_a_run_terminated_while_people_have_the_case_is_taken_up(stage: Stage) -> None:
    receipt = await stage.write("s1", "a complaint")
    await stage.work(receipt.interaction_id, "waiting")
    await end_run(stage, receipt.interaction_id)
    await overdue(stage)
    agent = await stage.hire()
    item = await stage.accept(agent, receipt.interaction_id)
    await end_run(stage, receipt.interaction_id)
    await stage.reply(agent, item, "here")
    assert (await stage.answered(receipt.conversation_id))[-1] == ("agent", "here")
    await stage.finish(agent, item)
    row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.BY_AGENT
    await stage.all_is_well()


async def test_a_terminated_run_is_found_without_waiting_for_a_deadline(stage: Stage) -> None:
    receipt = await stage.write("s1", "one")
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await end_run(stage, receipt.interaction_id)
    await stage.happened(receipt.interaction_id, "repaired")
    await stage.all_is_well()


async def test_a_message_that_a_run_had_read_but_not_answered_is_answered_by_the_next(stage: Stage) -> None:
    """The run reports in with a message in hand, and dies before it can understand it."""
    receipt = await stage.write("s1", "one")
    await stage.answered(receipt.conversation_id)
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    stage.assistant.may_compose.clear()
    stage.assistant.composing.clear()
    await stage.story(receipt.interaction_id).signal("entries", [])
    await stage.write("s1", "two")
    await stage.assistant.composing.wait()
    await end_run(stage, receipt.interaction_id)
    async with stage.database.begin() as session:
        # As it stands if the run ended between reporting in and routing.
        await session.execute(text("UPDATE interaction SET state = 'new'"))
    stage.assistant.may_compose.set()
    await overdue(stage)
    assert (await stage.answered(receipt.conversation_id, times=2))[-1] == ("ai", "re: two")


async def test_a_dispatcher_that_was_terminated_works_again_at_the_next_change(stage: Stage) -> None:
    agent = await stage.hire()
    first = await stage.write("s1", "a complaint")
    await stage.accept(agent, first.interaction_id)
    await stage.client.get_workflow_handle(dispatcher_workflow_id("support")).terminate()
    second = await stage.write("s2", "a complaint")
    await stage.work(second.interaction_id, "offered")


async def test_cancelling_a_story_hands_it_to_people(stage: Stage) -> None:
    receipt = await stage.write("s1", "one")
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.story(receipt.interaction_id).cancel()
    assert (await stage.work(receipt.interaction_id, "waiting")).reason == HandoffReason.OPERATOR
    await stage.happened(receipt.interaction_id, "operator_did")
    await stage.all_is_well()


async def test_cancelling_a_story_while_the_ai_composes_hands_it_to_people(stage: Stage) -> None:
    stage.assistant.may_compose.clear()
    receipt = await stage.write("s1", "one")
    await stage.assistant.composing.wait()
    await stage.story(receipt.interaction_id).cancel()
    assert (await stage.work(receipt.interaction_id, "waiting")).reason == HandoffReason.OPERATOR
    stage.assistant.may_compose.set()


async def test_an_operator_resolves_a_case_whatever_stage_it_is_in(stage: Stage) -> None:
    agent = await stage.hire()
    waiting = await stage.write("s1", "one")
    await stage.reaches(waiting.interaction_id, InteractionState.AWAITING_CUSTOMER)
    held = await stage.write("s2", "a complaint")
    await stage.accept(agent, held.interaction_id)
    for receipt in (waiting, held):
        await stage.story(receipt.interaction_id).signal("operator", "resolve")
        row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
        assert row.resolution == Resolution.BY_OPERATOR
    await stage.all_is_well()


@pytest.mark.parametrize(("signal", "order"), [("operator", "make tea"), ("operator", {"do": 1}), ("hand_over", "now")])
async def test_an_order_that_is_none_is_refused_visibly_and_changes_nothing(
    stage: Stage, signal: str, order: object
) -> None:
    receipt = await stage.write("s1", "one")
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.story(receipt.interaction_id).signal(signal, order)
    row = await stage.happened(receipt.interaction_id, "operator_refused")
    assert (row.by, row.facts["order"]) == ("operator", "unknown")
    assert (await stage.interaction(receipt.interaction_id)).state == InteractionState.AWAITING_CUSTOMER


async def test_entries_told_twice_late_and_in_disorder_are_dealt_with_once(stage: Stage) -> None:
    await stage.deafen()
    for word in ("one", "two", "three"):
        receipt = await stage.write("s1", word)
    async with stage.database.begin() as session:
        first, second, third = await entries_after(session, receipt.interaction_id, 0)
    await stage.listen()
    await stage.answered(receipt.conversation_id)
    story = stage.story(receipt.interaction_id)
    for entries in ([third], [second, first], [first], [third, second]):
        await story.signal("entries", entries)
    await stage.write("s1", "four")
    said = await stage.answered(receipt.conversation_id, times=2)
    assert [words for author, words in said if author == "ai"] == ["re: one\ntwo\nthree", "re: four"]
    await stage.all_is_well()


async def test_a_gap_is_read_from_the_store(stage: Stage) -> None:
    receipt = await stage.write("s1", "one")
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.deafen()
    for word in ("two", "three"):
        await stage.write("s1", word)
    async with stage.database.begin() as session:
        *_, newest = await entries_after(session, receipt.interaction_id, 0)
    await stage.story(receipt.interaction_id).signal("entries", [newest])
    assert (await stage.answered(receipt.conversation_id, times=2))[-1] == ("ai", "re: two\nthree")
    await stage.listen()
    await stage.all_is_well()


async def test_an_entry_that_was_never_written_does_not_keep_the_story_busy(stage: Stage) -> None:
    receipt = await stage.write("s1", "one")
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    invented = Entry(seq=99, kind=EntryKind.STUCK)
    await stage.story(receipt.interaction_id).signal("entries", [invented])
    await stage.write("s1", "two")
    await stage.answered(receipt.conversation_id, times=2)

    async def rests() -> bool:
        described = await stage.story(receipt.interaction_id).describe()
        return not described.raw_description.HasField("pending_workflow_task")

    await eventually(rests, 5)
    await stage.all_is_well()


async def test_of_two_orders_the_newer_one_counts(stage: Stage) -> None:
    stage.assistant.may_compose.clear()
    receipt = await stage.write("s1", "one")
    await stage.assistant.composing.wait()
    for order in ("resolve", "hand_to_people"):
        await stage.story(receipt.interaction_id).signal("operator", order)
    stage.assistant.may_compose.set()
    item = await stage.work(receipt.interaction_id, "waiting")
    agent = await stage.hire()
    item = await stage.accept(agent, receipt.interaction_id)
    await stage.reply(agent, item, "here")
    assert (await stage.answered(receipt.conversation_id))[-1] == ("agent", "here")


async def test_a_suggestion_that_is_overtaken_by_an_operator_is_void(stage: Stage) -> None:
    receipt = await stage.write("s1", "one", verified="c1")
    await stage.answered(receipt.conversation_id)
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    async with stage.database.begin() as session:
        insert = """INSERT INTO suggestion (id, customer_id, interaction_id, draft_id, body, state)
                    SELECT 'x', customer_id, id, 'd', 'words', 'pending' FROM interaction"""
        await session.execute(text(insert))
    await stage.story(receipt.interaction_id).signal("operator", "resolve")
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    async with stage.database.begin() as session:
        assert (await session.execute(text("SELECT state FROM suggestion"))).scalar_one() == "lapsed"
