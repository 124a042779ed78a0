"""How customers word things: which words of a question say nothing, and which say the same as others."""

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from domain.values import Value

_SOURCE = Path(__file__).with_name("wording.yaml")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_MOST = 4
_LONGEST = 500
_REACH = 4
"""Two words of a phrase may be this many places apart in a question: `send them all back`."""

Place = tuple[int, str]
"""A word's position in its text, and its stem. Stop words leave gaps between positions."""
Phrase = tuple[Place, ...]
"""Words that belong together, in order."""


class Wording(Value):
    """One language's wording, in plain words and phrases."""

    fillers: frozenset[str] = frozenset()
    synonyms: tuple[tuple[str, ...], ...] = ()

    def entries(self) -> list[str]:
        """All words and phrases, to be stemmed."""
        return sorted(self.fillers.union(*self.synonyms))

    def stemmed(self, phrases: dict[str, Phrase]) -> "StemmedWording":
        """The same in stems. `phrases` has those of each entry; an entry of stop words only has none and falls away."""
        groups = (tuple(phrases[entry] for entry in group if entry in phrases) for group in self.synonyms)
        return StemmedWording(
            fillers=frozenset(stem for filler in self.fillers for _, stem in phrases.get(filler, ())),
            synonyms=tuple(group for group in groups if group),
        )


class StemmedWording(Value):
    """One language's wording as it is compared with a question."""

    fillers: frozenset[str] = frozenset()
    synonyms: tuple[tuple[Phrase, ...], ...] = ()


def read_wording(language: str) -> Wording:
    """The wording that ships with Baton; empty for a language without one."""
    return _all_wordings().get(language, Wording())


def readings(text: str) -> list[str]:
    """Ways to read what a message asks: its sentences that end in a question mark (four at most), last all of it.

    What surrounds a question would count as not covered by any article. Each is cut after 500 characters.
    """
    sentences = _SENTENCE_END.split(text.replace("\x00", " ").strip())
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    return [reading[:_LONGEST] for reading in (*questions[:_MOST], " ".join(sentences))]


def terms(question: Phrase, wording: StemmedWording) -> tuple[str, ...]:
    """What a question asks for, as PostgreSQL queries: a word, or a choice of words and phrases that mean the same."""
    found: dict[str, None] = {}
    left = dict(question)
    longest_first = sorted(
        ((phrase, group) for group in wording.synonyms for phrase in group), key=lambda pair: -len(pair[0])
    )
    for phrase, group in longest_first:
        places = _places(phrase, left)
        while places:
            found[_choice(group)] = None
            left = {place: word for place, word in left.items() if place not in places}
            places = _places(phrase, left)
    found |= dict.fromkeys(_quoted(word) for word in left.values() if word not in wording.fillers)
    return tuple(found)


def _places(phrase: Phrase, words: dict[int, str]) -> tuple[int, ...]:
    """Where the phrase stands, in order and within reach; empty if it does not."""
    (_, first), *others = phrase
    for start in (place for place, word in words.items() if word == first):
        places = [start]
        for _, wanted in others:
            near = range(places[-1] + 1, places[-1] + 1 + _REACH)
            place = next((place for place in near if words.get(place) == wanted), None)
            if place is None:
                break
            places.append(place)
        else:
            return tuple(places)
    return ()


def _choice(group: tuple[Phrase, ...]) -> str:
    return " | ".join(f"({_phrase(phrase)})" for phrase in group)


def _phrase(phrase: Phrase) -> str:
    """Word after word at the distance that the phrase has them: `back in stock` is `'back' <2> 'stock'`."""
    (place, first), *others = phrase
    query = _quoted(first)
    for there, word in others:
        query += f" <{there - place}> {_quoted(word)}"
        place = there
    return query


def _quoted(word: str) -> str:
    """A lexeme as literal of a tsquery (PostgreSQL manual, section 8.11.2)."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


@cache
def _all_wordings() -> dict[str, Wording]:
    source = yaml.safe_load(_SOURCE.read_text("utf-8"))
    written = TypeAdapter(dict[str, dict[str, list[list[str]]]]).validate_python(source)
    return {language: _wording(parts["fillers"], parts["synonyms"]) for language, parts in written.items()}


def _wording(fillers: list[list[str]], synonyms: list[list[str]]) -> Wording:
    return Wording(
        fillers=frozenset(word for line in fillers for word in line),
        synonyms=tuple(tuple(group) for group in synonyms),
    )
