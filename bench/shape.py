"""The shape of an interaction: what its recorded history holds, and what it does to the store on the way."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from psycopg import AsyncConnection
from sqlalchemy import event
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from domain.names import Pool
from domain.values import Value
from store.database import Database

doing: ContextVar[str] = ContextVar("doing", default="relay and watch")
"""Where statements are counted that no activity issued."""


class Step(Value):
    """One thing that a story asks of Temporal."""

    queue: Pool | None = None
    """The task queue of an activity; None for a local activity or a timer."""
    seconds: float = 0
    """The length of a timer; 0 for anything else."""
    transactions: int = 0
    """What its body commits."""


class Shape(Value):
    """A story without its business: the same steps in the same order."""

    signals: int
    steps: tuple[Step, ...]


@dataclass
class Tally:
    """Statements and commits, by the activity that caused them."""

    statements: Counter[str] = field(default_factory=Counter)
    commits: Counter[str] = field(default_factory=Counter)


@contextmanager
def tallied(database: Database) -> Iterator[Tally]:
    """Count what reaches the database from this process."""
    tally, engine = Tally(), database.engine.sync_engine

    def on_statement(*_: object) -> None:
        tally.statements[_where()] += 1

    def on_commit(_: object) -> None:
        tally.commits[_where()] += 1

    plain = AsyncConnection.execute

    async def counted(connection: AsyncConnection[Any], *arguments: Any, **options: Any) -> Any:
        on_statement()
        return await plain(connection, *arguments, **options)

    event.listen(engine, "before_cursor_execute", on_statement)
    event.listen(engine, "commit", on_commit)
    try:
        # What `store.plain` runs passes SQLAlchemy by.
        with patch.object(AsyncConnection, "execute", counted):
            yield tally
    finally:
        event.remove(engine, "before_cursor_execute", on_statement)
        event.remove(engine, "commit", on_commit)


def _where() -> str:
    return activity.info().activity_type if activity.in_activity() else doing.get()


def shape_of(history: WorkflowHistory, commits: Counter[str]) -> Shape:
    """The steps of a recorded history, each with the commits that its activity was seen to make."""
    signals = sum(e.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED for e in history.events)
    return Shape(signals=signals, steps=tuple(_steps(history.events, commits)))


def _steps(events: Iterable[HistoryEvent], commits: Counter[str]) -> Iterator[Step]:
    for e in events:
        match e.event_type:
            case EventType.EVENT_TYPE_TIMER_STARTED:
                wait = e.timer_started_event_attributes.start_to_fire_timeout
                yield Step(seconds=wait.ToTimedelta().total_seconds())
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                scheduled = e.activity_task_scheduled_event_attributes
                queue = Pool(scheduled.task_queue.name)
                yield Step(queue=queue, transactions=commits[scheduled.activity_type.name])
            case EventType.EVENT_TYPE_MARKER_RECORDED:
                yield Step(transactions=commits[_local_activity(e)])


def _local_activity(e: HistoryEvent) -> str:
    """The name of a local activity, which the SDK keeps in its marker."""
    (payload,) = e.marker_recorded_event_attributes.details["data"].payloads
    return str(json.loads(payload.data)["activity_type"])
