"""How a wait of a flow ended. It is decided once and kept, so that a new run of the flow goes the same way."""

from datetime import datetime
from enum import StrEnum

from domain.values import Value


class Ending(StrEnum):
    """Why a flow does not wait any longer."""

    REACHED = "reached"
    OVERDUE = "overdue"
    CALLED_OFF = "called_off"


class Waited(Value):
    """The end of a wait; true if what was waited for has come about."""

    how: Ending
    what: str = ""
    """Which of several things has come about, or who called it off, as a constant word."""

    def __bool__(self) -> bool:
        return self.how is Ending.REACHED


class Wait(Value):
    """A wait as the store knows it. `until` (UTC) was fixed when it began; `ended` is None while it lasts."""

    until: datetime | None = None
    ended: Waited | None = None
