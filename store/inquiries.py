"""Questions to outside parties, and their answers: kept for the brand's people and flows, never for the customer.

Order of locks: flow, inquiry.
"""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.inquiry import FOLLOW_UP, comes_from
from domain.flows.kinds import FlowEntryKind
from domain.flows.requests import InquiryRequest
from domain.flows.rules import Partner
from domain.masking import masked
from domain.policy import Policy
from domain.values import Value
from store.errors import NotFound
from store.flow_tasks import DONE, task_of
from store.flows import Flow, Inquiry, lock_flow, note_flow, tell_flow, was_told
from store.journal import Happening
from store.live import notify_desk
from store.locking import database_now, lock_row
from store.policy_versions import PolicyShelf

LONGEST_ANSWER = 20_000
"""Characters; the rest of a longer one is cut off."""


class InquiryView(Value):
    """A question and what came of it, for people of the brand."""

    id: str
    flow_id: str
    partner: str
    order: str
    question: str
    answer: str
    asked_at: datetime | None
    """Empty until it has gone out."""
    answered_at: datetime | None
    reminders: int
    state: str
    """The flow's."""


_VIEWS = text(
    """
    SELECT q.id, q.flow_id, q.partner, f.order_number AS order, q.question, q.answer, q.asked_at, q.answered_at,
           q.reminders, f.state
    FROM inquiry q JOIN flow f ON f.id = q.flow_id
    WHERE (CAST(:case AS text) IS NULL OR f.interaction_id = :case) AND (CAST(:flow AS text) IS NULL OR f.id = :flow)
    ORDER BY q.id DESC LIMIT 100
    """
)


async def inquiries(
    session: AsyncSession, *, interaction_id: str | None = None, flow_id: str | None = None
) -> list[InquiryView]:
    """The questions of a case or of one flow, newest first."""
    rows = await session.execute(_VIEWS, {"case": interaction_id, "flow": flow_id})
    return [InquiryView.model_validate(dict(row)) for row in rows.mappings()]


async def inquiry_of(session: AsyncSession, flow_id: str) -> Inquiry:
    """The question of an inquiry flow, made at the first call from what the asker wrote. Raises `NotFound`."""
    flow = await lock_flow(session, flow_id)
    query = select(Inquiry).where(col(Inquiry.flow_id) == flow_id).execution_options(populate_existing=True)
    known = (await session.execute(query)).scalar_one_or_none()
    if known is not None:
        return known
    row = Inquiry(flow_id=flow_id, partner=InquiryRequest.model_validate(flow.request).partner, question=flow.words)
    session.add(row)
    await session.flush()
    return row


def partner_of(inquiry: Inquiry, policy: Policy) -> Partner:
    """Whom it asks, by the policy version of its flow."""
    return policy.commerce.partners[inquiry.partner]


async def note_asked(session: AsyncSession, flow_id: str, number: int, at: datetime) -> None:
    """The question, or the reminder of this number, has gone out."""
    inquiry = await inquiry_of(session, flow_id)
    inquiry.asked_at, inquiry.reminders = inquiry.asked_at or at, max(inquiry.reminders, number)
    await notify_desk(session)


async def record_answer(session: AsyncSession, inquiry_id: str, words: str) -> bool:
    """Keep an answer and wake the inquiry's story. True for the first one.

    A later one is added to it and journalled, and wakes nothing. Raises `NotFound`.
    """
    found = await session.get(Inquiry, inquiry_id)
    if found is None:
        raise NotFound("inquiry")
    flow = await lock_flow(session, found.flow_id)
    inquiry = await lock_row(session, Inquiry, inquiry_id)
    words = masked(words.strip())[:LONGEST_ANSWER]
    await notify_desk(session)
    if inquiry.answered_at is None and flow.is_open:
        inquiry.answer, inquiry.answered_at = words, await database_now(session)
        return tell_flow(session, flow, FlowEntryKind.PARTY_ANSWERED, ref=inquiry.id)
    if words not in inquiry.answer:
        inquiry.answer = f"{inquiry.answer}\n\n{words}".strip()
        note_flow(session, flow, Happening.LATE, ref=inquiry.id, of=FlowEntryKind.PARTY_ANSWERED.value)
    return False


async def is_waiting(session: AsyncSession, inquiry_id: str) -> Inquiry | None:
    """The inquiry, if it still waits for an answer."""
    inquiry = await session.get(Inquiry, inquiry_id)
    flow = await session.get(Flow, inquiry.flow_id) if inquiry else None
    return inquiry if inquiry and flow and flow.is_open and inquiry.answered_at is None else None


async def known_inquiries(session: AsyncSession, inquiry_ids: list[str]) -> list[str]:
    """Those of these ids that are inquiries, in the same order."""
    query = select(col(Inquiry.id)).where(col(Inquiry.id).in_(inquiry_ids))
    known = set((await session.execute(query)).scalars())
    return [inquiry_id for inquiry_id in inquiry_ids if inquiry_id in known]


async def asked_of(session: AsyncSession, inquiry_ids: list[str], sender: str, shelf: PolicyShelf) -> str:
    """The first of these inquiries that was put to whoever writes from this address; empty if there is none."""
    for inquiry_id in inquiry_ids:
        inquiry = await session.get_one(Inquiry, inquiry_id)
        flow = await session.get_one(Flow, inquiry.flow_id)
        policy = await shelf.version(session, flow.policy_version)
        if comes_from(sender, partner_of(inquiry, policy).email):
            return inquiry_id
    return ""


async def pass_on(session: AsyncSession, flow_id: str) -> None:
    """The inquiry is over: the flow that asked is woken, once; with what people found out if nobody else answered."""
    inquiry = await inquiry_of(session, flow_id)
    await _take_from_people(session, flow_id, inquiry)
    flow = await session.get_one(Flow, flow_id)
    asker = InquiryRequest.model_validate(flow.request).for_flow
    if asker and not await was_told(session, asker, FlowEntryKind.PARTY_ANSWERED, inquiry.id):
        tell_flow(session, await lock_flow(session, asker), FlowEntryKind.PARTY_ANSWERED, ref=inquiry.id)
    await notify_desk(session)


async def _take_from_people(session: AsyncSession, flow_id: str, inquiry: Inquiry) -> None:
    task = await task_of(session, flow_id, FOLLOW_UP)
    if inquiry.answered_at is None and task is not None and task.state == DONE:
        inquiry.answer, inquiry.answered_at = task.words, task.done_at
