"""A customer in the chat, as a browser is: one session, messages over HTTP, answers over a resumable event stream."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx

from cli.demo.checks import ScenarioFailed
from cli.demo.retrying import send_until_answered
from domain.signed_token import mint_customer_token
from domain.values import Value
from integrations.shop.scenarios import Scenario
from store.ids import new_id

_TOKEN_LIFETIME = timedelta(hours=12)
_RECONNECT_SECONDS = 0.3


class Said(Value):
    """One message as the customer sees it."""

    seq: int
    author: str
    label: str
    text: str
    citations: tuple[dict[str, Any], ...] = ()
    attachments: tuple[dict[str, Any], ...] = ()


def _form(text: str, pictures: tuple[bytes, ...]) -> dict[str, Any]:
    parts = [("attachments", (f"photo-{place}.png", one, "image/png")) for place, one in enumerate(pictures, 1)]
    return {"data": {"message": json.dumps({"text": text})}, "files": parts}


def customer_token(secret_key: str, customer: Scenario) -> str:
    """What the shop's page signs for a customer who is signed in there."""
    now = datetime.now(UTC)
    return mint_customer_token(secret_key, customer.customer_id, customer.email, now=now, lifetime=_TOKEN_LIFETIME)


@dataclass
class ChatCustomer:
    """One browser with the chat open."""

    http: httpx.AsyncClient
    session: str
    seen: list[Said] = field(default_factory=list)
    """What the stream brought, as it brought it: repetitions and disorder would show."""
    interaction_id: str = ""
    conversation_id: str = ""
    slowest_answer: float = 0.0
    """Seconds that the slowest acknowledgement took."""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _listening: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def enter(cls, public_url: str, token: str | None = None) -> AsyncIterator[Self]:
        """Open the chat; `token` proves to Baton who the shop's customer is."""
        async with httpx.AsyncClient(base_url=public_url, timeout=10) as http:
            body = {"customer_token": token} if token else {}
            opened = await send_until_answered(http, "POST", "/v1/chat/sessions", json=body)
            customer = cls(http, opened["session"])
            try:
                yield customer
            finally:
                await customer.leave()

    async def say(self, text: str, *pictures: bytes) -> None:
        """Send a message as a browser does: again with the same key until it is acknowledged."""
        began = asyncio.get_running_loop().time()
        headers = {"Idempotency-Key": new_id(), **self._bearer}
        body = _form(text, pictures) if pictures else {"json": {"text": text}}
        accepted = await send_until_answered(self.http, "POST", "/v1/messages", headers=headers, **body)
        self.slowest_answer = max(self.slowest_answer, asyncio.get_running_loop().time() - began)
        self.interaction_id, self.conversation_id = accepted["interaction_id"], accepted["conversation_id"]
        self.come_back()

    async def ask(self, text: str, *, within: float = 30) -> Said:
        """Send a message and wait for the next word from the other side that is no notice."""
        before = len(self.answers)
        await self.say(text)
        return (await self.gets(before + 1, within=within))[-1]

    @property
    def answers(self) -> list[Said]:
        """What the AI and people have said."""
        return [said for said in self.seen if said.author in {"ai", "agent"}]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Author and text of all that is on the screen."""
        return [(said.author, said.text) for said in self.seen]

    async def gets(self, answers: int, *, within: float = 30) -> list[Said]:
        """Wait until so many answers are there."""
        await self.sees(lambda _: len(self.answers) >= answers, f"{answers} answer(s) in the chat", within=within)
        return self.answers

    async def sees(self, fits: Callable[[list[Said]], bool], expected: str, *, within: float = 30) -> None:
        """Wait until what is on the screen fits."""
        try:
            async with asyncio.timeout(within), self._news:
                await self._news.wait_for(lambda: fits(self.seen))
        except TimeoutError:
            raise ScenarioFailed(f"expected {expected} within {within:g} s; seen: {self.shown}") from None

    async def state(self) -> str:
        """How the interaction stands, as the customer may know."""
        answer = await send_until_answered(
            self.http, "GET", f"/v1/interactions/{self.interaction_id}", headers=self._bearer
        )
        return str(answer["state"])

    async def go_on_by_mail(self) -> bool:
        """Leave the chat for mail, as the button of the widget does; true if a transcript is on its way."""
        url = f"/v1/conversations/{self.conversation_id}/leave"
        answer = await send_until_answered(self.http, "POST", url, headers=self._bearer)
        await self.leave()
        return bool(answer["continues_by_mail"])

    def come_back(self) -> None:
        """Follow the conversation, from where this browser left off."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())

    async def leave(self) -> None:
        """Close the tab."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session}"}

    async def _listen(self) -> None:
        """An EventSource: reconnects whenever the line breaks, and names the last event that it got."""
        while True:
            with contextlib.suppress(httpx.HTTPError):
                await self._follow()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _follow(self) -> None:
        last = str(self.seen[-1].seq) if self.seen else ""
        url = f"/v1/conversations/{self.conversation_id}/events"
        headers = {"Last-Event-ID": last, **self._bearer}
        event = ""
        async with self.http.stream("GET", url, headers=headers, timeout=httpx.Timeout(10, read=60)) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                name, _, value = line.partition(":")
                if name == "event":
                    event = value.strip()
                elif name == "data" and event == "message":
                    await self._note(json.loads(value))

    async def _note(self, data: dict[str, Any]) -> None:
        known = {name: data[name] for name in Said.model_fields}
        async with self._news:
            self.seen.append(Said.model_validate(known))
            self._news.notify_all()
