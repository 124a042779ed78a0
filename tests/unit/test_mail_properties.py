"""No bytes, however broken, raise or leave something that PostgreSQL cannot store."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.message import OutboundMessage
from domain.parties import Channel
from integrations.channels.email.composing import compose_mail
from integrations.channels.email.parsing import QuarantineReason, Unparsable, parse_mail

FRAGMENTS = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed", b"multipart/alternative", b"text/html",
        b"message/rfc822", b"; boundary=b", b"; charset=", b"; charset*=x''%00", b"; filename*0*=", b"utf-7", b"utf-16",
        b"\r\n--b\r\n", b"\r\n--b--\r\n", b"\r\n\r\n", b"\r\n ", b"\r\n", b"\n", b"=?utf-8?b?", b"=?", b"?=", b"?q?=00",
        b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n", b"begin 644 a\r\n",
        b"Message-ID: ", b"References: ", b"Date: ", b"Authentication-Results: mx; dmarc=", b"<", b">", b"(", b")",
        b'"', b"\\", b"@", b",", b":", b";", b"\x00", b"\xff", b"\xed\xa0\x80", b"a", b"<b>", b"<blockquote>", b"&#0;",
        b"&#xd800;", b"> ", b"On a wrote:", b"Disposition: attachment", b"Content-", b"a@b.example", b"%d8", b"=D8=00",
    ]
)  # fmt: skip
BROKEN = st.lists(FRAGMENTS | st.binary(max_size=12), max_size=60).map(b"".join)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check(raw: bytes) -> None:
    parsed = parse_mail(raw, account="support@shop.example", authserv_id="mx")
    if isinstance(parsed, Unparsable):
        assert parsed.reason is not QuarantineReason.UNREADABLE
        return
    assert not UNSTORABLE.search(parsed.model_dump_json(exclude={"attachments": {"__all__": {"content"}}}))
    for line in (parsed.subject, parsed.display_name, parsed.sender.value, parsed.provider_message_id):
        assert "\n" not in line
        assert "\r" not in line


@given(st.binary(max_size=2000))
def test_arbitrary_bytes_never_raise(raw: bytes) -> None:
    check(raw)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(BROKEN, BROKEN)
def test_broken_mails_never_raise(headers: bytes, body: bytes) -> None:
    check(b"From: a@b.example\r\n" + headers + b"\r\n\r\n" + body)


@given(BROKEN)
def test_broken_senders_never_raise(value: bytes) -> None:
    check(b"From: " + value + b"\r\n\r\nx")


@given(st.text(), st.text(), st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_no_text_breaks_out_of_an_outbound_header(text: str, subject: str, label: str, refs: list[str]) -> None:
    message = OutboundMessage(
        message_id="m1", conversation_id="c1", channel=Channel.EMAIL, account="support@shop.example",
        recipient="anna@mail.example", text=text, author_label=label, subject=subject,
        in_reply_to=refs[0] if refs else "", references=tuple(refs),
    )  # fmt: skip
    head = compose_mail(message).partition(b"\r\n\r\n")[0]
    names = {line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")}
    assert names <= {
        b"Message-ID", b"In-Reply-To", b"References", b"From", b"To", b"Subject", b"Date", b"MIME-Version",
        b"Content-Type", b"Content-Transfer-Encoding",
    }  # fmt: skip
