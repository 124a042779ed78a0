"""What customers say of how their case was resolved: one question for each case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from store.columns import moment


class Satisfaction(SQLModel, table=True):
    """The question of one case, and its answer."""

    __tablename__ = "satisfaction"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="satisfaction_score_known"),
        Index("satisfaction_open_in", "conversation_id", postgresql_where=text("score IS NULL")),
        Index("satisfaction_given", "answered_at", postgresql_where=text("score IS NOT NULL")),
    )

    interaction_id: str = Field(primary_key=True)
    customer_id: str
    conversation_id: str
    message_id: str = ""
    """The question."""
    asked_at: datetime | None = moment(default_now=True)
    open_until: datetime | None = moment()
    score: int | None = None
    """1 (bad) to 5 (good)."""
    comment: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    answered_at: datetime | None = moment()
    resolved_by: str = ""
    """`ai`, `flow` or an agent's id: whose work it judges."""
