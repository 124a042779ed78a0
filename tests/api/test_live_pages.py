"""Event streams over real sockets: resumable, without gap and without repetition, and no obstacle to stopping."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from api.app import create_app
from api.live import follower
from domain.parties import AuthorKind, Role
from domain.work import Presence
from integrations.channels.chat import ChatOutbound
from store.customers import lock_customer
from store.database import Database
from store.desk_views import feed_hides_rows
from store.interactions import customer_of, lock_interaction
from store.journal import Happening, note
from store.live import notify_desk
from store.outgoing import claim_next
from store.people import be_present
from store.postscript import write_postscript
from store.speaking import lock_conversation, queue_message
from tests.api.ground import Ground, events, served, settings

Stream = AsyncIterator[tuple[str, str, dict[str, Any]]]


@asynccontextmanager
async def stream(ground: Ground, url: str, headers: dict[str, str]) -> AsyncIterator[Stream]:
    """The events of an open stream."""
    async with ground.http.stream("GET", url, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield events(response)


async def take(found: Stream, name: str, number: int) -> list[tuple[str, dict[str, Any]]]:
    """The next so many events of a name: id and data."""
    taken: list[tuple[str, dict[str, Any]]] = []
    async with asyncio.timeout(20):
        while len(taken) < number:
            event, position, data = await anext(found)
            if event == name:
                taken.append((position, data))
    return taken


async def answer(ground: Ground, accepted: dict[str, str], text: str) -> None:
    """The AI says something, and the store sends it."""
    async with ground.database.begin() as session:
        customer = await lock_customer(session, await customer_of(session, accepted["interaction_id"]))
        interaction = await lock_interaction(session, accepted["interaction_id"])
        conversation = await lock_conversation(session, accepted["conversation_id"])
        message = queue_message(session, conversation, customer, interaction, AuthorKind.AI, text)
        message.answers_seq = interaction.last_customer_seq
        await session.flush()
        await claim_next(session, conversation.id, "a", str, by_commit=ChatOutbound().by_commit)


async def test_a_chat_shows_what_was_said_and_what_is_said_while_it_is_open(live: Ground) -> None:
    chat = await live.chat()
    accepted = await live.say(chat, "Where is my parcel?")
    async with stream(live, accepted["events_url"], chat) as found:
        (first,) = await take(found, "message", 1)
        assert first[0] == "1"
        assert (first[1]["author"], first[1]["label"]) == ("customer", "You")
        await answer(live, accepted, "On its way.")
        (second,) = await take(found, "message", 1)
        assert second[0] == "2"
        assert second[1]["label"] == "Test Shop · AI assistant"
        assert second[1]["text"] == "On its way."


async def test_a_chat_resumes_after_the_last_event_and_that_wins_over_the_address(live: Ground) -> None:
    chat = await live.chat()
    for number in range(3):
        accepted = await live.say(chat, f"part {number}")
    headers = {**chat, "Last-Event-ID": "2"}
    async with stream(live, accepted["events_url"] + "?after=0", headers) as found:
        assert [position for position, _ in await take(found, "message", 1)] == ["3"]


async def test_a_chat_takes_its_token_from_the_address_for_browsers_event_source(live: Ground) -> None:
    chat = await live.chat()
    accepted = await live.say(chat, "hello")
    token = chat["Authorization"].removeprefix("Bearer ")
    async with stream(live, f"{accepted['events_url']}?token={token}", {}) as found:
        assert len(await take(found, "message", 1)) == 1


async def test_a_chat_that_breaks_off_again_and_again_misses_and_repeats_nothing(live: Ground) -> None:
    chat = await live.chat()
    accepted = await live.say(chat, "message 0")
    seen: list[str] = []

    async def write() -> None:
        for number in range(1, 40):
            await live.say(chat, f"message {number}")

    writing = asyncio.create_task(write())
    while len(seen) < 40:
        headers = {**chat, "Last-Event-ID": str(len(seen))}
        async with stream(live, accepted["events_url"], headers) as found:
            batch = await take(found, "message", min(7, 40 - len(seen)))
            seen += [data["text"] for _, data in batch]
    await writing
    assert seen == [f"message {number}" for number in range(40)]


async def test_a_chat_tells_when_the_state_changes(live: Ground) -> None:
    chat = await live.chat()
    accepted = await live.say(chat, "A person, please")
    async with stream(live, accepted["events_url"], chat) as found:
        assert (await take(found, "state", 1))[0][1]["state"] == "new"
        await live.hand_off(accepted["interaction_id"])
        assert (await take(found, "state", 1))[0][1]["state"] == "awaiting_person"


async def test_the_desk_follows_the_journal_and_resumes_by_position(live: Ground) -> None:
    agent = await live.hire("robin", present=False)
    headers = await live.agent_headers(agent)
    async with stream(live, "/v1/desk/events", headers) as found:
        ((start, _),) = await take(found, "start", 1)
        async with live.database.begin() as session:
            await be_present(session, agent.id, Presence.AVAILABLE, 60)
        ((position, data),) = await take(found, "journal", 1)
        assert (data["kind"], data["by"]) == ("presence_changed", agent.id)
    async with stream(live, "/v1/desk/events", {**headers, "Last-Event-ID": start}) as found:
        assert [again for again, _ in await take(found, "journal", 1)] == [position]


async def test_the_desk_misses_no_row_that_commits_late(live: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = asyncio.Event()

    async def looking(session: AsyncSession) -> bool:
        hides = await feed_hides_rows(session)
        if hides:
            looked.set()
        return hides

    monkeypatch.setattr(follower, "feed_hides_rows", looking)
    headers = await live.agent_headers(await live.hire("robin", present=False))
    async with stream(live, "/v1/desk/events", headers) as found:
        await take(found, "start", 1)
        async with live.database.begin() as slow:
            note(slow, Happening.OPERATOR_DID, ref="first begun")
            await write_postscript(slow)
            async with live.database.begin() as quick:
                note(quick, Happening.OPERATOR_DID, ref="first committed")
                await notify_desk(quick)
            await looked.wait()
        # No notice tells the follower that this transaction has ended.
        async with asyncio.timeout(5):
            refs = [data["ref"] for _, data in await take(found, "journal", 2)]
    assert refs == ["first begun", "first committed"]


async def test_a_chat_does_not_wait_for_other_peoples_transactions(live: Ground) -> None:
    chat = await live.chat()
    accepted = await live.say(chat, "hello")
    async with stream(live, accepted["events_url"], chat) as found, live.database.begin() as slow:
        await take(found, "state", 1)
        note(slow, Happening.OPERATOR_DID)
        await write_postscript(slow)
        await live.say(chat, "and another thing")
        async with asyncio.timeout(5):
            ((_, data),) = await take(found, "message", 1)
        assert data["text"] == "and another thing"


async def test_a_stream_needs_a_role(live: Ground) -> None:
    assert (await live.http.get("/v1/desk/events")).status_code == 401
    assert (await live.http.get("/v1/desk/events", headers=await live.token(Role.CHANNEL))).status_code == 403


async def test_a_server_that_stops_ends_its_streams_at_once(database_url: str, database: Database) -> None:
    """Its grace of 20 s would be over the limit here."""
    async with asyncio.timeout(15), AsyncClient(timeout=20) as browser:
        async with served(create_app(settings(database_url)), database) as live:
            await live.open_policy()
            chat = await live.chat()
            accepted = await live.say(chat, "hello")
            desk = await live.agent_headers(await live.hire("robin"))
            browser.base_url = live.http.base_url
            followers = [
                asyncio.create_task(follow(browser, accepted["events_url"], chat, opened := asyncio.Event())),
                asyncio.create_task(follow(browser, "/v1/desk/events", desk, desk_opened := asyncio.Event())),
            ]
            await opened.wait()
            await desk_opened.wait()
        await asyncio.gather(*followers)


async def follow(browser: AsyncClient, url: str, headers: dict[str, str], opened: asyncio.Event) -> None:
    """Read a stream to its end."""
    async with browser.stream("GET", url, headers=headers) as response:
        async for _ in events(response):
            opened.set()
