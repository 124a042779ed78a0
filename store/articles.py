"""Articles of the knowledge base, kept in versions, and the passages in which they are searched."""

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    DateTime,
    Index,
    UniqueConstraint,
    Update,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.values import Value
from store.journal import Happening, note

TEXT_SEARCH = {"en": "english", "de": "german", "es": "spanish", "fr": "french"}
"""PostgreSQL's text search configuration for each language; all others are searched word for word (`simple`)."""


def text_search_configuration(language: str) -> str:
    """The configuration whose word stems fit the language (ISO 639-1)."""
    return TEXT_SEARCH.get(language, "simple")


_BLANK = {"server_default": text("''")}
_SHOWN = (("title", "A"), ("heading", "B"), ("text", "D"))
_ASKED = (("asked", "C"),)


def _weighted(configuration: str, parts: tuple[tuple[str, str], ...]) -> str:
    return " || ".join(f"setweight(to_tsvector('{configuration}'::regconfig, {c}), '{w}')" for c, w in parts)


def _words(parts: tuple[tuple[str, str], ...]) -> str:
    """A generated column wants an immutable expression, so the configurations are spelled out, not looked up."""
    cases = " ".join(f"WHEN '{language}' THEN {_weighted(name, parts)}" for language, name in TEXT_SEARCH.items())
    return f"CASE language {cases} ELSE {_weighted('simple', parts)} END"


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
        Index("article_passage_asked", "asked_search", postgresql_using="gin"),
    )

    passage_id: str = Field(primary_key=True)
    article_id: str = Field(foreign_key="article.article_id")
    position: int
    language: str
    title: str
    heading: str
    text: str
    search: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(_words(_SHOWN), persisted=True),), nullable=False
    )
    asked: str = Field(default="", sa_column_kwargs=_BLANK)
    """Other words in which customers ask what it answers, a line each; searched, never quoted."""
    asked_search: str | None = Field(
        default=None, sa_type=TSVECTOR, sa_column_args=(Computed(_words(_ASKED), persisted=True),), nullable=False
    )


async def published(session: AsyncSession, slugs: Sequence[str]) -> dict[tuple[str, str], Article]:
    """The published version of each article, by slug and language."""
    rows = await session.scalars(select(Article).where(col(Article.slug).in_(slugs), col(Article.state) == "published"))
    return {(row.slug, row.language): row for row in rows}


async def newest_versions(session: AsyncSession, slugs: Sequence[str]) -> dict[tuple[str, str], int]:
    """The highest version that each article has had, by slug and language; withdrawn ones count."""
    query = (
        select(col(Article.slug), col(Article.language), func.max(col(Article.version)))
        .where(col(Article.slug).in_(slugs))
        .group_by(col(Article.slug), col(Article.language))
    )
    return {(slug, language): version for slug, language, version in await session.execute(query)}


async def publish(
    session: AsyncSession, article: Article, passages: Sequence[ArticlePassage], before: Article | None
) -> None:
    """Put a version in the place of the one published before; the old one and its passages stay for citations."""
    if before is not None:
        await session.execute(_superseded(col(Article.article_id) == before.article_id))
    await session.execute(insert(Article).values(article.model_dump(exclude={"published_at"})))
    computed = {"search", "asked_search"}
    await session.execute(insert(ArticlePassage), [passage.model_dump(exclude=computed) for passage in passages])
    note(session, Happening.ARTICLE_PUBLISHED, ref=article.slug, version=article.version, language=article.language)


async def withdraw_others(session: AsyncSession, kept: Set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Withdraw every published article that is not kept; returns those, by slug and language."""
    key = tuple_(col(Article.slug), col(Article.language))
    query = _superseded(col(Article.state) == "published", key.not_in(kept))
    gone = await session.execute(query.returning(col(Article.slug), col(Article.language)))
    return sorted((slug, language) for slug, language in gone)


def _superseded(*which: ColumnElement[bool]) -> Update:
    return update(Article).where(*which).values(state="superseded")


class Listed(Value):
    """A published article, as lists show it."""

    slug: str
    language: str
    version: int
    title: str
    url: str
    published_at: datetime


async def list_published(session: AsyncSession, language: str = "") -> list[Listed]:
    """All published articles, or those of one language, by slug."""
    query = (
        select(*(getattr(Article, field) for field in Listed.model_fields))
        .where(col(Article.state) == "published")
        .order_by(col(Article.slug), col(Article.language))
    )
    if language:
        query = query.where(col(Article.language) == language)
    return [Listed.model_validate(dict(row)) for row in (await session.execute(query)).mappings()]
