"""How a scenario says what it expects, and waits for it with a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")

_LOOK_AGAIN = 0.05


class ScenarioFailed(AssertionError):
    """What was promised did not happen; the message says what was expected and what was seen instead."""


def check(holds: bool, expected: str, seen: object = "") -> None:
    """Fail the scenario unless the expectation holds."""
    if not holds:
        raise ScenarioFailed(f"expected {expected}" + (f"; seen: {seen}" if seen != "" else ""))


async def eventually(look: Callable[[], Awaitable[Found | None]], *, within: float, expected: str) -> Found:
    """What `look` finds, asked again and again. Raises `ScenarioFailed` if it finds nothing `within` seconds."""
    try:
        async with asyncio.timeout(within):
            while not (found := await look()):  # noqa: ASYNC110 - what is waited for is in another process
                await asyncio.sleep(_LOOK_AGAIN)
            return found
    except TimeoutError:
        raise ScenarioFailed(f"expected {expected} within {within:g} s") from None
