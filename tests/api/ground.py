"""The ground on which API tests stand: the application on a real database, without Temporal."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.settings import ApiSettings
from domain.parties import Role
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.work import Presence
from store.access import create_token, hash_password
from store.customers import lock_customer
from store.database import Database
from store.dispatching import Allocator
from store.handing_over import open_work
from store.ids import new_id
from store.interactions import customer_of, lock_interaction
from store.people import be_present
from store.policies import activate
from store.work import Agent, AgentTeam, WorkItem
from tests.policies import small_policy

KEY = "a secret of the tests, and only of the tests"
PASSWORD = "correct horse"
_PASSWORD_HASH = hash_password(PASSWORD)


def settings(database_url: str) -> ApiSettings:
    """Nothing listens where Temporal is said to be."""
    return ApiSettings(
        database_url=database_url,
        secret_key=KEY,
        temporal_address="127.0.0.1:1",
        smtp_listen_port=0,
        database_pool_size=5,
    )


@dataclass
class Ground:
    """The application and ways to prepare its store."""

    app: FastAPI
    http: AsyncClient
    database: Database
    policy: Policy = field(default_factory=small_policy)

    async def open_policy(self) -> None:
        """Activate the small policy."""
        async with self.database.begin() as session:
            self.policy = self.policy.model_copy(update={"version": await activate(session, self.policy)})

    async def token(self, role: Role, agent_id: str | None = None) -> dict[str, str]:
        """Headers with a fresh API token."""
        async with self.database.begin() as session:
            return bearer(await create_token(session, role.value, role, agent_id))

    async def hire(self, name: str, *, role: Role = Role.AGENT, team: str = "support", present: bool = True) -> Agent:
        """An agent who can sign in with their name."""
        async with self.database.begin() as session:
            agent = Agent(name=name.title(), login=name, password_hash=_PASSWORD_HASH, role=role.value)
            session.add(agent)
            await session.flush()
            session.add(AgentTeam(agent_id=agent.id, team_id=team))
        if present:
            async with self.database.begin() as session:
                await be_present(session, agent.id, Presence.AVAILABLE, 600)
        return agent

    async def agent_headers(self, agent: Agent) -> dict[str, str]:
        """Headers with a token that is this agent's."""
        return await self.token(Role(agent.role), agent.id)

    async def chat(self, customer_token: str | None = None) -> dict[str, str]:
        """Headers of a fresh chat session."""
        answer = await self.http.post("/v1/chat/sessions", json={"customer_token": customer_token})
        assert answer.status_code == 201, answer.text
        return bearer(answer.json()["session"])

    async def say(self, chat: dict[str, str], text: str, key: str = "") -> dict[str, str]:
        """A customer's message; returns what the API answered."""
        answer = await self.http.post(
            "/v1/messages", json={"text": text}, headers={**chat, "Idempotency-Key": key or new_id()}
        )
        assert answer.status_code == 202, answer.text
        accepted: dict[str, str] = answer.json()
        return accepted

    async def hand_off(self, interaction_id: str) -> WorkItem:
        """Open a work item for the interaction, as its workflow would."""
        async with self.database.begin() as session:
            customer = await lock_customer(session, await customer_of(session, interaction_id))
            interaction = await lock_interaction(session, interaction_id)
            return await open_work(
                session, interaction, customer, "support", HandoffReason.CUSTOMER_REQUEST, self.policy, None
            )

    async def allocate(self) -> None:
        """What the dispatcher does when it wakes."""
        await Allocator(self.database, "support").allocate()

    async def item(self, item_id: str) -> WorkItem:
        """The work item as it is now."""
        async with self.database.begin() as session:
            return await session.get_one(WorkItem, item_id)

    async def count(self, table: type[Any]) -> int:
        """Rows of a table."""
        from sqlalchemy import func, select  # noqa: PLC0415

        async with self.database.begin() as session:
            number: int = (await session.execute(select(func.count()).select_from(table))).scalar_one()
            return number


def bearer(secret: str) -> dict[str, str]:
    """The header."""
    return {"Authorization": f"Bearer {secret}"}


@asynccontextmanager
async def standing_on(app: FastAPI, database: Database) -> AsyncIterator[Ground]:
    """The application with its lifespan running, called without sockets."""
    async with app.router.lifespan_context(app):
        transport = ASGITransport(app=app, client=("127.0.0.1", 50000))
        async with AsyncClient(transport=transport, base_url="http://baton.test") as http:
            yield Ground(app=app, http=http, database=database)


class _Served(uvicorn.Server):
    """A server inside a test: signals stay with pytest; open streams end when it stops."""

    @contextmanager
    def capture_signals(self) -> Any:
        yield

    async def shutdown(self, sockets: Any = None) -> None:
        self.lifespan.state["stopping"].set()
        await super().shutdown(sockets)


@asynccontextmanager
async def served(app: FastAPI, database: Database) -> AsyncIterator[Ground]:
    """The application behind real sockets."""
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=20)
    server = _Served(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=httpx.Timeout(20)) as http:
            yield Ground(app=app, http=http, database=database)
    finally:
        server.should_exit = True
        await running


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, str, dict[str, Any]]]:
    """The events of a stream: name, id, data."""
    found: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            found[name] = value.strip()
        elif "data" in found:
            yield found.get("event", "message"), found.get("id", ""), json.loads(found["data"])
            found = {}
        else:
            found = {}
