"""A customer's place in the queue, as the API answers and streams it."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from domain.queueing import PlaceState
from store.queueing import Place


class WaitRange(BaseModel):
    """A wait in minutes; without `to_minutes` it may be longer than anybody would say."""

    from_minutes: int
    to_minutes: int | None


class QueuePlace(BaseModel):
    """Where a customer stands. Fields that do not fit the state are null."""

    state: PlaceState | Literal["none"]
    """`waiting`, `offered` (one agent is asked now), `with_person`, `by_message`, `left`, or `none`."""
    position: int | None = None
    """From 1; null while the team is closed."""
    position_exact: bool | None = None
    """False: at least this."""
    wait: WaitRange | None = None
    """Null if nobody can tell."""
    opens_at: datetime | None = None
    """When the team works again, while it is closed."""
    ask_for_message: bool = False
    """The wait is long, or the team closed: better leave a message."""
    answer_by: datetime | None = None
    """What was promised to who left a message."""
    text: str = ""
    """All of it in a sentence or two, in the customer's language."""

    @property
    def waits(self) -> bool:
        """Can it change because of what others do?"""
        return self.state in {PlaceState.WAITING, PlaceState.OFFERED}

    @classmethod
    def of(cls, place: Place | None) -> Self:
        """The answer for a place."""
        if place is None:
            return cls(state="none")
        if place.outlook is None:
            return cls(state=place.state, answer_by=place.answer_by, text=place.words)
        found = place.outlook
        wait = WaitRange(from_minutes=found.wait.from_minutes, to_minutes=found.wait.to_minutes) if found.wait else None
        return cls(
            state=place.state,
            position=None if found.closed else found.position,
            position_exact=None if found.closed else found.exact,
            wait=wait,
            opens_at=found.opens_at,
            ask_for_message=found.ask_for_message,
            text=place.words,
        )


NOWHERE = QueuePlace(state="none")
