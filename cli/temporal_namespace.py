"""What Baton needs of a Temporal namespace before any worker polls: its search attributes, registered and known."""

import asyncio
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from cli.errors import CommandFailed
from domain.names import SearchAttribute

_KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
_POLL_SECONDS = 0.1


class NamespaceNotReady(CommandFailed):
    """The namespace cannot serve Baton; the message says what is missing."""


async def register_search_attributes(client: Client, *, timeout_seconds: float = 30) -> None:
    """Register what is missing of Baton's search attributes and wait until queries know all of them.

    An unregistered one fails the workflow task that sets it. Raises `NamespaceNotReady` if a name is taken by another
    type, or if the server does not know them in time.
    """
    missing = await _missing(client)
    if missing:
        request = AddSearchAttributesRequest(
            namespace=client.namespace, search_attributes=dict.fromkeys(missing, _KEYWORD)
        )
        await client.operator_service.add_search_attributes(request)
    try:
        async with asyncio.timeout(timeout_seconds):
            while True:
                if await _queries_know_all(client):
                    return
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError as error:
        raise NamespaceNotReady("search attributes are registered, but queries do not know them") from error


async def keep_histories_for(client: Client, retention: timedelta) -> None:
    """Set how long the namespace keeps closed workflows."""
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    wanted = Duration(seconds=int(retention.total_seconds()))
    if described.config.workflow_execution_retention_ttl != wanted:
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=wanted)
            )
        )


async def _missing(client: Client) -> list[str]:
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    types = dict(listed.custom_attributes)
    taken = [name for name in SearchAttribute if types.get(name, _KEYWORD) != _KEYWORD]
    if taken:
        raise NamespaceNotReady(f"search attributes of another type than Keyword: {', '.join(taken)}")
    return [name.value for name in SearchAttribute if name not in types]


async def _queries_know_all(client: Client) -> bool:
    query = " AND ".join(f"{name} IS NOT NULL" for name in SearchAttribute)
    request = CountWorkflowExecutionsRequest(namespace=client.namespace, query=query)
    try:
        await client.workflow_service.count_workflow_executions(request)
    except RPCError:
        return False
    return True
