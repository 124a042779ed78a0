"""The switches that stop the AI at once: one for each cell of the matrix, and one for the brand."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.columns import moment


class AiSwitch(SQLModel, table=True):
    """A cell in which the AI is stopped, `*` for the brand; a row is there as long as it is stopped."""

    __tablename__ = "ai_switch"

    cell: str = Field(primary_key=True)
    stopped_by: str
    """An agent's id, or a word for a program."""
    why: str = ""
    stopped_at: datetime | None = moment(default_now=True)
