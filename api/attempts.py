"""A limit on guessing passwords: so many failures for a login from an address, then a wait. In this process only."""

import time
from collections import OrderedDict
from collections.abc import Callable

FAILURES = 5
WINDOW_SECONDS = 300.0
_REMEMBERED = 10_000


class Attempts:
    """Failed sign-ins by login and by address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    def wait(self, login: str, address: str) -> int:
        """Seconds until this login may be tried again from this address; 0 means now."""
        recent = self._recent((login, address))
        return 0 if len(recent) < FAILURES else max(1, round(recent[0] + WINDOW_SECONDS - self._clock()))

    def failed(self, login: str, address: str) -> None:
        """A wrong password, or a login that does not exist."""
        key = (login, address)
        self._failures[key] = [*self._recent(key), self._clock()][-FAILURES:]
        self._failures.move_to_end(key)
        if len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, login: str, address: str) -> None:
        """The right password."""
        self._failures.pop((login, address), None)

    def _recent(self, key: tuple[str, str]) -> list[float]:
        since = self._clock() - WINDOW_SECONDS
        return [at for at in self._failures.get(key, ()) if at > since]
