"""Static word embeddings that come inside the `wordllama` package; nothing is downloaded."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


def embed(texts: Sequence[str]) -> Matrix:
    """One normalised row of 256 numbers for each text; an empty text counts as a full stop, since it has no direction.

    The first call loads the embeddings, which takes half a second and 50 MB.
    """
    rows: Matrix = _model().embed([text or "." for text in texts], norm=True)
    return rows


@cache
def _model() -> Any:
    """Loaded once in a process, and only in those that search."""
    import wordllama  # noqa: PLC0415

    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
