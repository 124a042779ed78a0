"""English glosses for German, Spanish and French words, so that one classifier learns from all languages."""

import re
import unicodedata
from functools import cache

import yaml
from pydantic import TypeAdapter

from integrations.assistant.local.patterns import pattern_bytes

_WORD = re.compile(r"[a-z]+")
_DIGRAPHS = re.compile(r"([aou])e")
_SHORTEST_STEM, _LONGEST_PHRASE = 3, 3


def plain(text: str) -> str:
    """Lower case without accents; `ae`, `oe` and `ue` like umlauts, since many type them so."""
    split = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("’", "'").replace("œ", "oe"))
    return _DIGRAPHS.sub(r"\1", "".join(letter for letter in split if not unicodedata.combining(letter)))


def gloss(text: str) -> str:
    """What the text says in English words, as far as the glossary knows them, in the text's order."""
    words = _WORD.findall(plain(text))
    found: list[str] = []
    index = 0
    while index < len(words):
        english, taken = _at(words, index)
        if english:
            found.append(english)
        index += taken
    return " ".join(found)


def _at(words: list[str], index: int) -> tuple[str, int]:
    """The gloss at a place, longest phrase first, and how many words it stands for."""
    exact, stems = _entries()
    for length in range(_LONGEST_PHRASE, 1, -1):
        phrase = "-".join(words[index : index + length])
        if phrase in exact:
            return exact[phrase], length
    return _single(words[index], exact, stems), 1


def _single(word: str, exact: dict[str, str], stems: dict[str, str]) -> str:
    if word in exact:
        return exact[word]
    prefixes = (word[:length] for length in range(len(word), _SHORTEST_STEM - 1, -1))
    return next((stems[prefix] for prefix in prefixes if prefix in stems), "")


@cache
def _entries() -> tuple[dict[str, str], dict[str, str]]:
    """Whole words and phrases, and stems, each with its English."""
    exact: dict[str, str] = {}
    stems: dict[str, str] = {}
    lines = TypeAdapter(dict[str, str]).validate_python(yaml.safe_load(pattern_bytes("glossary")))
    for english, entry in lines.items():
        for form in entry.split():
            target = stems if form.endswith("*") else exact
            target.setdefault(plain(form.rstrip("*")).replace("'", "-"), english)
    return exact, stems
