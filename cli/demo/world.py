"""The world that scenarios play in: everything runs, each pool and the API as a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from cli.demo.agent import DeskAgent
from cli.demo.chat import ChatCustomer, customer_token
from cli.demo.checks import eventually
from cli.demo.hurrying import in_a_hurry
from cli.demo.mailing import Mailbox
from cli.demo.people import Person, Staff, hire_staff
from cli.demo.portal import PortalPage
from cli.demo.surroundings import Surroundings, one_customer_agrees
from cli.demo.switchboard import Switchboard
from cli.dev import running_processes
from cli.local.services import Services
from cli.local.temporal import LocalTemporal
from cli.supervisor import Supervisor
from cli.upkeep import migrate_schema
from domain.names import Pool
from domain.policy_file import read_policy
from gateway.audit import audit
from integrations.channels.email.capture import CapturingMailServer
from integrations.knowledge.importer import load_demo_articles
from integrations.shop.demo import load_demo_shop
from integrations.shop.scenarios import LATE, Scenario
from store.audit import Finding
from store.database import Database
from store.policies import activate

POLICY = Path(__file__).with_name("policy.yaml")
_READY_WITHIN = 90.0
_AT_REST_WITHIN = 60.0
_QUEUE_TYPE = {Pool.WORKFLOWS: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW}


@dataclass
class World:
    """What scenarios have in their hands."""

    services: Services
    processes: Supervisor
    mailbox: Mailbox
    staff: Staff
    database: Database
    """For the audit only: scenarios use what customers, agents and operators use."""
    temporal: Client
    """The operator's view."""

    def chat(self, customer: Scenario | None = None) -> AbstractAsyncContextManager[ChatCustomer]:
        """A browser with the chat open; with `customer`, signed in at the shop."""
        token = customer_token(self.services.secret_key, customer) if customer else None
        return ChatCustomer.enter(self.services.public_url, token)

    def at_desk(self, person: Person) -> AbstractAsyncContextManager[DeskAgent]:
        """A person at work at the desk."""
        return DeskAgent.at_work(self.services.public_url, person)

    @property
    def temporal_server(self) -> LocalTemporal:
        """The local Temporal server, which can be killed and started again."""
        if self.services.temporal is None:
            raise RuntimeError("Temporal is not this demo's own")
        return self.services.temporal

    def page(self, link: str) -> AbstractAsyncContextManager[PortalPage]:
        """A customer's own page, opened by the link in something that Baton wrote."""
        return PortalPage.opened(self.services.public_url, link)

    @property
    def surroundings(self) -> Surroundings:
        """Carrier, warehouse and till: what happens around the shop while Baton waits."""
        return Surroundings(self.services.public_url, self.staff, self.database)

    @property
    def switchboard(self) -> Switchboard:
        """The AI's switches and readiness, with an admin's token."""
        return Switchboard(self.services.public_url, self.staff.admin_token)

    async def polls(self, pool: Pool) -> None:
        """Wait until the process of a pool asks Temporal for work."""

        async def look() -> bool:
            pid = self.processes.running().get(pool.value)
            return pid is not None and any(name.startswith(f"{pid}@") for name in await self._pollers(pool))

        await eventually(look, within=_READY_WITHIN, expected=f"the pool {pool} at work")

    async def all_poll(self) -> None:
        """Wait until every pool is at work."""
        await asyncio.gather(*(self.polls(pool) for pool in Pool))

    async def at_rest(self, *, within: float = _AT_REST_WITHIN) -> list[Finding]:
        """What the audit still finds after waiting for it to find nothing."""
        findings: list[Finding] = []

        async def look() -> bool:
            nonlocal findings
            findings = await audit(self.database, self.temporal)
            return not findings

        try:
            await eventually(look, within=within, expected="an audit that finds nothing")
        except AssertionError:
            return findings
        return []

    async def _pollers(self, pool: Pool) -> list[str]:
        request = DescribeTaskQueueRequest(
            namespace=self.temporal.namespace,
            task_queue=TaskQueue(name=pool.value),
            task_queue_type=_QUEUE_TYPE.get(pool, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
        )
        try:
            described = await self.temporal.workflow_service.describe_task_queue(request)
        except RPCError:
            return []
        return [poller.identity for poller in described.pollers]


@asynccontextmanager
async def raise_world(
    services: Services, captured: CapturingMailServer, output: Callable[[str], None]
) -> AsyncIterator[World]:
    """Prepare the store, start every process, and wait until all of them are at work.

    `captured` takes outbound mail and is started here; `output` gets each line that a process prints.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(captured)
        await migrate_schema(services.database_url)
        database = Database(services.database_url)
        stack.push_async_callback(database.close)
        staff = await furnish(database)
        outbound = {"BATON_SMTP_PORT": str(captured.port), "BATON_SMTP_HOST": "127.0.0.1"}
        processes = await stack.enter_async_context(running_processes(services, output, beyond=outbound))
        temporal = await Client.connect(
            services.temporal_address, namespace=services.temporal_namespace, data_converter=pydantic_data_converter
        )
        mailbox = Mailbox(services.smtp_listen_port, "support@outfitters.example", captured)
        world = World(services, processes, mailbox, staff, database, temporal)
        await world.all_poll()
        yield world


async def furnish(database: Database) -> Staff:
    """The demo shop, its articles, the policy and the people."""
    await load_demo_shop(database, datetime.now(UTC))
    await load_demo_articles(database)
    await one_customer_agrees(database, LATE)
    async with database.begin() as session:
        await activate(session, in_a_hurry(read_policy(POLICY.read_text())), by="demo")
    return await hire_staff(database)
