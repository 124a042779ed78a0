"""Drafts before people, in mode draft: laid with a work item, then sent as they are, edited, or rejected.

A draft is judged once, so a click that is repeated is known by the draft, and needs no key of its own.
Order of locks everywhere: customer, interaction, agent, work item, conversation.
"""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.interaction import EntryKind, InteractionState
from domain.parties import AuthorKind
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.readiness import RejectionReason, Verdict
from domain.sla import ClockState
from domain.work import WorkState
from store import sla
from store.commitments import reply_fulfils
from store.conversations import Message
from store.customers import Customer
from store.errors import Conflict, NotFound
from store.flow_wishes import FlowWish
from store.interactions import Interaction, move
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now, lock_row
from store.people import lock_work, must_have, must_speak, put_down
from store.queue_line import team_rules
from store.speaking import Draft, DraftState, conversation_of, is_outdated, lock_conversation, queue_message, said_as
from store.switches import ai_stopped
from store.work import WorkItem

_UNJUDGED = (DraftState.OPEN.value, DraftState.OFFERED.value)


# --- laying before people ---------------------------------------------------------------------------------------------


async def lay_before_people(session: AsyncSession, interaction: Interaction, item: WorkItem, draft_id: str) -> None:
    """Lay a draft before whoever has, or will have, the open work item, in place of an earlier one.

    One that the customer has overtaken is discarded: the next is on its way. Interaction and item are locked by the
    caller. Done twice, it changes nothing.
    """
    draft = await lock_row(session, Draft, draft_id)
    if draft.state != DraftState.OPEN.value:
        return
    if await is_outdated(session, draft, interaction) or await ai_stopped(session, interaction):
        draft.state = DraftState.DISCARDED.value
        note(session, Happening.DRAFT_DISCARDED, interaction=interaction, ref=draft.id)
        return
    draft.state = DraftState.OFFERED.value
    await discard_drafts(session, interaction.id, but=draft.id)
    item.draft_id = draft.id
    note(session, Happening.DRAFT_OFFERED, interaction=interaction, ref=draft.id, cell=draft.cell)
    await notify_desk(session)


async def withdraw(session: AsyncSession, interaction: Interaction, item: WorkItem, reason: HandoffReason) -> None:
    """The AI has no answer any more: the case is work like any other; interaction and item are locked by the caller."""
    await discard_drafts(session, interaction.id)
    if item.draft_id is not None:
        item.draft_id, item.reason = None, reason.value
        await notify_desk(session)


async def discard_drafts(session: AsyncSession, interaction_id: str, *, but: str = "") -> None:
    """What the AI has drafted for a case and nobody has judged is never said; the interaction's row is locked."""
    change = update(Draft).where(
        col(Draft.interaction_id) == interaction_id, col(Draft.state).in_(_UNJUDGED), col(Draft.id) != but
    )
    await session.execute(change.values(state=DraftState.DISCARDED.value))


# --- judging ----------------------------------------------------------------------------------------------------------


async def send_draft(
    session: AsyncSession, item_id: str, agent_id: str, draft_id: str, policy: Policy, words: str | None = None
) -> Message:
    """The agent sends a draft as it is, or with `words` in its place; the AI has the case again. Said twice, it is one.

    As it is, it stays the AI's own, released by the agent; a person's words are that person's. Raises `NotFound`, and
    `Conflict`: `not_your_case`, `not_the_holder`, `draft_judged`, `draft_gone`, `customer_wrote`, `ai_stopped`, and
    `reads_back` if it asks for a yes to what was judged word by word.
    """
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    draft = await _draft_of(session, interaction, draft_id)
    edited = words is not None and words != draft.body
    said = words if words is not None and edited else draft.body
    if draft.verdict:
        return await _sent_before(session, draft, agent_id, said)
    must_have(item, agent_id)
    await _must_be_current(session, interaction, item, draft)
    if edited and await _reads_back(session, draft.id):
        raise Conflict("reads_back")
    await must_speak(session, customer, agent)
    message = await _say(session, customer, interaction, draft, said, agent_id if edited else "")
    await _judge(session, draft, Verdict.EDITED if edited else Verdict.SENT, agent_id)
    await reply_fulfils(session, interaction, message.id, agent_id)
    await said_as(session, draft, interaction, message)
    await sla.person_answered(session, item, team_rules(policy, item))
    await put_down(session, customer, agent, item, WorkState.DONE)
    await sla.ended(session, item, ClockState.CANCELLED)
    tell(session, interaction, EntryKind.DRAFT_RELEASED, ref=message.id, by=agent_id, verdict=draft.verdict)
    await move(session, interaction, InteractionState.AWAITING_CUSTOMER, due_in=policy.deadlines.step_seconds)
    await notify_desk(session)
    return message


async def reject_draft(
    session: AsyncSession, item_id: str, agent_id: str, draft_id: str, why: RejectionReason, policy: Policy
) -> None:
    """The agent rejects a draft, keeps the case and answers it themselves. Done twice, it changes nothing.

    Raises `NotFound`, and `Conflict`: `not_your_case`, `draft_judged`, `draft_gone`.
    """
    _, interaction, _, item = await lock_work(session, item_id, agent_id)
    draft = await _draft_of(session, interaction, draft_id)
    if draft.verdict:
        if (draft.verdict, draft.judged_by, draft.why) == (Verdict.REJECTED.value, agent_id, why.value):
            return
        raise Conflict("draft_judged")
    must_have(item, agent_id)
    if item.draft_id != draft.id or draft.state != DraftState.OFFERED.value:
        raise Conflict("draft_gone")
    await _judge(session, draft, Verdict.REJECTED, agent_id)
    draft.state, draft.why, item.draft_id = DraftState.REJECTED.value, why.value, None
    tell(session, interaction, EntryKind.DRAFT_REJECTED, ref=draft.id, by=agent_id, why=why.value)
    await move(session, interaction, InteractionState.WITH_PERSON, due_in=policy.deadlines.check_in_seconds)
    await notify_desk(session)


async def _draft_of(session: AsyncSession, interaction: Interaction, draft_id: str) -> Draft:
    draft = await lock_row(session, Draft, draft_id)
    if draft.interaction_id != interaction.id:
        raise NotFound("draft")
    return draft


async def _sent_before(session: AsyncSession, draft: Draft, agent_id: str, said: str) -> Message:
    """The same click again is the same message; any other came too late."""
    message = await session.get(Message, draft.message_id) if draft.message_id else None
    if message is None or draft.judged_by != agent_id or message.body != said:
        raise Conflict("draft_judged")
    return message


async def _must_be_current(session: AsyncSession, interaction: Interaction, item: WorkItem, draft: Draft) -> None:
    if draft.answers_seq < interaction.last_customer_seq:
        raise Conflict("customer_wrote")
    if await ai_stopped(session, interaction):
        raise Conflict("ai_stopped")
    gone = item.draft_id != draft.id or draft.state != DraftState.OFFERED.value
    if gone or await is_outdated(session, draft, interaction):
        raise Conflict("draft_gone")


async def _reads_back(session: AsyncSession, draft_id: str) -> bool:
    """A yes to it begins exactly what it says."""
    query = select(col(FlowWish.id)).where(col(FlowWish.draft_id) == draft_id).limit(1)
    return (await session.execute(query)).first() is not None


async def _say(
    session: AsyncSession, customer: Customer, interaction: Interaction, draft: Draft, words: str, person: str
) -> Message:
    """Queue it under the draft's id; with `person` as their own words."""
    conversation = await lock_conversation(session, await conversation_of(session, interaction.id))
    author = AuthorKind.AGENT if person else AuthorKind.AI
    message = queue_message(
        session, conversation, customer, interaction, author, words, author_id=person, message_id=draft.id
    )
    message.answers_seq, message.citations = 0 if person else draft.answers_seq, draft.citations
    return message


async def _judge(session: AsyncSession, draft: Draft, verdict: Verdict, agent_id: str) -> None:
    draft.verdict, draft.judged_by, draft.judged_at = verdict.value, agent_id, await database_now(session)
