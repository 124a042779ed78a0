"""The base of every value in Baton: immutable, closed to unknown fields, small when serialised."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value. Unknown fields are refused, so that a typo never passes as a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")
