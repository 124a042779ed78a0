"""Corrections: who was told a version of an article, and what was sent to them about it."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from store.columns import moment
from store.ids import new_id


class Recall(SQLModel, table=True):
    """One correction of one version of an article."""

    __tablename__ = "recall"

    id: str = Field(default_factory=new_id, primary_key=True)
    slug: str
    version: int
    language: str
    body: str = Field(sa_type=Text)
    """What each of them is told."""
    made_by: str
    made_at: datetime | None = moment(default_now=True)


class RecallNotice(SQLModel, table=True):
    """The correction to one customer: once for each version of an article, however often the command runs."""

    __tablename__ = "recall_notice"

    slug: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    customer_id: str = Field(primary_key=True)
    recall_id: str
    interaction_id: str
    """The case in which they were told, which the correction continues."""
    message_id: str = ""
    sent_at: datetime | None = moment(default_now=True)
