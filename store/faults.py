"""Details of errors, kept where they can be erased; histories and logs get only the id."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from domain.masking import masked_payload
from store.columns import moment
from store.ids import new_id


class Fault(SQLModel, table=True):
    """One exception of an activity, with its traceback."""

    __tablename__ = "fault"

    id: str = Field(default_factory=new_id, primary_key=True)
    activity: str
    workflow_id: str
    kind: str
    detail: str = Field(sa_type=Text)
    at: datetime | None = moment(default_now=True)


class Quarantined(SQLModel, table=True):
    """An inbound payload that could not be parsed; acknowledged, kept and shown to admins."""

    __tablename__ = "quarantined"

    id: str = Field(default_factory=new_id, primary_key=True)
    channel: str
    account: str
    reason: str
    raw: bytes
    at: datetime | None = moment(default_now=True)


async def quarantine(session: AsyncSession, *, channel: str, account: str, reason: str, raw: bytes) -> str:
    """Keep a payload for admins, with card numbers and secrets masked; returns its id."""
    row = Quarantined(channel=channel, account=account, reason=reason, raw=masked_payload(raw))
    session.add(row)
    await session.flush()
    return row.id
