"""Stopping the AI at once, for a cell or the brand, and letting it start again.

The switch is committed first: from then on no word of the AI begins, in whichever case. Then what it has in hand goes
to people, in short transactions. Starting again gives nothing back by itself.
"""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.delivery import Verdict
from domain.interaction import WITH_PEOPLE, EntryKind, InteractionState
from domain.message import DeliveryState
from domain.modes import EVERY_CELL
from domain.parties import AuthorKind
from domain.proposal import HandoffReason
from store.conversations import Message
from store.database import Database
from store.drafts import discard_drafts
from store.interactions import Interaction, lock_case, lock_case_if_free
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.plain import run
from store.policy_versions import PolicyShelf
from store.switches import TAKE_SWITCH, AiSwitch
from store.work import lock_item, open_item

BATCH = 100
"""Cases in one transaction: it is over long before two seconds are."""

_WITH_AI = frozenset({InteractionState.NEW, InteractionState.WITH_AI, InteractionState.AWAITING_HOLDER})


async def stop_ai(database: Database, cell: str, by: str, why: str) -> int:
    """Stop the AI in a cell, `*` for the brand; returns how many cases were taken from it.

    People get what the AI was working on or has asked the customer about; what it has answered and only waits for the
    customer's silence goes to people if they write again. Done twice, it changes nothing, and finishes what an
    earlier attempt has left.
    """
    async with database.begin() as session:
        await run(session, TAKE_SWITCH, {})
        if await session.get(AiSwitch, cell) is None:
            session.add(AiSwitch(cell=cell, stopped_by=by, why=why))
            note(session, Happening.AI_SWITCHED, ref=cell, by=by, stopped=True, why=why)
            await notify_desk(session)
    return await _take_all(database, cell)


async def start_ai(session: AsyncSession, cell: str, by: str) -> bool:
    """Let the AI start again, for new turns; False if it was not stopped there."""
    await run(session, TAKE_SWITCH, {})
    switch = await session.get(AiSwitch, cell)
    if switch is None:
        return False
    await session.delete(switch)
    note(session, Happening.AI_SWITCHED, ref=cell, by=by, stopped=False)
    await notify_desk(session)
    return True


_CONCERNED = """
    SELECT i.id FROM interaction i
    WHERE i.id > %(after)s AND i.state <> 'resolved' AND i.plan IS NOT NULL
      AND %(cell)s IN (%(every)s, i.plan->>'cell')
      AND (i.state IN ('new', 'with_ai', 'awaiting_holder') OR (i.state = 'awaiting_customer' AND i.asked)
        OR EXISTS (SELECT 1 FROM draft d WHERE d.interaction_id = i.id AND d.state IN ('open', 'offered'))
        OR EXISTS (SELECT 1 FROM message m
                   WHERE m.interaction_id = i.id AND m.author = 'ai' AND m.state = 'queued'))
    ORDER BY i.id LIMIT %(limit)s
"""


async def _take_all(database: Database, cell: str) -> int:
    """Case by case; those that somebody else holds at the moment come last, one by one."""
    taken, after, busy = 0, "", list[str]()
    shelf = PolicyShelf()
    while True:
        async with database.begin() as session:
            values = {"after": after, "cell": cell, "every": EVERY_CELL, "limit": BATCH}
            page = [str(found) for (found,) in await run(session, _CONCERNED, values)]
            for interaction_id in page:
                case = await lock_case_if_free(session, interaction_id)
                if case is None:
                    busy.append(interaction_id)
                else:
                    taken += await _take(session, case[1], cell, shelf)
        if not page:
            break
        after = page[-1]
    for interaction_id in busy:
        async with database.begin() as session:
            _, row = await lock_case(session, interaction_id)
            taken += await _take(session, row, cell, shelf)
    return taken


async def _take(session: AsyncSession, row: Interaction, cell: str, shelf: PolicyShelf) -> bool:
    """Silence the AI in a case, and tell its story if people are to have it; True if so."""
    await _silence(session, row)
    state = InteractionState(row.state)
    if state in WITH_PEOPLE:
        await _leave_to_people(session, row)
        return False
    if state not in _WITH_AI and not (state is InteractionState.AWAITING_CUSTOMER and row.asked):
        return False
    tell(session, row, EntryKind.AI_STOPPED, ref=cell)
    step = (await shelf.version(session, row.policy_version)).deadlines.step_seconds
    due = await database_now(session) + timedelta(seconds=step)
    row.next_step_due = min(row.next_step_due or due, due)
    return True


async def _silence(session: AsyncSession, row: Interaction) -> None:
    """Nothing that the AI has drafted or queued is sent; what is being sent already cannot be taken back."""
    await discard_drafts(session, row.id)
    queued = update(Message).where(
        col(Message.interaction_id) == row.id,
        col(Message.author) == AuthorKind.AI.value,
        col(Message.state) == DeliveryState.QUEUED.value,
    )
    cancelled = queued.values(state=DeliveryState.CANCELLED.value, code=Verdict.AI_STOPPED.value).returning(
        col(Message.id)
    )
    for message_id in (await session.execute(cancelled)).scalars():
        note(session, Happening.MESSAGE_CANCELLED, interaction=row, ref=message_id, code=Verdict.AI_STOPPED.value)


async def _leave_to_people(session: AsyncSession, row: Interaction) -> None:
    """A draft that lay before people is withdrawn; the case stays theirs, as ordinary work."""
    found = await open_item(session, row.id)
    if found is not None and found.draft_id is not None:
        item = await lock_item(session, found.id)
        item.draft_id, item.reason = None, HandoffReason.AI_STOPPED.value
        await notify_desk(session)
