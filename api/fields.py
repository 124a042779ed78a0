"""Field types that requests share."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_INTEGER = 2**31 - 1
"""The largest value of the store's integer columns."""


def storable(value: str) -> str:
    """The text, if PostgreSQL can keep it. Raises `ValueError`."""
    if "\x00" in value:
        raise ValueError("must not contain the character U+0000")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be Unicode text; half of a surrogate pair is none") from None
    return value


Text = Annotated[str, AfterValidator(storable)]
"""Text that PostgreSQL can keep."""

Line = Annotated[Text, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A short text without control characters."""

Key = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
"""An idempotency key: visible ASCII, chosen by the client, the same again when it repeats a request."""

Id = Annotated[str, Field(pattern=r"^[0-9a-hjkmnp-tv-z]{26}$")]
"""An id that the store has made, e.g. of a case or an agent."""

FlowId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,200}$")]
"""A flow's id, in an address."""

OrderNumber = Annotated[Line, Field(max_length=64)]
"""The shop's number of an order, in any spelling that it takes."""

Version = Annotated[int, Field(strict=True, ge=0, le=MAX_INTEGER)]


class Body(BaseModel):
    """A request's JSON object; unknown fields are refused, so that a typo never passes as a default."""

    model_config = ConfigDict(extra="forbid")


class Empty(Body):
    """No fields; the path says it all."""
