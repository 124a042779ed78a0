"""A promise as a request carries it, and what is said of one that cannot be made."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import AwareDatetime, Field

from api.fields import Body, Text
from api.problems import invalid
from domain.commitment import FulfilledBy, NewCommitment
from store.errors import Conflict

Order = Annotated[Text, Field(max_length=100, pattern=r"^[!-~]*$")]
"""An order's number; empty for none."""

_REFUSALS = {
    "due_in_the_past": ("due_at", "must lie in the future"),
    "due_too_far": ("due_at", "must be within a year"),
    "no_such_message": ("source", "must be a message to the customer of this case"),
}


class Promised(Body):
    """What is promised, until when (with its offset from UTC), and the fact that fulfils it."""

    text: Annotated[Text, Field(min_length=1, max_length=2000)]
    due_at: AwareDatetime
    fulfilled_by: FulfilledBy = FulfilledBy.BY_HAND
    order: Order = ""

    @property
    def commitment(self) -> NewCommitment:
        """As the store takes it."""
        return NewCommitment(text=self.text, due_at=self.due_at, fulfilled_by=self.fulfilled_by, order=self.order)


@contextmanager
def naming_the_field(within: str = "") -> Iterator[None]:
    """A promise that cannot be made is a wrong field, of the object `within` if one is named."""
    try:
        yield
    except Conflict as conflict:
        found = _REFUSALS.get(str(conflict))
        if found is None:
            raise
        raise invalid(f"{within}.{found[0]}".lstrip("."), found[1]) from None
