"""Grounding: what a reply states, held against the sources that it cites."""

import re
from collections.abc import Iterator, Mapping

from domain.facts import facts_in, folded, held_by
from domain.proposal import Citation, Reply, Statement

Sources = Mapping[Citation, str]
"""What stands in each cited source, as it was looked up; a source that could not be looked up is left out."""

LONGEST_COURTESY = 160
"""Characters of a statement without a source."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_PAGE = re.compile(r"https?://[^\s\d]+(?=\s|$)", re.IGNORECASE)
_STEM = 5
"""Letters by which forms of a word count as the same."""
_SAID_BY_SOURCE = 0.8
"""Share of a sentence's words that one source must hold to have said it."""


def unsupported(reply: Reply, sources: Sources) -> tuple[str, ...]:
    """The facts in a reply that no source cited beside them holds, and the sources that nobody has looked up.

    A statement without a source may be a courtesy: short, and without any fact.
    """
    return tuple(lacking for statement in reply.statements for lacking in _lacking(statement, sources))


def _lacking(statement: Statement, sources: Sources) -> Iterator[str]:
    yield from (f"source:{cited.ref}" for cited in statement.citations if cited not in sources)
    if not statement.citations and len(statement.text) > LONGEST_COURTESY:
        yield "source"
    held = held_by(texts_behind(statement, sources))
    for fact in facts_in(statement.text):
        if not fact & held:
            yield min(fact)


def unknown_in(question: str, sources: Sources) -> tuple[str, ...]:
    """The facts in a question that nothing known holds: who asks whether something is so has said it.

    A page's address without a number says nothing of anybody; where it may lead is for the gate's rule on links.
    """
    held = held_by(sources.values())
    return tuple(min(fact) for fact in facts_in(_PAGE.sub(" ", question)) if not fact & held)


def texts_behind(statement: Statement, sources: Sources) -> list[str]:
    """The texts of a statement's sources, with their titles and addresses."""
    known = [cited for cited in statement.citations if cited in sources]
    return [f"{cited.ref}\n{cited.title}\n{cited.url}\n{sources[cited]}" for cited in known]


def says(source: str, sentence: str) -> bool:
    """Has the source said this? Nearly all words of the sentence, and all its facts, stand in it."""
    words, known = _stems(sentence), _stems(source)
    held = held_by([source])
    return len(words & known) >= _SAID_BY_SOURCE * len(words) and all(fact & held for fact in facts_in(sentence))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(folded(text)))
