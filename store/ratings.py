"""Answers to the question of how it was. A low one gives the case to people, whoever had resolved it."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.interaction import WITH_PEOPLE, EntryKind
from domain.policy import Policy
from domain.rating import Rating
from domain.satisfaction import QuestionState
from store.conversations import Conversation, Message
from store.customers import Customer
from store.interactions import Interaction
from store.journal import Happening, note, tell
from store.live import notify_desk
from store.locking import database_now
from store.satisfaction import Satisfaction
from store.taking_back import reopen

_OUT = {QuestionState.ASKING.value, QuestionState.ASKED.value}


async def open_question(session: AsyncSession, interaction: Interaction) -> Satisfaction | None:
    """The case's question, as long as an answer to it counts; the case's row is locked."""
    question = await session.get(Satisfaction, interaction.id, populate_existing=True)
    if question is None or question.state not in _OUT or question.open_until is None:
        return None
    return question if question.open_until > await database_now(session) else None


async def question_before(
    session: AsyncSession, interaction: Interaction, conversation: Conversation
) -> Satisfaction | None:
    """The open question, if it is the last thing that was said in this conversation, so that a number answers it."""
    question = None if interaction.is_open else await open_question(session, interaction)
    if question is None or question.conversation_id != conversation.id:
        return None
    asked = await session.get_one(Message, question.message_id)
    return question if asked.out_seq == conversation.last_out else None


async def record_rating(
    session: AsyncSession,
    customer: Customer,
    interaction: Interaction,
    question: Satisfaction,
    rating: Rating,
    policy: Policy,
    message_id: str,
) -> bool:
    """Keep a rating; a later one replaces it. True if the case goes to people because of it.

    `policy` is the version that the case is pinned to, `message_id` what the customer wrote. Customer and case are
    locked. People who have the case already are told nothing that they do not see.
    """
    low = policy.satisfaction.low
    known = question.score is not None and question.score <= low
    question.score, question.comment = rating.score, rating.comment
    question.answered_at = await database_now(session)
    customer.last_csat = rating.score
    note(session, Happening.SATISFACTION_GIVEN, interaction=interaction, ref=message_id, score=rating.score)
    await notify_desk(session)
    if rating.score > low or known or interaction.state in WITH_PEOPLE:
        return False
    await _give_to_lead(session, interaction, policy, rating.score)
    return True


async def _give_to_lead(session: AsyncSession, interaction: Interaction, policy: Policy, score: int) -> None:
    if not interaction.is_open:
        await reopen(session, interaction)
    team = policy.satisfaction.team or policy.overflow
    tell(session, interaction, EntryKind.RATED_LOW, ref=team, score=score)
    due = await database_now(session) + timedelta(seconds=policy.deadlines.step_seconds)
    interaction.next_step_due = min(interaction.next_step_due or due, due)
