"""POST /v1/messages and what belongs to it."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from domain.parties import Role
from domain.signed_token import mint_customer_token
from store.commerce import ShopCustomer
from store.conversations import Message
from store.customers import Customer, Identity
from store.ids import new_id
from store.interactions import Interaction
from store.outbox import OutboxRow
from tests.api.ground import KEY, Ground, bearer


async def test_a_message_is_acknowledged_while_temporal_is_down(ground: Ground) -> None:
    accepted = await ground.say(await ground.chat(), "Where is my parcel?")
    assert accepted["status_url"] == f"/v1/interactions/{accepted['interaction_id']}"
    assert accepted["events_url"] == f"/v1/conversations/{accepted['conversation_id']}/events"
    assert await ground.count(OutboxRow) == 1


async def test_the_same_key_twenty_times_at_once_is_one_message_with_one_answer(ground: Ground) -> None:
    chat = await ground.chat()
    answers = await asyncio.gather(*(ground.say(chat, "hello", key="once") for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert await ground.count(Message) == 1
    assert await ground.count(Interaction) == 1
    assert await ground.count(OutboxRow) == 1


async def test_the_same_key_in_another_session_is_another_message(ground: Ground) -> None:
    first = await ground.say(await ground.chat(), "hello", key="k")
    second = await ground.say(await ground.chat(), "hello", key="k")
    assert first["message_id"] != second["message_id"]
    assert first["interaction_id"] != second["interaction_id"]


async def test_messages_of_a_session_join_one_interaction(ground: Ground) -> None:
    chat = await ground.chat()
    answers = await asyncio.gather(*(ground.say(chat, f"part {number}") for number in range(4)))
    assert len({answer["interaction_id"] for answer in answers}) == 1
    assert len({answer["message_id"] for answer in answers}) == 4


async def test_a_foreign_interaction_looks_like_an_unknown_one(ground: Ground) -> None:
    mine, theirs = await ground.chat(), await ground.chat()
    accepted = await ground.say(mine, "Where is my parcel?")
    seen = await ground.http.get(accepted["status_url"], headers=mine)
    assert seen.status_code == 200
    assert seen.json()["state"] == "new"
    foreign = await ground.http.get(accepted["status_url"], headers=theirs)
    unknown = await ground.http.get(f"/v1/interactions/{new_id()}", headers=theirs)
    malformed = await ground.http.get("/v1/interactions/nothing", headers=theirs)
    assert foreign.status_code == unknown.status_code == malformed.status_code == 404
    assert foreign.json() == unknown.json() == malformed.json()
    events = await ground.http.get(accepted["events_url"], headers=theirs)
    assert events.status_code == 404


async def test_a_customer_token_proves_who_writes(ground: Ground) -> None:
    async with ground.database.begin() as session:
        session.add(
            ShopCustomer(
                customer_id="c-7", name="Vera", email="vera@example.com", tier="vip", currency="EUR",
                created_at=datetime.now(UTC),
            )
        )  # fmt: skip
    token = mint_customer_token(KEY, "c-7", "vera@example.com", now=datetime.now(UTC), lifetime=timedelta(minutes=5))
    await ground.say(await ground.chat(token), "hello")
    async with ground.database.begin() as session:
        customer = (await session.execute(select(Customer))).scalar_one()
        identities = (await session.execute(select(Identity))).scalars().all()
    assert (customer.tier, customer.display_name, customer.shop_customer_id) == ("vip", "Vera", "c-7")
    assert {(row.kind, row.verified) for row in identities} == {
        ("chat_session", True),
        ("shop_customer", True),
        ("email", True),
    }


async def test_an_expired_customer_token_is_refused_and_not_ignored(ground: Ground) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    token = mint_customer_token(KEY, "c-7", "vera@example.com", now=past, lifetime=timedelta(minutes=5))
    refused = await ground.http.post("/v1/chat/sessions", json={"customer_token": token})
    assert refused.status_code == 401
    assert refused.json()["detail"] == "The customer token is expired."


async def test_a_customer_token_is_no_chat_session(ground: Ground) -> None:
    token = mint_customer_token(KEY, "c-7", "", now=datetime.now(UTC), lifetime=timedelta(minutes=5))
    answer = await ground.http.post(
        "/v1/messages", json={"text": "hi"}, headers={**bearer(token), "Idempotency-Key": "k"}
    )
    assert answer.status_code == 401


async def test_a_channel_names_its_sender_and_a_chat_session_may_not(ground: Ground) -> None:
    body = {
        "text": "hello",
        "channel": "api",
        "account": "shop-app",
        "thread": "t-1",
        "sender": {"kind": "email", "value": "vera@example.com", "verified": True},
    }
    channel = await ground.token(Role.CHANNEL)
    accepted = await ground.http.post("/v1/messages", json=body, headers={**channel, "Idempotency-Key": "k"})
    assert accepted.status_code == 202
    assert (await ground.http.get(accepted.json()["status_url"], headers=channel)).status_code == 200
    refused = await ground.http.post("/v1/messages", json=body, headers={**await ground.chat(), "Idempotency-Key": "k"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "channel"


async def test_a_channel_cannot_write_into_a_chat(ground: Ground) -> None:
    body = {
        "text": "hello", "channel": "api", "account": "chat", "thread": "t-1",
        "sender": {"kind": "email", "value": "vera@example.com"},
    }  # fmt: skip
    headers = {**await ground.token(Role.CHANNEL), "Idempotency-Key": "k"}
    refused = await ground.http.post("/v1/messages", json=body, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "account")


async def test_a_channel_does_not_see_the_chats(ground: Ground) -> None:
    accepted = await ground.say(await ground.chat(), "hello")
    channel = await ground.token(Role.CHANNEL)
    assert (await ground.http.get(accepted["status_url"], headers=channel)).status_code == 404
    assert (await ground.http.get(accepted["events_url"], headers=channel)).status_code == 404


async def test_only_the_customer_leaves_their_chat(ground: Ground) -> None:
    chat = await ground.chat()
    accepted = await ground.say(chat, "hello")
    url = f"/v1/conversations/{accepted['conversation_id']}/leave"
    assert (await ground.http.post(url, headers=await ground.chat())).status_code == 404
    assert (await ground.http.post(url, headers=await ground.token(Role.READ_ONLY))).status_code == 403
    left = await ground.http.post(url, headers=chat)
    assert left.json() == {"continues_by_mail": False}  # nobody has proven a mail address
