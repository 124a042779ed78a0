"""Plays the stories and keeps their histories: `python -m tests.replay.record`, once for each released version."""

import asyncio
import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

from cli.local.postgres import LocalPostgres
from cli.local.temporal import LocalTemporal
from domain.policy import Policy
from store.database import Database
from store.migrate import upgrade
from tests.policies import story_policy
from tests.replay.flow_stories import FLOW_STORIES, RULES, FlowStoryToTell
from tests.replay.mode_stories import MODE_STORIES, ModeStory
from tests.replay.stories import STORIES, Story
from tests.stage import set_stage
from tests.workflow.flow_stage import set_flow_stage
from tests.workflow.test_modes import stand

HISTORIES = Path(__file__).parent / "histories"
_HERE = Path(__file__).parents[2]
_SOON = 1 / 3600


async def record(story: Story, url: str, temporal_address: str) -> str:
    """Play a story; returns its history as JSON."""
    database = Database(url)
    try:
        async with set_stage(database, temporal_address, story_policy(assume_resolved_hours=_SOON)) as stage:
            workflow_id = await story(stage)
            return (await stage.client.get_workflow_handle(workflow_id).fetch_history()).to_json()
    finally:
        await database.close()


async def record_modes(story: ModeStory, policy: Policy, url: str, temporal_address: str) -> str:
    """Play a story of drafts, switches and satisfaction; returns its history as JSON."""
    database = Database(url)
    try:
        async with stand(database, temporal_address, policy) as stage:
            workflow_id = await story(stage)
            return (await stage.client.get_workflow_handle(workflow_id).fetch_history()).to_json()
    finally:
        await database.close()


async def record_flow(story: FlowStoryToTell, url: str, temporal_address: str) -> str:
    """Play a flow's story; returns its history as JSON."""
    database = Database(url)
    try:
        async with set_flow_stage(database, temporal_address, RULES) as stage:
            flow_id = await story(stage)
            await stage.end_of_story(flow_id)
            return (await stage.history(flow_id)).to_json()
    finally:
        await database.close()


def main() -> None:
    """Record every story into the directory of this version."""
    kept = HISTORIES / f"v{version('baton')}"
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, LocalPostgres(Path(scratch) / "postgres", durable=False) as postgres:
        temporal = LocalTemporal(Path(scratch) / "temporal.db", headless=True)
        asyncio.run(temporal.start())
        try:
            told = {story.__name__: partial(record, story) for story in STORIES}
            told |= {story.__name__: partial(record_flow, story) for story in FLOW_STORIES}
            told |= {story.__name__: partial(record_modes, story, policy) for story, policy in MODE_STORIES.items()}
            for name, play in told.items():
                postgres.create_database(name)
                upgrade(postgres.url(name))
                history = asyncio.run(play(postgres.url(name), temporal.address))
                # Stack traces name files; where this repository lies is nobody's business.
                (kept / f"{name}.json").write_text(history.replace(f"{_HERE}/", "") + "\n")
        finally:
            temporal.stop()


if __name__ == "__main__":
    main()
