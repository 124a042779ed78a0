"""What a customer who waits for a person can know: their place, how long it may take, and what they can do instead."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.commitment import LONGEST_PROMISE
from domain.hours import Hours
from domain.pressure import estimated_wait
from domain.sla import SlaTargets
from domain.team import QueueRules
from domain.values import Value

COUNTED = 500
"""Customers ahead who are counted; beyond them a place is only said to be farther back."""


class PlaceState(StrEnum):
    """How a customer stands to the people who may answer them."""

    WAITING = "waiting"
    OFFERED = "offered"
    """One agent is being asked right now."""
    WITH_PERSON = "with_person"
    BY_MESSAGE = "by_message"
    """Nobody waits live: the case is answered as a mail is."""
    LEFT = "left"
    """The customer left the queue."""


class Wait(Value):
    """A wait as people say it, never more exact than it is known."""

    about_minutes: int
    from_minutes: int
    to_minutes: int | None = None
    """None: it may be longer than anybody would say."""


class Outlook(Value):
    """What a customer in the queue is told."""

    position: int
    """From 1. With more than `COUNTED` ahead it says no more than that."""
    wait: Wait | None = None
    """None if nobody can tell: the team is closed, or none of its people is here."""
    closed: bool = False
    opens_at: datetime | None = None
    """When the team works again, while it is closed."""
    ask_for_message: bool = False
    """The customer is asked to leave a message instead of waiting."""

    @property
    def exact(self) -> bool:
        """Is the position counted?"""
        return self.position - 1 <= COUNTED

    @property
    def at_once(self) -> bool:
        """Next in line, and somebody has room."""
        return self.position == 1 and self.wait == _SAID[0][1]


def outlook(
    position: int,
    ahead_units: float,
    units_here: float,
    handling: timedelta,
    hours: Hours,
    now: datetime,
    rules: QueueRules,
) -> Outlook:
    """What a customer is told who has this place.

    `ahead_units` are the capacity units that must become free before it is their turn, `units_here` the capacity of
    the people who are here and could take their case; `handling` is what one case takes.
    """
    if rules.message_when_closed and not hours.is_open(now):
        return Outlook(position=position, closed=True, opens_at=hours.next_opening(now), ask_for_message=True)
    expected = estimated_wait(ahead_units, units_here, handling) if units_here > 0 else None
    return Outlook(
        position=position,
        wait=as_said(expected) if expected is not None else None,
        ask_for_message=_too_long(expected, rules),
    )


def _too_long(expected: timedelta | None, rules: QueueRules) -> bool:
    limit = rules.message_above_minutes
    return limit is not None and (expected is None or expected > timedelta(minutes=limit))


_SAID = tuple(
    (to, Wait(about_minutes=about, from_minutes=since, to_minutes=to))
    for since, about, to in (
        (0, 1, 2),
        (2, 5, 7),
        (7, 10, 12),
        (12, 15, 17),
        (17, 20, 25),
        (25, 30, 38),
        (38, 45, 52),
        (52, 60, 75),
        (75, 90, 105),
        (105, 120, 150),
        (150, 180, 210),
        (210, 240, 270),
    )
)
_LONGER = Wait(about_minutes=240, from_minutes=240)


def as_said(wait: timedelta) -> Wait:
    """The range in which a wait lies; beyond four and a half hours only that it is long."""
    minutes = wait / timedelta(minutes=1)
    return next((said for to, said in _SAID if minutes <= to), _LONGER)


def answer_due(hours: Hours, targets: SlaTargets, now: datetime) -> datetime | None:
    """When somebody who leaves a message now can expect an answer; None if that is too far to promise.

    The first-response target, counted from the next working time on; without one the end of the next working day.
    """
    opening = hours.next_opening(now)
    if opening is None or opening - now > LONGEST_PROMISE / 2:
        return None
    if targets.first_response_minutes is None:
        return _end_of_next_day(hours, now)
    try:
        due = hours.add(opening, timedelta(minutes=targets.first_response_minutes))
    except ValueError:
        return None
    return due if due - now <= LONGEST_PROMISE else None


def _end_of_next_day(hours: Hours, now: datetime) -> datetime | None:
    """The last closing of the next working day; of a team that never closes the same time tomorrow."""
    zone = ZoneInfo(hours.timezone)
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)
    opens = hours.next_opening(tomorrow.astimezone(UTC))
    day, end = (opens.astimezone(zone).date() if opens else None), None
    while opens is not None and opens.astimezone(zone).date() == day:
        end = hours.next_closing(opens)
        if end is None:
            return now + timedelta(days=1)
        opens = hours.next_opening(end)
    return end
