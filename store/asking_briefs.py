"""Asking the AI for a brief while a person has the case."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.interaction import EntryKind
from domain.work import WorkState
from store.errors import Conflict, NotFound
from store.interactions import lock_case
from store.journal import tell
from store.plain import run
from store.work import OPEN_WORK, WorkItem

_ASKED = """
    SELECT EXISTS (SELECT 1 FROM journal
                   WHERE interaction_id = %(interaction)s AND seq > %(handled)s AND kind = %(kind)s AND flow_id IS NULL)
"""


async def ask_for_brief(session: AsyncSession, item_id: str, by: str, *, supervises: bool) -> bool:
    """Have the brief and the suggested reply written anew; whoever has the case may ask, and who supervises.

    False if that has been asked and not yet begun. Raises `NotFound`, and `Conflict`: `case_closed`, `not_your_case`.
    """
    seen = await session.get(WorkItem, item_id)
    if seen is None:
        raise NotFound("work item")
    _, interaction = await lock_case(session, seen.interaction_id)
    await session.refresh(seen)
    if seen.state not in OPEN_WORK:
        raise Conflict("case_closed")
    if not supervises and (seen.state != WorkState.ASSIGNED.value or seen.agent_id != by):
        raise Conflict("not_your_case")
    about = {"interaction": interaction.id, "handled": interaction.handled_seq, "kind": EntryKind.BRIEF_ASKED.value}
    if (await run(session, _ASKED, about))[0][0]:
        return False
    tell(session, interaction, EntryKind.BRIEF_ASKED, ref=item_id, by=by)
    return True
