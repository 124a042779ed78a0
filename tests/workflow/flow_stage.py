"""A stage for the stories of flows: real Temporal, real PostgreSQL, the local shop, and faults where a test plans them.

Policies have days of milliseconds: what takes a fortnight in a shop takes a moment here.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NoReturn
from unittest import mock

from sqlalchemy import select, text
from sqlmodel import col
from temporalio import activity
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.flow_records import ToSay
from domain.flows.effects import Accepted
from domain.flows.kinds import AskedBy, FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.refusal import Refused, Rule
from domain.flows.requests import FlowRequest
from domain.flows.rules import CommerceRules
from domain.names import Pool
from domain.policy import Policy
from domain.team import RoleLimits
from gateway.relay import Relay
from integrations.shop.local import LocalShop
from integrations.shop.requesting import read_facts
from store.database import Database
from store.flow_parcels import record_inspection, record_receipt
from store.flow_requests import Requested, request_flow
from store.flow_tasks import finish_task
from store.flows import Flow, FlowStep, FlowTask, lock_flow, tell_flow
from store.ids import new_id
from store.journal import JournalRow
from store.outbox import address_flow
from store.policies import activate
from tests.policies import small_policy
from tests.stage import STOPPED_WITHIN, eventually
from tests.workflow.flow_world import CARD, CUSTOMER, FlowWorld, fill
from workers.pools import make_worker
from workers.settings import WorkerSettings
from workers.wiring import Adapters

__all__ = ["CANARY", "CARD", "CUSTOMER", "MS", "MS_HOURS", "FlowStage", "refused", "rules", "set_flow_stage"]
MS = 1 / 86_400_000
"""A millisecond, in days."""
MS_HOURS = MS * 24
CANARY = "canary-words"
"""What the customer wrote beside the request; no history may hold it."""
POOLS = (Pool.WORKFLOWS, Pool.HUMAN, Pool.INTEGRATION)
_ROLES = {"agent": RoleLimits(approve_up_to={"EUR": 5000}), "lead": RoleLimits(approve_up_to={"EUR": 100_000})}


class Prompter:
    """Notes what flows say, instead of sending it."""

    def __init__(self, said: list[tuple[str, str, str]]) -> None:
        self._said = said

    @activity.defn
    async def say(self, said: ToSay) -> None:
        """Note it."""
        self._said.append((said.flow_id, said.word, said.part))


class FlowStage(FlowWorld):
    """What a test of a flow holds in its hands."""

    def __init__(self, database: Database, client: Client, policy: Policy) -> None:
        super().__init__(database)
        self.client, self.policy = client, policy
        self.relay = Relay(database, client)
        self.said: list[tuple[str, str, str]] = []
        """Flow, word and part, each as often as it was said."""
        self.workers: list[Worker] = []

    # --- flows ----------------------------------------------------------------------------------------------------

    async def ask(self, request: FlowRequest, *, by: str = "customer", flow_id: str = "") -> Requested:
        """Somebody asks for a flow."""
        facts = await read_facts(self.shop.shop, request, CUSTOMER)
        async with self.database.begin() as session:
            return await request_flow(
                session,
                request,
                facts,
                AskedBy.read(by),
                self.policy,
                intent=new_id(),
                flow_id=flow_id,
                shop_customer_id=CUSTOMER,
                words=CANARY,
            )

    async def begin(self, request: FlowRequest, *, by: str = "customer", flow_id: str = "") -> str:
        """Ask for a flow that is allowed; answers its id."""
        asked = await self.ask(request, by=by, flow_id=flow_id)
        assert asked.verdict.refused is None
        return asked.flow_id

    async def reaches(self, flow_id: str, state: FlowState, within: float = 20) -> Flow:
        """Wait until the flow is in a state."""

        async def look() -> Flow | None:
            row = await self.flow(flow_id)
            assert row.is_open or state is FlowState.CLOSED, f"the flow has ended: {row.outcome} {row.reason}"
            return row if row.state == state.value else None

        try:
            return await eventually(look, within)
        except TimeoutError:
            row = await self.flow(flow_id)
            raise AssertionError(f"{flow_id} is {row.state}, not {state}: {await self.steps(flow_id)}") from None

    async def ends(self, flow_id: str, outcome: FlowOutcome, within: float = 20) -> Flow:
        """Wait until the flow has ended, and see how."""
        row = await self.reaches(flow_id, FlowState.CLOSED, within)
        assert row.outcome == outcome.value, f"{row.outcome} {row.reason}: {await self.steps(flow_id)}"
        return row

    async def tell(self, flow_id: str, kind: FlowEntryKind, ref: str = "") -> bool:
        """The flow is told something; False if it is over."""
        async with self.database.begin() as session:
            return tell_flow(session, await lock_flow(session, flow_id), kind, ref=ref)

    async def hears(self, flow_id: str, within: float = 20) -> None:
        """Wait until the flow has dealt with everything that it was told."""

        async def look() -> bool:
            row = await self.flow(flow_id)
            return row.handled_seq == row.last_seq

        await eventually(look, within)

    async def receive(self, flow_id: str) -> None:
        """The warehouse has got everything."""
        flow = await self.flow(flow_id)
        async with self.database.begin() as session:
            await record_receipt(session, str(flow.facts["return_id"]), self._counts(flow))

    async def inspect(self, flow_id: str, *accepted: int) -> None:
        """The warehouse has looked at everything; `accepted` by line, else all of it."""
        flow = await self.flow(flow_id)
        counts = self._counts(flow)
        for place, units in enumerate(accepted):
            counts[place] = counts[place].model_copy(update={"accepted": units})
        async with self.database.begin() as session:
            await record_inspection(session, str(flow.facts["return_id"]), counts)

    def _counts(self, flow: Flow) -> list[Accepted]:
        wanted: dict[str, int] = {}
        items = flow.request.get("items") or flow.request["swaps"]
        assert isinstance(items, list)
        for item in items:
            wanted[item["line_id"]] = wanted.get(item["line_id"], 0) + item["quantity"]
        return [Accepted(line_id=line, received=units, accepted=units) for line, units in wanted.items()]

    async def comes_back(self, flow_id: str, *accepted: int) -> None:
        """Handed in, received, inspected."""
        await self.reaches(flow_id, FlowState.AWAITING_PARCEL)
        await self.tell(flow_id, FlowEntryKind.PARCEL_SCANNED)
        await self.reaches(flow_id, FlowState.IN_TRANSIT)
        await self.receive(flow_id)
        await self.reaches(flow_id, FlowState.AWAITING_INSPECTION)
        await self.inspect(flow_id, *accepted)

    async def pays(self, flow_id: str) -> None:
        """The customer pays by the flow's payment link."""
        row = await self.reaches(flow_id, FlowState.AWAITING_PAYMENT)
        link = str(row.facts["payment_link"])
        assert isinstance(self.shop.shop, LocalShop)
        await self.shop.shop.pay_link(link)
        await self.tell(flow_id, FlowEntryKind.PAID, link)

    def words(self, flow_id: str) -> list[str]:
        """What the customer was told, each word and part once, in the order of its first time."""
        return list(dict.fromkeys(f"{word}:{part}" if part else word for of, word, part in self.said if of == flow_id))

    async def steps(self, flow_id: str, *, waits: bool = False) -> dict[str, str]:
        """The ledger: step to state."""
        async with self.database.begin() as session:
            query = select(FlowStep).where(col(FlowStep.flow_id) == flow_id).order_by(col(FlowStep.begun_at))
            steps = (await session.execute(query)).scalars()
            return {step.name: step.state for step in steps if waits or not step.name.startswith("wait:")}

    async def happened(self, flow_id: str, kind: str) -> list[JournalRow]:
        """What the journal has of a kind."""
        async with self.database.begin() as session:
            query = select(JournalRow).where(col(JournalRow.flow_id) == flow_id, col(JournalRow.kind) == kind)
            return list((await session.execute(query)).scalars())

    # --- people ---------------------------------------------------------------------------------------------------

    async def task(self, flow_id: str, kind: TaskKind, within: float = 20) -> FlowTask:
        """Wait until the flow asks people for something."""

        async def look() -> FlowTask | None:
            async with self.database.begin() as session:
                query = select(FlowTask).where(
                    col(FlowTask.flow_id) == flow_id, col(FlowTask.kind) == kind.value, col(FlowTask.state) == "open"
                )
                return (await session.execute(query)).scalar_one_or_none()

        return await eventually(look, within)

    async def finish(self, task: FlowTask, decision: str, *, agent: str = "robin", role: str = "lead") -> None:
        """Somebody does it."""
        async with self.database.begin() as session:
            await finish_task(session, task.id, agent, role, decision, "", self.policy)

    async def overdue(self, flow_id: str, kind: TaskKind) -> None:
        """Wait until a task has been shown as overdue."""

        async def look() -> bool:
            return bool(await self.happened(flow_id, "task_overdue"))

        await self.task(flow_id, kind)
        await eventually(look)

    async def change_policy(self, commerce_rules: CommerceRules) -> None:
        """From now on another version counts."""
        policy = self.policy.model_copy(update={"commerce": commerce_rules})
        async with self.database.begin() as session:
            self.policy = policy.model_copy(update={"version": await activate(session, policy)})

    async def repair(self, flow_id: str) -> FlowTask:
        """A person puts right what was refused."""
        task = await self.task(flow_id, TaskKind.REPAIR)
        await self.finish(task, "done")
        return task

    async def live(
        self,
        flow_id: str,
        *,
        choices: Sequence[str] = ("refund",),
        cancel_in: FlowState | None = None,
        late: int = 0,
        interrupt: Callable[[str], Awaitable[None]] | None = None,
        within: float = 60,
    ) -> Flow:
        """Everybody does their part, wait after wait, until the flow has ended.

        `interrupt` comes before each; the parcel is handed in after so many reminders as `late` says.
        """
        left, seen = list(choices), set[str]()
        async with asyncio.timeout(within):
            while (row := await self.flow(flow_id)).is_open:
                for wait in await self._waits(flow_id) - seen:
                    if interrupt:
                        await interrupt(wait)
                    seen.add(wait)
                    if wait in {f"wait:awaiting_parcel:{n}" for n in range(1, late + 1)}:
                        continue
                    await self._play(row, FlowState(wait.split(":")[1]), left, cancel_in)
                await self._repair_by_hand(row)
                await asyncio.sleep(0.1)
        return row

    async def _waits(self, flow_id: str) -> set[str]:
        """The waits that the flow is in."""
        steps = await self.steps(flow_id, waits=True)
        return {name for name, state in steps.items() if name.startswith("wait:") and state == "begun"}

    async def _play(self, row: Flow, state: FlowState, choices: list[str], cancel_in: FlowState | None) -> None:
        """What whoever is waited for does."""
        if state is cancel_in:
            await self.tell(row.id, FlowEntryKind.CUSTOMER_CANCELLED)
            return
        match state:
            case FlowState.AWAITING_PHOTO:
                await self.tell(row.id, FlowEntryKind.PHOTO_SENT)
            case FlowState.AWAITING_PARCEL:
                await self.tell(row.id, FlowEntryKind.PARCEL_SCANNED)
            case FlowState.IN_TRANSIT:
                await self.receive(row.id)
            case FlowState.AWAITING_INSPECTION:
                await self.inspect(row.id)
            case FlowState.AWAITING_PAYMENT:
                await self.pays(row.id)
            case FlowState.AWAITING_CUSTOMER:
                if choices:
                    await self.tell(row.id, FlowEntryKind.CUSTOMER_CHOSE, choices.pop(0))
            case _:
                await self._decide(row.id)

    async def _decide(self, flow_id: str) -> None:
        async with self.database.begin() as session:
            query = select(FlowTask).where(col(FlowTask.flow_id) == flow_id, col(FlowTask.state) == "open")
            tasks = list((await session.execute(query)).scalars())
        for task in tasks:
            if task.kind in (TaskKind.APPROVE, TaskKind.JUDGE):
                await self.finish(task, "approved")
            elif task.kind == TaskKind.FOLLOW_UP:
                await self.finish(task, "done")

    async def _repair_by_hand(self, row: Flow) -> None:
        """Somebody does in the shop what it had refused, and says so."""
        async with self.database.begin() as session:
            query = select(FlowTask).where(
                col(FlowTask.flow_id) == row.id, col(FlowTask.state) == "open", col(FlowTask.kind) == "repair"
            )
            task = (await session.execute(query)).scalars().first()
        if task is not None:
            await self._by_hand(row, {name: str(value) for name, value in task.facts.items()})
            await self.finish(task, "done")

    async def _by_hand(self, row: Flow, facts: dict[str, str]) -> None:
        shop, key, order, ref = self.shop.shop, f"by hand: {new_id()}", row.order_number, facts.get("ref", "")
        step = facts["step"]
        if step == "ship":
            await shop.ship(key, order, ref.split())
        elif step == "accept":
            await shop.accept(key, ref, self._counts(row), restock=True)
        elif step.startswith("refund"):
            await shop.refund(key, order, int(facts["amount_minor"]))
        elif step == "undo: open":
            await shop.cancel_return(key, ref)
        elif step == "undo: issue label":
            await shop.void_label(key, ref)
        elif step.startswith("undo: reserve"):
            await shop.release(key, ref)
        elif step == "undo: charge":
            await shop.undo_charge(key, ref)
        elif step == "undo: payment link":
            await shop.close_payment_link(key, ref)
        else:
            raise AssertionError(f"nobody knows how to do {step}")

    # --- Temporal -------------------------------------------------------------------------------------------------

    async def story(self, flow_id: str) -> WorkflowHandle[object, str]:
        """The handle of a flow's workflow."""
        return self.client.get_workflow_handle((await self.flow(flow_id)).workflow_id)

    async def history(self, flow_id: str) -> WorkflowHistory:
        """The history of the newest run."""
        return await (await self.story(flow_id)).fetch_history()

    async def details(self, flow_id: str) -> str:
        """What the Temporal UI shows of the flow now."""
        answer = await (await self.story(flow_id)).query("__temporal_workflow_metadata")
        return str(answer.current_details)

    async def end_run(self, flow_id: str) -> None:
        """An operator terminates the run; the sweep pokes the flow, which begins anew."""
        await (await self.story(flow_id)).terminate()
        async with self.database.begin() as session:
            flow = await lock_flow(session, flow_id)
            address_flow(session, flow.id, flow.workflow_id, None)

    async def end_of_story(self, flow_id: str) -> None:
        """Wait until everything addressed has been told, and the workflow has ended."""

        async def nothing_waits() -> bool:
            async with self.database.begin() as session:
                return (await session.execute(text("SELECT count(*) FROM outbox"))).scalar_one() == 0

        await eventually(nothing_waits)
        await (await self.story(flow_id)).result()

    async def runs(self, flow_id: str) -> int:
        """How many runs a flow's workflow has had so far, as Temporal's list has it."""
        workflow_id = (await self.flow(flow_id)).workflow_id

        async def look() -> int:
            query = f"WorkflowId = '{workflow_id}'"
            return len([run async for run in self.client.list_workflows(query)])

        return await eventually(look)

    async def strike(self) -> None:
        """End every workflow of this stage, so that none goes on in front of another database."""
        async with self.database.begin() as session:
            flows = list((await session.execute(select(Flow))).scalars())
        for flow in flows:
            with contextlib.suppress(RPCError):
                await self.client.get_workflow_handle(flow.workflow_id).terminate()

    async def work(self) -> None:
        """The pools work, from now on."""
        settings = WorkerSettings(database_url=self.database.url, drain_seconds=0)
        adapters = Adapters(shop=lambda: self.shop, assistant=_nobody, channels=dict)
        self.workers = [make_worker(self.client, pool, settings, self.database, adapters) for pool in POOLS]
        self._working = [asyncio.create_task(worker.run()) for worker in self.workers]

    async def stop_work(self) -> None:
        """The workers' process ends, whatever they are at; one that does not stop is cancelled, as by a kill."""
        stopping = [asyncio.create_task(worker.shutdown()) for worker in self.workers]
        ended, stuck = await asyncio.wait(self._working, timeout=STOPPED_WITHIN)
        for task in [*stuck, *(stopping if stuck else ())]:
            task.cancel()
        await asyncio.wait([*self._working, *stopping], timeout=STOPPED_WITHIN)
        for task in ended:
            task.result()

    async def hangs(self, steps: int = 1) -> None:
        """Wait until so many steps hang."""

        async def look() -> bool:
            return self.shop.hanging >= steps

        await eventually(look, 60)

    async def crash(self, hanging: int = 1) -> None:
        """The workers die once so many steps hang, and others take over."""
        await self.hangs(hanging)
        self.shop.hanging = 0
        await self.stop_work()
        await self.work()


def _nobody() -> NoReturn:
    raise AssertionError("no assistant on this stage")


def rules(**sections: dict[str, object]) -> CommerceRules:
    """Rules with patient deadlines; a test shortens the one that it is about."""
    return CommerceRules.model_validate(sections)


@asynccontextmanager
async def set_flow_stage(
    database: Database, temporal_address: str, commerce_rules: CommerceRules | None = None
) -> AsyncIterator[FlowStage]:
    """Workers for the pools and the relay; what flows say is noted instead of sent."""
    client = await Client.connect(temporal_address, data_converter=pydantic_data_converter, identity="flow stage")
    update = {"commerce": commerce_rules or rules(), "roles": _ROLES}
    policy = small_policy().model_copy(update=update)
    async with database.begin() as session:
        policy = policy.model_copy(update={"version": await activate(session, policy)})
        await fill(session)
    stage = FlowStage(database, client, policy)

    async with AsyncExitStack() as stack:
        stack.enter_context(mock.patch("workers.pools.FlowSpeechActivities", return_value=Prompter(stage.said)))
        await stage.work()
        relaying = asyncio.create_task(stage.relay.run())
        try:
            yield stage
        finally:
            relaying.cancel()
            await asyncio.gather(relaying, return_exceptions=True)
            await stage.stop_work()
            await stage.strike()


def refused(rule: Rule = Rule.NO_LONGER_OPEN) -> Refused:
    """A refusal by a shop whose record has moved on."""
    return Refused(rule=rule)
