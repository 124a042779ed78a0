"""Closes the gaps that an article has filled: the customers' questions are searched anew."""

from sqlalchemy import select
from sqlmodel import col

from integrations.knowledge.postgres import PostgresKnowledge
from integrations.knowledge.protocol import Knowledge, Passage
from store.articles import Article
from store.database import Database
from store.knowledge_gaps import OpenGap, close_gaps, gaps_to_check

_BATCH = 100


async def close_answered_gaps(database: Database) -> int:
    """Close every open gap whose question finds an article that was published after it; returns how many."""
    knowledge, closed, after = PostgresKnowledge(database), 0, ""
    while gaps := await _next(database, after):
        answered = [gap.id for gap in gaps if await _answered(database, knowledge, gap)]
        if answered:
            async with database.begin() as session:
                await close_gaps(session, answered)
        closed, after = closed + len(answered), gaps[-1].id
    return closed


async def _next(database: Database, after: str) -> list[OpenGap]:
    async with database.begin() as session:
        return await gaps_to_check(session, after, _BATCH)


async def _answered(database: Database, knowledge: Knowledge, gap: OpenGap) -> bool:
    """What was published before did not answer it, whatever else in the message it answers."""
    passages = await knowledge.search(gap.question, gap.language, limit=20)
    return bool(passages) and await _published_after(database, passages, gap)


async def _published_after(database: Database, passages: tuple[Passage, ...], gap: OpenGap) -> bool:
    query = (
        select(col(Article.article_id))
        .where(
            col(Article.slug).in_([passage.slug for passage in passages]),
            col(Article.language) == gap.language,
            col(Article.state) == "published",
            col(Article.published_at) > gap.at,
        )
        .limit(1)
    )
    async with database.begin() as session:
        return (await session.execute(query)).scalar_one_or_none() is not None
