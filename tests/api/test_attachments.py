"""Files that customers send with their messages, and who may read them."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from api.body_limit import MAX_BODY
from domain.attachments import MAX_FILE_BYTES, MAX_FILES
from domain.message import Attachment as Sent
from domain.message import ClaimedIdentity, InboundMessage
from domain.parties import Channel, IdentityKind, Role
from store.conversations import Attachment, Message
from store.ids import new_id
from store.receiving import Reception
from store.work import Team
from tests.api.ground import Ground, events
from tests.api.test_bad_input import assert_problem

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
KINDS = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0" + bytes(40),
    "image/gif": b"GIF89a" + bytes(40),
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40),
    "application/pdf": b"%PDF-1.7\n" + bytes(40),
}
HTML = b"<html><script>alert(1)</script></html>"
Files = list[tuple[str, tuple[str, bytes, str]]]


def files(*contents: bytes, name: str = "cup.png", kind: str = "image/png") -> Files:
    """The form's parts."""
    return [("attachments", (name, content, kind)) for content in contents]


async def send(
    ground: Ground, caller: dict[str, str], sent: Files, message: object = None, key: str = ""
) -> httpx.Response:
    """A form, as a browser sends it."""
    fields = {} if message is None else {"message": json.dumps(message)}
    headers = {**caller, "Idempotency-Key": key or new_id()}
    return await ground.http.post("/v1/messages", data=fields, files=sent, headers=headers)


async def seen(ground: Ground, caller: dict[str, str], accepted: dict[str, str]) -> dict[str, Any]:
    """The first message of the stream, as the customer's page gets it."""
    async with ground.http.stream("GET", accepted["events_url"], headers=caller) as stream:
        async for name, _, data in events(stream):
            assert name == "message"
            return data
    raise AssertionError("the stream has ended")


async def sent_file(ground: Ground, caller: dict[str, str], content: bytes = PNG, name: str = "cup.png") -> str:
    """The address of a file that the customer has sent."""
    accepted = await send(ground, caller, files(content, name=name), {"text": "Look"})
    assert accepted.status_code == 202, accepted.text
    [one] = (await seen(ground, caller, accepted.json()))["attachments"]
    return f"/v1/attachments/{one['attachment_id']}"


async def test_a_picture_comes_with_its_message_and_its_sender_reads_both(live: Ground) -> None:
    chat = await live.chat()
    accepted = await send(live, chat, files(PNG, KINDS["application/pdf"]), {"text": "It is torn"})
    assert accepted.status_code == 202
    message = await seen(live, chat, accepted.json())
    assert message["text"] == "It is torn"
    assert {(one["filename"], one["media_type"], one["size"]) for one in message["attachments"]} == {
        ("cup.png", "image/png", len(PNG)),
        ("cup.png", "application/pdf", len(KINDS["application/pdf"])),
    }


@pytest.mark.parametrize("message", [None, {}, {"text": ""}, {"text": "  "}])
async def test_a_picture_needs_no_words(ground: Ground, message: object) -> None:
    assert (await send(ground, await ground.chat(), files(PNG), message)).status_code == 202
    assert await ground.count(Attachment) == 1


async def test_the_same_key_many_times_at_once_is_one_message_with_its_picture_once(ground: Ground) -> None:
    chat = await ground.chat()
    answers = await asyncio.gather(*(send(ground, chat, files(PNG), {"text": "a"}, key="once") for _ in range(5)))
    assert {answer.text for answer in answers} == {answers[0].text}
    without = await ground.say(chat, "a", key="once")
    assert without == answers[0].json()
    assert (await ground.count(Message), await ground.count(Attachment)) == (1, 1)


@pytest.mark.parametrize("claimed", ["image/png", "text/html", ""])
@pytest.mark.parametrize("kind", KINDS)
async def test_the_content_tells_what_a_file_is(live: Ground, kind: str, claimed: str) -> None:
    chat = await live.chat()
    accepted = await send(live, chat, files(KINDS[kind], name="evil.html", kind=claimed))
    [one] = (await seen(live, chat, accepted.json()))["attachments"]
    read = await live.http.get(f"/v1/attachments/{one['attachment_id']}", headers=chat)
    assert one["media_type"] == read.headers["content-type"] == kind
    assert read.content == KINDS[kind]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("content", [HTML, SVG, b"", b"MZ\x90\x00", b"\x89PNG", b" " + PNG, b"RIFF\0\0\0\0WAVEfmt "])
async def test_what_only_calls_itself_a_picture_is_refused_by_name(ground: Ground, content: bytes) -> None:
    answer = await send(ground, await ground.chat(), files(PNG, content), {"text": "a"})
    assert_problem(answer, 422, "attachments.1")
    assert await ground.count(Message) == await ground.count(Attachment) == 0


async def test_a_file_may_be_as_large_as_said_and_no_larger(ground: Ground) -> None:
    chat = await ground.chat()
    largest = PNG + bytes(MAX_FILE_BYTES - len(PNG))
    assert (await send(ground, chat, files(*[largest] * MAX_FILES))).status_code == 202
    assert_problem(await send(ground, chat, files(PNG, largest + b"x")), 413, "attachments.1")
    assert_problem(await send(ground, chat, files(*[PNG] * (MAX_FILES + 1))), 422, "attachments")
    assert await ground.count(Attachment) == MAX_FILES


async def test_a_body_beyond_all_files_is_refused_by_its_declared_length(live: Ground) -> None:
    answer = await send(live, await live.chat(), files(*[bytes(MAX_FILE_BYTES)] * MAX_FILES, bytes(MAX_BODY)))
    assert_problem(answer, 413, "attachments")


async def test_only_forms_of_this_route_may_be_large(ground: Ground) -> None:
    large = b"x" * (MAX_BODY + 1)
    form = {"Content-Type": "multipart/form-data; boundary=x", "Idempotency-Key": "k"}
    chat = await ground.chat()
    assert_problem(await ground.http.post("/v1/chat/sessions", content=large, headers=form), 413)
    assert_problem(await ground.http.post("/v1/messages", content=large, headers={**chat, "Idempotency-Key": "k"}), 413)


FORMS = [
    ({"message": "{"}, [], 400, None),
    ({"message": "[]"}, [], 422, None),
    ({"message": "{}"}, [], 422, "text"),
    ({"message": '{"txet": "a"}'}, files(PNG), 422, "txet"),
    ({"message": '{"text": 5}'}, files(PNG), 422, "text"),
    ({"message": '{"text": "a\\u0000b"}'}, files(PNG), 422, "text"),
    ({"message": '{"text": "a", "channel": "api"}'}, files(PNG), 422, "channel"),
    ({"message": ["{}", "{}"]}, files(PNG), 422, "message"),
    ({"attachments": "no file"}, files(PNG), 422, "attachments.0"),
    ({"text": "a"}, files(PNG), 422, "text"),
]


@pytest.mark.parametrize(("fields", "sent", "status", "field"), FORMS, ids=range(len(FORMS)))
async def test_a_bad_form_is_refused_by_name_and_nothing_is_stored(
    ground: Ground, fields: dict[str, Any], sent: Files, status: int, field: str | None
) -> None:
    headers = {**await ground.chat(), "Idempotency-Key": "k"}
    sent = sent or [("message", (None, fields.pop("message"), "application/json"))]  # type: ignore[list-item]
    answer = await ground.http.post("/v1/messages", data=fields, files=sent, headers=headers)
    assert_problem(answer, status, field)
    assert await ground.count(Message) == 0


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_a_form_that_is_none_is_malformed(ground: Ground, kind: str) -> None:
    headers = {**await ground.chat(), "Idempotency-Key": "k", "Content-Type": kind}
    assert_problem(await ground.http.post("/v1/messages", content=b"--y\r\nno form", headers=headers), 400)


async def test_who_sends_nothing_as_nobody_is_not_read(ground: Ground) -> None:
    assert_problem(await send(ground, {}, files(PNG)), 401)
    assert_problem(await send(ground, await ground.token(Role.AGENT), files(PNG)), 403)


async def test_a_channel_sends_pictures_too_and_reads_its_own_only(ground: Ground) -> None:
    channel = await ground.token(Role.CHANNEL)
    sender = {"kind": "email", "value": "vera@example.com"}
    message = {"channel": "api", "account": "shop-app", "thread": "t-1", "sender": sender}
    assert (await send(ground, channel, files(PNG), message)).status_code == 202
    async with ground.database.begin() as session:
        [own] = (await session.execute(Attachment.__table__.select())).all()  # type: ignore[attr-defined]
    assert (await ground.http.get(f"/v1/attachments/{own.id}", headers=channel)).status_code == 200


async def test_a_foreign_file_looks_like_an_unknown_one(live: Ground) -> None:
    chat = await live.chat()
    url = await sent_file(live, chat)
    await live.hand_off((await live.say(chat, "Well?"))["interaction_id"])
    unknown = f"/v1/attachments/{new_id()}"
    async with live.database.begin() as session:
        session.add(Team(id="elsewhere", title="Elsewhere"))
    outsider = await live.hire("robin", team="elsewhere")
    strangers = [
        await live.chat(),
        await live.token(Role.CHANNEL),
        await live.token(Role.READ_ONLY),
        await live.agent_headers(outsider),
    ]
    for stranger in strangers:
        foreign = await live.http.get(url, headers=stranger)
        assert_problem(foreign, 404)
        assert foreign.json() == (await live.http.get(unknown, headers=stranger)).json()
    assert_problem(await live.http.get(url), 401)
    assert_problem(await live.http.get("/v1/attachments/nothing", headers=await live.chat()), 404)


async def test_staff_read_the_files_of_their_cases(live: Ground) -> None:
    chat = await live.chat()
    accepted = (await send(live, chat, files(PNG), {"text": "Look"})).json()
    agent = await live.hire("robin")
    headers = await live.agent_headers(agent)
    item = await live.hand_off(accepted["interaction_id"])
    case = (await live.http.get(f"/v1/desk/work/{item.id}", headers=headers)).json()
    [said] = [entry for entry in case["timeline"] if entry["kind"] == "message"]
    [one] = said["attachments"]
    assert (one["filename"], one["media_type"], one["size"]) == ("cup.png", "image/png", len(PNG))
    url = f"/v1/attachments/{one['attachment_id']}"
    assert (await live.http.get(url, headers=headers)).content == PNG
    assert (await live.http.get(url, headers=await live.token(Role.LEAD))).content == PNG
    await live.http.post("/desk/sign-in", data={"login": "robin", "password": "correct horse"})
    assert (await live.http.get(url)).content == PNG  # the desk's page shows it by its cookie


async def test_a_browser_shows_a_picture_and_runs_nothing(live: Ground) -> None:
    chat = await live.chat()
    picture = await live.http.get(await sent_file(live, chat, name="..\\a/b ü.png"), headers=chat)
    assert picture.headers["content-disposition"] == "inline; filename*=UTF-8''b%20%C3%BC.png"
    assert picture.headers.get_list("x-content-type-options") == ["nosniff"]
    assert picture.headers.get_list("cache-control") == ["private, max-age=600"]
    policy = picture.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("; sandbox")
    another = await live.chat()
    document = await live.http.get(await sent_file(live, another, KINDS["application/pdf"]), headers=another)
    assert document.headers["content-disposition"].startswith("attachment; ")


async def test_a_page_shows_its_own_pictures_by_an_address(live: Ground) -> None:
    chat = await live.chat()
    own = {"token": chat["Authorization"].removeprefix("Bearer ")}
    assert (await live.http.get(await sent_file(live, chat), params=own)).content == PNG


@pytest.mark.parametrize(("content", "kind"), [(HTML, "image/png"), (SVG, "image/svg+xml"), (HTML, "text/html")])
async def test_what_came_by_mail_as_a_picture_and_is_none_is_only_saved(
    ground: Ground, content: bytes, kind: str
) -> None:
    inbound = InboundMessage(
        channel=Channel.EMAIL,
        account="support@shop.example",
        provider_message_id="<1@a.example>",
        sender=ClaimedIdentity(kind=IdentityKind.EMAIL, value="a@a.example"),
        text="Look",
        attachments=(Sent(filename="cup.png", media_type=kind, size=len(content), content=content),),
    )
    receipt = await Reception(ground.database).receive(inbound)
    agent = await ground.hire("robin")
    headers = await ground.agent_headers(agent)
    item = await ground.hand_off(receipt.interaction_id)
    case = (await ground.http.get(f"/v1/desk/work/{item.id}", headers=headers)).json()
    [one] = [found for entry in case["timeline"] for found in entry["attachments"]]
    read = await ground.http.get(f"/v1/attachments/{one['attachment_id']}", headers=headers)
    assert one["media_type"] == read.headers["content-type"] == "application/octet-stream"
    assert read.headers["content-disposition"].startswith("attachment; ")
