"""Where the requests are played: a copy of the loaded store, Baton's pools, and a customer who asks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from temporalio.client import Client

from bench.retail.asking import request_of
from bench.retail.data import Action, RetailData
from domain.flows.kinds import AskedBy, FlowOutcome, Requester
from domain.names import Pool
from domain.parties import Channel
from domain.policy import Policy
from domain.policy_file import read_policy
from gateway.relay import Relay
from integrations.channels.chat import ChatOutbound
from integrations.shop.local import LocalShop
from integrations.shop.requesting import read_facts
from store.database import Database
from store.flow_requests import request_flow
from store.flows import Flow
from store.ids import new_id
from store.policies import activate
from tests.fakes.assistant import ScriptedAssistant
from workers.pools import make_worker
from workers.settings import WorkerSettings
from workers.wiring import Adapters

ACCEPTED = "ok"
_POOLS = (Pool.WORKFLOWS, Pool.INTEGRATION, Pool.HUMAN)
_POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 120.0


class RetailStage:
    """One scratch copy of the store."""

    def __init__(self, database: Database, data: RetailData, policy: Policy) -> None:
        self.database = database
        self._data, self._policy = data, policy
        self._shop = LocalShop(database)

    async def play(self, action: Action, user_id: str) -> str:
        """Ask for it as the authenticated customer, and wait until the flow has ended: `ok`, or the rule against it.

        A call that is none of the store's tools, or lacks an argument, is no request at all.
        """
        try:
            request = request_of(action, self._data)
        except (KeyError, ValueError) as error:
            return f"no_such_request: {error}"
        facts = await read_facts(self._shop, request, user_id)
        async with self.database.begin() as session:
            asked = await request_flow(
                session,
                request,
                facts,
                AskedBy(kind=Requester.CUSTOMER),
                self._policy,
                intent=f"customer:{new_id()}",
                shop_customer_id=user_id,
            )
        if asked.verdict.refused is not None:
            return str(asked.verdict.refused)
        return await self._end_of(asked.flow_id)

    async def _end_of(self, flow_id: str) -> str:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                async with self.database.begin() as session:
                    flow = await session.get_one(Flow, flow_id)
                if not flow.is_open:
                    return ACCEPTED if flow.outcome == FlowOutcome.SETTLED.value else f"{flow.outcome}:{flow.reason}"
                await asyncio.sleep(_POLL_SECONDS)


def retail_policy() -> Policy:
    """The store's rules, which are one policy file."""
    return read_policy(Path(__file__).with_name("policy.yaml").read_text("utf-8"))


@asynccontextmanager
async def retail_stage(database_url: str, client: Client, data: RetailData) -> AsyncIterator[RetailStage]:
    """Relay and pools on a copy of the loaded store, until the block ends."""
    database = Database(database_url, pool_size=20)
    adapters = Adapters(
        shop=lambda: LocalShop(database),
        assistant=ScriptedAssistant,
        channels=lambda: {Channel.EMAIL: ChatOutbound(), Channel.CHAT: ChatOutbound()},
    )
    settings = WorkerSettings(database_url=database_url, drain_seconds=1)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        policy = retail_policy()
        async with database.begin() as session:
            version = await activate(session, policy)
        for pool in _POOLS:
            await stack.enter_async_context(make_worker(client, pool, settings, database, adapters))
        relaying = asyncio.create_task(Relay(database, client).run())
        try:
            yield RetailStage(database, data, policy.model_copy(update={"version": version}))
        finally:
            relaying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await relaying
