"""A rush of flows: random requests on a few orders at the same time, with faults, retries, deaths and terminated runs.

What is asked, what goes wrong and what people answer is drawn from the seed before anything runs; in which order it
happens is up to Temporal and PostgreSQL.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlmodel import col
from temporalio.service import RPCError

from domain.flows.effects import Done
from domain.flows.kinds import FlowKind, FlowState
from domain.flows.refusal import Refused
from domain.flows.requests import (
    CancellationRequest,
    ClaimRequest,
    Complaint,
    ExchangeRequest,
    FlowRequest,
    ItemChange,
    ItemWanted,
    PaymentChange,
    RefundRequest,
    RefundTo,
    Remedy,
    ReturnRequest,
    Swap,
)
from integrations.shop.local import LocalShop
from integrations.shop.local_effects import Asked, Doing
from integrations.shop.protocol import Effect
from store.database import Database
from store.flows import CLOSED, Flow, FlowStep, FlowTask
from store.ids import new_id
from tests.fakes.shop import Fault
from tests.workflow.flow_stage import CARD, CUSTOMER, FlowStage, refused
from tests.workflow.flow_world import PlannedShop

LINES, UNITS = 3, 8
"""Of each order."""
_PAYPAL = f"{CUSTOMER}-paypal"
_RARE = 6
"""Units of the variant that runs out."""
_DYING = 3.0
"""Seconds."""
_FAULTS: tuple[Fault | Refused | str, ...] = (Fault.AFTER, Fault.AFTER, Fault.BEFORE, refused(), "hang_after")
_STEPS: dict[FlowKind, tuple[str, ...]] = {
    FlowKind.RETURN: ("open_return", "issue_label", "receive", "accept", "refund", "undo:open_return"),
    FlowKind.EXCHANGE: (
        *("open_exchange", "reserve:1", "charge", "open_payment_link", "issue_label", "ship", "receive", "accept"),
        *("refund:difference", "refund:instead", "undo:reserve:1", "undo:charge", "undo:open_payment_link"),
    ),
    FlowKind.CLAIM: ("reserve:1", "ship", "open_return", "accept:keep", "refund"),
}
"""Where each can go wrong; of the others there is one step."""


class WitnessShop(LocalShop):
    """Remembers what it answered, and that it never answered the same question otherwise."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.answered: dict[tuple[str, str], Done] = {}
        """By verb and key."""
        self.changed_its_mind: list[str] = []
        self.helps = ""
        """The flow for which somebody does something by hand just now."""
        self.by_hand: dict[str, str] = {}
        """What was done by hand, to the flow that it was for; other keys name their flow."""

    async def _on_order(self, asked: Asked, number: str, do: Doing) -> Effect:
        return self._noted(asked.verb, asked.key, await super()._on_order(asked, number, do))

    async def pay_link(self, link_id: str) -> Effect:
        """As the shop."""
        return self._noted("pay_link", f"pay_link:{link_id}", await super().pay_link(link_id))

    def _noted(self, verb: str, key: str, answer: Effect) -> Effect:
        if key.startswith("by hand"):
            self.by_hand[key] = self.helps
        if isinstance(answer, Done) and self.answered.setdefault((verb, key), answer) != answer:
            self.changed_its_mind.append(key)
        return answer


class RushShop(PlannedShop):
    """Is asked twice at once now and then, besides everything that is planned to go wrong."""

    def __init__(self, shop: LocalShop, random: Random) -> None:
        super().__init__(shop)
        self._random = random

    async def _do(self, verb: str, key: str, act: Callable[[], Awaitable[Effect]]) -> Effect:
        async def twice() -> Effect:
            return (await asyncio.gather(act(), act()))[0]

        return await super()._do(verb, key, twice if self._random.random() < 0.25 else act)


@dataclass(frozen=True)
class Part:
    """What happens in one flow: the request and who makes it, the step that fails, and what people do."""

    request: FlowRequest
    by: str
    step: str
    fault: Fault | Refused | str
    cancel_in: FlowState | None
    random: Random


def parts(orders: dict[str, list[str]], random: Random, number: int) -> list[Part]:
    """So many random parts on the orders, which are given by their state."""
    return [_part(orders, Random(random.random())) for _ in range(number)]  # noqa: S311 - a repeatable test


def _part(orders: dict[str, list[str]], random: Random) -> Part:
    state = random.choice(("delivered", "delivered", "paid", "paid", "paid"))
    request = _request(random.choice(_ASKED[state]), random.choice(orders[state]), random)
    step = random.choice(_STEPS.get(request.kind, ("change_order",)))
    cancelled = random.choice((FlowState.AWAITING_PARCEL, FlowState.AWAITING_PAYMENT))
    return Part(
        request=request,
        by="agent:kim" if request.kind is FlowKind.REFUND else "customer",
        step=step if random.random() < 0.6 else "",
        fault=random.choice(_FAULTS),
        cancel_in=cancelled if random.random() < 0.3 else None,
        random=random,
    )


_ASKED = {
    "delivered": (
        *(FlowKind.RETURN, FlowKind.RETURN, FlowKind.EXCHANGE, FlowKind.EXCHANGE, FlowKind.EXCHANGE),
        *(FlowKind.REFUND, FlowKind.REFUND, FlowKind.CLAIM),
    ),
    "paid": (
        *(FlowKind.PAYMENT_CHANGE, FlowKind.PAYMENT_CHANGE, FlowKind.PAYMENT_CHANGE, FlowKind.ITEM_CHANGE),
        *(FlowKind.ITEM_CHANGE, FlowKind.CANCELLATION, FlowKind.REFUND, FlowKind.REFUND),
    ),
}
"""What an order in a state is asked for."""


def _request(kind: FlowKind, order: str, random: Random) -> FlowRequest:
    line, units = f"{order}-{random.randint(1, LINES)}", random.randint(1, 3)
    item, method = ItemWanted(line_id=line, quantity=units), random.choice((CARD, _PAYPAL))
    swaps = tuple(
        Swap(line_id=f"{order}-{n}", quantity=random.randint(1, 2), new_sku=sku)
        for n, sku in zip(
            random.sample(range(1, LINES + 1), 2), (random.choice(("dear", "cheap")), "rare"), strict=True
        )
    )
    to = random.choice((RefundTo.ORIGINAL, RefundTo.ORIGINAL, RefundTo.STORE_CREDIT))
    match kind:
        case FlowKind.RETURN:
            return ReturnRequest(order=order, items=(item,), reason="too_small", refund_to=to)
        case FlowKind.EXCHANGE:
            some = swaps[: random.randint(1, 2)]
            return ExchangeRequest(order=order, swaps=some, reason="size", method_id=random.choice(("", CARD)))
        case FlowKind.CLAIM:
            remedy = random.choice(list(Remedy))
            return ClaimRequest(order=order, items=(item,), complaint=Complaint.DAMAGED, remedy=remedy)
        case FlowKind.ITEM_CHANGE:
            return ItemChange(order=order, swaps=swaps[:1], method_id=method)
        case FlowKind.PAYMENT_CHANGE:
            return PaymentChange(order=order, method_id=method)
        case FlowKind.CANCELLATION:
            items = () if random.random() < 0.2 else (item,)
            return CancellationRequest(order=order, items=items, reason="changed_mind")
        case _:
            amount = random.randint(100, 1500)
            return RefundRequest(order=order, amount_minor=amount, currency="EUR", refund_to=to)


class FlowRush:
    """Plays parts on a stage, all at the same time, until every flow has ended."""

    def __init__(self, stage: FlowStage, seed: int) -> None:
        self.stage = stage
        self.random = Random(seed)  # noqa: S311 - a repeatable test
        self.shop = WitnessShop(stage.database)
        stage.shop = RushShop(self.shop, self.random)
        self.parts: dict[str, Part] = {}
        """By flow."""
        self.refused: Counter[str] = Counter()
        """Requests that a rule stood against, by rule."""
        self.deaths = 0
        self._seen: set[tuple[str, str]] = set()
        self._dead: list[asyncio.Task[None]] = []

    async def prepare(self, orders: int) -> dict[str, list[str]]:
        """As many orders, two of three delivered; a replacement that runs out. Nobody works yet."""
        await self.stage.stop_work()
        made: dict[str, list[str]] = {"delivered": [], "paid": []}
        for number in range(orders):
            state = "paid" if number % 3 == 0 else "delivered"
            made[state].append(await self.stage.order(*[UNITS] * LINES, state=state))
        await self.stage.stock("rare", _RARE)
        return made

    async def run(self, asked: list[Part]) -> None:
        """Half of it waits when work begins, the rest comes while it goes on; workers die under it."""
        half = len(asked) // 2
        await asyncio.gather(*(self._ask(part) for part in asked[:half]))
        await self.stage.work()
        coming = asyncio.create_task(self._come(asked[half:]))
        async with asyncio.timeout(120):
            while await self._everybody() or not coming.done():
                await self._trouble()
                await asyncio.sleep(0.1)
        await coming

    async def _come(self, asked: list[Part]) -> None:
        """A few at a time, as soon as those before are written down."""
        for start in range(0, len(asked), 3):
            await asyncio.gather(*(self._ask(part) for part in asked[start : start + 3]))

    async def _ask(self, part: Part) -> None:
        flow_id = new_id()
        self.parts[flow_id] = part
        if part.step:
            self.stage.shop.faults[part.step, flow_id] = part.fault
        asked = await self.stage.ask(part.request, by=part.by, flow_id=flow_id)
        if asked.verdict.refused is not None:
            self.refused[asked.verdict.refused.rule.value] += 1
            del self.parts[flow_id]

    # --- whatever goes wrong --------------------------------------------------------------------------------------

    async def _trouble(self) -> None:
        """Workers die, where a step hangs more often than just so; a run is terminated now and then."""
        if self.random.random() < (0.1 if self.stage.shop.hanging else 0.01):
            await self._die()
        if self.random.random() < 0.05:
            await self._terminate_one()

    async def _die(self) -> None:
        """Others take over even if the dead do not come to their end: the SDK's last step waits for ever sometimes."""
        dying = asyncio.create_task(self.stage.stop_work())
        await asyncio.wait({dying}, timeout=_DYING)
        self._dead.append(dying)
        self.stage.shop.hanging = 0
        await self.stage.work()
        self.deaths += 1

    async def _terminate_one(self) -> None:
        running = await self._open()
        if running:
            with contextlib.suppress(RPCError):  # it has just ended, or has not begun
                await self.stage.end_run(self.random.choice(running).id)

    # --- what people do -------------------------------------------------------------------------------------------

    async def _open(self) -> list[Flow]:
        async with self.stage.database.begin() as session:
            return list((await session.execute(select(Flow).where(col(Flow.state) != CLOSED))).scalars())

    async def _everybody(self) -> bool:
        """Everybody does their part in every wait that is new; False once no flow is open."""
        flows = {flow.id: flow for flow in await self._open()}
        waits = select(FlowStep).where(col(FlowStep.name).startswith("wait:"), col(FlowStep.state) == "begun")
        repairs = select(FlowTask).where(col(FlowTask.state) == "open", col(FlowTask.kind) == "repair")
        async with self.stage.database.begin() as session:
            begun = list((await session.execute(waits)).scalars())
            refused_steps = list((await session.execute(repairs)).scalars())
        for step in begun:
            if step.flow_id in flows and self._is_new(step.flow_id, step.name):
                await self._play(flows[step.flow_id], FlowState(step.name.split(":")[1]))
        for task in refused_steps:
            if task.flow_id in flows and self._is_new(task.flow_id, task.id):
                self.shop.helps = task.flow_id
                await self.stage._repair_by_hand(flows[task.flow_id])
                self.shop.helps = ""
        return bool(flows)

    def _is_new(self, flow_id: str, what: str) -> bool:
        new = (flow_id, what) not in self._seen
        self._seen.add((flow_id, what))
        return new

    async def _play(self, flow: Flow, state: FlowState) -> None:
        part = self.parts[flow.id]
        if state is FlowState.AWAITING_INSPECTION and state is not part.cancel_in:
            accepted = [part.random.randint(0, line.received) for line in self.stage._counts(flow)]
            await self.stage.inspect(flow.id, *(accepted if part.random.random() < 0.4 else ()))
            return
        choice = part.random.choice(("refund", "store_credit"))
        await self.stage._play(flow, state, [choice], part.cancel_in)
