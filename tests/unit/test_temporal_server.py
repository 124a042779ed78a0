"""The local Temporal server: serves when it says so, keeps what it was told, and is gone when its owner is gone."""

import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client

from cli.local.temporal import LocalTemporal
from cli.temporal_namespace import register_search_attributes
from domain.names import Pool, SearchAttribute, WorkflowType
from tests.waiting import until

OWNER = """
import asyncio, sys, time, pathlib
from cli.local.temporal import LocalTemporal
server = LocalTemporal(pathlib.Path(sys.argv[1]), headless=True)
asyncio.run(server.start())
print(server.address, flush=True)
time.sleep(600)
"""


def _listens(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


async def _keywords(client: Client) -> set[str]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    listed = await client.operator_service.list_search_attributes(request)
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    return {name for name, kind in listed.custom_attributes.items() if kind == keyword}


async def test_all_search_attributes_are_registered_as_keywords(temporal_address: str) -> None:
    assert set(SearchAttribute) <= await _keywords(await Client.connect(temporal_address))


async def test_closed_workflows_are_kept_for_thirty_days(temporal_address: str) -> None:
    client = await Client.connect(temporal_address)
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    assert described.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=30)


async def test_killed_and_started_again_it_has_the_same_address_and_workflows(tmp_path: Path) -> None:
    async with LocalTemporal(tmp_path / "temporal.db", headless=True) as server:
        address = server.address
        client = await Client.connect(address)
        await client.start_workflow(WorkflowType.DISPATCHER, id="kept", task_queue=Pool.WORKFLOWS)
        server.kill()
        assert not _listens(address)
        await server.start()
        assert server.address == address
        again = await Client.connect(address)
        assert (await again.get_workflow_handle("kept").describe()).id == "kept"


async def test_taken_ports_are_left_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with LocalTemporal(tmp_path / "temporal.db", port=port, ui_port=port) as server:
            assert str(port) not in server.address
            assert str(port) not in server.ui_url
            assert _listens(server.ui_url.removeprefix("http://"))


def test_the_server_ends_with_a_killed_owner(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent was killed")
    command = [sys.executable, "-c", OWNER, str(tmp_path / "temporal.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        address = owner.stdout.readline().strip() if owner.stdout else ""
        assert _listens(address)
        owner.kill()
    until(lambda: not _listens(address))


async def test_a_namespace_that_lacks_search_attributes_gets_them(tmp_path: Path) -> None:
    async with LocalTemporal(tmp_path / "temporal.db", headless=True) as server:
        client = await Client.connect(server.address)
        request = RegisterNamespaceRequest(
            namespace="bare", workflow_execution_retention_period=Duration(seconds=86400)
        )
        await client.workflow_service.register_namespace(request)
        bare = await Client.connect(server.address, namespace="bare")
        await register_search_attributes(bare)
        assert set(SearchAttribute) <= await _keywords(bare)
