"""An agent at the desk: signs in as a person does, and works through the same API as the page."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx

from cli.demo.checks import ScenarioFailed, check, eventually
from cli.demo.people import Person
from cli.demo.retrying import Refused, send_until_answered
from store.ids import new_id

Item = dict[str, Any]
_CONFLICT = 409
_OK = 200


class DeskAgent:
    """A signed-in agent who is available until they leave."""

    def __init__(self, http: httpx.AsyncClient, me: dict[str, Any]) -> None:
        self._http = http
        self._csrf = {"X-CSRF-Token": me["csrf"]}
        self.agent_id: str = me["agent"]["id"]
        self.name: str = me["agent"]["name"]
        self.lease: float = me["lease_seconds"]

    @classmethod
    @asynccontextmanager
    async def at_work(cls, public_url: str, person: Person) -> AsyncIterator[Self]:
        """Sign in, be available for as long as the block lasts, then go offline and sign out."""
        async with httpx.AsyncClient(base_url=public_url, timeout=10) as http:
            form = {"login": person.login, "password": person.password}
            signed_in = await http.post("/desk/sign-in", data=form)
            check(signed_in.status_code == 303, "the desk to let the agent in", signed_in.status_code)
            agent = cls(http, await send_until_answered(http, "GET", "/v1/desk/me"))
            await agent.be("available")
            heartbeat = asyncio.create_task(agent._keep_lease())
            try:
                yield agent
            finally:
                heartbeat.cancel()
                with contextlib.suppress(ScenarioFailed):
                    await agent.be("offline")
                    await http.post("/desk/sign-out", headers=agent._csrf)

    async def be(self, presence: str) -> None:
        """Say whether one is here."""
        await self._write("PUT", "/v1/desk/presence", {"presence": presence})

    async def work(self) -> dict[str, Any]:
        """Offers, assigned cases and teams."""
        return await send_until_answered(self._http, "GET", "/v1/desk/work")

    async def is_offered(self, interaction_id: str, *, within: float = 30) -> Item:
        """Wait for the offer of a case."""
        return await self._finds("offers", interaction_id, within)

    async def holds(self, interaction_id: str, *, within: float = 30) -> Item:
        """Wait until a case is assigned to this agent."""
        return await self._finds("assigned", interaction_id, within)

    async def accept(self, interaction_id: str, *, within: float = 30) -> Item:
        """Wait for the offer of a case and take it."""
        offer = await self.is_offered(interaction_id, within=within)
        try:
            await self._write("POST", f"/v1/desk/work/{offer['id']}/accept", {"version": offer["version"]})
        except Refused as refusal:
            check(refusal.status == _CONFLICT, "an offer that can be accepted", refusal)
            await self.holds(interaction_id)  # an answer got lost: the click before this one has won
        return await self.case(offer)

    async def decline(self, offer: Item, reason: str) -> None:
        """Let an offer pass."""
        body = {"version": offer["version"], "reason": reason}
        await self._write("POST", f"/v1/desk/work/{offer['id']}/decline", body)

    async def case(self, item: Item) -> Item:
        """A case with brief, timeline and suggestions."""
        return await send_until_answered(self._http, "GET", f"/v1/desk/work/{item['id']}")

    async def briefed(self, item: Item, *, within: float = 30) -> Item:
        """Wait until the case has its brief."""

        async def look() -> Item | None:
            case = await self.case(item)
            return case if case["brief"] else None

        return await eventually(look, within=within, expected="a brief before the agent")

    async def sees_suggestion(self, item: Item, *, within: float = 30) -> Item:
        """Wait until a suggestion lies before the agent."""

        async def look() -> Item | None:
            pending = (await self.case(item))["suggestions"]
            return dict(pending[0]) if pending else None

        return await eventually(look, within=within, expected="a suggestion before the agent")

    async def has_draft(self, item: Item, *, within: float = 30) -> Item:
        """Wait until what the AI would say lies before the agent."""

        async def look() -> Item | None:
            draft = (await self.case(item))["draft"]
            return dict(draft) if draft else None

        return await eventually(look, within=within, expected="a draft before the agent")

    async def sends(self, item: Item, draft: Item) -> None:
        """Send the AI's draft as it is."""
        await self._write("POST", f"/v1/desk/work/{item['id']}/draft/send", {"draft_id": draft["id"]})

    async def reads(self, item: Item, words: str, *, within: float = 30) -> Item:
        """Wait until the case's timeline shows a message with these words."""

        async def look() -> Item | None:
            case = await self.case(item)
            texts = [entry["text"] for entry in case["timeline"] if entry["kind"] == "message"]
            return case if any(words in text for text in texts) else None

        return await eventually(look, within=within, expected="the customer's message on the desk")

    async def reply(self, item: Item, text: str) -> None:
        """Answer the customer."""
        await self._write("POST", f"/v1/desk/work/{item['id']}/reply", {"text": text, "key": new_id()})

    async def decide(self, item: Item, text: str, *, approved: bool) -> None:
        """Approve or refuse what the case asks, with words for the customer."""
        await self._write("POST", f"/v1/desk/work/{item['id']}/decide", {"approved": approved, "text": text})

    async def has_task(self, flow_id: str, kind: str, *, within: float = 60) -> Item:
        """Wait until a flow asks this agent's teams for something."""

        async def look() -> Item | None:
            answer = await self._http.get("/v1/desk/tasks")
            tasks: list[Item] = answer.json() if answer.status_code == _OK else []
            return next((task for task in tasks if task["flow"]["id"] == flow_id and task["kind"] == kind), None)

        return await eventually(look, within=within, expected=f"a task '{kind}' among those of {self.name}'s teams")

    async def finishes(self, task: Item, decision: str) -> None:
        """Approve or refuse what a flow asks, or say that it is done."""
        await self._write("POST", f"/v1/desk/tasks/{task['id']}", {"decision": decision})

    async def return_of(self, flow_id: str) -> str:
        """The shop's id of the return that a flow has opened."""
        return str((await send_until_answered(self._http, "GET", f"/v1/flows/{flow_id}"))["facts"]["return_id"])

    async def looks_at(self, attachment: Item) -> bytes:
        """A file that the customer has attached."""
        response = await self._http.get(f"/v1/attachments/{attachment['attachment_id']}")
        check(response.status_code == _OK, "a file that the agent may see", response.status_code)
        return response.content

    async def use(self, item: Item, suggestion: Item) -> None:
        """Say, as one's own words, what another interaction of the customer suggests."""
        await self._write("POST", f"/v1/desk/work/{item['id']}/suggestions/{suggestion['id']}", {"use": True})

    async def resolve(self, item: Item) -> None:
        """Close the case."""
        await self._write("POST", f"/v1/desk/work/{item['id']}/resolve", {})

    async def _finds(self, where: str, interaction_id: str, within: float) -> Item:
        async def look() -> Item | None:
            items: list[Item] = (await self.work())[where]
            return next((item for item in items if item["interaction_id"] == interaction_id), None)

        return await eventually(look, within=within, expected=f"the case among {self.name}'s {where}")

    async def _write(self, method: str, url: str, body: dict[str, Any]) -> dict[str, Any]:
        return await send_until_answered(self._http, method, url, json=body, headers=self._csrf)

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(self.lease / 3)
            with contextlib.suppress(ScenarioFailed):
                await self._write("POST", "/v1/desk/heartbeat", {})
