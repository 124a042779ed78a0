"""The bare workflow: the steps of a Baton interaction and nothing of its business. What Baton is measured against."""

from datetime import timedelta
from pathlib import Path

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from sqlalchemy import text

    from bench.shape import Shape, Step
    from domain.values import Value
    from store.database import Database

SIGNAL = "told"

SCHEMA = "CREATE TABLE IF NOT EXISTS bare_row (id text PRIMARY KEY, step int NOT NULL, changed int NOT NULL)"
_INSERT = "INSERT INTO bare_row (id, step, changed) VALUES (:id, :step, 0) ON CONFLICT (id) DO NOTHING"
_UPDATE = "UPDATE bare_row SET step = :step, changed = changed + 1 WHERE id = :id"


class BareStart(Value):
    """The argument of a bare run."""

    id: str
    shape: Shape


class BareStep(Value):
    """The argument of a bare activity."""

    id: str
    step: int
    transactions: int
    last: bool


async def write_row(database: Database, row_id: str, step: int) -> None:
    """One transaction on one row: inserted the first time, updated then."""
    async with database.begin() as session:
        await session.execute(text(_UPDATE if step else _INSERT), {"id": row_id, "step": step})


class BareActivities:
    """The one verb of the bare workflow. Without a database its body does nothing."""

    def __init__(self, database: Database | None, done: Path) -> None:
        self._database = database
        self._done = done

    @activity.defn
    async def step(self, step: BareStep) -> str:
        """Commit as often as the step of Baton does; the last step says so by one byte."""
        for _ in range(step.transactions):
            if self._database is not None:
                await write_row(self._database, step.id, step.step + 1)
        if step.last:
            with self._done.open("ab") as done:
                done.write(b".")
        return step.id


@workflow.defn
class BareWorkflow:
    """Goes through the steps."""

    @workflow.init
    def __init__(self, _: BareStart) -> None:
        self.told = 0

    @workflow.run
    async def run(self, start: BareStart) -> str:
        """Wait for the signals, then do one step after the other."""
        await workflow.wait_condition(lambda: self.told >= start.shape.signals)
        for number, step in enumerate(start.shape.steps):
            await self.do(start, number, step)
        return start.id

    @workflow.signal(name=SIGNAL)
    def on_told(self, _: str) -> None:
        """A message has come."""
        self.told += 1

    async def do(self, start: BareStart, number: int, step: Step) -> None:
        """A timer, an activity or a local activity."""
        if step.seconds:
            await workflow.sleep(step.seconds)
            return
        last = number == len(start.shape.steps) - 1
        argument = BareStep(id=start.id, step=number, transactions=step.transactions, last=last)
        timeout = timedelta(seconds=10)
        if step.queue is None:
            await workflow.execute_local_activity_method(BareActivities.step, argument, start_to_close_timeout=timeout)
            return
        await workflow.execute_activity_method(
            BareActivities.step, argument, task_queue=step.queue.value, start_to_close_timeout=timeout
        )
