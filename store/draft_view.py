"""A draft as the agent who judges it sees it, with its sources. Reading only."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value


class DraftView(Value):
    """What the AI would say. `outdated`: the customer has written since, so it cannot be sent any more."""

    id: str
    text: str
    question: bool
    """It asks the customer something, and resolves nothing."""
    reads_back: bool
    """A yes to it begins exactly what it says: it is sent as it is, or rejected."""
    citations: tuple[dict[str, object], ...]
    commitments: tuple[dict[str, object], ...]
    """What is promised with it."""
    cell: str
    outdated: bool
    at: datetime


_DRAFT = text(
    """
    SELECT d.id, d.body AS text, d.question, d.citations, d.commitments, d.cell, d.created_at AS at,
           d.answers_seq < i.last_customer_seq AS outdated,
           EXISTS (SELECT 1 FROM flow_wish f WHERE f.draft_id = d.id) AS reads_back
    FROM work_item w JOIN draft d ON d.id = w.draft_id JOIN interaction i ON i.id = w.interaction_id
    WHERE w.id = :id AND d.state = 'offered' AND w.state IN ('waiting', 'offered', 'assigned', 'parked')
    """
)


async def draft_before_people(session: AsyncSession, item_id: str) -> DraftView | None:
    """The draft that lies with a work item and nobody has judged yet."""
    found = (await session.execute(_DRAFT, {"id": item_id})).mappings().one_or_none()
    return DraftView.model_validate(dict(found)) if found is not None else None
