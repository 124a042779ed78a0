"""Which language a message is in: a small model of letters and words, learned from own sentences."""

import re
from collections.abc import Sequence

import numpy as np
import yaml
from pydantic import TypeAdapter

from integrations.assistant.local.linear import Linear, Matrix
from integrations.assistant.local.patterns import pattern_bytes
from integrations.assistant.local.terms import Terms, letters, words
from integrations.assistant.local.training import MAIN_LANGUAGE, Example

READ_LANGUAGES = frozenset({"en", "de", "es", "fr"})
"""Languages whose messages are understood; others are only named."""

_NO_LETTER = re.compile(r"[^\w\s]|[\d_]")
_UNLIKE_LANGUAGE = re.compile(r"\S*(?:@|://|www\.|\d)\S*")
_SURE, _SURE_OF_FURTHER = 0.35, 0.5
_FAITH = 4.0
"""How many times likelier the language of the conversation so far is than any other, before a word is read."""
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("uk", re.compile(r"[іїєґ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)


class LanguageReader:
    """Tells English, German, Spanish and French apart, and these from a dozen others."""

    def __init__(self) -> None:
        self._terms = Terms(letters(1, 3, least_often=1), words(1))
        self._model = Linear(looseness=10)

    def fit(self, examples: Sequence[Example]) -> None:
        """Train on all examples and on sentences of further languages."""
        pairs = [(_letters_of(example.text), example.language) for example in examples] + _further_sentences()
        self._model.fit(self._terms.fit([text for text, _ in pairs]), [language for _, language in pairs])

    def detect(self, text: str, before: str = "") -> str:
        """ISO 639-1 code. `before` is the conversation's language so far: it holds unless the text is clearly another.

        A text that tells nothing (a number, a name) is in that language, or in English.
        """
        plain = _letters_of(text)
        if by_script := _by_script(plain):
            return by_script
        if not plain.strip():
            return before or MAIN_LANGUAGE
        return self._likeliest(np.exp(self._model.log_probabilities_of(*self._terms.row(plain))), before)

    def _likeliest(self, shares: Matrix, before: str) -> str:
        weights = [_FAITH if language == before else 1.0 for language in self._model.classes]
        shares = shares * weights / float(shares @ weights)
        best = int(np.argmax(shares))
        language = self._model.classes[best]
        needed = _SURE if language in READ_LANGUAGES else _SURE_OF_FURTHER
        return language if shares[best] >= needed else before or self._best_read(shares)

    def _best_read(self, shares: Matrix) -> str:
        read = [(share, language) for share, language in zip(shares, self._model.classes, strict=True)]
        share, language = max(entry for entry in read if entry[1] in READ_LANGUAGES)
        return language if share >= _SURE / 2 else MAIN_LANGUAGE


def _letters_of(text: str) -> str:
    return _NO_LETTER.sub(" ", _UNLIKE_LANGUAGE.sub(" ", text.lower()))


def _by_script(letters: str) -> str:
    """The language by its script, where at least half of the letters are of it."""
    count = len(letters.replace(" ", "")) or 1
    foreign = [letter for letter in letters if letter > "\u036f" and letter.isalpha() and not "ḁ" <= letter <= "ỿ"]
    if 2 * len(foreign) < count:
        return ""
    return next((language for language, script in _SCRIPTS if script.search(letters)), "und")


def _further_sentences() -> list[tuple[str, str]]:
    lines = TypeAdapter(dict[str, str]).validate_python(yaml.safe_load(pattern_bytes("further_languages")))
    return [(_letters_of(line), language) for language, text in lines.items() for line in text.splitlines()]
