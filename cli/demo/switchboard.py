"""The AI's switches and its readiness, as leads and admins have them over the API."""

from dataclasses import dataclass
from typing import Any

import httpx

from cli.demo.checks import check
from cli.demo.retrying import send_until_answered


@dataclass(frozen=True)
class Switchboard:
    """What somebody who is responsible for the AI has in their hands."""

    public_url: str
    token: str

    async def stop(self, why: str) -> int:
        """Stop the AI of the whole brand; returns how many cases were taken from it."""
        return int((await self._ask("POST", "/v1/assistant/stop", json={"why": why}))["taken"])

    async def start(self) -> None:
        """Let it start again, for new turns."""
        await self._ask("POST", "/v1/assistant/start", json={})

    async def readiness(self, cell: str) -> dict[str, Any]:
        """What people made of the drafts of a cell, and what is proposed."""
        report = await self._ask("GET", "/v1/readiness")
        lines = [line for line in report["lines"] if line["cell"] == cell]
        check(len(lines) == 1, f"one line for the cell {cell}", report["lines"])
        return dict(lines[0])

    async def _ask(self, method: str, url: str, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.public_url, timeout=10) as http:
            return await send_until_answered(http, method, url, headers=headers, **body)
