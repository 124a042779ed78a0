"""Long stories go on as new runs, and nobody outside notices."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus

import cli.local.temporal
from cli.local.temporal import LocalTemporal
from domain.interaction import InteractionState, Resolution
from domain.names import dispatcher_workflow_id, interaction_workflow_id
from store.database import Database
from tests.policies import small_policy
from tests.stage import Stage, set_stage

_SHORT_RUNS = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=25")


@pytest.fixture
async def stage(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """A server of its own, which suggests a new run after a few events."""
    monkeypatch.setattr(cli.local.temporal, "TUNING", (*cli.local.temporal.TUNING, *_SHORT_RUNS))
    server = LocalTemporal(tmp_path / "temporal.db", headless=True)
    await server.start()
    try:
        async with set_stage(database, server.address, small_policy()) as stage:
            yield stage
    finally:
        await asyncio.to_thread(server.stop)


async def first_run_status(stage: Stage, workflow_id: str) -> WorkflowExecutionStatus | None:
    described = await stage.client.get_workflow_handle(workflow_id).describe()
    first = described.raw_description.workflow_execution_info.first_run_id
    return (await stage.client.get_workflow_handle(workflow_id, run_id=first).describe()).status


async def test_a_long_story_goes_on_as_a_new_run_with_nothing_lost_or_said_twice(stage: Stage) -> None:
    agent = await stage.hire()
    for number in range(1, 5):
        receipt = await stage.write("s1", f"question {number}")
        said = await stage.answered(receipt.conversation_id, times=number)
        await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert [words for author, words in said if author == "ai"] == [f"re: question {n}" for n in range(1, 5)]
    story = interaction_workflow_id(receipt.interaction_id)
    assert await first_run_status(stage, story) is WorkflowExecutionStatus.CONTINUED_AS_NEW
    await stage.all_is_well()

    await stage.write("s1", "a complaint")
    item = await stage.accept(agent, receipt.interaction_id)
    for number in range(5):
        await stage.reply(agent, item, f"reply {number}", f"k{number}")
        said = await stage.answered(receipt.conversation_id, times=5 + number)
    await stage.finish(agent, item)
    row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.BY_AGENT
    assert [words for author, words in said if author == "agent"] == [f"reply {n}" for n in range(5)]
    assert await first_run_status(stage, dispatcher_workflow_id("support")) is WorkflowExecutionStatus.CONTINUED_AS_NEW
    await stage.all_is_well()
