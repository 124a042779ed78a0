"""Outbound mail over real sockets: threads hold, every failure has its outcome, and none carries an address."""

import asyncio
import traceback
from collections.abc import AsyncIterator

import pytest

from domain.message import OutboundMessage, SendOutcome, SendResult
from domain.parties import Channel
from integrations.channels.email.composing import REFERENCES_LIMIT
from integrations.channels.email.sending import SmtpOutbound
from integrations.channels.protocol import ChannelUnavailable, Outbound
from tests.fakes.smtp import FakeSmtpServer, SmtpFailure

MESSAGE = OutboundMessage(
    message_id="01abc",
    conversation_id="c1",
    channel=Channel.EMAIL,
    account="support@shop.example",
    recipient="anna@mail.example",
    text="Grüße,\n.\nit is in stock.",
    author_label="Shop · AI assistant",
    subject="Scarf",
    in_reply_to="<two@mail.example>",
    references=("<one@mail.example>",),
    automatic=True,
)
SENT_AS = "<01abc@shop.example>"


@pytest.fixture
async def smtp() -> AsyncIterator[FakeSmtpServer]:
    server = FakeSmtpServer()
    await server.start()
    yield server
    await server.stop(grace=0)


@pytest.fixture
def outbound(smtp: FakeSmtpServer) -> Outbound:
    return SmtpOutbound("127.0.0.1", smtp.port, timeout=5)


async def test_a_reply_arrives_threaded_and_labelled(smtp: FakeSmtpServer, outbound: Outbound) -> None:
    outcome = await outbound.send(MESSAGE)
    assert outcome == SendOutcome(result=SendResult.SENT, provider_message_id=SENT_AS, code="250")
    (mail,) = smtp.mails
    assert (mail.envelope_from, mail.envelope_to) == ("support@shop.example", ("anna@mail.example",))
    assert mail.message_id == SENT_AS == outbound.provider_id(MESSAGE)
    assert mail.in_reply_to == "<two@mail.example>"
    assert mail.references == ("<one@mail.example>", "<two@mail.example>")
    assert mail.sender == "Shop · AI assistant <support@shop.example>"
    assert mail.subject == "Re: Scarf"
    assert mail.auto_submitted == "auto-replied"
    assert mail.text == MESSAGE.text


@pytest.mark.parametrize(
    ("subject", "in_reply_to", "expected"),
    [
        ("Re: Scarf", "<a@b>", "Re: Scarf"),
        ("RE: AW: re[2]: Scarf", "<a@b>", "Re: Scarf"),
        ("Regarding: Scarf", "<a@b>", "Re: Regarding: Scarf"),
        ("", "<a@b>", "Re:"),
        ("Your order", "", "Your order"),
        ("Schal für Ä" * 20, "<a@b>", "Re: " + "Schal für Ä" * 20),
        ("a =?utf-8?q?trick?=", "<a@b>", "Re: a =?utf-8?q?trick?="),
        ("Scarf\r\nBcc: eve@evil.example", "<a@b>", "Re: Scarf Bcc: eve@evil.example"),
    ],
)
async def test_the_subject_is_marked_as_a_reply_once(
    smtp: FakeSmtpServer, outbound: Outbound, subject: str, in_reply_to: str, expected: str
) -> None:
    await outbound.send(MESSAGE.model_copy(update={"subject": subject, "in_reply_to": in_reply_to}))
    (mail,) = smtp.mails
    assert mail.subject == expected
    assert mail.envelope_to == ("anna@mail.example",)


async def test_only_machines_mark_their_mail(smtp: FakeSmtpServer, outbound: Outbound) -> None:
    await outbound.send(MESSAGE.model_copy(update={"automatic": False}))
    await outbound.send(MESSAGE.model_copy(update={"in_reply_to": ""}))
    assert [mail.auto_submitted for mail in smtp.mails] == ["", "auto-generated"]


async def test_long_threads_keep_their_first_and_their_newest_ids(smtp: FakeSmtpServer, outbound: Outbound) -> None:
    refs = tuple(f"<{'x' * 90}{number}@mail.example>" for number in range(100))
    await outbound.send(MESSAGE.model_copy(update={"references": (*refs, "no id", "sha256:00")}))
    (mail,) = smtp.mails
    assert mail.references == (refs[0], *refs[-REFERENCES_LIMIT + 2 :], MESSAGE.in_reply_to)
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("failure", "code"),
    [(SmtpFailure.RECIPIENT_REFUSED, "550"), (SmtpFailure.MAIL_REFUSED, "554")],
)
async def test_a_refusal_for_good_is_a_failure(
    smtp: FakeSmtpServer, outbound: Outbound, failure: SmtpFailure, code: str
) -> None:
    smtp.fail_next(failure)
    outcome = await outbound.send(MESSAGE)
    assert outcome == SendOutcome(result=SendResult.FAILED, provider_message_id=SENT_AS, code=code)
    assert smtp.mails == ()


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (SmtpFailure.RECIPIENT_DEFERRED, "smtp_451"),
        (SmtpFailure.MAIL_DEFERRED, "smtp_451"),
        (SmtpFailure.DROPPED_AT_RECIPIENT, "unreachable"),
    ],
)
async def test_what_was_surely_not_taken_can_be_tried_again(
    smtp: FakeSmtpServer, outbound: Outbound, failure: SmtpFailure, code: str
) -> None:
    smtp.fail_next(failure)
    with pytest.raises(ChannelUnavailable) as caught:
        await outbound.send(MESSAGE)
    assert str(caught.value) == code
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert "@" not in "".join(traceback.format_exception_only(caught.value))
    assert (await outbound.send(MESSAGE)).result is SendResult.SENT
    assert smtp.count(SENT_AS) == 1


async def test_a_server_that_is_down_can_be_tried_again() -> None:
    server = FakeSmtpServer()
    await server.start()
    port = server.port
    await server.stop()
    with pytest.raises(ChannelUnavailable, match=r"^unreachable$"):
        await SmtpOutbound("127.0.0.1", port, timeout=5).send(MESSAGE)


async def test_a_server_that_never_greets_is_given_up(smtp: FakeSmtpServer) -> None:
    writers: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _reader, writer: writers.append(writer), "127.0.0.1", 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(ChannelUnavailable, match=r"^unreachable$"):
            await SmtpOutbound("127.0.0.1", port, timeout=0.2).send(MESSAGE)
    for writer in writers:
        writer.close()


@pytest.mark.parametrize("failure", [SmtpFailure.DROPPED_AFTER_MAIL, SmtpFailure.HANGS])
async def test_a_mail_without_an_answer_is_unknown_and_resent_under_the_same_id(
    smtp: FakeSmtpServer, failure: SmtpFailure
) -> None:
    outbound = SmtpOutbound("127.0.0.1", smtp.port, timeout=0.5)
    smtp.fail_next(failure)
    unknown = SendOutcome(result=SendResult.UNKNOWN, provider_message_id=SENT_AS, code="no_answer")
    assert await outbound.send(MESSAGE) == unknown
    assert (await outbound.reconcile(MESSAGE)).result is SendResult.UNKNOWN
    assert outbound.resend_when_unknown
    assert (await outbound.send(MESSAGE)).result is SendResult.SENT
    assert smtp.duplicates() == (SENT_AS,)


@pytest.mark.parametrize("recipient", ["", "anna", "a b@mail.example", "anna@mail.example\r\nRCPT TO:<eve@x>", "<a@b>"])
async def test_an_impossible_address_fails_without_a_connection(smtp: FakeSmtpServer, recipient: str) -> None:
    outcome = await SmtpOutbound("127.0.0.1", 1).send(MESSAGE.model_copy(update={"recipient": recipient}))
    assert (outcome.result, outcome.code) == (SendResult.FAILED, "invalid_address")


async def test_addresses_beyond_ascii_are_reached(smtp: FakeSmtpServer, outbound: Outbound) -> None:
    outcome = await outbound.send(MESSAGE.model_copy(update={"recipient": "jörg@mail.example"}))
    assert outcome.result is SendResult.SENT
    assert smtp.mails[0].envelope_to == ("jörg@mail.example",)
    assert smtp.mails[0].recipient == "jörg@mail.example"


async def test_people_can_wait_for_a_captured_mail(smtp: FakeSmtpServer, outbound: Outbound) -> None:
    waiting = asyncio.create_task(smtp.wait_for_id(SENT_AS))
    await outbound.send(MESSAGE)
    assert (await waiting).text == MESSAGE.text
    with pytest.raises(TimeoutError):
        await smtp.wait_for_id("<other@shop.example>", within=0.01)
