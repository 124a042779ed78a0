"""What was read back to customers before they said yes: kept, so that a yes is known to be to exactly that."""

from datetime import datetime

from sqlalchemy import Index, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from domain.flows.requests import FlowRequest, read_request
from domain.values import Value
from store.columns import json_column, moment
from store.ids import new_id
from store.speaking import Draft, DraftState


class FlowWish(SQLModel, table=True):
    """A request that was read back to a customer in a case, and what came of it."""

    __tablename__ = "flow_wish"
    __table_args__ = (
        Index("flow_wish_of", "interaction_id", "seq"),
        Index("flow_wish_of_draft", "draft_id", unique=True),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(foreign_key="interaction.id")
    seq: int
    """The customer's word that the read-back answers; names the intent of the flow."""
    draft_id: str
    """The read-back."""
    request: dict[str, object] = json_column()
    fingerprint: str
    """Of all that it said (`domain.flows.dialogue.fingerprint`)."""
    flow_id: str | None = None
    """What the yes began."""
    closing_draft_id: str | None = None
    """What the customer was told after a no, or after the start."""
    made_at: datetime | None = moment(default_now=True)


class ReadBack(Value):
    """The newest request that a customer was really read in a case."""

    wish_id: str
    seq: int
    message_id: str
    """The message that read it back."""
    request: FlowRequest
    fingerprint: str
    flow_id: str | None
    closed_at: datetime | None
    """When the customer was told what came of it; None while that is open."""


_SAID = (DraftState.POSTED.value, DraftState.SUGGESTED.value)


async def last_read_back(session: AsyncSession, interaction_id: str) -> ReadBack | None:
    """The newest read-back that was said to the customer by the AI itself; a draft that nobody saw does not count."""
    read, closing = aliased(Draft), aliased(Draft)
    query = (
        select(FlowWish, col(read.message_id), col(closing.created_at))
        .join(read, col(read.id) == col(FlowWish.draft_id))
        .outerjoin(closing, (col(closing.id) == col(FlowWish.closing_draft_id)) & col(closing.state).in_(_SAID))
        .where(col(FlowWish.interaction_id) == interaction_id, col(read.state) == DraftState.POSTED.value)
        .order_by(col(FlowWish.seq).desc(), col(FlowWish.made_at).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    wish, message_id, closed_at = found
    return ReadBack(
        wish_id=wish.id,
        seq=wish.seq,
        message_id=message_id or "",
        request=read_request(wish.request),
        fingerprint=wish.fingerprint,
        flow_id=wish.flow_id,
        closed_at=closed_at,
    )


READ_BACKS = """
    (SELECT count(*) FROM flow_wish w JOIN draft d ON d.id = w.draft_id
     WHERE w.interaction_id = interaction.id AND d.state = 'posted' AND d.question)
"""
"""How many read-backs a customer has heard, of a query on `interaction`: they are no questions back."""


async def read_backs_since(session: AsyncSession, interaction_id: str) -> int:
    """How many read-backs the customer has heard since the newest one that came to an end."""
    query = text(
        """
        SELECT count(*) FROM flow_wish w JOIN draft d ON d.id = w.draft_id
        WHERE w.interaction_id = :id AND d.state = 'posted' AND w.seq > COALESCE((
            SELECT max(e.seq) FROM flow_wish e JOIN draft c ON c.id = e.closing_draft_id
            WHERE e.interaction_id = :id AND c.state IN ('posted', 'suggested')), -1)
        """
    )
    return int((await session.execute(query, {"id": interaction_id})).scalar_one())


def keep_wish(
    session: AsyncSession, interaction_id: str, seq: int, draft_id: str, request: FlowRequest, fingerprint: str
) -> None:
    """Keep what a draft reads back."""
    written = request.model_dump(mode="json")
    session.add(
        FlowWish(interaction_id=interaction_id, seq=seq, draft_id=draft_id, request=written, fingerprint=fingerprint)
    )


async def close_wish(session: AsyncSession, wish_id: str, draft_id: str) -> None:
    """What came of it is told by this draft."""
    (await session.get_one(FlowWish, wish_id, with_for_update=True)).closing_draft_id = draft_id


async def wish_granted(session: AsyncSession, wish_id: str, flow_id: str) -> None:
    """The flow that it began."""
    (await session.get_one(FlowWish, wish_id, with_for_update=True)).flow_id = flow_id
