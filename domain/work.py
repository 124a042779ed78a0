"""Work for people: the states of a work item and the rules of order and choice."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from domain.values import Value


class WorkState(StrEnum):
    """The life of a work item: waiting -> offered -> assigned -> wrapping -> done, or cancelled."""

    WAITING = "waiting"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    PARKED = "parked"
    """Snoozed, or the customer is idle: it takes no capacity, and waits again when its time or the customer comes."""
    WRAPPING = "wrapping"
    """The case is resolved, and its agent writes their notes."""
    DONE = "done"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    """What an agent says of themselves; it holds while the lease of the open desk does."""

    AVAILABLE = "available"
    BUSY = "busy"
    """Finishes what they have, and gets nothing new."""
    BREAK = "break"
    """As busy; supervisors see the difference."""
    AWAY = "away"
    """Set by missed offers; only the agent takes it back."""
    OFFLINE = "offline"


class DispatchMode(StrEnum):
    """How a team gets its work on a channel."""

    OFFER = "offer"
    """Reserved for one agent, who accepts within a deadline."""
    ASSIGN = "assign"
    """Given without an accept step."""
    PULL = "pull"
    """Picked by the agents themselves, by rank; out of order with a reason."""


MISSED_OFFERS_UNTIL_AWAY = 2


def virtual_enqueue_time(ready_at: datetime, priority: timedelta) -> datetime:
    """The fixed rank of a work item: the time it became ready, brought forward by what its priority is worth."""
    return ready_at - priority


class Candidate(Value):
    """An agent as the choice sees them."""

    agent_id: str
    free: int
    """Capacity units left."""
    load: int
    idle_since: datetime
    knows_customer: bool = False


def choose_agent(candidates: list[Candidate], cost: int) -> Candidate | None:
    """The agent for a work item: the customer's last agent, else the lowest load, then the longest idle."""
    fitting = [candidate for candidate in candidates if candidate.free >= cost]
    return min(fitting, key=lambda c: (not c.knows_customer, c.load, c.idle_since, c.agent_id), default=None)


class Head(Value):
    """A waiting item near the front of the queue."""

    id: str
    version: int
    cost: int
    mode: DispatchMode
    known_agent: str = ""
    """Who speaks to the customer now, or spoke to them last."""
    passed_by: tuple[str, ...] = ()
    """Agents who have let it pass and are not asked again for a while."""


class Match(Value):
    """An item and the agent who should get it."""

    head: Head
    agent_id: str


def match(heads: Sequence[Head], free: Sequence[Candidate]) -> list[Match]:
    """Pair items, first in line first, with agents until no capacity is left; what fits nobody is passed over."""
    left = {candidate.agent_id: candidate for candidate in free}
    matches: list[Match] = []
    for head in heads:
        chosen = choose_agent(_asked(head, left.values()), head.cost)
        if chosen is not None:
            matches.append(Match(head=head, agent_id=chosen.agent_id))
            room, load = chosen.free - head.cost, chosen.load + head.cost
            left[chosen.agent_id] = left[chosen.agent_id].model_copy(update={"free": room, "load": load})
            if room == 0:
                del left[chosen.agent_id]
        if not left:
            break
    return matches


def _asked(head: Head, free: Iterable[Candidate]) -> list[Candidate]:
    known = {"knows_customer": True}
    return [
        agent.model_copy(update=known) if agent.agent_id == head.known_agent else agent
        for agent in free
        if agent.agent_id not in head.passed_by
    ]
