"""Static word embeddings that come inside the `wordllama` package; nothing is downloaded."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import wordllama

from integrations.assistant.local.linear import Matrix


class Embedder:
    """Gives texts a place in a space of meanings."""

    def __init__(self) -> None:
        folder = Path(wordllama.__file__).parent
        self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One normalised row for each text; an empty one counts as a full stop, since it has no direction."""
        return np.asarray(self._model.embed([text or "." for text in texts], norm=True), dtype=np.float64)
