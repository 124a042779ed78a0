"""How promises and their times are worded in a language: one `Tongue` for each that Baton reads.

All entries are regular expressions, matched without regard to case, over text with straight apostrophes.
"""

from dataclasses import dataclass

from domain.commitment import FulfilledBy


@dataclass(frozen=True, eq=False)
class Tongue:
    """The words of one language."""

    promise: str
    """Somebody of the brand says that they will do something, or that the customer will get it."""
    conditions: str
    """What begins a clause about something else: a condition, or a description."""
    asides: str
    """What begins a clause that may hold a deadline of the promise, or a day of the past."""
    habit: str
    """Words of what always holds: no promise to this customer."""
    negation: str
    by: str
    on: str
    before: str
    within: str
    past: str
    """What, before a day, says that it is over or belongs to something else."""
    past_after: str
    other_event: str
    """What, after a span, counts it from something else than now."""
    weekdays: tuple[str, ...]
    """Monday first."""
    relative: dict[str, int]
    """Words for days, to days from now."""
    months: tuple[str, ...]
    minute: str
    hour: str
    day: str
    week: str
    working: str
    numbers: dict[str, int]
    next_word: str
    morning: str
    afternoon: str
    noon: str
    evening: str
    at: str
    numeric: bool
    """Are dates written day first in numbers, as 3.12. or 3/12?"""
    end_of_day: str
    end_of_week: str
    next_week: str
    fulfilled: tuple[tuple[str, FulfilledBy], ...]
    """Verbs and things, to the fact that fulfils the promise; the first that is found."""
