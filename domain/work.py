"""Work for people: the states of a work item, its place in the queue, and its timers. See `domain.matching`."""

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


RESPONSE_LEAD = timedelta(hours=1)
"""How long before its response is due a case stands as if it came now."""


def virtual_enqueue_time(ready_at: datetime, priority: timedelta, response_due: datetime | None = None) -> datetime:
    """The fixed rank of a work item: the time it became ready, brought forward by its priority and its service level.

    A case whose response is due in less than an hour stands where one stands that came as much earlier.
    """
    rank = ready_at - priority
    return rank if response_due is None else min(rank, response_due - RESPONSE_LEAD)


class Timers(Value):
    """The instants at which something happens to a work item by itself."""

    offered_until: datetime | None = None
    widen_at: datetime | None = None
    idle_at: datetime | None = None
    parked_until: datetime | None = None
    wrap_until: datetime | None = None


def nearest_timer(state: WorkState, timers: Timers) -> datetime | None:
    """The one timer that counts in a state."""
    return {
        WorkState.WAITING: timers.widen_at,
        WorkState.OFFERED: timers.offered_until,
        WorkState.ASSIGNED: timers.idle_at,
        WorkState.PARKED: timers.parked_until,
        WorkState.WRAPPING: timers.wrap_until,
    }.get(state)
