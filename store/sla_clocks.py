"""The table of the clocks that run towards service levels."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from domain.sla import ClockState
from store.columns import moment
from store.ids import new_id


class SlaClock(SQLModel, table=True):
    """One target of one work item. `next_at` is its nearest timer: the warning, then the breach."""

    __tablename__ = "sla_clock"
    __table_args__ = (
        Index("sla_clock_of", "work_item_id"),
        Index("sla_clock_due", "team_id", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index(
            "sla_clock_at_risk",
            "team_id",
            "due_at",
            postgresql_where=text("(warned_at IS NOT NULL OR breached_at IS NOT NULL) AND ended_at IS NULL"),
        ),
        Index("sla_clock_ended", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    work_item_id: str = Field(foreign_key="work_item.id")
    interaction_id: str
    team_id: str
    kind: str
    state: str = ClockState.RUNNING.value
    paused_for: str | None = None
    """What it waits for while it is paused (`domain.sla.PausedFor`)."""
    target_seconds: float
    """Working time."""
    warn_at_part: float
    started_at: datetime | None = moment(default_now=True)
    warn_at: datetime | None = moment()
    due_at: datetime | None = moment()
    """NULL while it is paused."""
    left_seconds: float | None = None
    """Working time left: while it is paused, and when it was met; below zero if it was met too late."""
    warned_at: datetime | None = moment()
    breached_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    next_at: datetime | None = moment()
