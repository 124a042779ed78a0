"""What Baton asks of a knowledge base."""

from typing import Protocol

from domain.values import Value


class Passage(Value):
    """A part of a published article that answers a question."""

    slug: str
    version: int
    title: str
    heading: str
    text: str
    """Plain sentences, ready to be quoted."""
    url: str
    score: float
    """Between 0 and 1; comparable between queries."""


class Knowledge(Protocol):
    """Published articles, searched by meaning and by words."""

    async def search(self, text: str, language: str = "en", limit: int = 3) -> tuple[Passage, ...]:
        """The best passages for a question, best first; empty when nothing is relevant enough to be quoted."""
        ...
