"""What a plan's stages go by: what the customer has sent, and what a person has decided."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from domain.plan import Evidence
from store.plain import run

_FOUND = {
    # The words themselves stay in the messages; that an order was named is journalled by triage.
    Evidence.ORDER: """
        EXISTS (SELECT 1 FROM journal WHERE interaction_id = %(interaction)s AND kind = 'triaged'
                AND (facts->>'names_order')::boolean)""",
    Evidence.PHOTO: """
        EXISTS (SELECT 1 FROM attachment a JOIN message m ON m.id = a.message_id
                WHERE m.interaction_id = %(interaction)s AND a.media_type LIKE 'image/%%')""",
}


class Decision(NamedTuple):
    """What a person decided, and what the customer is to read about it."""

    approved: bool
    words: str


async def evidence_missing(
    session: AsyncSession, interaction_id: str, wanted: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """Of what a stage collects, that which the customer has not sent yet."""
    query = "SELECT " + ", ".join(_FOUND[one] for one in wanted)
    found = (await run(session, query, {"interaction": interaction_id}))[0]
    return tuple(one for one, there in zip(wanted, found, strict=True) if not there)


async def last_decision(session: AsyncSession, interaction_id: str) -> Decision | None:
    """The newest decision of a person in this case."""
    query = """
        SELECT decision = 'approved', decision_text FROM work_item
        WHERE interaction_id = %(interaction)s AND decision <> '' ORDER BY done_at DESC LIMIT 1
    """
    found = await run(session, query, {"interaction": interaction_id})
    return Decision(*found[0]) if found else None
