"""Asking how a case was resolved: at its time, once, and only while nobody speaks to the customer of something else."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.front_door import FrontDoor
from domain.interaction import InteractionState, Resolution
from domain.message import DeliveryState
from domain.names import satisfaction_workflow_id
from domain.parties import Channel
from domain.policy import SatisfactionRules
from domain.satisfaction import ASK_AGAIN_AFTER, NotAsked, QuestionState, is_asked_about
from domain.satisfaction_words import satisfaction_question
from domain.triage import Triage
from domain.values import Value
from store.conversations import Conversation, Message
from store.customers import Customer
from store.handing_over import announce
from store.interactions import Interaction, lock_case
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import database_now
from store.outbox import address_satisfaction
from store.policy_versions import PolicyShelf
from store.satisfaction import PATIENCE_SECONDS, Satisfaction, put_off
from store.speaking import conversation_of

SHORTEST_PAUSE = timedelta(minutes=15)
"""How long it waits at least while somebody speaks to the customer."""
_BATCH = 200


class Asked(Value):
    """What came of asking: a message to be sent, another time, or neither, which ends it."""

    message_id: str = ""
    again_at: datetime | None = None


async def ask_now(session: AsyncSession, interaction_id: str, shelf: PolicyShelf, door: FrontDoor) -> Asked:
    """Queue the question if it is due and may be asked; runs again without asking twice.

    The active policy decides, so that switching the question off also stops those that wait.
    """
    customer, interaction = await lock_case(session, interaction_id)
    question = await session.get(Satisfaction, interaction_id, populate_existing=True)
    if question is None or question.state != QuestionState.WAITING.value:
        return Asked(message_id=question.message_id if question and question.is_open else "")
    now = await database_now(session)
    if question.due_at is not None and question.due_at > now:
        return Asked(again_at=question.due_at)
    rules = (await shelf.active(session)).satisfaction
    conversation = await session.get_one(Conversation, await conversation_of(session, interaction_id))
    why = await _why_not(session, customer, interaction, conversation, rules, now)
    if why is NotAsked.BUSY and question.give_up_at is not None and question.give_up_at > now:
        put_off(question, min(now + max(timedelta(minutes=rules.after_minutes), SHORTEST_PAUSE), question.give_up_at))
        return Asked(again_at=question.due_at)
    if why is not None:
        drop(question, why)
        return Asked()
    return await _ask(
        session, customer, interaction, conversation, question, now + timedelta(hours=rules.open_hours), door
    )


async def _why_not(
    session: AsyncSession,
    customer: Customer,
    interaction: Interaction,
    conversation: Conversation,
    rules: SatisfactionRules,
    now: datetime,
) -> NotAsked | None:
    """Why nothing is asked now, the final reasons first."""
    if not rules.ask:
        return NotAsked.OFF
    if interaction.is_open or interaction.taken_back_at is not None:
        return NotAsked.REOPENED
    fits = Channel(conversation.channel) in rules.channels and conversation.left_at is None
    if not (fits and is_asked_about(Resolution(interaction.resolution), conversation.channel)):
        return NotAsked.CHANNEL
    lately = exists().where(
        col(Satisfaction.customer_id) == customer.id,
        col(Satisfaction.interaction_id) != interaction.id,
        col(Satisfaction.asked_at) > now - ASK_AGAIN_AFTER,
    )
    elsewhere = exists().where(
        col(Interaction.customer_id) == customer.id, col(Interaction.state) != InteractionState.RESOLVED.value
    )
    asked_lately, speaking = (await session.execute(select(lately, elsewhere))).one()
    if asked_lately:
        return NotAsked.ASKED_LATELY
    return NotAsked.BUSY if speaking or not customer.baton.open_to_ai() else None


async def _ask(
    session: AsyncSession,
    customer: Customer,
    interaction: Interaction,
    conversation: Conversation,
    question: Satisfaction,
    until: datetime,
    door: FrontDoor,
) -> Asked:
    triage = Triage.model_validate(interaction.triage) if interaction.triage else None
    link = door.rating(interaction.id, until) if conversation.channel == Channel.EMAIL.value else ""
    body = satisfaction_question(triage.language if triage else "en", link)
    message_id = await announce(session, interaction, customer, body, "satisfaction")
    question.state, question.message_id, question.conversation_id = (
        QuestionState.ASKING.value,
        message_id,
        conversation.id,
    )
    question.asked_at, question.open_until = await database_now(session), until
    note(session, Happening.SATISFACTION_ASKED, interaction=interaction, ref=message_id)
    await notify_desk(session)
    return Asked(message_id=message_id)


async def note_asked(session: AsyncSession, interaction_id: str) -> None:
    """The question has been handed to its channel; whether it arrived, its message says."""
    await lock_case(session, interaction_id)
    question = await session.get_one(Satisfaction, interaction_id, populate_existing=True)
    if question.state == QuestionState.ASKING.value:
        message = await session.get_one(Message, question.message_id, populate_existing=True)
        if message.state in {DeliveryState.CANCELLED.value, DeliveryState.FAILED.value}:
            drop(question, NotAsked.UNREACHABLE)
            question.asked_at = question.open_until = None
        else:
            question.state, question.next_step_due = QuestionState.ASKED.value, None


async def call_off(session: AsyncSession, interaction_id: str) -> None:
    """An operator does not want it asked. What is being sent already is not called back."""
    await lock_case(session, interaction_id)
    question = await session.get(Satisfaction, interaction_id, populate_existing=True)
    if question is not None and question.state == QuestionState.WAITING.value:
        drop(question, NotAsked.CALLED_OFF)


def drop(question: Satisfaction, why: NotAsked) -> None:
    """It is not asked."""
    question.state, question.why, question.next_step_due = QuestionState.DROPPED.value, why.value, None


# --- what the sweep and the audit ask ---------------------------------------------------------------------------------

_LOOK_AFTER = text(
    """
    UPDATE satisfaction SET next_step_due = clock_timestamp() + make_interval(secs => :patience)
    WHERE interaction_id IN (
        SELECT interaction_id FROM satisfaction
        WHERE state IN ('waiting', 'asking') AND next_step_due < clock_timestamp()
        ORDER BY next_step_due LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING interaction_id
    """
)


async def poke_overdue_questions(session: AsyncSession) -> int:
    """Address the questions that are past their time to their workflows; returns how many there are."""
    found = await session.execute(_LOOK_AFTER, {"patience": PATIENCE_SECONDS, "limit": _BATCH})
    overdue = list(found.scalars())
    for interaction_id in overdue:
        address_satisfaction(session, interaction_id)
    return len(overdue)


async def poke_question_if_open(session: AsyncSession, interaction_id: str) -> bool:
    """Start the workflow of a question anew whose run has ended without asking it."""
    question = await session.get(Satisfaction, interaction_id)
    if question is None or not question.is_open:
        return False
    address_satisfaction(session, interaction_id)
    note(session, Happening.REPAIRED, interaction=await session.get_one(Interaction, interaction_id))
    return True


async def open_questions(session: AsyncSession) -> set[str]:
    """The workflow ids of all questions that are still to be asked."""
    rows = await session.execute(text("SELECT interaction_id FROM satisfaction WHERE state IN ('waiting', 'asking')"))
    return {satisfaction_workflow_id(one) for one in rows.scalars()}
