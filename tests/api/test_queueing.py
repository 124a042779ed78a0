"""What a customer who waits sees and can do, over HTTP and on the event stream."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from domain.parties import Role
from store.conversations import Message
from store.people import accept
from tests.api.ground import Ground, events


async def waiting(ground: Ground) -> tuple[dict[str, str], dict[str, str]]:
    """A customer who waits for a person: the headers of their chat, and what the API answered."""
    chat = await ground.chat()
    accepted = await ground.say(chat, "I want to talk to somebody")
    await ground.hand_off(accepted["interaction_id"])
    return chat, accepted


def path(accepted: dict[str, str], verb: str) -> str:
    """Of the customer's conversation."""
    return f"/v1/conversations/{accepted['conversation_id']}/{verb}"


async def queue(ground: Ground, chat: dict[str, str], accepted: dict[str, str]) -> dict[str, Any]:
    """Where the customer stands."""
    answer = await ground.http.get(path(accepted, "queue"), headers=chat)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def leave_message(
    ground: Ground, chat: dict[str, str], accepted: dict[str, str], key: str = "k", words: str = "My zip is broken."
) -> httpx.Response:
    """Leave a message."""
    headers = {**chat, "Idempotency-Key": key}
    return await ground.http.post(path(accepted, "leave-message"), json={"text": words}, headers=headers)


async def taken(ground: Ground) -> None:
    """A person accepts what is offered."""
    agent = await ground.hire("robin")
    await ground.allocate()
    async with ground.database.begin() as session:
        item, version = (await session.execute(text("SELECT id, version FROM work_item WHERE state = 'offered'"))).one()
    async with ground.database.begin() as session:
        await accept(session, item, agent.id, version, ground.policy)


async def test_who_waits_sees_place_and_wait_and_who_does_not_sees_none(ground: Ground) -> None:
    chat, accepted = await waiting(ground)
    other, second = await waiting(ground)
    assert (await queue(ground, chat, accepted))["position"] == 1
    found = await queue(ground, other, second)
    assert (found["state"], found["position"], found["position_exact"]) == ("waiting", 2, True)
    assert found["text"].startswith("You are number 2.")
    fresh = await ground.chat()
    assert (await queue(ground, fresh, await ground.say(fresh, "hello")))["state"] == "none"


@pytest.mark.parametrize("verb", ["queue", "leave-queue", "leave-message"])
async def test_a_place_is_shown_and_changed_by_its_own_customer_only(ground: Ground, verb: str) -> None:
    _, accepted = await waiting(ground)
    method = "GET" if verb == "queue" else "POST"
    body = {"text": "hello"} if verb == "leave-message" else {}
    stranger = {**await ground.chat(), "Idempotency-Key": "k"}
    sent = {} if method == "GET" else {"json": body}
    answer = await ground.http.request(method, path(accepted, verb), headers=stranger, **sent)
    assert answer.status_code == 404
    if method == "POST":
        channel = {**await ground.token(Role.CHANNEL), "Idempotency-Key": "k"}
        answer = await ground.http.post(path(accepted, verb), headers=channel, json=body)
        assert answer.status_code == 403


async def test_leaving_the_queue_is_safe_to_repeat(ground: Ground) -> None:
    chat, accepted = await waiting(ground)
    for _ in range(2):
        answer = await ground.http.post(path(accepted, "leave-queue"), json={}, headers=chat)
        assert (answer.status_code, answer.json()["state"]) == (200, "left")
    async with ground.database.begin() as session:
        states = (await session.execute(text("SELECT state FROM work_item"))).scalars().all()
    assert states == ["cancelled"]


async def test_a_message_is_stored_once_and_answered_with_a_promise(ground: Ground) -> None:
    chat, accepted = await waiting(ground)
    answers = [await leave_message(ground, chat, accepted) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert await ground.count(Message) == 3, "the question, the message, the notice"
    found = await queue(ground, chat, accepted)
    assert (found["state"], found["answer_by"]) == ("by_message", answers[0].json()["answer_by"])
    assert found["answer_by"] is not None


async def test_a_further_message_joins_the_one_that_was_left(ground: Ground) -> None:
    chat, accepted = await waiting(ground)
    first = await leave_message(ground, chat, accepted, "one")
    second = await leave_message(ground, chat, accepted, "two", "And the size is wrong.")
    assert second.json()["answer_by"] == first.json()["answer_by"]
    assert second.json()["message_id"] != first.json()["message_id"]


@pytest.mark.parametrize("verb", ["leave-queue", "leave-message"])
async def test_nobody_leaves_a_person_who_has_taken_over(ground: Ground, verb: str) -> None:
    chat, accepted = await waiting(ground)
    await taken(ground)
    before = await ground.count(Message)
    if verb == "leave-message":
        answer = await leave_message(ground, chat, accepted)
    else:
        answer = await ground.http.post(path(accepted, verb), json={}, headers=chat)
    assert answer.status_code == 409
    assert "A person from our team has just taken over." in answer.json()["detail"]
    assert await ground.count(Message) == before
    assert (await queue(ground, chat, accepted))["state"] == "with_person"


@pytest.mark.parametrize("verb", ["leave-queue", "leave-message"])
async def test_nobody_leaves_a_queue_that_they_are_not_in(ground: Ground, verb: str) -> None:
    chat = await ground.chat()
    accepted = await ground.say(chat, "hello")
    headers = {**chat, "Idempotency-Key": "k"}
    body = {"text": "hello"} if verb == "leave-message" else {}
    answer = await ground.http.post(path(accepted, verb), json=body, headers=headers)
    assert answer.status_code == 409
    assert await ground.count(Message) == 1


async def test_an_empty_message_is_refused(ground: Ground) -> None:
    chat, accepted = await waiting(ground)
    answer = await leave_message(ground, chat, accepted, words="  \n ")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "text")


async def test_the_stream_tells_the_place_when_it_changes(live: Ground) -> None:
    chat, accepted = await waiting(live)
    async with live.http.stream("GET", accepted["events_url"], headers=chat) as response:
        places = (data async for name, _, data in events(response) if name == "queue")
        first = await anext(places)
        assert (first["state"], first["position"]) == ("waiting", 1)
        assert first == await queue(live, chat, accepted)
        await leave_message(live, chat, accepted)
        assert (await anext(places))["state"] == "by_message"
        await taken_by_hand(live)
        assert (await anext(places))["state"] == "none", "a person talks to them now"


async def taken_by_hand(ground: Ground) -> None:
    """A mail needs no accept step."""
    await ground.hire("robin")
    await ground.allocate()


async def test_the_stream_tells_that_others_have_left_the_queue(live: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.conversations._QUEUE_SECONDS", 0.05)
    first_chat, first = await waiting(live)
    chat, accepted = await waiting(live)
    async with live.http.stream("GET", accepted["events_url"], headers=chat) as response:
        places = (data async for name, _, data in events(response) if name == "queue")
        assert (await anext(places))["position"] == 2
        answer = await live.http.post(path(first, "leave-queue"), json={}, headers=first_chat)
        assert answer.status_code == 200
        assert (await anext(places))["position"] == 1


async def test_a_chat_that_waits_for_nobody_hears_of_no_queue(live: Ground) -> None:
    chat = await live.chat()
    accepted = await live.say(chat, "hello")
    async with live.http.stream("GET", accepted["events_url"], headers=chat) as response:
        names = (name async for name, _, _ in events(response))
        assert [await anext(names), await anext(names)] == ["message", "state"]
        await live.say(chat, "and more")
        assert await anext(names) == "message"
