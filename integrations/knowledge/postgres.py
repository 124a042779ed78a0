"""Knowledge in PostgreSQL: full-text search and static embeddings, fused into one probability for each passage."""

from collections import defaultdict

import numpy as np
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.knowledge.fusion import RELEVANT, Scores, answering
from integrations.knowledge.protocol import Passage
from integrations.knowledge.shelf import Shelf, Shelves
from integrations.knowledge.wording import Phrase, Place, StemmedWording, read_wording, readings, terms
from store.articles import text_search_configuration
from store.database import Database

_BODY = 0.65
"""What a word in the text is worth, beside one in title, heading or customers' wordings."""
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
_HITS = sql(
    """
    SELECT number, passage_id,
           ts_filter(search, '{a,b}') @@ query OR asked_search @@ query AS in_heading
    FROM unnest(CAST(:terms AS text[])) WITH ORDINALITY AS asked (term, number)
    CROSS JOIN LATERAL (SELECT term::tsquery AS query) AS parsed
    JOIN article_passage ON search @@ query OR asked_search @@ query
    JOIN article USING (article_id)
    WHERE article.state = 'published' AND article.language = :language
    """
)


class PostgresKnowledge:
    """`Knowledge` on the published articles.

    Full-text search says which share of the question's words a passage holds: a word weighs more the fewer passages
    hold it. Embeddings say how close the question is to the passage's heading, text and customers' wordings. A score
    is the probability that the passage answers the question (`integrations.knowledge.fusion`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wordings: dict[str, StemmedWording] = {}
        self._shelves = Shelves()

    async def search(self, text: str, language: str = "en", limit: int = 3) -> tuple[Passage, ...]:
        """The best passages for a question, best first; empty when nothing is relevant enough to be quoted."""
        found: dict[str, Passage] = {}
        async with self._database.begin() as session:
            shelf = await self._shelves.shelf(session, language)
            if shelf is None:
                return ()
            for question, asked in await self._asked(session, text, language):
                covered = await _covered(session, shelf, asked, language)
                scores = answering(covered, shelf.likeness(question), shelf.slugs)
                for place in np.flatnonzero(scores > RELEVANT):
                    passage = shelf.passages[place].model_copy(update={"score": float(scores[place])})
                    found[shelf.ids[place]] = max(found.get(shelf.ids[place], passage), passage, key=_score)
        return tuple(sorted(found.values(), key=_score, reverse=True)[:limit])

    async def _asked(self, session: AsyncSession, text: str, language: str) -> list[tuple[str, tuple[str, ...]]]:
        """The questions in a message with their terms; the whole message if they say nothing (`Can you help me?`).

        None if that says nothing either.
        """
        wording = await self._wording(session, language)
        *questions, whole = readings(text)
        phrases = await _phrases(session, [*questions, whole], language)
        asked = {reading: terms(phrases.get(reading, ()), wording) for reading in (*questions, whole)}
        said = [(question, asked[question]) for question in questions if asked[question]]
        return said or [(whole, asked[whole])] if asked[whole] else []

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


async def _covered(session: AsyncSession, shelf: Shelf, asked: tuple[str, ...], language: str) -> Scores:
    """The share of what is asked that each passage on the shelf holds; rare words weigh more."""
    worth = np.zeros((len(asked), len(shelf.ids)))
    places = shelf.places
    for number, passage_id, in_heading in await session.execute(_HITS, {"terms": list(asked), "language": language}):
        if passage_id in places:
            worth[number - 1, places[passage_id]] = 1.0 if in_heading else _BODY
    weights = np.log(1 + len(shelf.ids) / np.maximum(_RARE, (worth > 0).sum(axis=1)))
    shares: Scores = weights @ _with_article(worth, shelf) / weights.sum()
    return shares


def _with_article(worth: Scores, shelf: Shelf) -> Scores:
    """What a passage lacks counts a little where the same article holds it; passages that hold nothing get nothing."""
    in_article = np.zeros((max(shelf.article_of) + 1, len(worth)))
    np.maximum.at(in_article, shelf.article_of, worth.T)
    nearby = np.where(in_article > 0, _NEARBY, 0.0)[shelf.article_of].T
    return np.maximum(worth, nearby) * (worth > 0).any(axis=0)


def _score(passage: Passage) -> float:
    return passage.score
