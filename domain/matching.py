"""Who gets what: pairs waiting work with agents who are free. A pure rule, fast enough for thousands of each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from heapq import heapify, heappop, heappush

from domain.requirement import Requirement
from domain.values import Value
from domain.work import DispatchMode


class Candidate(Value):
    """An agent who is here, as the choice sees them."""

    agent_id: str
    capacity: int
    """Capacity units that they have in all."""
    load: int
    """Units that are taken."""
    idle_since: datetime
    skills: dict[str, int] = {}
    languages: tuple[str, ...] = ()
    kept_for: str = ""
    """The waiting item for which they were kept free when this was last decided."""

    @property
    def free(self) -> int:
        """Units that are left."""
        return self.capacity - self.load


class Head(Value):
    """A waiting item near the front of the queue."""

    id: str
    version: int
    cost: int
    key: str = ""
    """What an agent must have (`domain.requirement.Requirement`)."""
    mode: DispatchMode
    known_agent: str = ""
    """Who speaks to the customer now, or spoke to them last."""
    returning: bool = False
    """It was parked by its known agent."""
    passed_by: tuple[str, ...] = ()
    """Agents who have let it pass and are not asked again for a while."""
    reserves: bool = False
    """It has waited so long that, if it fits nobody, an agent is kept free for it."""


class Because(StrEnum):
    """Why an agent was chosen."""

    KNOWS_CUSTOMER = "knows_customer"
    ONLY_ONE = "only_one"
    LOWEST_LOAD = "lowest_load"
    LONGEST_IDLE = "longest_idle"
    PULLED = "pulled"
    REASSIGNED = "reassigned"


class Choice(Value):
    """The choice of an agent, as people read it."""

    because: Because
    asked_for: str = ""
    """The requirement in force, empty for anyone of the team."""
    able: int = 0
    """Agents who were here with capacity left and had what is asked for."""
    load: int = 0
    """The agent's load before."""
    capacity: int = 0
    passed_by: int = 0
    """Agents who had let it pass."""


class Match(Value):
    """An item and the agent who should get it."""

    head: Head
    agent_id: str
    units: int
    """Capacity that it takes."""
    choice: Choice

    @property
    def needs_acceptance(self) -> bool:
        """Must the agent accept it first? Not what they parked themselves."""
        mine = self.head.returning and self.agent_id == self.head.known_agent
        return self.head.mode is DispatchMode.OFFER and not mine


def units_of(cost: int, capacity: int) -> int:
    """Capacity that an item takes of an agent: its cost, or all they have if it costs more."""
    return min(cost, capacity)


class Pairing(Value):
    """What a look at queue and agents comes to."""

    matches: tuple[Match, ...]
    kept: dict[str, str]
    """Agents who are kept free, and the item for which."""


def pair(heads: Sequence[Head], here: Sequence[Candidate]) -> Pairing:
    """Pair items, first in line first, with the agents who are here, until no capacity is left.

    An item goes to whoever knows the customer, else to the lowest load, else to the longest idle. What fits nobody is
    passed over; if it has waited long, the agent who comes nearest to having room is kept free for it, also one who has
    no room at all.
    """
    room = _Room(here)
    matches: list[Match] = []
    for head in heads:
        found = room.choose(head) if room.anybody else None
        if found is not None:
            matches.append(found)
        elif head.reserves:
            room.reserve_for(head)
    return Pairing(matches=tuple(matches), kept=room.kept)


class _Room:
    """The agents' capacity while it is given away. Loads only grow, so stale heap entries are found when popped."""

    def __init__(self, here: Sequence[Candidate]) -> None:
        self._agents = {agent.agent_id: agent for agent in here}
        self._load = {agent.agent_id: agent.load for agent in here}
        self._left = sum(agent.free > 0 for agent in here)
        self.kept: dict[str, str] = {}
        """Agents who are kept free, and the item for which."""
        self._able: dict[str, list[str]] = {}
        self._open: dict[str, int] = {}
        """How many of them had room at first."""
        self._heaps: dict[str, list[tuple[int, datetime, str]]] = {}
        """Load, idle since, agent: the next to be asked on top."""

    @property
    def anybody(self) -> bool:
        """Has anybody room that is not reserved?"""
        return self._left > 0

    def choose(self, head: Head) -> Match | None:
        """The agent for an item, whose capacity is taken; None if it fits nobody."""
        heap = self._heap(head.key)
        known = head.known_agent
        if known in self._able[head.key] and self._has_room(known, head):
            return self._give(head, known, Because.KNOWS_CUSTOMER)
        aside: list[tuple[int, datetime, str]] = []
        found = None
        while heap and found is None:
            load, idle_since, agent_id = heappop(heap)
            if load != self._load[agent_id]:
                heappush(heap, (self._load[agent_id], idle_since, agent_id))
            elif not self._gone(agent_id):
                aside.append((load, idle_since, agent_id))
                found = agent_id if self._has_room(agent_id, head) else None
        because = self._why(head.key, heap, aside)
        for entry in aside:
            heappush(heap, entry)
        return self._give(head, found, because) if found else None

    def _why(self, key: str, heap: list[tuple[int, datetime, str]], tried: list[tuple[int, datetime, str]]) -> Because:
        if self._open[key] == 1:
            return Because.ONLY_ONE
        alike = heap and tried and heap[0][0] == tried[-1][0] == self._load[heap[0][2]]
        return Because.LONGEST_IDLE if alike else Because.LOWEST_LOAD

    def reserve_for(self, head: Head) -> None:
        """Keep the able agent who comes nearest to having room free of anything behind this item."""
        self._heap(head.key)
        able = [self._agents[one] for one in self._able[head.key] if one not in {*self.kept, *head.passed_by}]
        able = [agent for agent in able if agent.capacity > 0]
        if able:
            nearest = min(able, key=lambda agent: self._distance(head, agent))
            self.kept[nearest.agent_id] = head.id
            self._left -= self._free(nearest.agent_id) > 0

    def _distance(self, head: Head, agent: Candidate) -> tuple[int, bool, str]:
        """How far an agent is from having room; of two alike, whoever is kept free for it already."""
        lacking = units_of(head.cost, agent.capacity) - self._free(agent.agent_id)
        return lacking, agent.kept_for != head.id, agent.agent_id

    def _give(self, head: Head, agent_id: str, because: Because) -> Match:
        agent, load = self._agents[agent_id], self._load[agent_id]
        units = units_of(head.cost, agent.capacity)
        self._load[agent_id] = load + units
        self._left -= self._full(agent_id)
        choice = Choice(
            because=because,
            asked_for=head.key,
            able=self._open[head.key],
            load=load,
            capacity=agent.capacity,
            passed_by=len(head.passed_by),
        )
        return Match(head=head, agent_id=agent_id, units=units, choice=choice)

    def _heap(self, key: str) -> list[tuple[int, datetime, str]]:
        if key not in self._heaps:
            self._able[key] = list(_able(key, self._agents))
            room = [one for one in self._able[key] if self._agents[one].free > 0]
            self._open[key] = len(room)
            self._heaps[key] = [(self._load[one], self._agents[one].idle_since, one) for one in room]
            heapify(self._heaps[key])
        return self._heaps[key]

    def _free(self, agent_id: str) -> int:
        return self._agents[agent_id].capacity - self._load[agent_id]

    def _full(self, agent_id: str) -> bool:
        return self._free(agent_id) <= 0

    def _gone(self, agent_id: str) -> bool:
        """Full or reserved, and so until the end of this matching."""
        return self._full(agent_id) or agent_id in self.kept

    def _has_room(self, agent_id: str, head: Head) -> bool:
        if self._gone(agent_id) or agent_id in head.passed_by:
            return False
        return self._free(agent_id) >= units_of(head.cost, self._agents[agent_id].capacity)


def _able(key: str, agents: Mapping[str, Candidate]) -> Iterator[str]:
    """The agents who have what a key asks for."""
    wanted = Requirement.read(key)
    named = [wanted.agent] if wanted.agent else agents
    for agent_id in named:
        agent = agents.get(agent_id)
        if agent is not None and wanted.met_by(agent_id, agent.skills, agent.languages):
            yield agent_id


def able_agents(key: str, free: Mapping[str, Candidate]) -> list[Candidate]:
    """Of these agents, those who have what a key asks for."""
    return [free[agent_id] for agent_id in _able(key, free)]
