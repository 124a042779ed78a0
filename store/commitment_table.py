"""The table of commitments."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from domain.commitment import CommitmentState, FulfilledBy
from store.columns import moment
from store.ids import new_id


class Commitment(SQLModel, table=True):
    """One promise to a customer. It changes only while its interaction's row is locked."""

    __tablename__ = "commitment"
    __table_args__ = (
        Index("commitment_of", "interaction_id"),
        Index("commitment_due", "team_id", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("commitment_by_due", "due_at"),
        Index("commitment_unfulfilled", "fulfilled_by", "order_number", postgresql_where=text("closed_at IS NULL")),
        Index("commitment_of_source", "source", "position", unique=True),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(foreign_key="interaction.id")
    team_id: str
    """Whose people are woken."""
    made_by: str
    """`agent:<id>`, `ai`, `flow:<id>` or `baton`."""
    source: str
    """The message that made it, so that it is made once."""
    position: int = 0
    """Which of the promises of its source."""
    text: str = Field(sa_type=Text)
    order_number: str = ""
    fulfilled_by: str = FulfilledBy.BY_HAND.value
    state: str = CommitmentState.OPEN.value
    made_at: datetime | None = moment(default_now=True)
    due_at: datetime = moment()
    woken_at: datetime | None = moment()
    next_at: datetime | None = moment()
    """Its nearest timer: the waking, then the deadline."""
    closed_at: datetime | None = moment()
    """When it was fulfilled or withdrawn; empty while anybody still owes it, in time or too late."""
    closed_by: str = ""
    """The fact (`refund:<its id>`), the message or the person that closed it."""
