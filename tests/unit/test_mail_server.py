"""Inbound mail over real sockets: 250 means stored, and nothing that a customer wrote is logged."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import aiosmtplib
import pytest
import structlog

from domain.message import InboundMessage, Receipt
from integrations.channels.email.server import MailServer
from store.errors import StoreUnavailable

RAW = (
    b"From: Anna <anna@mail.example>\r\nMessage-ID: <one@mail.example>\r\n"
    b"Subject: canary-subject\r\n\r\ncanary-text\r\n"
)
SUPPORT, RETURNS = "support@shop.example", "returns@shop.example"


class Inbox:
    """A `Receive` and a `Quarantine` that remember, and fail when told."""

    def __init__(self) -> None:
        self.received: list[InboundMessage] = []
        self.quarantined: list[tuple[bytes, str]] = []
        self.error: Exception | None = None
        self.reached = asyncio.Event()
        self.may_return = asyncio.Event()
        self.may_return.set()

    async def receive(self, message: InboundMessage) -> Receipt:
        self.reached.set()
        await self.may_return.wait()
        if self.error is not None:
            raise self.error
        self.received.append(message)
        return Receipt(message_id="m", interaction_id="i", conversation_id="c")

    async def quarantine(self, raw: bytes, reason: str) -> None:
        if self.error is not None:
            raise self.error
        self.quarantined.append((raw, reason))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def server(inbox: Inbox) -> AsyncIterator[MailServer]:
    listener = MailServer(
        inbox.receive, inbox.quarantine, accounts=[SUPPORT, RETURNS], size_limit=200_000, authserv_id="mx.shop.example"
    )
    async with listener:
        yield listener


async def deliver(
    server: MailServer, raw: bytes = RAW, *recipients: str, sender: str = "anna@mail.example"
) -> tuple[int, str]:
    """The answer to one mail, as code and text."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=server.port, local_hostname="mail.example") as client:
        try:
            await client.execute_command(b"MAIL", f"FROM:<{sender}>".encode())
            for recipient in recipients or (SUPPORT,):
                await client.rcpt(recipient)
            answer = await client.data(raw)
        except aiosmtplib.SMTPResponseException as refusal:
            return refusal.code, refusal.message
        return answer.code, answer.message


async def test_a_mail_is_accepted_once_it_is_stored(server: MailServer, inbox: Inbox) -> None:
    inbox.may_return.clear()
    answer = asyncio.create_task(deliver(server))
    await asyncio.wait_for(inbox.reached.wait(), 5)
    assert not answer.done()
    inbox.may_return.set()
    assert (await answer)[0] == 250
    (message,) = inbox.received
    assert (message.account, message.text) == (SUPPORT, "canary-text")


@pytest.mark.parametrize("error", [StoreUnavailable("database_unavailable"), RuntimeError("canary-error")])
async def test_a_mail_that_is_not_stored_is_to_come_again(server: MailServer, inbox: Inbox, error: Exception) -> None:
    inbox.error = error
    code, text = await deliver(server)
    assert code == 451
    assert "canary" not in text
    inbox.error = None
    assert (await deliver(server))[0] == 250


async def test_a_mail_for_two_accounts_is_received_on_each_once(server: MailServer, inbox: Inbox) -> None:
    assert (await deliver(server, RAW, SUPPORT, RETURNS, "Support+tag@Shop.Example"))[0] == 250
    assert [message.account for message in inbox.received] == [SUPPORT, RETURNS]


@pytest.mark.parametrize("recipient", ["nobody@shop.example", "support@other.example", "postmaster", "+x@shop.example"])
async def test_unknown_recipients_are_refused(server: MailServer, inbox: Inbox, recipient: str) -> None:
    assert (await deliver(server, RAW, recipient))[0] == 550
    assert inbox.received == []


async def test_a_mail_over_the_limit_is_refused_for_its_size(server: MailServer, inbox: Inbox) -> None:
    assert (await deliver(server, RAW + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 3000))[0] == 552
    assert (await deliver(server, RAW + b"x" * 300_000))[0] == 552
    assert inbox.received == []


@pytest.mark.parametrize(
    "raw",
    [
        RAW + b"long" * 20_000,
        RAW + b"\x00\xff\xfe",
        RAW.replace(b"Subject", b"Content-Type: multipart/mixed; boundary=x\r\nX"),
        RAW.replace(b"Subject: ", b"Subject: " + b"s" * 50_000),
    ],
)
async def test_ugly_mails_are_received(server: MailServer, inbox: Inbox, raw: bytes) -> None:
    assert (await deliver(server, raw))[0] == 250
    assert len(inbox.received) == 1


async def test_a_mail_without_sender_is_kept_raw_and_acknowledged(server: MailServer, inbox: Inbox) -> None:
    raw = b"Subject: who am I\r\n\r\ntext\r\n"
    assert (await deliver(server, raw, SUPPORT, RETURNS))[0] == 250
    assert inbox.quarantined == [(raw, "no_sender")]
    inbox.error = StoreUnavailable("database_unavailable")
    assert (await deliver(server, raw))[0] == 451


async def test_a_bounce_is_received_as_automatic(server: MailServer, inbox: Inbox) -> None:
    assert (await deliver(server, RAW, sender=""))[0] == 250
    assert inbox.received[0].auto_submitted


async def test_only_the_configured_servers_word_verifies(server: MailServer, inbox: Inbox) -> None:
    results = b"Authentication-Results: mx.shop.example; dmarc=pass header.from=mail.example\r\n"
    await deliver(server, results + RAW)
    await deliver(server, results.replace(b"mx.", b"my.") + RAW)
    assert [message.sender.verified for message in inbox.received] == [True, False]


async def test_no_address_and_no_text_is_logged(
    server: MailServer, inbox: Inbox, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="mail.log")
    with structlog.testing.capture_logs() as events:
        await deliver(server)
        await deliver(server, b"canary-no-sender\r\n\r\n")
        await deliver(server, RAW, "canary@nowhere.example")
        inbox.error = RuntimeError("canary-error anna@mail.example")
        await deliver(server)
        inbox.error = StoreUnavailable("database_unavailable")
        await deliver(server)
    printed = capsys.readouterr()
    everything = caplog.text + str(events) + printed.out + printed.err
    assert [(event["event"], event.get("reason")) for event in events] == [
        ("mail_received", None),
        ("mail_quarantined", "no_sender"),
        ("mail_deferred", "unexpected_error"),
        ("mail_deferred", "store_unavailable"),
    ]
    assert "canary" not in everything
    assert ".example" not in everything


async def say(server: MailServer, *lines: bytes) -> bytes:
    """Speak raw SMTP; everything the server says."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.writelines(line + b"\r\n" for line in (*lines, b"QUIT"))
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


@pytest.mark.parametrize(
    "line", [b"NONSENSE", b"\xff\xfe", b"MAIL FROM:<\xff@x>", b"RCPT TO:<", b"VRFY \xff", b"x" * 2000, b"EHLO"]
)
async def test_a_nonsense_command_is_answered_and_the_session_goes_on(server: MailServer, line: bytes) -> None:
    said = await say(server, b"EHLO a.example", line, b"NOOP")
    assert said.endswith(b"250 OK\r\n221 Bye\r\n")


async def test_the_end_waits_for_a_mail_under_way(inbox: Inbox) -> None:
    server = MailServer(inbox.receive, inbox.quarantine, accounts=[SUPPORT])
    await server.start()
    inbox.may_return.clear()
    answer = asyncio.create_task(deliver(server))
    await asyncio.wait_for(inbox.reached.wait(), 5)
    stopping = asyncio.create_task(server.stop())
    inbox.may_return.set()
    await stopping
    assert (await answer)[0] == 250


async def test_the_end_does_not_wait_for_ever(inbox: Inbox) -> None:
    server = MailServer(inbox.receive, inbox.quarantine, accounts=[SUPPORT])
    await server.start()
    port = server.port
    inbox.may_return.clear()
    answer = asyncio.create_task(deliver(server))
    await asyncio.wait_for(inbox.reached.wait(), 5)
    await asyncio.wait_for(server.stop(grace=0), 5)
    with contextlib.suppress(aiosmtplib.SMTPException):
        assert (await answer)[0] != 250
    with pytest.raises(OSError, match=r".+"):
        await asyncio.open_connection("127.0.0.1", port)
    await server.stop()


async def test_the_port_is_known_only_while_it_is_bound(inbox: Inbox) -> None:
    server = MailServer(inbox.receive, inbox.quarantine, accounts=[SUPPORT])
    with pytest.raises(RuntimeError, match="smtp_listener_not_started"):
        _ = server.port
    for _ in range(2):
        async with server:
            assert server.port > 0


async def test_a_client_that_breaks_off_leaves_the_server_working(server: MailServer, inbox: Inbox) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"EHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@shop.example>\r\nDATA\r\nhalf a mail")
    await reader.readuntil(b"354")
    writer.transport.abort()
    assert (await deliver(server))[0] == 250
    assert len(inbox.received) == 1
