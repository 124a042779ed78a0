"""Sends a correction to whoever was told what it corrects: once each, and through whoever may speak to them.

Order of locks: customer, interaction, conversation.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from store.articles import Article
from store.conversations import Message
from store.customers import Customer
from store.interactions import Interaction, lock_case
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import database_now
from store.policy_versions import PolicyShelf
from store.recalls import Recall, RecallNotice, Told
from store.speaking import Draft, DraftState, Suggestion, SuggestionState, say_notice


async def send_correction(session: AsyncSession, recall_id: str, told: Told, shelf: PolicyShelf) -> bool:
    """Tell one customer, in the thread in which they were told; False if they have heard it already.

    While nobody or the AI holds the baton it is queued at once, as Baton's own words; a resolved case stays resolved
    until the customer answers. A person who holds the baton gets it as a suggestion, and what they do not use is said
    at its deadline or when they put the baton down.
    """
    customer, interaction = await lock_case(session, told.interaction_id)
    recall = await session.get_one(Recall, recall_id)
    if await _heard(session, recall, customer):
        return False
    message_id = _message_id(recall, customer)
    session.add(_notice(recall, customer, interaction, message_id))
    cited = await _published_citation(session, recall)
    if customer.baton.open_to_ai():
        await say_notice(session, customer, interaction, recall.body, message_id)
        (await session.get_one(Message, message_id)).citations = cited
    else:
        await _suggest(session, recall, interaction, message_id, cited, shelf)
    await notify_desk(session)
    return True


async def _heard(session: AsyncSession, recall: Recall, customer: Customer) -> bool:
    """Also as somebody who has turned out to be this customer."""
    query = (
        select(col(RecallNotice.message_id))
        .join(Interaction, col(Interaction.id) == col(RecallNotice.interaction_id))
        .where(
            col(RecallNotice.recall_id) == recall.id,
            or_(col(RecallNotice.customer_id) == customer.id, col(Interaction.customer_id) == customer.id),
        )
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none() is not None


def _message_id(recall: Recall, customer: Customer) -> str:
    """Fits for a Message-ID, and is the same however often it is tried."""
    return f"recall-{hashlib.sha256(f'{recall.id}|{customer.id}'.encode()).hexdigest()[:32]}"


def _notice(recall: Recall, customer: Customer, interaction: Interaction, message_id: str) -> RecallNotice:
    return RecallNotice(
        slug=recall.slug,
        version=recall.version,
        language=recall.language,
        customer_id=customer.id,
        recall_id=recall.id,
        interaction_id=interaction.id,
        message_id=message_id,
    )


async def _published_citation(session: AsyncSession, recall: Recall) -> list[dict[str, object]]:
    """The version that holds now, so that a mistake in the correction can be recalled in turn; none if withdrawn."""
    query = select(Article).where(
        col(Article.slug) == recall.slug,
        col(Article.language) == recall.language,
        col(Article.state) == "published",
    )
    article = (await session.execute(query)).scalar_one_or_none()
    if article is None:
        return []
    cited = {"kind": "article", "ref": article.slug, "version": article.version}
    return [{**cited, "title": article.title, "url": article.url}]


async def _suggest(
    session: AsyncSession,
    recall: Recall,
    interaction: Interaction,
    draft_id: str,
    cited: list[dict[str, object]],
    shelf: PolicyShelf,
) -> None:
    """Lay it before the holder, as flows do: it is heard in any case."""
    policy = await shelf.version(session, interaction.policy_version)
    draft = Draft(
        id=draft_id,
        interaction_id=interaction.id,
        answers_seq=interaction.last_customer_seq,
        body=recall.body,
        citations=cited,
        state=DraftState.SUGGESTED.value,
    )
    suggestion = Suggestion(
        customer_id=interaction.customer_id,
        interaction_id=interaction.id,
        draft_id=draft_id,
        flow_id=f"recall:{recall.id}",
        body=recall.body,
        state=SuggestionState.PENDING.value,
        expires_at=await database_now(session) + timedelta(seconds=policy.deadlines.suggestion_seconds),
    )
    session.add_all([draft, suggestion])
    await session.flush()
    note(session, Happening.SUGGESTED, interaction=interaction, ref=suggestion.id, recall=recall.id)
