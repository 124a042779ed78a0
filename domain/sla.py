"""Service levels: targets in working time, the clocks that run towards them, and when to warn."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field, PositiveFloat

from domain.hours import Hours
from domain.values import Value


class SlaKind(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    """Where a clock stands. A met or breached clock never runs again."""

    RUNNING = "running"
    PAUSED = "paused"
    """It is the customer's turn."""
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    """The case needs no person any more."""


class SlaTargets(Value):
    """Targets in minutes of the team's working hours; what is left out is not promised."""

    first_response_minutes: PositiveFloat | None = None
    next_response_minutes: PositiveFloat | None = None
    resolution_minutes: PositiveFloat | None = None
    warn_at: float = Field(default=0.75, gt=0, lt=1)
    """The part of the target after which people are warned."""

    def minutes(self, kind: SlaKind) -> float | None:
        """The target of a kind."""
        return {
            SlaKind.FIRST_RESPONSE: self.first_response_minutes,
            SlaKind.NEXT_RESPONSE: self.next_response_minutes,
            SlaKind.RESOLUTION: self.resolution_minutes,
        }[kind]


class Deadline(Value):
    """When people are warned, and when the target is missed."""

    warn_at: datetime
    due_at: datetime


def deadline(
    hours: Hours, since: datetime, target: timedelta, warn_at: float, left: timedelta | None = None
) -> Deadline:
    """The deadline of a clock that starts, or with `left` goes on, at `since`; the warning is never after it."""
    left = target if left is None else left
    to_warning = max(left - target * (1 - warn_at), timedelta())
    return Deadline(warn_at=hours.add(since, to_warning), due_at=hours.add(since, left))


def time_left(hours: Hours, at: datetime, due_at: datetime) -> timedelta:
    """The working time until a deadline; nothing once it has passed."""
    return hours.between(at, due_at)
