"""Requests as careful clients send them: repeated while nobody answers, with the same body and the same key."""

import asyncio
from typing import Any

import httpx

from cli.demo.checks import ScenarioFailed

_AGAIN_SECONDS = 0.2
_BUSY = {502, 503, 504}


class Refused(ScenarioFailed):
    """The server does not do this; `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def send_until_answered(
    http: httpx.AsyncClient, method: str, url: str, *, within: float = 60, **request: Any
) -> dict[str, Any]:
    """The JSON of the first answer that is no "not now". Raises `Refused`, or `ScenarioFailed` after `within`."""
    try:
        async with asyncio.timeout(within):
            while True:
                answer = await _once(http, method, url, **request)
                if answer is not None:
                    return answer
                await asyncio.sleep(_AGAIN_SECONDS)
    except TimeoutError:
        raise ScenarioFailed(f"{method} {url}: no answer within {within:g} s") from None


async def _once(http: httpx.AsyncClient, method: str, url: str, **request: Any) -> dict[str, Any] | None:
    try:
        response = await http.request(method, url, **request)
    except httpx.TransportError:
        return None
    if response.status_code in _BUSY:
        return None
    if response.is_error:
        raise Refused(response.status_code, f"{method} {url}: {response.status_code} {response.text[:300]}")
    return dict(response.json()) if response.content else {}
