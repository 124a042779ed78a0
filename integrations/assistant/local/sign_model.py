"""Signs that the patterns miss: a model of wishes for a person, legal threats, danger and money taken back."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from pydantic import TypeAdapter
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]

from domain.triage import IssueType
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.linear import Linear, Matrix
from integrations.assistant.local.terms import Terms, letters, words
from integrations.assistant.local.training import Example
from integrations.assistant.local.wording import Wording, worded

SIGN_EXAMPLES_DIR = Path(__file__).parent / "sign_examples"
SIGN_THRESHOLD = 0.4
"""From this probability on the model's word alone counts. By cross-validation some 1 in 60 ordinary messages then goes
to a person for a wish, and 1 in 100 for another sign."""
PERSON = "person"
_NONE = "none"


class SignModel:
    """Tells `person`, `legal`, `safety` and `chargeback` from messages with none of these."""

    def __init__(self) -> None:
        self._terms = Terms(words(3), letters(3, 5))
        self._model = Linear(looseness=10)

    def fit(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Train on the examples of signs, and on the issue examples as ordinary messages."""
        ordinary = [example for example in examples if example.issue is not IssueType.SPAM]
        labels = [PERSON if example.issue is IssueType.HUMAN else _NONE for example in ordinary]
        rows = [worded(example.text, example.language) for example in ordinary]
        for sign, language, text in sign_examples():
            rows.append(worded(text, language))
            labels.append(sign)
        meanings = csr_matrix(embedder.embed([row.meaning for row in rows]))
        terms = self._terms.fit([row.terms for row in rows])
        self._model.fit(csr_matrix(hstack([terms, meanings])), labels)

    def signs(self, wording: Wording, meaning: Matrix) -> frozenset[str]:
        """The signs that are clear enough in a text, whose meaning is embedded."""
        shares = np.exp(self._model.log_probabilities_of(*self._terms.row(wording.terms), meaning))
        found = zip(self._model.classes, shares, strict=True)
        return frozenset(sign for sign, share in found if share >= SIGN_THRESHOLD and sign != _NONE)


@cache
def sign_examples() -> tuple[tuple[str, str, str], ...]:
    """Sign, language and text of each example of a sign, in file order."""
    adapter = TypeAdapter(dict[str, str])
    files = {
        path.stem: adapter.validate_python(yaml.safe_load(path.read_text("utf-8")))
        for path in sorted(SIGN_EXAMPLES_DIR.glob("*.yaml"))
    }
    return tuple(
        (sign, language, line.strip())
        for sign, by_language in files.items()
        for language, lines in by_language.items()
        for line in lines.splitlines()
        if line.strip()
    )
