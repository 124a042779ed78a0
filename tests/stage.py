"""A stage for stories: real PostgreSQL, real Temporal, the pools in this process, a scripted assistant."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import func, select
from sqlmodel import col
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.worker import Worker

from domain.interaction import InteractionState
from domain.message import ClaimedIdentity, InboundMessage, Receipt
from domain.names import Pool, dispatcher_workflow_id, interaction_workflow_id
from domain.parties import Channel, IdentityKind, Role
from domain.policy import Policy
from domain.work import Presence
from gateway.audit import audit
from gateway.relay import Relay
from gateway.watch import Watch
from integrations.channels.chat import ChatOutbound
from integrations.channels.protocol import Outbound
from integrations.shop.local import LocalShop
from store.asking import open_questions
from store.audit import Finding
from store.conversations import Message
from store.database import Database
from store.flows import Flow
from store.ids import new_id
from store.interactions import Interaction
from store.journal import JournalRow
from store.outbox import OutboxRow
from store.people import accept, be_present, finish, reply
from store.policies import activate
from store.receiving import Reception
from store.work import Agent, AgentTeam, WorkItem, open_item
from tests.fakes.assistant import ScriptedAssistant
from workers.pools import make_worker
from workers.settings import WorkerSettings
from workers.wiring import Adapters

Value = TypeVar("Value")
STOPPED_WITHIN = 30
"""Seconds for workers that have nothing to drain."""


async def eventually(look: Callable[[], Awaitable[Value | None]], within: float = 15) -> Value:
    """Wait for a condition, looking again and again until the deadline."""
    async with asyncio.timeout(within):
        while not (found := await look()):  # noqa: ASYNC110  what is waited for is in a database
            await asyncio.sleep(0.02)
        return found


class Stage:
    """What a test of a story holds in its hands."""

    def __init__(self, database: Database, client: Client, assistant: ScriptedAssistant, policy: Policy) -> None:
        self.database = database
        self.policy = policy
        self.client = client
        self.assistant = assistant
        self.reception = Reception(database)
        self.relay = Relay(database, client)
        self.watch = Watch(database, client)

    async def write(self, session: str, text: str, *, key: str = "", verified: str = "") -> Receipt:
        """A chat message of a customer; `verified` is a shop customer id."""
        further = (ClaimedIdentity(kind=IdentityKind.SHOP_CUSTOMER, value=verified, verified=True),) if verified else ()
        return await self.reception.receive(
            InboundMessage(
                channel=Channel.CHAT,
                account="chat",
                provider_message_id=f"{session}:{key or new_id()}",
                thread_refs=(session,),
                sender=ClaimedIdentity(kind=IdentityKind.CHAT_SESSION, value=session, verified=True),
                further_identities=further,
                text=text,
            )
        )

    async def said(self, conversation_id: str) -> list[tuple[str, str]]:
        """What the customer sees: author and text, in order."""
        async with self.database.begin() as session:
            query = (
                select(Message)
                .where(col(Message.conversation_id) == conversation_id, col(Message.seq).is_not(None))
                .order_by(col(Message.seq))
            )
            return [(row.author, row.body) for row in (await session.execute(query)).scalars()]

    async def answered(self, conversation_id: str, times: int = 1, within: float = 15) -> list[tuple[str, str]]:
        """Wait until the AI or a person has said something so often."""

        async def look() -> list[tuple[str, str]] | None:
            said = await self.said(conversation_id)
            return said if sum(author in {"ai", "agent"} for author, _ in said) >= times else None

        return await eventually(look, within)

    async def interaction(self, interaction_id: str) -> Interaction:
        """The row as it is now."""
        async with self.database.begin() as session:
            return await session.get_one(Interaction, interaction_id)

    async def reaches(self, interaction_id: str, state: InteractionState, within: float = 15) -> Interaction:
        """Wait until the interaction is in a state."""

        async def look() -> Interaction | None:
            row = await self.interaction(interaction_id)
            return row if row.state == state.value else None

        return await eventually(look, within)

    async def work(self, interaction_id: str, state: str, within: float = 15) -> WorkItem:
        """Wait until the interaction's open work item is in a state."""

        async def look() -> WorkItem | None:
            async with self.database.begin() as session:
                item = await open_item(session, interaction_id)
            return item if item and item.state == state else None

        return await eventually(look, within)

    async def hire(self, name: str = "robin", *, capacity: int = 3, present: bool = True) -> Agent:
        """An agent of team support."""
        async with self.database.begin() as session:
            agent = Agent(name=name, login=name, password_hash="", role=Role.AGENT.value, capacity=capacity)
            session.add(agent)
            await session.flush()
            session.add(AgentTeam(agent_id=agent.id, team_id="support"))
        if present:
            async with self.database.begin() as session:
                await be_present(session, agent.id, Presence.AVAILABLE, 600)
        return agent

    async def accept(self, agent: Agent, interaction_id: str) -> WorkItem:
        """Wait until the case is offered to the agent, and accept."""
        item = await self.work(interaction_id, "offered")
        assert item.agent_id == agent.id
        async with self.database.begin() as session:
            return await accept(session, item.id, agent.id, item.version, self.policy)

    async def reply(self, agent: Agent, item: WorkItem, words: str, key: str = "k") -> None:
        """The agent answers."""
        async with self.database.begin() as session:
            await reply(session, item.id, agent.id, words, key, self.policy)

    async def finish(self, agent: Agent, item: WorkItem) -> None:
        """The agent resolves the case."""
        async with self.database.begin() as session:
            await finish(session, item.id, agent.id, self.policy)

    async def happened(self, interaction_id: str, kind: str, within: float = 15) -> JournalRow:
        """Wait until the journal has something of a kind; returns the newest."""

        async def look() -> JournalRow | None:
            query = select(JournalRow).where(
                col(JournalRow.interaction_id) == interaction_id, col(JournalRow.kind) == kind
            )
            async with self.database.begin() as session:
                return (await session.execute(query.order_by(col(JournalRow.id).desc()).limit(1))).scalar_one_or_none()

        return await eventually(look, within)

    async def handled(self, interaction_id: str, within: float = 15) -> None:
        """Wait until the story has been told, and has dealt with, everything."""

        async def look() -> bool:
            row = await self.interaction(interaction_id)
            async with self.database.begin() as session:
                waiting = await session.execute(select(func.count()).select_from(OutboxRow))
            return row.handled_seq == row.last_seq and waiting.scalar_one() == 0

        await eventually(look, within)

    async def handled_by_relay(self) -> None:
        """Wait until Temporal has been told everything."""

        async def look() -> bool:
            async with self.database.begin() as session:
                return (await session.execute(select(func.count()).select_from(OutboxRow))).scalar_one() == 0

        await eventually(look)

    async def interactions(self) -> list[Interaction]:
        """All of them, oldest first."""
        async with self.database.begin() as session:
            return list((await session.execute(select(Interaction).order_by(col(Interaction.opened_at)))).scalars())

    async def all_is_well(self, within: float = 15) -> None:
        """Wait until an audit of the store against Temporal, both ways, finds nothing."""
        findings: list[Finding] = []

        async def look() -> bool:
            findings[:] = await audit(self.database, self.client)
            return not findings

        try:
            await eventually(look, within)
        except TimeoutError:
            raise AssertionError(f"the audit still finds {findings}") from None

    async def history(self, interaction_id: str) -> WorkflowHistory:
        """The history of the newest run."""
        return await self.story(interaction_id).fetch_history()

    async def listen(self) -> None:
        """Temporal hears, from now on, what is committed."""
        self._relaying = asyncio.create_task(self.relay.run())

    async def deafen(self) -> None:
        """Temporal hears nothing until `listen`; what is committed meanwhile reaches it in one go."""
        self._relaying.cancel()
        await asyncio.gather(self._relaying, return_exceptions=True)

    async def strike(self) -> None:
        """End every workflow of this stage, so that none goes on in front of another database."""
        ids = [interaction_workflow_id(row.id) for row in await self.interactions()]
        async with self.database.begin() as session:
            ids += [flow.workflow_id for flow in (await session.execute(select(Flow))).scalars()]
            ids += await open_questions(session)
        for workflow_id in [*ids, *map(dispatcher_workflow_id, self.policy.teams)]:
            with contextlib.suppress(RPCError):
                await self.client.get_workflow_handle(workflow_id).terminate()

    def story(self, interaction_id: str) -> WorkflowHandle[object, str]:
        """The handle of an interaction's workflow."""
        return self.client.get_workflow_handle(interaction_workflow_id(interaction_id))


@asynccontextmanager
async def _at_work(workers: list[Worker]) -> AsyncIterator[None]:
    """The workers, which all stop together, as those of one process do.

    One that does not stop is given up; waited for one after the other, it would keep every later test from beginning.
    """
    for worker in workers:
        await worker.__aenter__()
    try:
        yield
    finally:
        leaving = [asyncio.create_task(worker.__aexit__(None, None, None)) for worker in workers]
        left, stuck = await asyncio.wait(leaving, timeout=STOPPED_WITHIN)
        for task in stuck:
            task.cancel()
        for task in left:
            task.result()
        if stuck:
            print(f"{len(stuck)} of {len(workers)} workers did not stop within {STOPPED_WITHIN} s", file=sys.stderr)


@asynccontextmanager
async def set_stage(
    database: Database,
    temporal_address: str,
    policy: Policy,
    *,
    pools: tuple[Pool, ...] = tuple(Pool),
    channels: dict[Channel, Outbound] | None = None,
    flows: str = "",
) -> AsyncIterator[Stage]:
    """Workers for the pools, the relay and the watch, in a namespace's worth of fresh ids; `flows` as the setting."""
    client = await Client.connect(temporal_address, data_converter=pydantic_data_converter, identity="stage")
    assistant = ScriptedAssistant()
    async with database.begin() as session:
        await activate(session, policy)
    adapters = Adapters(
        shop=lambda: LocalShop(database),
        assistant=lambda: assistant,
        channels=lambda: channels or {Channel.CHAT: ChatOutbound()},
    )
    settings = WorkerSettings(database_url=database.url, drain_seconds=0, flows=flows)
    stage = Stage(database, client, assistant, policy)
    async with _at_work([make_worker(client, pool, settings, database, adapters) for pool in pools]):
        watching = asyncio.create_task(stage.watch.run())
        await stage.listen()
        try:
            yield stage
        finally:
            watching.cancel()
            await stage.deafen()
            await asyncio.gather(watching, return_exceptions=True)
            await stage.strike()
