"""The audit: store and Temporal compared both ways."""

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.names import interaction_workflow_id
from gateway.finding import CASES_AND_FLOWS
from store.asking import open_questions
from store.audit import Finding, Problem, audit_store, open_flows, open_interactions
from store.database import Database


async def audit(database: Database, client: Client) -> list[Finding]:
    """Everything that is not as it should be once all is at rest; empty when all is well."""
    async with database.begin() as session:
        findings = await audit_store(session)
        expected = {interaction_workflow_id(one) for one in await open_interactions(session)}
        expected |= await open_flows(session) | await open_questions(session)
    running = await _running(client)
    for workflow_id in sorted(expected - running):
        if not await _is_running(client, workflow_id):
            findings.append(Finding(problem=Problem.NOT_RUNNING, ref=workflow_id))
    for workflow_id in sorted(running - expected):
        if await _is_running(client, workflow_id):
            findings.append(Finding(problem=Problem.STILL_RUNNING, ref=workflow_id))
    return findings


async def _running(client: Client) -> set[str]:
    query = f"{CASES_AND_FLOWS} AND ExecutionStatus = 'Running'"
    return {run.id async for run in client.list_workflows(query)}


async def _is_running(client: Client, workflow_id: str) -> bool:
    """Asked of the run itself, since visibility lags behind."""
    try:
        run = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return run.status is WorkflowExecutionStatus.RUNNING
