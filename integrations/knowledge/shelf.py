"""The published passages of one language as vectors, kept in the process until an article changes."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.knowledge.embedding import Matrix, embed
from integrations.knowledge.protocol import Passage
from integrations.knowledge.wording import read_wording

_WORD = re.compile(r"[^\W\d_]{3,}")
_STAMP = sql(
    "SELECT count(*), coalesce(max(published_at)::text, '') FROM article"
    " WHERE state = 'published' AND language = :language"
)
_PASSAGES = sql(
    """
    SELECT passage_id, slug, version, article_passage.title, heading, text, url, asked
    FROM article_passage JOIN article USING (article_id)
    WHERE article.state = 'published' AND article.language = :language
    ORDER BY slug, position
    """
)

Stamp = tuple[int, str]


@dataclass(frozen=True)
class Likeness:
    """How close a question is to each passage, between -1 and 1, and how strange its words are to all of them."""

    asked: Matrix
    """To the nearest wording in which customers ask for it, its heading included."""
    headed: Matrix
    """To its title and heading."""
    told: Matrix
    """To its text."""
    strangeness: float
    """The share of its words that no passage uses, each counted by how far it is from all that they use; 0 to 1."""


@dataclass(frozen=True)
class Shelf:
    """One language's passages as of `stamp`. A passage's place is its row in each matrix."""

    stamp: Stamp
    ids: tuple[str, ...]
    passages: tuple[Passage, ...]
    slugs: tuple[str, ...]
    places: dict[str, int]
    """Of the passages, by id."""
    article_of: npt.NDArray[np.intp]
    """The number of each passage's article."""
    headings: Matrix
    texts: Matrix
    wordings: Matrix
    wording_of: npt.NDArray[np.intp]
    """The place of the passage that each wording asks for."""
    words: frozenset[str]
    word_vectors: Matrix

    def likeness(self, question: str) -> Likeness:
        """Compare a question with all passages. There is one at least."""
        vector = embed([question.lower()])[0]
        asked = np.full(len(self.passages), -1.0, dtype=np.float32)
        np.maximum.at(asked, self.wording_of, self.wordings @ vector)
        return Likeness(
            asked=asked,
            headed=self.headings @ vector,
            told=self.texts @ vector,
            strangeness=self._strangeness(question),
        )

    def _strangeness(self, question: str) -> float:
        strange = [word for word in _WORD.findall(question.lower()) if word not in self.words]
        if not strange:
            return 0.0
        nearest = (embed(strange) @ self.word_vectors.T).max(axis=1)
        return float(np.clip(1 - nearest, 0, 1).sum()) / len(question.split())


class Shelves:
    """The shelves of a process, by language; each is made anew when an article was published or withdrawn."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf] = {}

    async def shelf(self, session: AsyncSession, language: str) -> Shelf | None:
        """The language's passages as they are published now; None if there are none."""
        count, newest = (await session.execute(_STAMP, {"language": language})).one()
        if not count:
            return None
        kept = self._shelves.get(language)
        if kept is None or kept.stamp != (count, newest):
            rows = (await session.execute(_PASSAGES, {"language": language})).mappings().all()
            known = read_wording(language).entries()
            kept = await asyncio.to_thread(_filled, (count, newest), [dict(row) for row in rows], known)
            self._shelves[language] = kept
        return kept


def _filled(stamp: Stamp, rows: Sequence[dict[str, object]], known: Sequence[str]) -> Shelf:
    """`known` are words that are never strange: fillers and synonyms."""
    asked = [str(row.pop("asked")).splitlines() for row in rows]
    ids = tuple(str(row.pop("passage_id")) for row in rows)
    passages = tuple(Passage.model_validate({**row, "score": 0.0}) for row in rows)
    wordings = [(place, line) for place, lines in enumerate(asked) for line in (*lines, passages[place].heading)]
    used = [*known, *(f"{one.title} {one.heading} {one.text}" for one in passages), *(line for _, line in wordings)]
    words = sorted(set(_WORD.findall(" ".join(used).lower())))
    slugs = tuple(one.slug for one in passages)
    return Shelf(
        stamp=stamp,
        ids=ids,
        passages=passages,
        slugs=slugs,
        places={passage_id: place for place, passage_id in enumerate(ids)},
        article_of=np.unique(slugs, return_inverse=True)[1].astype(np.intp),
        headings=embed([f"{one.title}. {one.heading}" for one in passages]),
        texts=embed([one.text for one in passages]),
        wordings=embed([line for _, line in wordings]),
        wording_of=np.array([place for place, _ in wordings], dtype=np.intp),
        words=frozenset(words),
        word_vectors=embed(words),
    )
