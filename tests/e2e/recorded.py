"""Everything that Temporal keeps of the world's runs, as bytes in which planted words would show."""

from collections.abc import AsyncIterator

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowHandle

_METADATA = "__temporal_workflow_metadata"


async def recorded(client: Client) -> AsyncIterator[tuple[str, bytes]]:
    """A name and the bytes of each history, description and current details, of every run of every workflow.

    A payload's data is plain in a serialised event, as are failures, headers, memos and summaries.
    """
    async for run in client.list_workflows():
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        async for event in handle.fetch_history_events():
            yield f"{run.id}, event {event.event_id}", event.SerializeToString()
        described = await handle.describe()
        yield f"{run.id}, description", described.raw_description.SerializeToString()
        if run.status is WorkflowExecutionStatus.RUNNING:
            yield f"{run.id}, current details", (await current_details(handle)).encode()


async def current_details(handle: WorkflowHandle[object, object]) -> str:
    """What the Temporal UI shows of a run at this moment."""
    metadata = await handle.query(_METADATA, result_type=WorkflowMetadata)
    return str(metadata.current_details)


async def runs_of(client: Client, workflow_id: str) -> list[WorkflowExecution]:
    """Every run of a workflow, newest first."""
    return [run async for run in client.list_workflows(f"WorkflowId = '{workflow_id}'")]
