"""Articles of the knowledge base, kept in versions, and the passages in which they are searched."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, DateTime, Index, UniqueConstraint, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

TEXT_SEARCH = {"en": "english", "de": "german", "es": "spanish", "fr": "french"}
"""PostgreSQL's text search configuration for each language; all others are searched word for word (`simple`)."""


def text_search_configuration(language: str) -> str:
    """The configuration whose word stems fit the language (ISO 639-1)."""
    return TEXT_SEARCH.get(language, "simple")


def _weighted(configuration: str) -> str:
    parts = (("title", "A"), ("heading", "B"), ("text", "D"))
    return " || ".join(f"setweight(to_tsvector('{configuration}'::regconfig, {c}), '{w}')" for c, w in parts)


def _passage_words() -> str:
    """A generated column wants an immutable expression, so the configurations are spelled out, not looked up."""
    cases = " ".join(f"WHEN '{language}' THEN {_weighted(name)}" for language, name in TEXT_SEARCH.items())
    return f"CASE language {cases} ELSE {_weighted('simple')} END"


class Article(SQLModel, table=True):
    """One version of an article. A changed text makes a new version; the old ones stay, so that citations hold."""

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("version > 0", name="article_version_positive"),
        CheckConstraint("state IN ('published', 'superseded')", name="article_state_known"),
        UniqueConstraint("slug", "language", "version", name="article_version_once"),
        Index("article_published_once", "slug", "language", unique=True, postgresql_where=text("state = 'published'")),
    )

    article_id: str = Field(primary_key=True)
    slug: str
    language: str
    """ISO 639-1."""
    version: int
    """Counts from 1 for each slug and language."""
    title: str
    body: str
    """Markdown, as imported."""
    url: str = ""
    state: str = "published"
    published_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}, nullable=False
    )
    """When this version was imported, by the database's clock."""


class ArticlePassage(SQLModel, table=True):
    """A part of an article under one heading, as plain text. Title and language repeat the article's for the index."""

    __tablename__ = "article_passage"
    __table_args__ = (
        UniqueConstraint("article_id", "position", name="article_passage_position_once"),
        Index("article_passage_search", "search", postgresql_using="gin"),
    )

    passage_id: str = Field(primary_key=True)
    article_id: str = Field(foreign_key="article.article_id")
    position: int
    language: str
    title: str
    heading: str
    text: str
    search: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(_passage_words(), persisted=True),), nullable=False
    )


async def published(session: AsyncSession, slugs: Sequence[str]) -> dict[tuple[str, str], Article]:
    """The published version of each article, by slug and language."""
    rows = await session.scalars(select(Article).where(col(Article.slug).in_(slugs), col(Article.state) == "published"))
    return {(row.slug, row.language): row for row in rows}


async def publish(
    session: AsyncSession, article: Article, passages: Sequence[ArticlePassage], before: Article | None
) -> None:
    """Put a version in the place of the one published before; the old one and its passages stay for citations."""
    if before is not None:
        old = col(Article.article_id) == before.article_id
        await session.execute(update(Article).where(old).values(state="superseded"))
    await session.execute(insert(Article).values(article.model_dump(exclude={"published_at"})))
    await session.execute(insert(ArticlePassage), [passage.model_dump(exclude={"search"}) for passage in passages])
