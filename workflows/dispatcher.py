"""The durable clock of a team: sleeps until something changes or is due, then allocates."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.allocating import DispatchActivities
    from domain.names import Pool, Signal, WorkflowType
    from store.dispatching import Allocation

_LONGEST = timedelta(seconds=20)
_PATIENT = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5))


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
            if workflow.patched("how-the-team-stands"):
                found = await self.allocate()
                workflow.set_current_details(_details(team, found))
                await self.sleep(found.due_in)
            else:
                await self.sleep(await self.allocate_as_before())
        workflow.continue_as_new(team)

    async def allocate(self) -> Allocation:
        """Offer what waits and expire what is over."""
        return await workflow.execute_activity_method(
            DispatchActivities.allocate_team,
            self.team,
            task_queue=Pool.DISPATCH.value,
            start_to_close_timeout=_LONGEST,
            retry_policy=_PATIENT,
            summary="allocate",
        )

    async def allocate_as_before(self) -> float:
        """The same in runs that began under version 0.1."""
        return await workflow.execute_activity_method(
            DispatchActivities.allocate,
            self.team,
            task_queue=Pool.DISPATCH.value,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=_PATIENT,
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


def _details(team: str, found: Allocation) -> str:
    """What the Temporal UI shows of a team."""
    wait = "unknown, nobody is here" if found.wait_seconds is None else f"{found.wait_seconds / 60:.0f} min"
    rows = {
        "Team": team,
        "Waiting": f"{found.waiting:g} capacity units",
        "Estimated wait": wait,
        "Pressure": found.pressure.value,
        "Next look": f"in {found.due_in:.0f} s, or when woken",
    }
    return "\n".join(f"- **{name}**: {value}" for name, value in rows.items())
