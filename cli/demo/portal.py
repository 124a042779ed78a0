"""A customer's own page, as a browser uses it: the link's token as a header, the page's API."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx

from cli.demo.checks import check, eventually
from cli.demo.retrying import send_until_answered
from store.ids import new_id

Flow = dict[str, Any]

_PATIENCE_SECONDS = 60.0
_LINK = re.compile(r"https?://\S+/portal/[\w.-]+")


def portal_link(text: str) -> str:
    """The link to a customer's own page in what Baton has written. Raises `ScenarioFailed` if there is none."""
    found = _LINK.search(text)
    check(found is not None, "a link to the customer's own page", text)
    return found[0] if found else ""


class PortalPage:
    """The page of one order or flow."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    @asynccontextmanager
    async def opened(cls, public_url: str, link: str) -> AsyncIterator[Self]:
        """Follow a link."""
        async with httpx.AsyncClient(base_url=public_url, timeout=10) as http:
            yield cls(http, link.rpartition("/")[2])

    async def flow_id(self) -> str:
        """The flow that the link is about."""
        return str((await send_until_answered(self._http, "GET", "/v1/portal", headers=self._headers))["flow_id"])

    async def flow(self, flow_id: str) -> Flow:
        """How a flow stands."""
        seen = await send_until_answered(self._http, "GET", "/v1/portal", headers=self._headers)
        flow: Flow = next(one for one in seen["flows"] if one["flow_id"] == flow_id)
        return flow

    async def shows(self, flow_id: str, state: str) -> Flow:
        """Wait until a flow is in a state."""

        async def look() -> Flow | None:
            flow = await self.flow(flow_id)
            return flow if flow["state"] == state else None

        return await eventually(look, within=_PATIENCE_SECONDS, expected=f"'{state}' on the customer's page")

    async def is_gone(self, flow_id: str) -> None:
        """Wait until there is nothing of a flow to be answered any more."""

        async def look() -> bool:
            seen = await send_until_answered(self._http, "GET", "/v1/portal", headers=self._headers)
            return all(flow["flow_id"] != flow_id for flow in seen["flows"])

        await eventually(look, within=_PATIENCE_SECONDS, expected="a page that asks nothing any more")

    async def chooses(self, flow_id: str, choice: str) -> None:
        """Answer what a flow has asked."""
        await self._write(f"/v1/portal/flows/{flow_id}/choice", {"choice": choice})

    async def pays(self, flow: Flow) -> int:
        """Pay what is to be paid; returns the amount in cents."""
        link = flow["payment"]
        await self._write(f"/v1/payment-links/{link['link_id']}/pay", {"method": "card"})
        return int(link["amount_minor"])

    async def _write(self, url: str, body: dict[str, Any]) -> None:
        headers = {**self._headers, "Idempotency-Key": new_id()}
        await send_until_answered(self._http, "POST", url, json=body, headers=headers)
