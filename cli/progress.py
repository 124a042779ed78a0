"""How long work tells that it goes on: one plain line at a time, so that logs and terminals both show it."""

import sys
import time
from collections.abc import Callable

Progress = Callable[[str], None]
"""Takes one line that a person waiting can read."""


def say(line: str) -> None:
    """Print a line of progress at once. Standard error, so that results on standard output stay clean."""
    print(line, file=sys.stderr, flush=True)


class Every:
    """Passes on a line at most once in `seconds`, for work that reports more often than a person reads."""

    def __init__(self, seconds: float, progress: Progress) -> None:
        self._seconds = seconds
        self._progress = progress
        self._last = time.monotonic()

    def __call__(self, line: str) -> None:
        if time.monotonic() - self._last >= self._seconds:
            self._last = time.monotonic()
            self._progress(line)
