"""How the stories call activities: one place for queues, timeouts and retries."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.interaction import Pace
    from domain.names import Pool

Argument = TypeVar("Argument")
Result = TypeVar("Result")
Verb = Callable[[Any, Argument], Coroutine[Any, Any, Result]]

_TRANSACTION = timedelta(seconds=10)
"""A worker that was killed in the middle of a transaction delays its story this long."""
_PROVIDER = timedelta(seconds=60)
_STEP = timedelta(seconds=20)
"""A worker that was killed in the middle of a step in the shop delays its flow this long."""

_LOCAL = RetryPolicy(initial_interval=timedelta(milliseconds=50), maximum_attempts=3)
_PATIENT = RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30))
_UNHURRIED = RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(minutes=1))
_TWICE = RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_attempts=2)


async def record(verb: Verb[Argument, Result], argument: Argument, summary: str) -> Result:
    """A short read or write of the store: here and now, else as a regular activity that outlasts an outage."""
    try:
        return await workflow.execute_local_activity_method(
            verb, argument, start_to_close_timeout=timedelta(seconds=2), retry_policy=_LOCAL, summary=summary
        )
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
    return await workflow.execute_activity_method(
        verb,
        argument,
        task_queue=Pool.WORKFLOWS.value,
        start_to_close_timeout=_TRANSACTION,
        retry_policy=_PATIENT,
        summary=summary,
    )


async def ask_ai(verb: Verb[Argument, Result], argument: Argument, pace: Pace, summary: str) -> Result:
    """A call of the assistant, bounded in time; raises `ActivityError` when it does not answer."""
    return await workflow.execute_activity_method(
        verb,
        argument,
        task_queue=Pool.AI.value,
        schedule_to_start_timeout=timedelta(seconds=pace.ai_start),
        start_to_close_timeout=timedelta(seconds=pace.ai_work),
        retry_policy=_TWICE,
        summary=summary,
    )


async def patiently(verb: Verb[Argument, Result], argument: Argument, pool: Pool, summary: str) -> Result:
    """A verb that must happen, however long its pool or its provider is away."""
    return await workflow.execute_activity_method(
        verb,
        argument,
        task_queue=pool.value,
        start_to_close_timeout=_PROVIDER if pool is Pool.INTEGRATION else _TRANSACTION,
        heartbeat_timeout=timedelta(seconds=10) if pool is Pool.INTEGRATION else None,
        retry_policy=_PATIENT,
        summary=summary,
    )


async def effect(verb: Verb[Argument, Result], argument: Argument, summary: str) -> Result:
    """A step in the shop, asked for until the shop answers, however long it is away; its key makes it happen once."""
    return await workflow.execute_activity_method(
        verb,
        argument,
        task_queue=Pool.INTEGRATION.value,
        start_to_close_timeout=_STEP,
        retry_policy=_UNHURRIED,
        summary=summary,
    )
