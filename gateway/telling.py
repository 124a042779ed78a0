"""How Temporal is told: one signal-with-start for each parcel, by names from the domain."""

import contextlib
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.flows.kinds import FlowEntry, FlowStart
from domain.interaction import InteractionStart
from domain.names import Pool, SearchAttribute, Signal, WorkflowType, flow_workflow_type
from store.outbox import Parcel

CALL_TIMEOUT = timedelta(seconds=5)


def _keyword(name: SearchAttribute, value: str) -> SearchAttributePair[str]:
    return SearchAttributePair(SearchAttributeKey.for_keyword(name.value), value)


def opening_attributes(start: InteractionStart) -> TypedSearchAttributes:
    """What is known of an interaction before any triage."""
    return TypedSearchAttributes(
        [
            _keyword(SearchAttribute.CHANNEL, start.channel),
            _keyword(SearchAttribute.TIER, start.tier),
            _keyword(SearchAttribute.CUSTOMER, start.customer_id),
        ]
    )


async def tell(client: Client, parcel: Parcel) -> None:
    """Signal the parcel's workflow, starting it if no run is open. Raises what the client raises.

    A flow that has run to its end is never started again: what comes later is too late, and dropped here.
    """
    if parcel.flow is not None:
        await _tell_flow(client, parcel.workflow_id, parcel.flow, list(parcel.flow_entries))
    elif parcel.satisfaction is not None:
        await client.start_workflow(
            WorkflowType.SATISFACTION.value,
            parcel.satisfaction,
            id=parcel.workflow_id,
            task_queue=Pool.WORKFLOWS.value,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            rpc_timeout=CALL_TIMEOUT,
            static_summary="how was it?",
        )
    elif parcel.team is not None:
        await client.start_workflow(
            WorkflowType.DISPATCHER.value,
            parcel.team,
            id=parcel.workflow_id,
            task_queue=Pool.DISPATCH.value,
            start_signal=Signal.WAKE.value,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            rpc_timeout=CALL_TIMEOUT,
            static_summary=f"dispatcher · {parcel.team}",
        )
    elif parcel.start is not None:
        await client.start_workflow(
            WorkflowType.INTERACTION.value,
            parcel.start,
            id=parcel.workflow_id,
            task_queue=Pool.WORKFLOWS.value,
            start_signal=Signal.ENTRIES.value,
            start_signal_args=[list(parcel.entries)],
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=opening_attributes(parcel.start),
            rpc_timeout=CALL_TIMEOUT,
            static_summary=f"{parcel.start.channel} · {parcel.start.tier}",
        )


async def _tell_flow(client: Client, workflow_id: str, start: FlowStart, entries: list[FlowEntry]) -> None:
    with contextlib.suppress(WorkflowAlreadyStartedError):
        await client.start_workflow(
            flow_workflow_type(start.kind, start.story),
            start,
            id=workflow_id,
            task_queue=Pool.WORKFLOWS.value,
            start_signal=Signal.ENTRIES.value,
            start_signal_args=[entries],
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=TypedSearchAttributes([_keyword(SearchAttribute.ORDER, start.order)]),
            rpc_timeout=CALL_TIMEOUT,
            static_summary=f"{start.kind} · {start.order}".removesuffix(" · "),
        )
