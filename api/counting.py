"""Counts of what came back, as the warehouse's system and the desk send them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import Field

from api.fields import MAX_INTEGER, Body, Line
from api.problems import invalid
from domain.flows.effects import Accepted
from store.flow_parcels import Miscounted

Count = Annotated[int, Field(strict=True, ge=0, le=MAX_INTEGER)]


class Arrived(Body):
    """How many units of a line have arrived."""

    line_id: Annotated[Line, Field(max_length=64)]
    received: Count
    accepted: Count | None = None
    """May be told already; only an inspection counts it."""

    @property
    def accepted_line(self) -> Accepted:
        """As the store counts."""
        return Accepted(line_id=self.line_id, received=self.received, accepted=self.accepted or 0)


class Counted(Arrived):
    """How many of them are as they should be."""

    accepted: Count


@contextmanager
def counting() -> Iterator[None]:
    """A count that cannot be is told by the name of its field."""
    try:
        yield
    except Miscounted as error:
        raise invalid(f"lines.{error.place}.{error.field}", str(error)) from None
