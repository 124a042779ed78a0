"""Inbound messages over HTTP at a fixed rate, with the API, the pools and both servers on one machine."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import httpx
from sqlalchemy import text

from bench.ground import Ground, child, worker_children
from bench.interactions import bench_policy
from bench.sides import bench_database, connect
from bench.spread import Spread, spread
from cli.local.ports import answers, free_port
from domain.policy import Policy
from domain.values import Value
from gateway.audit import audit
from store.database import Database
from store.ids import new_id
from store.policies import activate

MESSAGES_PER_CHAT = 4
"""Customers write in bursts: so many messages make one turn, which gets one answer."""
_QUIET_SECONDS = 2.0
_LOOK_SECONDS = 0.5


class Load(Value):
    """What happened."""

    sent: int
    acknowledged_ms: Spread
    refused: int
    lost: int
    """Acknowledged messages that the store does not hold."""
    unanswered: int
    """Interactions that ended without an answer."""
    findings: int
    """What the audit of store and Temporal found afterwards."""
    interactions: int
    drained_after_seconds: float
    """From the last message until every interaction was closed."""
    rate_during: float
    """Interactions closed per second while messages came in."""
    rate_after: float
    """Interactions closed per second while the backlog was drained."""


def load_policy() -> Policy:
    """Chats pause for three seconds, as they do by default, and a short silence closes them."""
    policy = bench_policy()
    due = policy.deadlines.model_copy(update={"assume_resolved_hours": _QUIET_SECONDS / 3600})
    return policy.model_copy(update={"deadlines": due, "pauses": policy.pauses.model_copy(update={"chat": 3.0})})


async def measure(ground: Ground, *, rate: int, seconds: int, side: str) -> Load:
    """Send, then wait until all is closed, then count and audit."""
    async with bench_database(ground, "bench_load") as database:
        async with database.begin() as session:
            await activate(session, load_policy())
        async with _processes(ground, database, side) as url:
            receipts, times, refused = await _send(url, rate, seconds)
            closed, began = await _closed(database), time.perf_counter()
            await _all_closed(database)
            took = time.perf_counter() - began
        findings = await audit(database, await connect(ground))
        interactions = await _count(database, "SELECT count(*) FROM interaction")
        kept = await _count(database, "SELECT count(*) FROM message WHERE author = 'customer'")
        return Load(
            sent=rate * seconds,
            acknowledged_ms=spread(times),
            refused=refused,
            lost=len(receipts) - kept,
            unanswered=await _count(database, _UNANSWERED),
            findings=len(findings),
            interactions=interactions,
            drained_after_seconds=round(took, 1),
            rate_during=round(closed / seconds, 1),
            rate_after=round((interactions - closed) / took, 1),
        )


@asynccontextmanager
async def _processes(ground: Ground, database: Database, side: str) -> AsyncIterator[str]:
    """The API and the workers."""
    port = free_port()
    secret = {"BATON_SECRET_KEY": new_id() * 2, "BATON_PORT": str(port), "BATON_SMTP_LISTEN_PORT": str(free_port())}
    environment = ground.environment(database.url) | secret
    with ExitStack() as stack:
        stack.enter_context(child(ground, "api", ["cli", "api"], environment))
        stack.enter_context(worker_children(ground, side, environment))
        if not await answers(port, within_seconds=60):
            raise TimeoutError("the API does not answer")
        yield f"http://127.0.0.1:{port}"


async def _send(url: str, rate: int, seconds: int) -> tuple[set[str], list[float], int]:
    """An open loop: a message is due every 1/rate seconds, however long the answers take."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:
        chats = [await _open_chat(client) for _ in range(rate * seconds // MESSAGES_PER_CHAT + 1)]
        began, tasks = time.perf_counter(), []
        for number in range(rate * seconds):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            due = began + number / rate
            tasks.append(asyncio.create_task(_post(client, _chat(chats, number, rate), due)))
        answers_ = await asyncio.gather(*tasks)
    return (
        {message_id for message_id, _ in answers_ if message_id},
        [took for message_id, took in answers_ if message_id],
        sum(not message_id for message_id, _ in answers_),
    )


def _chat(chats: list[str], number: int, rate: int) -> str:
    """The messages of a chat follow one another by a second: so many chats are busy at once."""
    block, place = divmod(number, rate * MESSAGES_PER_CHAT)
    return chats[min(block * rate + place % rate, len(chats) - 1)]


async def _open_chat(client: httpx.AsyncClient) -> str:
    answer = await client.post("/v1/chat/sessions", json={})
    answer.raise_for_status()
    return str(answer.json()["session"])


async def _post(client: httpx.AsyncClient, chat: str, due: float) -> tuple[str, float]:
    """The message's id, empty if it was refused, and the milliseconds from when it was due to the answer."""
    headers = {"Authorization": f"Bearer {chat}", "Idempotency-Key": new_id()}
    try:
        answer = await client.post("/v1/messages", json={"text": "where is my order"}, headers=headers)
    except httpx.HTTPError:
        return "", 0
    took = (time.perf_counter() - due) * 1000
    return (str(answer.json()["message_id"]) if answer.status_code in {200, 202} else "", took)


_UNANSWERED = """
    SELECT count(*) FROM interaction i WHERE NOT EXISTS (
        SELECT 1 FROM message m WHERE m.interaction_id = i.id AND m.author = 'ai' AND m.seq IS NOT NULL
          AND m.answers_seq = i.last_customer_seq)"""


_OPEN = "SELECT count(*) FROM interaction WHERE state <> 'resolved'"


async def _closed(database: Database) -> int:
    return await _count(database, "SELECT count(*) FROM interaction WHERE state = 'resolved'")


async def _all_closed(database: Database) -> None:
    async with asyncio.timeout(1800):
        while await _count(database, _OPEN):  # noqa: ASYNC110  what is waited for is in a database
            await asyncio.sleep(_LOOK_SECONDS)


async def _count(database: Database, query: str) -> int:
    async with database.begin() as session:
        return int((await session.execute(text(query))).scalar_one())
