"""What the AI says of its own: promises that nothing stands behind, and questions for secrets."""

import re
from collections.abc import Iterator
from functools import reduce

from domain.facts import facts_in, folded, held_by
from domain.grounding import Sources, says, texts_behind
from domain.outgoing_words import ASKING, BENEFITS, NEVER, SECRET, WILL_DO
from domain.proposal import CitationKind, Reply, Statement
from domain.told_facts import REFUNDED

_SENTENCE = re.compile(r"(?<=[.!?…])[)\]\"”]*\s+|\n+|;\s")


def empty_promises(reply: Reply, sources: Sources) -> tuple[str, ...]:
    """The sentences that promise what no article says and no commitment is made for."""
    made = tuple(folded(promise.text) for promise in reply.commitments)
    return tuple(
        sentence
        for statement in reply.statements
        for sentence in promises_in(_without_titles(statement))
        if not any(sentence in promise or promise in sentence for promise in made)
        and not _said_by_article(statement, sentence, sources)
        and not _has_happened(statement, sentence, sources)
    )


def secrets_asked_for(reply: Reply, sources: Sources) -> tuple[str, ...]:
    """The sentences that ask for card data, a password or the like, and are no quotation of an article."""
    return tuple(
        sentence
        for statement in reply.statements
        for sentence in asking_for_secrets(_without_titles(statement))
        if not _said_by_article(statement, sentence, sources)
    )


def promises_in(text: str) -> Iterator[str]:
    """The sentences that promise something, folded."""
    return (sentence for sentence in _sentences(text) if _promises(sentence))


def asking_for_secrets(text: str) -> Iterator[str]:
    """The sentences that ask for a secret, folded. To say that one never asks for it is no such question."""
    asked = (one for one in _sentences(text) if SECRET.search(one) and ASKING.search(one))
    return (one for one in asked if not NEVER.search(one))


def _without_titles(statement: Statement) -> str:
    """What an article is called says nothing of its own."""
    titles = (cited.title for cited in statement.citations if cited.title)
    return reduce(lambda text, title: text.replace(title, ""), titles, statement.text)


def _said_by_article(statement: Statement, sentence: str, sources: Sources) -> bool:
    """What an order or a product is, is no promise: only an article can have made one."""
    articles = tuple(cited for cited in statement.citations if cited.kind is CitationKind.ARTICLE)
    behind = texts_behind(statement.model_copy(update={"citations": articles}), sources)
    return any(says(source, sentence) for source in behind)


def _has_happened(statement: Statement, sentence: str, sources: Sources) -> bool:
    """Does it tell of a refund, amount and day, that stands in the order? That is no promise."""
    stated = facts_in(sentence)
    whole = {"money", "date"} <= {min(fact).partition(":")[0] for fact in stated}
    lines = (line for source in texts_behind(statement, sources) for line in source.split("\n"))
    refunds = [line for line in lines if line.startswith(REFUNDED)]
    numbers = [cited.ref for cited in statement.citations]
    return whole and any(all(fact & held_by([line, *numbers]) for fact in stated) for line in refunds)


def _sentences(text: str) -> Iterator[str]:
    return (sentence.strip() for sentence in _SENTENCE.split(folded(text)) if sentence.strip())


def _promises(sentence: str) -> bool:
    if any(pattern.search(sentence) for pattern in BENEFITS):
        return True
    for pattern, tongue in WILL_DO:
        stated = re.sub(tongue.conditions, " ", sentence)
        if not sentence.endswith("?") and pattern.search(stated) and not re.search(tongue.negation, stated):
            return True
    return False
