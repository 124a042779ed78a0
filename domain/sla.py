"""Service levels: targets in working time, the clocks that run towards them, and when to warn. All instants are UTC."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field

from domain.hours import Hours
from domain.values import Value

Minutes = Annotated[float, Field(gt=0, le=525_600)]
"""Up to a year; what is longer is no promise to a customer."""


class SlaKind(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    """Where a clock stands. A met or breached clock never runs again."""

    RUNNING = "running"
    PAUSED = "paused"
    """It is the customer's turn, or the case is parked."""
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    """The case needs no person any more."""


Ending = Literal[ClockState.MET, ClockState.CANCELLED]


class PausedFor(StrEnum):
    """What a paused clock waits for."""

    CUSTOMER = "customer"
    """The customer's next message; the end of parking does not end it."""
    PARKED = "parked"


class SlaTargets(Value):
    """Targets in minutes of the team's working hours; what is left out is not promised."""

    first_response_minutes: Minutes | None = None
    next_response_minutes: Minutes | None = None
    resolution_minutes: Minutes | None = None
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
) -> Deadline | None:
    """The deadline of a clock that starts, or with `left` goes on, at `since`; the warning is never after it.

    None if these hours have too little working time within two years.
    """
    left = target if left is None else left
    to_warning = max(left - target * (1 - warn_at), timedelta())
    try:
        return Deadline(warn_at=hours.add(since, to_warning), due_at=hours.add(since, left))
    except ValueError:
        return None


def time_left(hours: Hours, at: datetime, due_at: datetime) -> timedelta:
    """The working time until a deadline; below zero, the working time since it."""
    return hours.between(at, due_at) if at < due_at else -hours.between(due_at, at)


class Clock(Value):
    """One clock as it stands. Its verbs give back what it becomes; what does not concern it leaves it as it is."""

    id: str
    kind: SlaKind
    state: ClockState = ClockState.RUNNING
    paused_for: PausedFor | None = None
    target_seconds: float
    """Working time."""
    warn_at_part: float
    started_at: datetime
    warn_at: datetime | None = None
    due_at: datetime | None = None
    """None while it is paused."""
    left_seconds: float | None = None
    """Working time left: while it is paused, and when it was met; below zero if it was met too late."""
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    next_at: datetime | None = None
    """Its nearest timer: the warning, then the deadline."""

    @classmethod
    def start(cls, clock_id: str, kind: SlaKind, targets: SlaTargets, hours: Hours, now: datetime) -> Self | None:
        """A new clock; None if nothing is promised, or these hours never have so much working time."""
        minutes = targets.minutes(kind)
        target = timedelta(minutes=minutes or 0)
        found = deadline(hours, now, target, targets.warn_at) if minutes else None
        if found is None:
            return None
        return cls(
            id=clock_id,
            kind=kind,
            target_seconds=target.total_seconds(),
            warn_at_part=targets.warn_at,
            started_at=now,
            warn_at=found.warn_at,
            due_at=found.due_at,
            next_at=found.warn_at,
        )

    @property
    def is_response(self) -> bool:
        """Does an answer to the customer end it?"""
        return self.kind is not SlaKind.RESOLUTION

    def pause(self, why: PausedFor, hours: Hours, now: datetime) -> Self:
        """Stop a running clock. One whose deadline has passed is left to be struck."""
        if self.state is ClockState.PAUSED and why is PausedFor.CUSTOMER:
            return self._become(paused_for=why)
        if self.state is not ClockState.RUNNING or self.due_at is None or self._late(now):
            return self
        left = time_left(hours, now, self.due_at).total_seconds()
        timers = {"warn_at": None, "due_at": None, "next_at": None}
        return self._become(state=ClockState.PAUSED, paused_for=why, left_seconds=left, **timers)

    def resume(self, hours: Hours, now: datetime) -> Self:
        """Go on with what was left. It stays paused if these hours never have so much working time."""
        if self.state is not ClockState.PAUSED:
            return self
        left = timedelta(seconds=self.left_seconds or 0)
        found = deadline(hours, now, timedelta(seconds=self.target_seconds), self.warn_at_part, left)
        if found is None:
            return self
        timers = {"warn_at": found.warn_at, "due_at": found.due_at}
        timers["next_at"] = found.warn_at if self.warned_at is None else found.due_at
        return self._become(state=ClockState.RUNNING, paused_for=None, left_seconds=None, **timers)

    def rescheduled(self, before: Hours, after: Hours, now: datetime) -> Self:
        """A running clock in other hours: what is left stays, unless those never have so much working time."""
        if self.state is not ClockState.RUNNING:
            return self
        again = self.pause(PausedFor.PARKED, before, now).resume(after, now)
        return again if again.state is ClockState.RUNNING else self

    def end(self, how: Ending, now: datetime, hours: Hours | None = None) -> Self:
        """End it; too late is too late, however it ends. With `hours`, how much time was left is kept."""
        late, left = self._late(now), self.left_seconds
        if self.due_at is not None and hours is not None and how is ClockState.MET:
            left = time_left(hours, now, self.due_at).total_seconds()
        return self._become(
            state=ClockState.BREACHED if late else how,
            breached_at=self.due_at if late else None,
            ended_at=now,
            left_seconds=left if how is ClockState.MET else None,
            paused_for=None,
            next_at=None,
        )

    def strike(self, now: datetime) -> Self:
        """Its nearest timer has come: it is breached, or people are warned."""
        if self._late(now):
            return self._become(state=ClockState.BREACHED, breached_at=self.due_at, next_at=None)
        return self._become(warned_at=now, next_at=self.due_at)

    def _late(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now

    def _become(self, **changes: object) -> Self:
        return self.model_copy(update=changes)
