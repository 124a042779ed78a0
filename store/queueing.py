"""Customers who wait for a person: where they stand, and the two ways out, a message instead and leaving.

Order of locks everywhere: customer, interaction, agent, work item, conversation.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.commitment import FulfilledBy, NewCommitment
from domain.interaction import EntryKind, InteractionState
from domain.parties import Channel
from domain.plan import Stage, StageKind
from domain.policy import Policy
from domain.queue_notices import QueueWords
from domain.queueing import Outlook, PlaceState, answer_due
from domain.triage import Triage
from domain.values import Value
from domain.work import DispatchMode, WorkState
from store.commitment_table import Commitment
from store.commitments import commit
from store.conversations import Message
from store.customers import Customer
from store.errors import Conflict
from store.handing_over import announce, ask_team, drop_work, waiting_notice
from store.interactions import Interaction, lock_case, move
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.plain import run
from store.policy_versions import PolicyShelf
from store.queue_line import outlook_of, team_rules
from store.work import WorkItem, lock_agent, lock_item, open_item, schedule, teams_of, wake

_UNTAKEN = {WorkState.WAITING.value, WorkState.OFFERED.value}


class Place(Value):
    """Where a customer stands who waits, or waited, for a person."""

    state: PlaceState
    outlook: Outlook | None = None
    """While they wait live."""
    answer_by: datetime | None = None
    """What was promised to who left a message; None if nothing could be."""
    words: str = ""
    """What they read about it, in their language."""


# --- where a customer stands ------------------------------------------------------------------------------------------


async def place(session: AsyncSession, interaction_id: str, shelf: PolicyShelf) -> Place | None:
    """Where the interaction's customer stands; None if the case is not with people. Cheap however many wait."""
    row = await session.get(Interaction, interaction_id)
    if row is None:
        return None
    item = await open_item(session, interaction_id)
    if item is None:
        return Place(state=PlaceState.LEFT) if await _has_left(session, row) else None
    if item.draft_id is not None and await session.get(Message, waiting_notice(item)) is None:
        return None  # An answer is being looked over: nobody has told the customer that a person takes over.
    if item.state not in _UNTAKEN:
        return Place(state=PlaceState.WITH_PERSON)
    policy = await shelf.version(session, row.policy_version)
    words = await queue_words(session, row, item, policy)
    if item.channel == Channel.EMAIL.value:
        promised = await _promised(session, item)
        return Place(state=PlaceState.BY_MESSAGE, answer_by=promised, words=words.message_left(promised))
    found = await outlook_of(session, item, policy)
    if item.state == WorkState.OFFERED.value:
        return Place(state=PlaceState.OFFERED, outlook=found, words=words.offered())
    return Place(state=PlaceState.WAITING, outlook=found, words=words.banner(found))


async def queue_words(session: AsyncSession, row: Interaction, item: WorkItem, policy: Policy) -> QueueWords:
    """The words for the interaction's customer."""
    language = Triage.model_validate(row.triage).language if row.triage else "en"
    return QueueWords(language, await database_now(session), team_rules(policy, item).hours.timezone)


async def opening_of(session: AsyncSession, item: WorkItem, policy: Policy) -> datetime | None:
    """When the item's team works again, if it does not now and says so to its customers."""
    team, now = team_rules(policy, item), await database_now(session)
    return None if team.hours.is_open(now) or not team.queue.message_when_closed else team.hours.next_opening(now)


async def answer_expected(session: AsyncSession, item: WorkItem, customer: Customer, policy: Policy) -> datetime | None:
    """When the customer can expect an answer to a message that they leave now; None if the team never works."""
    team = team_rules(policy, item)
    return answer_due(team.hours, team.targets(customer.tier), await database_now(session))


# --- the two ways out -------------------------------------------------------------------------------------------------


async def leave_queue(session: AsyncSession, interaction_id: str, policy: Policy) -> None:
    """The customer does not want to wait any more. Done twice, it changes nothing.

    Raises `Conflict`: `not_waiting`; `with_a_person` if somebody was faster; `item_moved_on`, then try again.
    """
    customer, row = await lock_case(session, interaction_id)
    item = await open_item(session, interaction_id)
    if item is None:
        if await _has_left(session, row):
            return
        raise Conflict("not_waiting")
    if item.state not in _UNTAKEN:
        raise Conflict("with_a_person")
    await drop_work(session, row, customer)
    tell(session, row, EntryKind.LEFT_QUEUE, ref=item.id)
    await move(session, row, InteractionState.AWAITING_CUSTOMER, due_in=policy.deadlines.step_seconds)


async def leave_message(session: AsyncSession, interaction_id: str, policy: Policy) -> datetime | None:
    """The customer does not wait: what they wrote is answered as a mail is, from the same place in the same queue.

    They are told until when, and the answer is a commitment. Returns that time; None if nothing could be promised.
    Done twice, it changes nothing. Raises `Conflict` as `leave_queue` does.
    """
    customer, row = await lock_case(session, interaction_id)
    item = await _untaken(session, row)
    if item.channel == Channel.EMAIL.value:
        return await _promised(session, item)
    answer_by = await answer_expected(session, item, customer, policy)
    await _answer_later(session, row, item, policy)
    words = (await queue_words(session, row, item, policy)).message_left(answer_by)
    notice = await announce(session, row, customer, words, f"message-left-{item.id}")
    if notice:
        tell(session, row, EntryKind.NOTICE_QUEUED, ref=notice)
    if answer_by is not None:
        promise = NewCommitment(text=words, due_at=answer_by, fulfilled_by=FulfilledBy.REPLY)
        await commit(session, row, item.team_id, promise, made_by="baton", source=_source(item), policy=policy)
    note(session, Happening.MESSAGE_LEFT, interaction=row, ref=item.id, team=item.team_id)
    await wake(session, [item.team_id])
    await notify_desk(session)
    return answer_by


async def _untaken(session: AsyncSession, row: Interaction) -> WorkItem:
    """The case's item, locked, which nobody has; an offer of it is taken back."""
    found = await open_item(session, row.id)
    if found is None:
        raise Conflict("not_waiting")
    asked = found.agent_id
    agent = await lock_agent(session, asked) if asked else None
    item = await lock_item(session, found.id)
    if item.agent_id != asked:
        raise Conflict("item_moved_on")  # offered or taken back since it was read: the caller tries again
    if item.state not in _UNTAKEN:
        raise Conflict("with_a_person")
    if agent is not None:
        agent.load -= item.taken
        item.state, item.agent_id, item.offered_until, item.taken = WorkState.WAITING.value, None, None, 0
        await wake(session, await teams_of(session, agent.id))
    return item


async def _answer_later(session: AsyncSession, row: Interaction, item: WorkItem, policy: Policy) -> None:
    """Work like a mail from now on: nobody has to accept it in time. Place and requirement stay."""
    rules = team_rules(policy, item)
    ways = rules.on(Channel.EMAIL)
    pulled, was_pulled = ways.mode is DispatchMode.PULL, item.mode == DispatchMode.PULL.value
    item.channel, item.cost, item.version = Channel.EMAIL.value, ways.cost, item.version + 1
    item.mode = (DispatchMode.PULL if pulled else DispatchMode.ASSIGN).value
    if pulled != was_pulled:
        await ask_team(session, item, row, Stage(kind=StageKind.QUEUE, team=item.team_id), rules, "")
    schedule(item)


async def _promised(session: AsyncSession, item: WorkItem) -> datetime | None:
    query = select(col(Commitment.due_at)).where(col(Commitment.source) == _source(item))
    return (await session.execute(query)).scalar_one_or_none()


def _source(item: WorkItem) -> str:
    """What makes the commitment, so that it is made once."""
    return f"{item.interaction_id}-message-left-{item.id}"


_LAST_ENTRY = """
    SELECT kind FROM journal WHERE interaction_id = %(interaction)s AND seq = %(seq)s AND flow_id IS NULL
"""


async def _has_left(session: AsyncSession, row: Interaction) -> bool:
    """Has the customer left the queue, and not said anything since?"""
    found = await run(session, _LAST_ENTRY, {"interaction": row.id, "seq": row.last_seq})
    return [kind for (kind,) in found] == [EntryKind.LEFT_QUEUE.value]
