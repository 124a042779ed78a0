"""The audit: store and Temporal compared both ways."""

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.names import WorkflowType, interaction_of, interaction_workflow_id
from store.audit import Finding, Problem, audit_store, open_interactions
from store.database import Database


async def audit(database: Database, client: Client) -> list[Finding]:
    """Everything that is not as it should be once all is at rest; empty when all is well."""
    async with database.begin() as session:
        findings = await audit_store(session)
        expected = await open_interactions(session)
    running = await _running(client)
    for interaction_id in sorted(expected - running):
        if not await _is_running(client, interaction_id):
            findings.append(Finding(problem=Problem.NOT_RUNNING, ref=interaction_id))
    for interaction_id in sorted(running - expected):
        if await _is_running(client, interaction_id):
            findings.append(Finding(problem=Problem.STILL_RUNNING, ref=interaction_id))
    return findings


async def _running(client: Client) -> set[str]:
    query = f"WorkflowType = '{WorkflowType.INTERACTION}' AND ExecutionStatus = 'Running'"
    return {interaction_of(run.id) async for run in client.list_workflows(query)}


async def _is_running(client: Client, interaction_id: str) -> bool:
    """Asked of the run itself, since visibility lags behind."""
    try:
        run = await client.get_workflow_handle(interaction_workflow_id(interaction_id)).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return run.status is WorkflowExecutionStatus.RUNNING
