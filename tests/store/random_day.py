"""A day of work by chance: customers, agents, leads and time do what comes into their heads, on real PostgreSQL."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commitment import FulfilledBy, NewCommitment
from domain.hours import Hours, Weekday
from domain.interaction import Resolution
from domain.message import ClaimedIdentity, InboundMessage
from domain.parties import Channel, IdentityKind, Role
from domain.plan import Exit, Plan, Stage, StageKind
from domain.policy_file import read_policy
from domain.pressure import Pressure
from domain.requirement import PULLED
from domain.triage import IssueType, Triage
from domain.work import Presence
from store.deciding import decide
from store.dispatching import Allocator
from store.errors import Conflict
from store.handing_over import drop_work
from store.ids import new_id
from store.interactions import Interaction, lock_case, resolve
from store.locking import database_now
from store.parking import park, resume
from store.passing_on import transfer
from store.people import PASS_SECONDS, accept, be_present, decline, end_wrap_up, finish, hand_back, reply
from store.pulling import pull
from store.queueing import leave_message, leave_queue
from store.staffing import change_agent
from store.supervising import change_priority, reassign, take_from
from store.work import Agent, WorkItem
from tests.store.day_rules import (
    TIMERS,
    Picture,
    check_given,
    check_over,
    check_rows,
    check_spread,
    check_states,
    check_woken,
    given,
    is_ready,
    look,
    possible,
)
from tests.store.scene import Scene

POLICY = """
brand: {name: Test Shop, ai_label: Test Shop · AI assistant}
overflow: support
teams:
  support:
    title: Support
    skills: [returns, complaints]
    match_language: true
    channels:
      chat: {mode: offer, offer_seconds: 30, idle_seconds: 200, wrap_up_seconds: 20}
      email: {mode: assign}
      api: {mode: offer, cost: all, offer_seconds: 20}
    rings:
      - {who: own_agent, for_seconds: 20}
      - {who: skilled, for_seconds: 60}
      - {who: level_below, for_seconds: 60}
      - {who: anyone}
    sla:
      vip: {first_response_minutes: 3, resolution_minutes: 30}
      any: {first_response_minutes: 10, next_response_minutes: 10, resolution_minutes: 60}
    escalate_to: seniors
    queue: {message_above_minutes: 5}
  seniors:
    title: Seniors
    skills: [complaints]
    channels:
      chat: {mode: assign, cost: 2, wrap_up_seconds: 40}
      email: {mode: offer, cost: 1, offer_seconds: 60}
      api: {mode: assign, cost: all}
    rings:
      - {who: skilled, for_seconds: 40}
      - {who: anyone}
    sla:
      any: {resolution_minutes: 120}
    reserve_after_seconds: 20
  desk:
    title: Desk
    channels:
      chat: {mode: pull, cost: 2}
      email: {mode: pull, idle_seconds: 500}
      api: {mode: assign}
tiers: {guest: {}, vip: {priority_minutes: 60}}
deadlines: {step_seconds: 20, return_grace_seconds: 120}
pressure:
  elevated: {wait_minutes: 4, confidence: 0.6}
  critical: {wait_minutes: 12, confidence: 0.5}
  handling_minutes: 3
  dwell_seconds: 30
matrix:
  spam: {any: [{plan: [set_aside]}]}
defaults:
  - {plan: ["queue:support"]}
"""
_STEPS = {
    "customer_comes": 16, "customer_writes": 5, "customer_leaves": 1, "customer_leaves_message": 2,
    "solved_elsewhere": 1, "dispatch": 22, "time_passes": 8, "accepts": 10, "declines": 2, "replies": 6, "resolves": 6,
    "snoozes": 5, "resumes": 1, "passes_on": 5, "hands_back": 1, "pulls": 5, "notes_written": 2, "presence": 5,
    "closes_desk": 3, "settings": 2, "reassigns": 2, "takes_from": 2, "reorders": 1, "stale_click": 4, "story": 6,
}  # fmt: skip
_ALONE = {"dispatch", "time_passes", "pulls", "stale_click", "closes_desk"}
"""Steps whose own rules hold only if nothing else happens at the same moment."""
_ALWAYS = Hours(week=dict.fromkeys(Weekday, ("00:00-24:00",)))
_NEVER = Hours(week={Weekday.MON: ("00:00-24:00",)}, holidays=tuple(
    datetime.now(UTC).date() + timedelta(days=ahead) for ahead in range(-1, 15)
))  # fmt: skip
_LEASE = 600.0
AT_ONCE = 0.05
"""Seconds: an allocation that asks for another one so soon has left something to it."""
Verb = Callable[[AsyncSession], Awaitable[object]]


class Day:
    """One day; the same seed makes the same choices."""

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

    async def begin(self) -> "Day":
        """Hire people by chance."""
        await self.scene.prepare(read_policy(POLICY))
        everywhere = ["support", "seniors", "desk"]
        for number in range(self.chance.randint(5, 9)):
            some = self.chance.sample(everywhere, self.chance.choice([1, 1, 2, 3]))
            teams = {*some, everywhere[number]} if number < len(everywhere) else set(some)
            agent = await self.scene.hire(*sorted(teams), present=False, capacity=self.chance.randint(1, 4))
            self.agents.append(agent.id)
            await self._set_up(agent.id)
            if self.chance.random() < 0.7:
                await self._be(agent.id, Presence.AVAILABLE)
        return self

    async def live(self, steps: int) -> None:
        """So many things happen; the rules are checked after each."""
        for number in range(steps):
            name = self.chance.choices(list(_STEPS), list(_STEPS.values()))[0]
            self.log.append(name)
            before = await self._picture()
            gave = await getattr(self, f"_{name}")(before)
            await self._check(before, by_hand=gave or set(), dispatched=name == "dispatch")
            if number % 10 == 0:
                assert await self.scene.unsound() == []

    async def rush(self, steps: int) -> None:
        """So many things happen at once, two dispatchers of each team among them; who comes too late is refused."""
        before = await self._picture()
        names = self.chance.choices([name for name in _STEPS if name not in _ALONE], k=steps)
        self.log.append(f"at once: {' '.join(names)};")
        seen = len(self.customers)
        teams = sorted(before.teams) * 2
        happening = [self._hastily(getattr(self, f"_{name}")(before)) for name in names]
        happening += [self._hastily(Allocator(self.scene.database, team).allocate()) for team in teams]
        happening += [self._hastily(self._pull(before.agents[agent])) for agent in self.agents[:3]]
        self.chance.shuffle(happening)
        await asyncio.gather(*happening)
        self.log[-1] += f" {len(self.customers) - seen} came"
        self.ranks.clear()  # a lead may have moved some
        self.passed.clear()
        await self._check(before, by_hand=set(), dispatched=True)
        assert await self.scene.unsound() == []

    async def _hastily(self, action: Awaitable[object]) -> None:
        with contextlib.suppress(Conflict):
            await action

    # --- what is checked ------------------------------------------------------------------------------------------

    async def _picture(self) -> Picture:
        if self._last is None:
            async with self.scene.database.begin() as session:
                self._last = await look(session)
        return self._last

    async def _check(self, before: Picture, *, by_hand: set[str], dispatched: bool) -> None:
        self._last = None
        now = await self._picture()
        check_rows(now)
        check_woken(now, self.scene.policy)
        if not dispatched:
            assert set(given(before, now)) <= by_hand, "only a dispatcher gives work away"
        for item in now.items.values():
            rank = item.rank + self.elapsed
            assert abs(self.ranks.setdefault(item.id, rank) - rank) < timedelta(milliseconds=1), f"{item.id} moved"
        async with self.scene.database.begin() as session:
            await check_states(session)

    async def _dispatch(self, before: Picture) -> None:
        """Every dispatcher that is woken or whose time has come looks; or one that has no reason to."""
        if self.chance.random() < 0.3:
            await self._look(self.chance.choice(sorted(before.teams)))
            return
        for team, row in sorted(before.teams.items()):
            if row.wake_pending_since or row.next_due is None or row.next_due <= before.now:
                await self._look(team)

    async def _look(self, team: str) -> None:
        self._last = None
        before = await self._picture()
        self.log[-1] += f" {team}"
        found = await Allocator(self.scene.database, team).allocate()
        async with self.scene.database.begin() as session:
            after = await look(session)
            grace = self.scene.policy.deadlines.return_grace_seconds
            nearest = (await session.execute(TIMERS, {"team": team, "grace": grace})).scalar_one()
        check_given(before, after, team)
        check_spread(before, after, team, self.scene.policy)
        check_over(before, after, team, timedelta(seconds=grace), again=found.due_in < AT_ONCE)
        assert possible(after, team, self.scene.policy, before.now) == [], "somebody is free for what waits"
        if nearest is not None:
            assert after.now + timedelta(seconds=found.due_in - 0.5) < max(nearest, after.now), "woken too late"
        for was in [item for item in before.items.values() if item.state == "offered" and item.team_id == team]:
            now = after.items[was.id]
            if now.version != was.version:
                self._lets_pass(was)
                assert now.agent_id != was.agent_id, f"{was.agent_id} missed {was.id} and is asked again at once"
        for item in given(before, after).values():
            again = self.passed.get((item.id, item.agent_id or ""), self.elapsed)
            assert again <= self.elapsed, f"{item.agent_id} let {item.id} pass and is asked again too soon"
            self.log[-1] += f" {item.id[-4:]}->{(item.agent_id or '')[-4:]}"

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
                {"lease": _LEASE, "here": sorted(self.at_desk)},
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

    # --- agents ---------------------------------------------------------------------------------------------------

    async def _accepts(self, before: Picture) -> None:
        if item := self._one(before, "offered"):
            await self._must(lambda s: accept(s, item.id, item.agent_id or "", item.version, self.scene.policy))

    async def _declines(self, before: Picture) -> None:
        if item := self._one(before, "offered"):
            await self._must(lambda s: decline(s, item.id, item.agent_id or "", item.version, "busy"))
            self._lets_pass(item)

    async def _replies(self, before: Picture) -> None:
        item = self._one(before, "assigned")
        if item is None:
            return
        promise = None
        if self.chance.random() < 0.3:
            fulfilled_by = self.chance.choice([FulfilledBy.REPLY, FulfilledBy.BY_HAND])
            due = before.now + timedelta(minutes=self.chance.choice([3, 20, 100]))
            promise = NewCommitment(text="soon", due_at=due, fulfilled_by=fulfilled_by)
        key = new_id()
        await self._must(lambda s: reply(s, item.id, item.agent_id or "", "An answer", key, self.scene.policy, promise))

    async def _resolves(self, before: Picture) -> None:
        if item := self._one(before, "assigned"):
            await self._finish(item)

    async def _finish(self, item: WorkItem) -> None:
        who, policy = item.agent_id or "", self.scene.policy
        if item.asks_decision:
            agreed = self.chance.random() < 0.5
            await self._must(lambda s: decide(s, item.id, who, agreed, "Decided", policy, Role.AGENT.value))
        else:
            await self._must(lambda s: finish(s, item.id, who, policy))

    async def _snoozes(self, before: Picture) -> None:
        if item := self._one(before, "assigned"):
            minutes = self.chance.choice([None, 1, 10])
            until = before.now + timedelta(minutes=minutes) if minutes else None
            await self._must(lambda s: park(s, item.id, item.agent_id or "", self.scene.policy, until))

    async def _resumes(self, before: Picture) -> set[str]:
        item = self._one(before, "parked")
        if item is None:
            return set()
        await self._try(lambda s: resume(s, item.id, item.agent_id or "", self.scene.policy))
        return {item.id}

    async def _passes_on(self, before: Picture) -> None:
        item = self._one(before, "assigned")
        if item is None:
            return
        team, colleague = self.chance.choice(sorted(before.teams)), self.chance.choice(self.agents)
        where = {"to_agent": colleague} if self.chance.random() < 0.5 else {"team": team}
        if await self._try(lambda s: transfer(s, item.id, item.agent_id or "", self.scene.policy, **where)):
            self._lets_pass(item)
            self.passed.pop((item.id, where.get("to_agent", "")), None)

    async def _hands_back(self, before: Picture) -> None:
        if item := self._one(before, "assigned"):
            await self._must(lambda s: hand_back(s, item.id, item.agent_id or "", self.scene.policy))

    async def _notes_written(self, before: Picture) -> None:
        if item := self._one(before, "wrapping"):
            await self._must(lambda s: end_wrap_up(s, item.id, item.agent_id))

    async def _pulls(self, before: Picture, agent_id: str = "") -> set[str]:
        agent = before.agents[agent_id or self.chance.choice(self.agents)]
        line = [item for item in before.line("desk") if item.requirement_key == PULLED]
        room = agent.capacity - agent.load
        fitting = [item for item in line if 0 < min(item.cost, agent.capacity) <= room]
        may = agent.id in before.members["desk"] and is_ready(agent, before.now)
        got: list[str] = []
        with contextlib.suppress(Conflict):
            got.append(await self._pull(agent))
        assert got == [item.id for item in fitting[:1] if may], f"{agent.id} got {got}, {len(fitting)} fit"
        return set(got)

    async def _pull(self, agent: Agent) -> str:
        async with self.scene.database.begin() as session:
            return (await pull(session, agent.id, "desk", self.scene.policy)).id

    async def _presence(self, before: Picture) -> None:
        agent = before.agents[self.chance.choice(self.agents)]
        usual = Presence.AVAILABLE if not is_ready(agent, before.now) else self.chance.choice(list(Presence))
        await self._be(agent.id, usual)

    async def _be(self, agent_id: str, presence: Presence) -> None:
        async with self.scene.database.begin() as session:
            await be_present(session, agent_id, presence, _LEASE)
        (self.at_desk.discard if presence is Presence.OFFLINE else self.at_desk.add)(agent_id)

    async def _closes_desk(self, before: Picture) -> None:
        """Without a word: the lease runs out."""
        busy = sorted(agent.id for agent in before.agents.values() if agent.load)
        agent = self.chance.choice(busy or self.agents)
        self.at_desk.discard(agent)
        async with self.scene.database.begin() as session:
            row = await session.get_one(Agent, agent)
            if row.presence != Presence.OFFLINE.value:
                row.lease_until = await database_now(session) + timedelta(seconds=4)
        await self._dispatched_of(before, agent)

    async def _dispatched_of(self, before: Picture, agent: str) -> None:
        """Dispatchers knew the end of its lease."""
        async with self.scene.database.begin() as session:
            await session.execute(
                text("UPDATE team SET next_due = clock_timestamp() WHERE id = ANY(:teams)"),
                {"teams": [team for team, members in before.members.items() if agent in members]},
            )

    async def _settings(self, _: Picture) -> None:
        await self._set_up(self.chance.choice(self.agents))

    async def _set_up(self, agent_id: str) -> None:
        skills = {skill: self.chance.randint(1, 5) for skill in ("returns", "complaints") if self.chance.random() < 0.6}
        settings: dict[str, object] = {
            "skills": skills,
            "languages": self.chance.choice([["en"], ["en"], ["de"], ["en", "de"]]),
            "shift": self.chance.choice([None, None, None, _ALWAYS, _NEVER]),
            "capacity": self.chance.randint(1, 4),
        }
        await self._try(lambda s: change_agent(s, agent_id, settings, None, by="lead"))

    # --- leads ----------------------------------------------------------------------------------------------------

    async def _reassigns(self, before: Picture) -> set[str]:
        item = self._one(before, "waiting", "offered", "assigned", "parked")
        if item is None:
            return set()
        to = self.chance.choice(self.agents)
        await self._try(lambda s: reassign(s, item.id, to, "lead", self.scene.policy))
        return {item.id}

    async def _takes_from(self, before: Picture) -> None:
        if item := self._one(before, "waiting", "offered", "assigned", "parked"):
            await self._must(lambda s: take_from(s, item.id, "lead", self.scene.policy))
            self._lets_pass(item)

    async def _reorders(self, before: Picture) -> None:
        if item := self._one(before, "waiting"):
            minutes = self.chance.choice([-30, 10, 60])
            await self._must(lambda s: change_priority(s, item.id, item.version, minutes, "lead"))
            self.ranks[item.id] -= timedelta(minutes=minutes)

    # --- who is too late, or is not meant -------------------------------------------------------------------------

    async def _stale_click(self, before: Picture) -> None:
        """Refused, and nothing has changed."""
        item = self._one(before, "waiting", "offered", "assigned", "parked", "wrapping")
        if item is None:
            return
        who, policy, version = item.agent_id or self.agents[0], self.scene.policy, item.version
        other = self.chance.choice([agent for agent in self.agents if agent != item.agent_id])
        assigned = item.state == "assigned"
        refused: list[Verb] = [
            lambda s: accept(s, item.id, who, version - 1, policy),
            lambda s: accept(s, item.id, other, version, policy),
            lambda s: decline(s, item.id, who, version - 1, "late"),
            lambda s: decline(s, item.id, other, version, "late"),
            lambda s: reply(s, item.id, other, "Not mine", new_id(), policy),
            lambda s: hand_back(s, item.id, other, policy),
            lambda s: transfer(s, item.id, other, policy, team="seniors"),
            lambda s: park(s, item.id, other, policy, None),
            lambda s: resume(s, item.id, other, policy),
            lambda s: change_priority(s, item.id, version - 1, 10, "lead"),
            lambda s: transfer(s, item.id, who, policy, team="nowhere"),
        ]
        if item.state != "wrapping":
            refused.append(lambda s: finish(s, item.id, other, policy))
        if not assigned:
            refused.append(lambda s: park(s, item.id, who, policy, None))
        assert not await self._try(self.chance.choice(refused)), "a click that comes too late is refused"
        async with self.scene.database.begin() as session:
            after = await look(session)
        for rows, same in (before.items, after.items), (before.agents, after.agents):
            assert {key: row.model_dump() for key, row in rows.items()} == {
                key: row.model_dump() for key, row in same.items()
            }

    # --- the evening ----------------------------------------------------------------------------------------------

    async def end(self, rounds: int = 40) -> None:
        """Everybody comes, is on shift and works: in so many rounds all is done, and nothing is lost."""
        self.log.append("evening")
        for agent_id in self.agents:
            await self._must(lambda s, one=agent_id: change_agent(s, one, {"shift": None}, None, by="lead"))  # type: ignore[misc]
        for _ in range(rounds):
            await self._round()
            self._last = None
            if not (await self._picture()).items:
                break
        now = await self._picture()
        assert now.items == {}, f"left over: {[(i.id, i.state, i.requirement_key) for i in now.items.values()]}"
        await self._nothing_open()

    async def _round(self) -> None:
        for agent_id in self.agents:
            await self._be(agent_id, Presence.AVAILABLE)
        self._last = None
        before = await self._picture()
        for team in sorted(before.teams):
            self.log.append("dispatch")
            await self._look(team)
        self._last = None
        before = await self._picture()
        for item in [item for item in before.items.values() if item.state == "offered"]:
            await self._must(
                lambda s, i=item: accept(s, i.id, i.agent_id or "", i.version, self.scene.policy)  # type: ignore[misc]
            )
        self._last = None
        for item in [item for item in (await self._picture()).items.values() if item.state == "assigned"]:
            await self._finish(item)
        for agent_id in self.agents:
            self._last = None
            await self._pulls(await self._picture(), agent_id)
        for number, (_, _, interaction_id, _) in enumerate(self.customers):
            if any(i.interaction_id == interaction_id and i.state == "parked" for i in before.items.values()):
                await self._says(number)
        self.log.append("time_passes")
        await self._time_passes(before, 61)

    async def _nothing_open(self) -> None:
        """Every case is resolved, every clock has ended, every promise is kept, broken or withdrawn."""
        left: list[str] = []
        for _ in range(4):
            await self._time_passes(await self._picture(), 90_000)
            for team in sorted((await self._picture()).teams):
                await Allocator(self.scene.database, team).allocate()
            async with self.scene.database.begin() as session:
                cases = list((await session.execute(text(_OPEN))).scalars())
            for case in cases:
                await self._close(case)
            async with self.scene.database.begin() as session:
                left = list((await session.execute(text(_LEFT))).scalars())
            if not left:
                break
        assert left == [], left
        assert await self.scene.unsound() == []

    # --- how things are done --------------------------------------------------------------------------------------

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


_OPEN = "SELECT id FROM interaction WHERE state <> 'resolved' ORDER BY id"
_LEFT = """
    SELECT 'case ' || id || ' ' || state FROM interaction WHERE state <> 'resolved'
    UNION ALL SELECT 'clock ' || id FROM sla_clock WHERE ended_at IS NULL
    UNION ALL SELECT 'promise ' || id FROM commitment WHERE state = 'open'
    UNION ALL SELECT 'item ' || id FROM work_item WHERE state NOT IN ('done', 'cancelled')
    UNION ALL SELECT 'agent ' || id FROM agent WHERE load <> 0
"""

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
