"""The application: wiring, and what runs beside the requests for as long as the process lives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from temporalio.client import Client

from api import documentation, problems
from api.attempts import Attempts
from api.background import running
from api.body_limit import BodyLimit
from api.front import Front
from api.live.bell import Bell
from api.live.follower import JournalFollower
from api.live.listener import listen
from api.mail import mail_server
from api.metrics import Metrics
from api.parts import Parts
from api.recognition import Recognition
from api.routes import (
    admin,
    assistant,
    attachments,
    cases,
    chat_sessions,
    colleagues,
    commitments,
    consents,
    conversations,
    customers,
    desk,
    desk_events,
    drafts,
    flow_tasks,
    flows,
    health,
    inquiries,
    interactions,
    knowledge,
    messages,
    pages,
    passing,
    payments,
    policy,
    policy_trials,
    portal,
    queueing,
    reports,
    satisfaction,
    shipments,
    sign_in,
    staff,
    supervising,
    verbs,
    warehouse,
)
from api.settings import ApiSettings
from gateway.client import lazy_client
from gateway.relay import Relay
from gateway.watch import Watch
from integrations.shop.local import LocalShop
from store.database import Database
from store.policy_versions import PolicyShelf
from store.receiving import Reception

_ROUTES = (
    chat_sessions, messages, attachments, interactions, conversations, queueing, sign_in, desk, cases, colleagues,
    verbs, drafts, assistant, passing, supervising, desk_events, admin, staff, customers, health, pages, commitments,
    reports, knowledge, policy, policy_trials, inquiries, flows, flow_tasks, portal, payments, warehouse,
    shipments, consents, satisfaction,
)  # fmt: skip


def create_app(settings: ApiSettings | None = None) -> FastAPI:
    """The application. It starts while the store or Temporal is down, and works as soon as they are up."""
    settings = settings or ApiSettings()  # from the environment
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    metrics = Metrics()

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        client = await lazy_client(settings)
        app.state.parts = parts = _assemble(settings, database, metrics, client)
        async with _beside(parts, client) as stopping:
            yield {"stopping": stopping}

    app = FastAPI(
        title="Baton",
        version=version("baton"),
        description="Support orchestration: channels in, agents, admins. Errors are problem documents (RFC 9457).",
        docs_url=None,  # the page would load its scripts from elsewhere
        redoc_url=None,
        lifespan=live,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # it would record customers' text
    )
    app.state.settings = settings
    app.add_middleware(BodyLimit)
    app.add_middleware(Front, metrics=metrics, database=database)
    problems.install(app)
    for routes in _ROUTES:
        app.include_router(routes.router)
    app.mount("/static", pages.StaticAssets(), name="static")
    documentation.publish(app)
    return app


def _assemble(settings: ApiSettings, database: Database, metrics: Metrics, client: Client) -> Parts:
    bell, shop = Bell(), LocalShop(database, pages_url=settings.public_url.rstrip("/"))
    return Parts(
        settings=settings,
        database=database,
        reception=Reception(database),
        recognition=Recognition(shop),
        shop=shop,
        relay=Relay(database, client),
        shelf=PolicyShelf(),
        bell=bell,
        journal=JournalFollower(database, bell),
        metrics=metrics,
        attempts=Attempts(),
    )


@asynccontextmanager
async def _beside(parts: Parts, client: Client) -> AsyncIterator[asyncio.Event]:
    """Relay, watch, mail and live pages. Whoever runs the server sets the event yielded, so that open streams end."""
    stopping = asyncio.Event()

    async def end_streams() -> None:
        await stopping.wait()
        parts.bell.stop()
        parts.journal.stop()

    work: dict[str, Callable[[], Awaitable[None]]] = {
        "listener": lambda: listen(parts.database.url, parts.bell),
        "journal": parts.journal.run,
        "relay": parts.relay.run,
        "watch": Watch(parts.database, client).run,
    }
    async with AsyncExitStack() as stack:
        stack.push_async_callback(parts.database.close)
        for name, start in work.items():
            await stack.enter_async_context(running(name, start))
        await stack.enter_async_context(mail_server(parts))
        ending = asyncio.create_task(end_streams())
        yield stopping
        stopping.set()
        await ending
