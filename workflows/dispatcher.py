"""The durable clock of a team: sleeps until something changes or is due, then allocates."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.allocating import DispatchActivities
    from domain.names import Pool, Signal, WorkflowType


@workflow.defn(name=WorkflowType.DISPATCHER.value)
class DispatcherWorkflow:
    """One for each team; never ends, continues as new."""

    @workflow.init
    def __init__(self, team: str) -> None:
        self.team = team
        self.woken = True

    @workflow.run
    async def run(self, team: str) -> None:
        """Allocate whenever woken or due."""
        while not workflow.info().is_continue_as_new_suggested():
            self.woken = False
            due_in = await self.allocate()
            workflow.set_current_details(f"- **Team**: {team}\n- **Next look**: in {due_in:.0f} s, or when woken")
            await self.sleep(due_in)
        workflow.continue_as_new(team)

    async def allocate(self) -> float:
        """Offer what waits and expire what is over; returns the seconds until the next deadline."""
        return await workflow.execute_activity_method(
            DispatchActivities.allocate,
            self.team,
            task_queue=Pool.DISPATCH.value,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5)
            ),
            summary="allocate",
        )

    async def sleep(self, seconds: float) -> None:
        """Until a wake or the deadline."""
        try:
            await workflow.wait_condition(
                lambda: self.woken, timeout=timedelta(seconds=seconds), timeout_summary="nearest deadline"
            )
        except TimeoutError:
            return

    @workflow.signal(name=Signal.WAKE.value)
    def wake(self) -> None:
        """Something changed for the team."""
        self.woken = True
