"""The pools: which verbs and stories each runs, and how a process runs some of them until it is told to stop."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.allocating import DispatchActivities
from activities.asking_people import TaskActivities
from activities.assisting import AssistantActivities
from activities.cases import CaseReader
from activities.delivering import DeliveryActivities
from activities.flow_speaking import FlowSpeechActivities
from activities.flow_steps import FlowActivities
from activities.inquiring import InquiryActivities
from activities.outreaching import OutreachActivities
from activities.paying import MoneyActivities
from activities.satisfaction import SatisfactionActivities
from activities.sending_codes import mailed_codes
from activities.serving_people import PeopleActivities
from activities.shopping import ShopActivities
from activities.storytelling import StoryActivities
from domain.names import Pool
from domain.parties import Channel
from gateway.client import connected_client
from gateway.relay import Relay
from gateway.watch import Watch
from store.database import Database
from workers.interceptors import ConstantFailures
from workers.own_flows import own_flows, stories
from workers.own_flows import verbs as own_verbs
from workers.settings import WorkerSettings
from workers.wiring import Adapters, chosen_adapters, front_door
from workflows.changing import OrderChangeWorkflow
from workflows.claiming import ClaimWorkflow
from workflows.dispatcher import DispatcherWorkflow
from workflows.exchanging import ExchangeWorkflow
from workflows.inquiring import InquiryWorkflow
from workflows.interaction import InteractionWorkflow
from workflows.outreaching import OutreachWorkflow
from workflows.returning import ReturnWorkflow
from workflows.satisfaction import SatisfactionWorkflow

log = structlog.get_logger("workers")

STICKY_TIMEOUT = timedelta(seconds=2)
"""A killed worker stalls its workflows this long instead of ten seconds."""


FLOWS: tuple[type, ...] = (
    ReturnWorkflow,
    ExchangeWorkflow,
    OrderChangeWorkflow,
    ClaimWorkflow,
    InquiryWorkflow,
    OutreachWorkflow,
)
"""The stories of Baton's flows; those of a brand are named by the setting `flows`."""


@dataclass
class _Cast:
    """What a pool runs."""

    workflows: list[type] = field(default_factory=list)
    activities: list[Callable[..., Any]] = field(default_factory=list)
    concurrency: int = 10
    rate: float | None = None


def cast(pool: Pool, settings: WorkerSettings, database: Database, adapters: Adapters) -> _Cast:
    """The workflows and activities of a pool."""
    match pool:
        case Pool.WORKFLOWS:
            verbs = _verbs(StoryActivities(database)) + _verbs(FlowActivities(database))
            own = [story for module in own_flows(settings.flows) for story in stories(module)]
            return _Cast(
                [InteractionWorkflow, SatisfactionWorkflow, *FLOWS, *own], verbs, settings.workflows_concurrency
            )
        case Pool.AI:
            cases = CaseReader(database, adapters.shop())
            door = front_door(settings)
            codes = mailed_codes(adapters.channels().get(Channel.EMAIL), door)
            verbs = _verbs(AssistantActivities(database, cases, adapters.assistant(), door, codes))
            return _Cast([], verbs, settings.ai_concurrency, settings.ai_rate_per_second)
        case Pool.DISPATCH:
            return _Cast([DispatcherWorkflow], _verbs(DispatchActivities(database)), settings.dispatch_concurrency)
        case Pool.HUMAN:
            verbs = _verbs(PeopleActivities(database)) + _verbs(TaskActivities(database))
            return _Cast([], verbs, settings.human_concurrency)
        case Pool.INTEGRATION:
            return _Cast([], _outside(settings, database, adapters), settings.integration_concurrency)


def _outside(settings: WorkerSettings, database: Database, adapters: Adapters) -> list[Callable[..., Any]]:
    """What is done in the shop and said to people."""
    shop, channels, door = adapters.shop(), adapters.channels(), front_door(settings)
    delivery = DeliveryActivities(database, channels)
    subjects: list[object] = [
        delivery,
        SatisfactionActivities(database, delivery, door),
        FlowSpeechActivities(database, door),
        ShopActivities(database, shop),
        MoneyActivities(database, shop),
        OutreachActivities(database, shop, door),
        InquiryActivities(database, shop, channels.get(Channel.EMAIL), door),
    ]
    own = [verb for module in own_flows(settings.flows) for verb in own_verbs(module, database, shop)]
    return [verb for subject in subjects for verb in _verbs(subject)] + own


def _verbs(subject: object) -> list[Callable[..., Any]]:
    """The methods of an activities class that are activities."""
    methods = (getattr(subject, name) for name in dir(subject) if not name.startswith("_"))
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]


def make_worker(client: Client, pool: Pool, settings: WorkerSettings, database: Database, adapters: Adapters) -> Worker:
    """The worker of one pool."""
    return _worker(client, pool, cast(pool, settings, database, adapters), settings, database)


def _worker(client: Client, pool: Pool, plays: _Cast, settings: WorkerSettings, database: Database) -> Worker:
    return Worker(
        client,
        task_queue=pool.value,
        workflows=plays.workflows,
        activities=plays.activities,
        max_concurrent_activities=plays.concurrency,
        max_concurrent_local_activities=plays.concurrency,
        max_task_queue_activities_per_second=plays.rate,
        interceptors=[ConstantFailures(database)],
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        default_heartbeat_throttle_interval=timedelta(seconds=2),
        max_heartbeat_throttle_interval=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=settings.drain_seconds),
    )


async def run_workers(
    pools: Sequence[Pool],
    settings: WorkerSettings,
    adapters: Callable[[WorkerSettings, Database], Adapters] = chosen_adapters,
) -> None:
    """Run pools until SIGTERM or SIGINT, then let running activities finish. Tests bring `adapters`."""
    stopped = asyncio.create_task(_stop_event().wait())
    serving = asyncio.create_task(_serve(pools, settings, adapters))
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def _serve(
    pools: Sequence[Pool], settings: WorkerSettings, adapters: Callable[[WorkerSettings, Database], Adapters]
) -> None:
    """Wait for Temporal, then work until cancelled, or until the relay or the watch fails."""
    database = Database(settings.database_url, pool_size=settings.database_pool_size)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        client = await connected_client(settings)
        outside = adapters(settings, database)
        for pool in pools:
            # In a thread: an assistant may load a model, and this process may serve requests as well.
            plays = await asyncio.to_thread(cast, pool, settings, database, outside)
            await stack.enter_async_context(_worker(client, pool, plays, settings, database))
            log.info("pool_ready", pool=pool.value)
        relay = Relay(database, client)
        await asyncio.gather(relay.run(), Watch(database, client).run())


def _stop_event() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
