"""A rating given on its page instead of in the conversation."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.masking import masked
from domain.parties import AuthorKind
from domain.rating import with_comment
from store.conversations import Message
from store.interactions import lock_case
from store.live import notify_conversation
from store.policy_versions import PolicyShelf
from store.ratings import open_question, record_rating
from store.receiving import kept, tell_story
from store.satisfaction import Satisfaction
from store.speaking import lock_conversation


async def rate_on_page(
    session: AsyncSession, interaction_id: str, score: int, comment: str, shelf: PolicyShelf
) -> bool | None:
    """Record a rating; a later one replaces it. Is it a low one? None if the question is not open any more.

    A comment becomes a message of the conversation; one that may hold a question or a wish is told to the case's story
    like any other message. The same rating again changes nothing.
    """
    rating = with_comment(score, masked(comment))
    customer, interaction = await lock_case(session, interaction_id)
    question = await open_question(session, interaction)
    if question is None:
        return None
    policy = await shelf.version(session, interaction.policy_version)
    if (question.score, question.comment) != (rating.score, rating.comment):
        message = await _comment(session, question, rating.comment) if rating.comment else None
        written = message.id if message else ""
        given = await record_rating(session, customer, interaction, question, rating, policy, written)
        if message is not None and rating.says_more and not given:
            await tell_story(session, interaction, message, policy)
    return rating.score <= policy.satisfaction.low


async def _comment(session: AsyncSession, question: Satisfaction, comment: str) -> Message:
    """What the customer wrote beside it, where the question was asked, so that people read it with all the rest."""
    conversation = await lock_conversation(session, question.conversation_id)
    conversation.last_seq += 1
    message = Message(
        conversation_id=conversation.id,
        interaction_id=question.interaction_id,
        account=conversation.account,
        provider_message_id="",
        author=AuthorKind.CUSTOMER.value,
        body=kept(comment),
        seq=conversation.last_seq,
    )
    message.provider_message_id = f"rating:{message.id}"
    session.add(message)
    await notify_conversation(session, conversation.id)
    return message
