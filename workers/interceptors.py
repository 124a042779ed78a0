"""What stands around every activity: exceptions carry addresses and text, so histories and logs get an id instead."""

import asyncio
import traceback
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from store.database import Database
from store.errors import StoreError
from store.faults import Fault
from store.ids import new_id

log = structlog.get_logger("activity")


class ConstantFailures(Interceptor):
    """Turns every exception of an activity into a constant message with the id of its details in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Stand around the activity."""
        return _ConstantFailures(next, self._database)


class _ConstantFailures(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, database: Database) -> None:
        super().__init__(following)
        self._database = database

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        """Run the activity; whatever it raises becomes constant words."""
        try:
            return await super().execute_activity(input)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            failure = await self._without_text(error)
        raise failure

    async def _without_text(self, error: Exception) -> ApplicationError:
        named = isinstance(error, ApplicationError)
        kind = error.type if isinstance(error, ApplicationError) and error.type else type(error).__name__
        fault_id = new_id()
        await self._keep(fault_id, kind, error)
        info = activity.info()
        log.warning("activity_failed", activity=info.activity_type, kind=kind, fault=fault_id, attempt=info.attempt)
        return ApplicationError(
            f"activity failed: details are fault {fault_id} in the store",
            type=kind,
            non_retryable=named and error.non_retryable if isinstance(error, ApplicationError) else False,
            next_retry_delay=error.next_retry_delay if isinstance(error, ApplicationError) else None,
        )

    async def _keep(self, fault_id: str, kind: str, error: Exception) -> None:
        info = activity.info()
        detail = "".join(traceback.format_exception(error))[-20_000:].replace("\x00", "")
        try:
            async with self._database.begin() as session:
                session.add(
                    Fault(
                        id=fault_id,
                        activity=info.activity_type,
                        workflow_id=info.workflow_id or "",
                        kind=kind,
                        detail=detail,
                    )
                )
        except StoreError:
            log.warning("fault_not_kept", fault=fault_id)
