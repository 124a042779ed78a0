"""The sweep outside Temporal: nothing that is open is ever left without somebody who acts on it."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client
from temporalio.service import RPCError

from domain.names import WorkflowType, flow_of, interaction_of
from gateway.finding import CASES_AND_FLOWS
from store.asking import poke_overdue_questions, poke_question_if_open
from store.database import Database
from store.errors import StoreError
from store.flow_speaking import customers_with_unsaid_words, say_overdue_words
from store.outreach import start_outreach
from store.overdue import Swept, look_after, overdue_interactions, poke_if_open, wake_overdue_teams
from store.overdue_flows import look_after_flow, overdue_flows, poke_flow_if_open
from store.policy_versions import PolicyShelf

SWEEP_SECONDS = 5.0
OUTREACH_SECONDS = 60.0
"""How often shipments are looked over for delays."""
LOOK_BACK = timedelta(minutes=10)
"""How far back ended runs are looked for; the deadlines in the store cover everything older."""

log = structlog.get_logger("watch")


class Watch:
    """Sweeps while it runs. Every process may have one; they take turns by a lock in the store."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._shelf = PolicyShelf()
        self._repaired: set[str] = set()
        self._reached_out_at = -OUTREACH_SECONDS

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                swept = await self.sweep()
                if swept != Swept():
                    log.info("swept", poked=swept.poked, stuck=swept.stuck, teams=swept.teams)
            except StoreError:
                log.warning("watch_store_unavailable")
            except (RPCError, RuntimeError):
                log.warning("watch_temporal_unavailable")
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> Swept:
        """Look once; what another process is looking after is left to it."""
        async with self._database.begin() as session:
            mine = await session.execute(text("SELECT pg_try_advisory_xact_lock(hashtext('watch'))"))
            if not mine.scalar_one():
                return Swept()
            teams = await wake_overdue_teams(session)
            questions = await poke_overdue_questions(session)
            overdue = await overdue_interactions(session)
            flows = await overdue_flows(session)
            unsaid = await customers_with_unsaid_words(session)
        for customer_id in unsaid:
            async with self._database.begin() as session:
                await say_overdue_words(session, customer_id)
        await self._reach_out()
        stuck = 0
        for interaction_id in overdue:
            async with self._database.begin() as session:
                stuck += await look_after(session, interaction_id, self._shelf)
        for flow_id in flows:
            async with self._database.begin() as session:
                stuck += await look_after_flow(session, flow_id, self._shelf)
        repaired = await self._repair_ended_runs()
        poked = len(overdue) + len(flows) - stuck + questions + repaired
        return Swept(poked=poked, stuck=stuck, teams=teams)

    async def _reach_out(self) -> None:
        """Tell customers of delays that nobody has told them of, as far as the policy offers it."""
        if (now := time.monotonic()) - self._reached_out_at >= OUTREACH_SECONDS:
            self._reached_out_at = now
            async with self._database.begin() as session:
                if asked := await start_outreach(session, self._shelf):
                    log.info("outreach_asked_for", flows=asked)

    async def _repair_ended_runs(self) -> int:
        """Runs that an operator terminated, or that failed, while their interaction or flow is open."""
        since = (datetime.now(UTC) - LOOK_BACK).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = (
            f"{CASES_AND_FLOWS} AND CloseTime > '{since}'"
            " AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled')"
        )
        repaired = 0
        async for run in self._client.list_workflows(query, rpc_timeout=timedelta(seconds=5)):
            if run.run_id not in self._repaired:
                async with self._database.begin() as session:
                    repaired += await _poke(session, run.workflow_type, run.id)
                self._repaired.add(run.run_id)
        return repaired


async def _poke(session: AsyncSession, kind: str, workflow_id: str) -> bool:
    if kind == WorkflowType.INTERACTION.value:
        return await poke_if_open(session, interaction_of(workflow_id))
    if kind == WorkflowType.SATISFACTION.value:
        return await poke_question_if_open(session, interaction_of(workflow_id))
    return await poke_flow_if_open(session, flow_of(workflow_id))
