"""Customers and time on a random day: who comes, writes, waits, leaves, and what the clock does to all of it."""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import Resolution
from domain.message import ClaimedIdentity, InboundMessage
from domain.parties import Channel, IdentityKind
from domain.plan import Exit, Plan, Stage, StageKind
from domain.pressure import Pressure
from domain.triage import IssueType, Triage
from store.errors import Conflict
from store.handing_over import drop_work
from store.ids import new_id
from store.interactions import Interaction, lock_case, resolve
from store.people import PASS_SECONDS
from store.queueing import leave_message, leave_queue
from store.work import WorkItem
from tests.store.day_rules import (
    Picture,
    look,
)
from tests.store.scene import Scene

LEASE = 600.0
"""Seconds for which an open desk renews its agent's presence."""
Verb = Callable[[AsyncSession], Awaitable[object]]


class Customers:
    """The state of a day, and the steps that customers and time take; the same seed makes the same choices."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene = scene
        self.chance = random.Random(seed)  # noqa: S311  not for secrets
        self.log: list[str] = []
        """What was done, for whoever reads a failure."""
        self.at_desk: set[str] = set()
        """Agents whose desk is open: its heartbeat renews the lease."""
        self.agents: list[str] = []
        self.customers: list[tuple[str, Channel, str, bool]] = []
        """Address, channel, interaction, vip."""
        self.elapsed = timedelta()
        self.ranks: dict[str, datetime] = {}
        """Rank of each item on the day's own clock."""
        self.passed: dict[tuple[str, str], timedelta] = {}
        """Item and agent who let it pass, and until when on the day's own clock they are not asked again."""
        self._last: Picture | None = None

    def _one(self, before: Picture, *states: str) -> WorkItem | None:
        found = sorted((item for item in before.items.values() if item.state in states), key=lambda item: item.id)
        item = self.chance.choice(found) if found else None
        self.log[-1] += f" {item.state} {item.id[-4:]}" if item else " nothing"
        return item

    async def _must(self, verb: Verb) -> None:
        async with self.scene.database.begin() as session:
            await verb(session)

    async def _try(self, verb: Verb) -> bool:
        try:
            await self._must(verb)
        except Conflict as refusal:
            self.log[-1:] = [f"{self.log[-1] if self.log else ''}: {refusal}"]
            return False
        return True

    async def _picture(self) -> Picture:
        if self._last is None:
            async with self.scene.database.begin() as session:
                self._last = await look(session)
        return self._last

    def _lets_pass(self, item: WorkItem) -> None:
        self.passed[item.id, item.agent_id or ""] = self.elapsed + timedelta(seconds=PASS_SECONDS)

    # --- time and customers ---------------------------------------------------------------------------------------

    async def _time_passes(self, _: Picture, seconds: float | None = None) -> None:
        seconds = seconds or self.chance.choice([5, 5, 15, 31, 61, 61, 125, 250, 700, 2000])
        self.log[-1] += f" {seconds}"
        async with self.scene.database.begin() as session:
            await time_passes(session, seconds)
            await session.execute(
                text(
                    "UPDATE agent SET lease_until = clock_timestamp() + make_interval(secs => :lease)"
                    " WHERE id = ANY(:here) AND presence <> 'offline'"
                ),
                {"lease": LEASE, "here": sorted(self.at_desk)},
            )
        self.elapsed += timedelta(seconds=seconds)

    async def _customer_comes(self, _: Picture) -> None:
        channel = self.chance.choice([Channel.CHAT] * 5 + [Channel.EMAIL] * 3 + [Channel.API])
        self.customers.append((new_id(), channel, "", self.chance.random() < 0.2))
        await self._says(len(self.customers) - 1)

    async def _customer_writes(self, before: Picture) -> None:
        resting = {item.interaction_id for item in before.items.values() if item.state == "parked"}
        awaited = [number for number, (_, _, case, _) in enumerate(self.customers) if case in resting]
        if self.customers:
            await self._says(self.chance.choice(awaited or range(len(self.customers))))

    async def _says(self, number: int) -> None:
        address, channel, _, vip = self.customers[number]
        mail = channel is Channel.EMAIL
        kind, value = (IdentityKind.EMAIL, f"{address}@mail.example") if mail else (IdentityKind.CHAT_SESSION, address)
        inbound = InboundMessage(
            channel=channel,
            account="shop",
            provider_message_id=new_id(),
            thread_refs=() if mail else (address,),
            sender=ClaimedIdentity(kind=kind, value=value, verified=True),
            text="hello",
        )
        receipt = await self.scene.reception.receive(inbound)
        self.customers[number] = (address, channel, receipt.interaction_id, vip)
        async with self.scene.database.begin() as session:
            customer, row = await lock_case(session, receipt.interaction_id)
            customer.tier = "vip" if vip else "guest"
            if not row.plan:
                self._route(row)
            waits = row.state == "new"
        if waits:
            await self._hand_over(receipt.interaction_id)

    def _route(self, row: Interaction) -> None:
        """A plan by chance, as routing would store it."""
        team = self.chance.choice(["support", "support", "support", "seniors", "desk"])
        needs = {"support": ("returns", "complaints"), "seniors": ("complaints",)}.get(team, ())
        wanted = tuple((skill, self.chance.randint(1, 4)) for skill in needs if self.chance.random() < 0.4)
        named = self.chance.choice(self.agents) if self.chance.random() < 0.15 else ""
        until = Exit.DECIDED if self.chance.random() < 0.2 else Exit.SETTLED
        kind = StageKind.AGENT if named else StageKind.QUEUE
        stage = Stage(kind=kind, team=team, agent=named, needs=wanted, until=until)
        shifts = self.chance.choice([None, Pressure.ELEVATED, Pressure.CRITICAL])
        row.plan = Plan(stages=(stage,), cell="any", shifts_at=shifts).model_dump(mode="json")
        language = self.chance.choice(["en", "en", "de"])
        row.triage = Triage(issue=IssueType.RETURN, confidence=0.9, language=language).model_dump(mode="json")

    async def _hand_over(self, interaction_id: str) -> None:
        row = await self.scene.interaction(interaction_id)
        await self.scene.hand_over(interaction_id, Plan.model_validate(row.plan).stages[0].team)

    async def _customer_leaves(self, before: Picture) -> None:
        if item := self._one(before, "waiting", "offered"):
            await self._try(lambda session: leave_queue(session, item.interaction_id, self.scene.policy))

    async def _customer_leaves_message(self, before: Picture) -> None:
        if item := self._one(before, "waiting", "offered"):
            await self._try(lambda session: leave_message(session, item.interaction_id, self.scene.policy))

    async def _solved_elsewhere(self, before: Picture) -> None:
        """What the story does when no person is needed any more."""
        if item := self._one(before, "waiting", "offered", "assigned", "parked"):
            await self._close(item.interaction_id)

    async def _story(self, _: Picture) -> None:
        """A case that nobody has goes to people (again), or is over."""
        async with self.scene.database.begin() as session:
            idle = select(col(Interaction.id)).where(
                col(Interaction.state).in_(["new", "with_ai", "awaiting_customer", "awaiting_holder"])
            )
            found = list((await session.execute(idle.order_by(col(Interaction.opened_at)))).scalars())
        if found:
            case = self.chance.choice(found)
            await (self._hand_over(case) if self.chance.random() < 0.3 else self._close(case))

    async def _close(self, interaction_id: str) -> None:
        async with self.scene.database.begin() as session:
            customer, row = await lock_case(session, interaction_id)
            await drop_work(session, row, customer)
            await resolve(session, row, Resolution.CONFIRMED)


_MOMENTS = text(
    """
    SELECT table_name, string_agg(format('%1$I = %1$I - make_interval(secs => $1)', column_name), ', ')
    FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' GROUP BY table_name
    """
)


async def time_passes(session: AsyncSession, seconds: float) -> None:
    """The database's clock goes forward: everything that is stored happened, and is due, so much earlier."""
    for table, moves in (await session.execute(_MOMENTS)).all():
        await session.execute(text(f"UPDATE {table} SET {moves.replace('$1', ':by')}"), {"by": seconds})  # noqa: S608
