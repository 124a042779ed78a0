"""The durable clock of a team: it looks when something changes and when something is due, and never stops looking."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from domain.names import Pool, Signal, dispatcher_workflow_id
from domain.pressure import Pressure
from store.database import Database
from store.dispatching import Allocation
from store.ids import new_id
from store.work import open_item
from tests.policies import small_policy
from tests.stage import eventually, set_stage
from workflows.dispatcher import DispatcherWorkflow

_LONG = 300.0
_A_MINUTE_LATER = (
    "UPDATE work_item SET offered_until = offered_until - interval '1 minute', due_at = due_at - interval '1 minute'",
    "UPDATE team SET next_due = clock_timestamp() - interval '11 seconds', wake_pending_since = NULL",
)
_COMES_SILENTLY = text(
    "UPDATE agent SET presence = 'available', lease_until = clock_timestamp() + interval '1 hour' WHERE id = :agent"
)
"""Nobody is woken by it."""


class Looks:
    """Allocations that tests steer: each takes as long as `gate` is closed, and tells `due_in`."""

    def __init__(self) -> None:
        self.begun = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.due_in = _LONG
        self.failures = 0

    @activity.defn(name="allocate_team")
    async def allocate(self, team: str) -> Allocation:
        """One look at a team."""
        assert team
        self.begun += 1
        if self.begun <= self.failures:
            raise RuntimeError("the store is away")
        due_in = self.due_in
        await self.gate.wait()
        return Allocation(due_in=due_in, waiting=0, wait_seconds=0, pressure=Pressure.NORMAL)

    async def come_to(self, number: int) -> None:
        """Wait until so many have begun."""

        async def look() -> bool:
            return self.begun >= number

        await eventually(look)


@asynccontextmanager
async def dispatching(address: str, looks: Looks) -> AsyncIterator[WorkflowHandle[DispatcherWorkflow, None]]:
    """A dispatcher at work."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    async with (
        Worker(client, task_queue=Pool.WORKFLOWS.value, workflows=[DispatcherWorkflow]),
        Worker(client, task_queue=Pool.DISPATCH.value, activities=[looks.allocate]),
    ):
        story = await client.start_workflow(
            DispatcherWorkflow.run, "support", id=dispatcher_workflow_id(new_id()), task_queue=Pool.WORKFLOWS.value
        )
        try:
            yield story
        finally:
            looks.gate.set()
            await story.terminate()


async def test_a_change_during_an_allocation_causes_one_more(temporal_address: str) -> None:
    looks = Looks()
    looks.gate.clear()
    async with dispatching(temporal_address, looks) as story:
        await looks.come_to(1)
        for _ in range(5):
            await story.signal(Signal.WAKE.value)
        looks.gate.set()
        await looks.come_to(2)
        looks.gate.clear()
        await story.signal(Signal.WAKE.value)
        await looks.come_to(3)
        assert looks.begun == 3, "five changes during one look ask for one more, not for five"


async def test_it_looks_again_when_something_is_due_and_not_before_unless_woken(temporal_address: str) -> None:
    looks = Looks()
    looks.due_in = 0.1
    async with dispatching(temporal_address, looks) as story:
        await looks.come_to(3)
        looks.due_in = _LONG
        await looks.come_to(4)
        rests = looks.begun
        await story.signal(Signal.WAKE.value)
        await looks.come_to(rests + 1)
        assert looks.begun == rests + 1


async def test_an_allocation_that_fails_is_tried_again(temporal_address: str) -> None:
    looks = Looks()
    looks.failures = 2
    async with dispatching(temporal_address, looks) as story:
        await looks.come_to(3)
        await story.signal(Signal.WAKE.value)
        await looks.come_to(4)


@pytest.mark.parametrize("ended", ["while the item waits", "while it is offered"])
async def test_what_a_terminated_dispatcher_left_is_offered_again_although_nothing_changes(
    database: Database, temporal_address: str, ended: str
) -> None:
    offered = ended == "while it is offered"
    async with set_stage(database, temporal_address, small_policy()) as stage:
        await stage.hire("robin", present=offered)
        colleague = await stage.hire("sasha", present=False)
        receipt = await stage.write("s1", "a complaint")
        item = await stage.work(receipt.interaction_id, "offered" if offered else "waiting")
        await stage.handled_by_relay()
        await stage.client.get_workflow_handle(dispatcher_workflow_id("support")).terminate()
        async with database.begin() as session:
            for change in _A_MINUTE_LATER:
                await session.execute(text(change))
            await session.execute(_COMES_SILENTLY, {"agent": colleague.id})
        await stage.watch.sweep()

        async def look() -> bool:
            async with database.begin() as session:
                now = await open_item(session, receipt.interaction_id)
            offered_anew = now is not None and now.state == "offered" and now.version > item.version
            return offered_anew and now is not None and now.agent_id == colleague.id

        await eventually(look, within=40)  # an allocation that was under way may have moved the team's deadline
        await stage.all_is_well()
