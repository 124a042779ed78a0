"""Knowledge in PostgreSQL: full-text search that scores a passage by how much of the question it covers."""

from collections import defaultdict

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.knowledge.protocol import Passage
from integrations.knowledge.wording import Phrase, Place, StemmedWording, read_wording, readings, terms
from store.articles import text_search_configuration
from store.database import Database

RELEVANT = 0.5
"""A passage is quoted only if it covers more than this share of the question (measured in test_knowledge_search.py)."""

_BODY = 0.65
"""What a word in the text is worth, beside one in title or heading."""
_NEARBY = 0.3
"""What a word elsewhere in the same article is worth."""
_RARE = 5
"""Words in fewer passages than this, unknown ones included, weigh alike: a rare word must not drown the others."""

_LEXEMES = sql(
    """
    SELECT entry, lexeme, place
    FROM unnest(CAST(:entries AS text[])) AS entry,
         unnest(to_tsvector(CAST(:configuration AS regconfig), entry)) AS word (lexeme, positions, weights),
         unnest(positions) AS place
    ORDER BY entry, place
    """
)
_RANKED = sql(
    """
    WITH term AS (
        SELECT query::tsquery AS query, number
        FROM unnest(CAST(:terms AS text[])) WITH ORDINALITY AS asked (query, number)
    ), passage AS NOT MATERIALIZED (
        SELECT article_passage.*, article.slug, article.version, article.url
        FROM article_passage JOIN article USING (article_id)
        WHERE article.state = 'published' AND article_passage.language = :language
    ), hit AS MATERIALIZED (
        SELECT term.number, passage.article_id, passage.passage_id,
               CASE WHEN ts_filter(passage.search, '{a,b}') @@ term.query THEN 1 ELSE :body END AS worth
        FROM term JOIN passage ON passage.search @@ term.query
    ), weight AS (
        SELECT term.number,
               ln(1 + (SELECT count(*) FROM passage) / greatest(:rare, count(hit.passage_id))::float8) AS idf
        FROM term LEFT JOIN hit USING (number) GROUP BY term.number
    ), ranked AS (
        SELECT candidate.passage_id,
               least(1, sum(idf * coalesce(hit.worth, :nearby)) / (SELECT sum(idf) FROM weight)) AS score
        FROM (SELECT DISTINCT article_id, passage_id FROM hit) AS candidate
        JOIN (SELECT DISTINCT article_id, number FROM hit) AS covered USING (article_id)
        JOIN weight USING (number)
        LEFT JOIN hit USING (passage_id, number)
        GROUP BY candidate.passage_id
    )
    SELECT slug, version, title, heading, text, url, score
    FROM ranked JOIN passage USING (passage_id)
    WHERE score > :relevant
    ORDER BY round(score::numeric, 2) DESC,
             (SELECT count(*) FROM unnest(to_tsvector('simple', title || ' ' || heading)) AS word
              WHERE word.lexeme = ANY (tsvector_to_array(to_tsvector('simple', :text)))) DESC,
             position, slug
    LIMIT :most
    """
)


class PostgresKnowledge:
    """`Knowledge` on the published articles. A score is the share of the question's words that a passage holds.

    Words weigh more the fewer passages hold them, so a score means the same for a short question and a long one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wordings: dict[str, StemmedWording] = {}

    async def search(self, text: str, language: str = "en", limit: int = 3) -> tuple[Passage, ...]:
        """The best passages for a question, best first; empty when nothing is relevant enough to be quoted."""
        found: dict[tuple[str, str], Passage] = {}
        async with self._database.begin() as session:
            for question, asked in await self._asked(session, text, language):
                for passage in await _ranked(session, question, asked, language, limit):
                    best = found.get((passage.slug, passage.text), passage)
                    found[passage.slug, passage.text] = max(best, passage, key=_score)
        return tuple(sorted(found.values(), key=_score, reverse=True)[:limit])

    async def _asked(self, session: AsyncSession, text: str, language: str) -> list[tuple[str, tuple[str, ...]]]:
        """The questions in a message with their terms; the whole message if they say nothing (`Can you help me?`)."""
        wording = await self._wording(session, language)
        *questions, whole = readings(text)
        phrases = await _phrases(session, [*questions, whole], language)
        asked = {reading: terms(phrases.get(reading, ()), wording) for reading in (*questions, whole)}
        return [(question, asked[question]) for question in questions if asked[question]] or [(whole, asked[whole])]

    async def _wording(self, session: AsyncSession, language: str) -> StemmedWording:
        """The language's wording in stems, made once."""
        if language not in self._wordings:
            plain = read_wording(language)
            self._wordings[language] = plain.stemmed(await _phrases(session, plain.entries(), language))
        return self._wordings[language]


async def _phrases(session: AsyncSession, entries: list[str], language: str) -> dict[str, Phrase]:
    """The stems of each entry with their positions; entries of stop words only are left out."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    configuration = text_search_configuration(language)
    rows = await session.execute(_LEXEMES, {"entries": entries, "configuration": configuration})
    for entry, lexeme, place in rows:
        found[entry].append((place, lexeme))
    return {entry: tuple(places) for entry, places in found.items()}


async def _ranked(
    session: AsyncSession, question: str, asked: tuple[str, ...], language: str, limit: int
) -> tuple[Passage, ...]:
    if not asked:
        return ()
    weights = {"body": _BODY, "nearby": _NEARBY, "rare": _RARE, "relevant": RELEVANT}
    values = {"terms": list(asked), "text": question, "language": language, "most": limit}
    rows = await session.execute(_RANKED, values | weights)
    return tuple(Passage.model_validate(dict(row)) for row in rows.mappings())


def _score(passage: Passage) -> float:
    """Equal to two digits is equal: the database's order among equals then stands."""
    return round(passage.score, 2)
