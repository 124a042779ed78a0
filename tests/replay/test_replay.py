"""Recorded histories of every released version replay with today's workflows, and hold no customer's text."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from domain.names import WorkflowType
from tests.replay.flow_stories import FLOW_CANARIES, FLOW_STORIES
from tests.replay.mode_stories import MODE_STORIES
from tests.replay.record import HISTORIES
from tests.replay.stories import CANARIES, STORIES
from workers.pools import FLOWS
from workflows.dispatcher import DispatcherWorkflow
from workflows.interaction import InteractionWorkflow
from workflows.satisfaction import SatisfactionWorkflow

FILES = sorted(HISTORIES.glob("*/*.json"))


def read(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
async def test_a_recorded_history_replays(path: Path) -> None:
    stories = [InteractionWorkflow, SatisfactionWorkflow, DispatcherWorkflow, *FLOWS]
    replayer = Replayer(workflows=stories, data_converter=pydantic_data_converter)
    await replayer.replay_workflow(read(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_history_holds_what_a_customer_or_an_exception_said(path: Path) -> None:
    said = b"".join(event.SerializeToString() for event in read(path).events)
    assert [canary for canary in (*CANARIES, *FLOW_CANARIES) if canary.encode() in said] == []


def test_every_workflow_and_every_story_is_recorded() -> None:
    names = {path.stem for path in FILES}
    assert names >= {story.__name__ for story in (*STORIES, *FLOW_STORIES, *MODE_STORIES)}
    recorded = "".join(path.read_text() for path in FILES)
    assert [kind for kind in WorkflowType if f'"{kind.value}"' not in recorded] == []
