"""A circuit breaker: while a provider is down, customers do not wait for it."""

import time
from collections.abc import Callable

FAILURES = 5
"""In a row, from which the provider is left alone."""
PAUSE_SECONDS = 30.0


class CircuitBreaker:
    """Open after some failures in a row, for a while; then one call tries whether the provider is back."""

    def __init__(
        self,
        failures: int = FAILURES,
        pause_seconds: float = PAUSE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._pause, self._clock = failures, pause_seconds, clock
        self._failed = 0
        self._shut_until = 0.0

    def lets_through(self) -> bool:
        """May a call be made? The first after the pause shuts it again until its outcome is known."""
        if self._failed < self._most:
            return True
        if self._clock() < self._shut_until:
            return False
        self._shut_until = self._clock() + self._pause
        return True

    def succeeded(self) -> None:
        """A call came back."""
        self._failed = 0

    def failed(self) -> None:
        """A call did not come back."""
        self._failed += 1
        self._shut_until = self._clock() + self._pause
