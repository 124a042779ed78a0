"""Corrections: who was told a version of an article, and what was sent to them about it.

A version has one correction, which each customer hears once. Its message cites the version that is published then, so a
mistake in the correction is corrected by publishing another version and recalling this one.
"""

import json
from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.values import Value
from store.articles import Article
from store.columns import moment
from store.errors import Conflict, NotFound
from store.ids import new_id
from store.journal import Happening, note


class Recall(SQLModel, table=True):
    """One correction of one version of an article."""

    __tablename__ = "recall"
    __table_args__ = (UniqueConstraint("slug", "version", "language", name="recall_once"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    slug: str
    version: int
    language: str
    body: str = Field(sa_type=Text)
    """What each of them is told."""
    made_by: str
    made_at: datetime | None = moment(default_now=True)


class RecallNotice(SQLModel, table=True):
    """The correction to one customer: once for each version of an article, however often the command runs."""

    __tablename__ = "recall_notice"

    slug: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    language: str = Field(primary_key=True)
    customer_id: str = Field(primary_key=True)
    recall_id: str
    interaction_id: str
    """The case in which they were told, which the correction continues."""
    message_id: str = ""
    sent_at: datetime | None = moment(default_now=True)


class Version(Value):
    """One version of an article in one language."""

    slug: str
    version: int
    language: str = "en"


class Told(Value):
    """One customer who was told a version: the newest case, and when. Never their words."""

    customer_id: str
    interaction_id: str
    channel: str
    at: datetime
    corrected: bool
    """The correction was sent to them, or lies before the person who speaks with them."""


_TOLD = text(
    """
    WITH cited AS (
        SELECT message.interaction_id, message.created_at AS at, one.value AS citation
        FROM message, jsonb_array_elements(message.citations) AS one
        WHERE message.author <> 'customer' AND message.state NOT IN ('cancelled', 'failed')
          AND message.citations @> CAST(:cited AS jsonb)
        UNION ALL
        SELECT draft.interaction_id, coalesce(draft.judged_at, draft.created_at), one.value
        FROM draft, jsonb_array_elements(draft.citations) AS one
        WHERE draft.citations @> CAST(:cited AS jsonb)
          AND (draft.message_id IS NOT NULL OR draft.verdict IN ('sent', 'edited')
               OR EXISTS (SELECT FROM suggestion WHERE suggestion.draft_id = draft.id AND suggestion.state = 'used'))
    )
    SELECT DISTINCT ON (interaction.customer_id)
           interaction.customer_id, interaction.id AS interaction_id, interaction.channel, cited.at,
           EXISTS (
               SELECT FROM recall_notice AS sent JOIN interaction AS case_of ON case_of.id = sent.interaction_id
               WHERE (sent.slug, sent.version, sent.language) = (:slug, :version, :language)
                 AND interaction.customer_id IN (sent.customer_id, case_of.customer_id)
           ) AS corrected
    FROM cited JOIN interaction ON interaction.id = cited.interaction_id
    WHERE cited.citation @> CAST(:one AS jsonb)
      AND coalesce(cited.citation ->> 'language', interaction.triage ->> 'language', 'en') = :language
    ORDER BY interaction.customer_id, cited.at DESC
    """
)


async def told_of(session: AsyncSession, version: Version) -> list[Told]:
    """Everyone who was told this version, whoever told them; the earliest told first.

    A citation that names no language has that of its case. Words that were never sent do not count.
    """
    one = f'{{"kind": "article", "ref": {_quoted(version.slug)}, "version": {version.version}}}'
    values = {"cited": f"[{one}]", "one": one, **version.model_dump()}
    rows = (await session.execute(_TOLD, values)).mappings()
    return sorted((Told.model_validate(dict(row)) for row in rows), key=lambda told: (told.at, told.customer_id))


def _quoted(slug: str) -> str:
    return json.dumps(slug)


async def begin_recall(session: AsyncSession, version: Version, body: str, made_by: str) -> str:
    """Record the correction of a version; the same text again goes on with what was begun. Returns its id.

    Raises `NotFound` if there is no such version, `Conflict`: `still_published` while the assistant goes on telling it,
    `other_correction` if another text was recorded.
    """
    state = await _state(session, version)
    if state == "published":
        raise Conflict("still_published")
    known = await correction_of(session, version)
    if known is not None:
        if known.body != body:
            raise Conflict("other_correction")
        return known.id
    recall = Recall(**version.model_dump(), body=body, made_by=made_by)
    session.add(recall)
    note(session, Happening.ARTICLE_RECALLED, ref=version.slug, by=made_by, **version.model_dump(exclude={"slug"}))
    return recall.id


async def correction_of(session: AsyncSession, version: Version) -> Recall | None:
    """What was recorded as this version's correction."""
    query = select(Recall).where(
        col(Recall.slug) == version.slug,
        col(Recall.version) == version.version,
        col(Recall.language) == version.language,
    )
    return (await session.execute(query)).scalar_one_or_none()


async def check_version(session: AsyncSession, version: Version) -> None:
    """Raises `NotFound` unless the article had this version in this language."""
    await _state(session, version)


async def _state(session: AsyncSession, version: Version) -> str:
    query = select(col(Article.state)).where(
        col(Article.slug) == version.slug,
        col(Article.version) == version.version,
        col(Article.language) == version.language,
    )
    state = (await session.execute(query)).scalar_one_or_none()
    if state is None:
        raise NotFound("article version")
    return state
