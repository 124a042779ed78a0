"""Pressure: how loaded a team is, from the time that a customer who comes now would wait."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.values import Value

Minutes = Annotated[float, Field(gt=0, le=10_080)]
"""Up to a week."""


class Pressure(StrEnum):
    """The level of a team, in rising order."""

    NORMAL = "normal"
    ELEVATED = "elevated"
    CRITICAL = "critical"


_ORDER = tuple(Pressure)


class PressureLevel(Value):
    """One level above normal."""

    wait_minutes: Minutes
    """Estimated wait from which the level holds."""
    confidence: float = Field(ge=0, le=1)
    """Confidence that a cell marked `pressure: ai` asks of triage at this level."""


class PressureRules(Value):
    """When a level is entered and left, and what it changes."""

    elevated: PressureLevel = PressureLevel(wait_minutes=10, confidence=0.6)
    critical: PressureLevel = PressureLevel(wait_minutes=30, confidence=0.5)
    leave_below: float = Field(default=0.6, gt=0, lt=1)
    """A level is left when the wait falls below this part of its `wait_minutes`, so that it does not flicker."""
    dwell_seconds: float = Field(default=60, ge=0, le=86_400)
    """How long a level lasts at least."""
    handling_minutes: Minutes = 6
    """What a case takes, until the team has finished enough of them to tell."""

    @model_validator(mode="after")
    def _levels_rise(self) -> Self:
        if self.critical.wait_minutes <= self.elevated.wait_minutes:
            raise ValueError("critical.wait_minutes must be more than elevated.wait_minutes")
        if self.critical.confidence > self.elevated.confidence:
            raise ValueError("critical.confidence must not be more than elevated.confidence")
        return self

    def at(self, level: Pressure) -> PressureLevel | None:
        """The rules of a level; None for normal."""
        return {Pressure.ELEVATED: self.elevated, Pressure.CRITICAL: self.critical}.get(level)


def estimated_wait(waiting_units: float, units_here: float, handling: timedelta) -> timedelta | None:
    """How long a customer who comes now would wait; None while nobody is here to take anything.

    `waiting_units` is the waiting work and `units_here` the capacity of the agents who are here, both in capacity
    units; `handling` is what one case takes. Capacity freed per minute is `units_here / handling`.
    """
    if waiting_units <= 0:
        return timedelta()
    if units_here <= 0:
        return None
    return handling * (waiting_units / units_here)


def next_level(
    current: Pressure, since: datetime | None, wait: timedelta | None, rules: PressureRules, now: datetime
) -> Pressure:
    """The level now. `wait` None means that work waits and nobody is here: that counts as critical."""
    if since is not None and now - since < timedelta(seconds=rules.dwell_seconds):
        return current
    if wait is None:
        return Pressure.CRITICAL
    risen, held = _highest(wait, rules, 1), _highest(wait, rules, rules.leave_below)
    return _ORDER[max(risen, min(held, _ORDER.index(current)))]


def _highest(wait: timedelta, rules: PressureRules, part: float) -> int:
    """The highest level of whose `wait_minutes` the wait has reached this part."""
    marks = (rules.at(level) for level in _ORDER)
    return max(
        number
        for number, mark in enumerate(marks)
        if mark is None or wait >= timedelta(minutes=mark.wait_minutes) * part
    )
