"""A day of work by chance: customers, agents, leads and time do what comes into their heads, on real PostgreSQL."""

import asyncio
import contextlib
from collections.abc import Awaitable
from datetime import timedelta

from sqlalchemy import text

from domain.policy_file import read_policy
from domain.work import Presence
from store.dispatching import Allocator
from store.errors import Conflict
from store.people import accept
from store.staffing import change_agent
from tests.store.day_people import People
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
    look,
    possible,
)

POLICY = """
brand: {name: Test Shop, ai_label: Test Shop · AI assistant}
assistant: {mode: auto}
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
AT_ONCE = 0.05
"""Seconds: an allocation that asks for another one so soon has left something to it."""


class Day(People):
    """One day, its dispatchers, and the rules that are checked after each step."""

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
                await self.be(agent.id, Presence.AVAILABLE)
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
            await self.be(agent_id, Presence.AVAILABLE)
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


_OPEN = "SELECT id FROM interaction WHERE state <> 'resolved' ORDER BY id"
_LEFT = """
    SELECT 'case ' || id || ' ' || state FROM interaction WHERE state <> 'resolved'
    UNION ALL SELECT 'clock ' || id FROM sla_clock WHERE ended_at IS NULL
    UNION ALL SELECT 'promise ' || id FROM commitment WHERE state = 'open'
    UNION ALL SELECT 'item ' || id FROM work_item WHERE state NOT IN ('done', 'cancelled')
    UNION ALL SELECT 'agent ' || id FROM agent WHERE load <> 0
"""
