"""Waiting for a condition, with a deadline, instead of for a time."""

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], *, within_seconds: float = 20) -> None:
    """Return when the condition holds. Raises `AssertionError` if it does not in time."""
    deadline = time.monotonic() + within_seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not hold in time"
        time.sleep(0.01)
