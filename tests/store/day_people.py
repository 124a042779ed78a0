"""Agents and leads on a random day: what they click, in time and too late."""

import contextlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from domain.commitment import FulfilledBy, NewCommitment
from domain.hours import Hours, Weekday
from domain.parties import Role
from domain.requirement import PULLED
from domain.work import Presence
from store.deciding import decide
from store.errors import Conflict
from store.ids import new_id
from store.locking import database_now
from store.parking import park, resume
from store.passing_on import transfer
from store.people import accept, be_present, decline, end_wrap_up, finish, hand_back, reply
from store.pulling import pull
from store.staffing import change_agent
from store.supervising import change_priority, reassign, take_from
from store.work import Agent, WorkItem
from tests.store.day_customers import LEASE, Customers, Verb
from tests.store.day_rules import (
    Picture,
    is_ready,
    look,
)

_ALWAYS = Hours(week=dict.fromkeys(Weekday, ("00:00-24:00",)))
_NEVER = Hours(week={Weekday.MON: ("00:00-24:00",)}, holidays=tuple(
    datetime.now(UTC).date() + timedelta(days=ahead) for ahead in range(-1, 15)
))  # fmt: skip


class People(Customers):
    """The steps that agents and leads take."""

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
        await self.be(agent.id, usual)

    async def be(self, agent_id: str, presence: Presence) -> None:
        async with self.scene.database.begin() as session:
            await be_present(session, agent_id, presence, LEASE)
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
