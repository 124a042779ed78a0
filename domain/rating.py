"""Reading a rating from words.

A rating is read only from an answer that is nothing but one: a number from 1 to 5 (or stars), alone or with a word on
why. Whatever could be a question or a wish as well goes on as a message, since no rating is worth a lost request.
"""

import re
import unicodedata

from pydantic import Field

from domain.values import Value

BEST = 5


class Rating(Value):
    """What a customer said of how it was."""

    score: int = Field(ge=1, le=BEST)
    comment: str = Field(default="", repr=False)
    says_more: bool = False
    """The comment may hold a question or a wish, so it is a message as well."""


def read_rating(text: str) -> Rating | None:
    """The rating that a message is, or None if it is something else."""
    said = unicodedata.normalize("NFKC", text).translate(_NO_MARKS).strip()
    if len(said) > _LONGEST:
        return None
    for reading in (_leading, _among_courtesies, _article):
        if (rating := reading(said)) is not None:
            return rating
    return None


def with_comment(score: int, comment: str) -> Rating:
    """A score with the words that came with it, blanks at their ends left out."""
    comment = comment.strip()
    return Rating(score=score, comment=comment, says_more=_may_ask(comment))


_LONGEST = 1000
"""Characters; nobody rates at greater length."""
_NO_MARKS = {0xFE0F: None, 0x20E3: None}
"""Variation selector and keycap, of which the emoji of a digit consists."""
_NUMBERS = {
    1: "one eins uno",
    2: "two zwei dos deux",
    3: "three drei tres trois",
    4: "four vier cuatro quatre",
    5: "five fünf fuenf cinco cinq",
}
_WORDS = {word: number for number, words in _NUMBERS.items() for word in words.split()}
_ARTICLES = {"un", "une", "ein", "eine", "una"}
"""One, but only if it is all that was said."""
_NUMBER = f"[1-5]|{'|'.join(_WORDS)}"
_OF = r"\s*(?:/|out\s+of|of|von|de|sur|aus)\s*"
_SCORE = re.compile(
    rf"(?:(?P<ten>10|[1-9]){_OF}10"
    rf"|(?P<full>[★⭐🌟]{{1,5}})(?P<empty>[☆✩]{{0,4}})"
    rf"|(?P<plain>{_NUMBER})(?P<scale>{_OF}(?:5|five|fünf|fuenf|cinco|cinq))?"
    r"(?P<stars>\s*(?:stars?|sterne?n?|estrellas?|étoiles?|points?|punkte?n?|puntos?|[★⭐🌟])(?!\w))?)"
    r"(?![\w/☆✩★⭐🌟]|[.,:]\d|\s*[%€$£])",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?P<end>[\s\W]*\Z)|\s*(?P<mark>[-–—:;,.!()]+|\n)\s*(?P<noted>.+)|\s+(?P<word>.+)", re.DOTALL)
_OPENING = """
great good very nice super perfect excellent amazing awesome brilliant thanks thank took too slow bad terrible awful
poor okay ok fine helpful unhelpful fast quick quickly friendly because all top
sehr gut toll prima perfekt danke schlecht zu langsam weil leider hilfreich schnell freundlich alles
muy bien bueno buena genial perfecto gracias malo mal lento porque tardó tardaron excelente todo
très bon bonne parfait merci mauvais lent trop parce nul génial rapide tout
"""
_OPENERS = frozenset(_OPENING.split())
"""How words on why begin, where nothing parts them from the number."""
_COURTEOUS = """
i i'd i'll would give it you that was a an my rating score stars so much service
ich gebe würde geben note bewertung meine von mir es war eine einen ihr
le doy un una mi nota puntuación fue servicio os muchas
je mets donne une ma c'était c'est beaucoup de vous
"""
_COURTESIES = _OPENERS | frozenset(_COURTEOUS.split())
_ASKS = re.compile(
    r"[?¿\d]|\b(?:please|can|could|cancel|need|want|where|when|how|still|refund"
    r"|bitte|können|kann|könnt|storn\w*|brauche|möchte|will|wo|wann|wie|immer noch|erstatt\w*"
    r"|por favor|puede\w*|cancel\w*|necesit\w*|quier\w*|dónde|cuándo|cómo|todavía|reembols\w*"
    r"|s'il|svp|pouv\w*|peu[tx]|annul\w*|besoin|voudr\w*|veux|où|quand|comment|toujours pas|rembours\w*)\b",
    re.IGNORECASE,
)
_LONG_COMMENT = 40
"""Words beyond which a comment surely says more than how it was."""


def _leading(said: str) -> Rating | None:
    """The score first, then nothing, or what is told apart as a word on why."""
    found = _SCORE.match(said)
    score = _score(found)
    if found is None or score is None:
        return None
    after = _AFTER.fullmatch(said[found.end() :])
    if after is None or after["end"] is not None:
        return Rating(score=score)
    words = after["noted"] or after["word"]
    sure = after["noted"] is not None or found["plain"] is None or found["scale"] or found["stars"]
    if words[0].isdigit() or not (sure or _first_word(words) in _OPENERS):
        return None
    return with_comment(score, words)


def _among_courtesies(said: str) -> Rating | None:
    """One score among words that thank or praise, and nothing else."""
    scores = list(_SCORE.finditer(said))
    if len(scores) != 1 or (score := _score(scores[0])) is None:
        return None
    found = scores[0]
    others = re.findall(r"[^\s\W_]+(?:['’][^\s\W_]+)*", said[: found.start()] + " " + said[found.end() :])
    kind = all(word.casefold().replace("’", "'") in _COURTESIES for word in others)
    return Rating(score=score, comment=said) if kind and "?" not in said else None


def _article(said: str) -> Rating | None:
    return Rating(score=1) if said.rstrip(".!").casefold() in _ARTICLES else None


def _score(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    if found["ten"]:
        return (int(found["ten"]) + 1) // 2
    if found["full"]:
        return len(found["full"]) if len(found["full"] + found["empty"]) in (len(found["full"]), BEST) else None
    word = found["plain"].casefold()
    return _WORDS.get(word) or int(word)


def _first_word(words: str) -> str:
    return re.split(r"[\s\W]", words.casefold(), maxsplit=1)[0]


def _may_ask(comment: str) -> bool:
    return _ASKS.search(comment) is not None or len(comment.split()) > _LONG_COMMENT
