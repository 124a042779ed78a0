"""Mails as they really come: from the raw bytes to the message that Baton records."""

from datetime import UTC, datetime

import pytest

from domain.message import InboundMessage
from domain.parties import Channel
from integrations.channels.email.body import ATTACHMENTS_LIMIT, TEXT_LIMIT
from integrations.channels.email.parsing import THREAD_REFS_LIMIT, QuarantineReason, Unparsable, parse_mail

ACCOUNT = "support@shop.example"
FROM = b"From: Anna <anna@mail.example>\r\n"


def read(raw: bytes, *, null_return_path: bool = False) -> InboundMessage:
    parsed = parse_mail(raw, account=ACCOUNT, null_return_path=null_return_path)
    assert isinstance(parsed, InboundMessage), parsed
    return parsed


def mail(body: bytes, headers: bytes = b"") -> InboundMessage:
    return read(FROM + headers + b"\r\n" + body)


def multipart(kind: bytes, *parts: bytes) -> InboundMessage:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return mail(body, b"MIME-Version: 1.0\r\nContent-Type: multipart/" + kind + b"; boundary=b\r\n")


def test_an_ordinary_mail_is_read_in_full() -> None:
    message = mail(
        b"Is the grey scarf in stock?\r\n",
        b"To: support@shop.example\r\nSubject: =?utf-8?q?Sch=C3=B6ner_Schal?=\r\nMessage-ID: <one@mail.example>\r\n"
        b"Date: Mon, 02 Mar 2026 10:00:00 +0100\r\n",
    )
    assert message.channel is Channel.EMAIL
    assert message.account == ACCOUNT
    assert message.provider_message_id == "<one@mail.example>"
    assert (message.sender.value, message.display_name) == ("anna@mail.example", "Anna")
    assert message.subject == "Schöner Schal"
    assert message.text == message.raw_text == "Is the grey scarf in stock?"
    assert message.sent_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert not message.sender.verified
    assert not message.auto_submitted


def test_a_mail_without_message_id_keeps_its_id_when_it_comes_again() -> None:
    first, again, other = mail(b"one"), mail(b"one"), mail(b"two")
    assert first.provider_message_id == again.provider_message_id != other.provider_message_id


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"<a@b>", "<a@b>"),
        (b"  <a@b>  (comment)", "<a@b>"),
        (b"a@b", "<a@b>"),
        (b"\r\n <a@b>", "<a@b>"),
    ],
)
def test_message_ids_have_one_spelling(header: bytes, expected: str) -> None:
    assert mail(b"x", b"Message-ID: " + header + b"\r\n").provider_message_id == expected


@pytest.mark.parametrize("header", [b"", b"<>", b"<" + b"a" * 600 + b"@b>", b"<a b@c>", b"two words"])
def test_an_unusable_message_id_counts_as_none(header: bytes) -> None:
    assert mail(b"x", b"Message-ID: " + header + b"\r\n").provider_message_id.startswith("sha256:")


def test_thread_refs_come_nearest_first_and_each_once() -> None:
    message = mail(b"x", b"In-Reply-To: <c@x>\r\nReferences: <a@x>\r\n <b@x> <c@x>\r\n")
    assert message.thread_refs == ("<c@x>", "<b@x>", "<a@x>")


def test_a_long_thread_keeps_its_nearest_references() -> None:
    refs = b" ".join(b"<%d@x>" % number for number in range(5000))
    message = mail(b"x", b"References: " + refs + b"\r\n")
    assert len(message.thread_refs) == THREAD_REFS_LIMIT
    assert message.thread_refs[0] == "<4999@x>"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\nno header at all",
        b"Subject: nobody\r\n\r\nx",
        b"From:\r\n\r\nx",
        b"From: <>\r\n\r\nx",
        b"From: Mail Delivery\r\n\r\nx",
        b'From: "a b"@\r\n\r\nx',
        b"From: undisclosed:;\r\n\r\nx",
    ],
)
def test_a_mail_without_a_sender_goes_to_quarantine(raw: bytes) -> None:
    assert parse_mail(raw, account=ACCOUNT) == Unparsable(reason=QuarantineReason.NO_SENDER)


@pytest.mark.parametrize(
    ("header", "address", "name"),
    [
        (b"ANNA@Mail.Example", "anna@mail.example", ""),
        (b'"support@shop.example" <evil@mail.example>', "evil@mail.example", "support@shop.example"),
        (b"=?utf-8?q?J=C3=B6rg?= <j@x.example>", "j@x.example", "Jörg"),
        (b"=?nonsense?q?J=C3=B6rg?= <j@x.example>", "j@x.example", None),
        ("Jörg <j@x.example>".encode(), "j@x.example", None),
        (b"=?utf-8?q?A=0D=0ABcc=3A_x=40y?= <a@x.example>", "a@x.example", "A Bcc: x@y"),
        (b"(comment) a@x.example", "a@x.example", None),
        (b"a@x.example, b@x.example", "a@x.example", ""),
    ],
)
def test_the_sender_is_found_in_odd_from_headers(header: bytes, address: str, name: str | None) -> None:
    message = read(b"From: " + header + b"\r\n\r\nx")
    assert message.sender.value == address
    assert name is None or message.display_name == name
    assert "\n" not in message.display_name


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (b"Content-Type: text/plain; charset=iso-8859-1\r\n", b"Gr\xfc\xdfe", "Grüße"),
        (b"Content-Type: text/plain; charset=klingon\r\n", "Grüße".encode(), "Grüße"),
        (b"Content-Type: text/plain; charset=us-ascii\r\n", "Grüße".encode(), "Grüße"),
        (b"Content-Type: text/plain; charset=utf-8\r\n", b"Gr\xfc\xdfe", "Grüße"),
        (b'Content-Type: text/plain; charset="utf\x00-8"\r\n', b"ok", "ok"),
        (b"Content-Type: text/plain; charset=punycode\r\n", b"caf-dma", "caf-dma"),
        (b"Content-Transfer-Encoding: base64\r\n", b"SGVsbG8", "Hello"),
        (b"Content-Transfer-Encoding: quoted-printable\r\n", b"caf=C3=A9 =ZZ", "café =ZZ"),
        (b"Content-Transfer-Encoding: nonsense\r\n", b"plain", "plain"),
        (b"Content-Type: nonsense\r\n", b"plain", "plain"),
        (b"", b"NUL\x00 and bell\x07", "NUL and bell"),
        (b"Content-Type: text/plain; charset=utf-7\r\n", b"a+2AA-b", None),
        (b"Content-Type: multipart/mixed; boundary=never\r\n", b"no boundary here", "no boundary here"),
    ],
)
def test_text_survives_broken_encodings(headers: bytes, body: bytes, expected: str | None) -> None:
    text = mail(body, headers).text
    text.encode("utf-8")
    assert "\x00" not in text
    assert expected is None or text == expected


def test_plain_text_is_preferred_to_html() -> None:
    message = multipart(
        b"alternative", b"Content-Type: text/plain\r\n\r\nplain", b"Content-Type: text/html\r\n\r\n<b>rich</b>"
    )
    assert (message.text, message.attachments) == ("plain", ())


def test_html_stands_in_for_an_empty_plain_part() -> None:
    message = multipart(
        b"alternative", b"Content-Type: text/plain\r\n\r\n \r\n", b"Content-Type: text/html\r\n\r\n<b>rich</b>"
    )
    assert message.text == "rich"


def test_html_becomes_text_without_its_scripts() -> None:
    html = (
        b"<html><head><title>t</title><style>p{}</style></head><body><p>Hello,</p><p>it is <b>broken</b>.<br>"
        b"See <a href='https://shop.example/p/1'>this</a></p><ul><li>one<li>two</ul><script>evil()</script></body>"
    )
    text = mail(html, b"Content-Type: text/html\r\n").text
    assert text == "Hello,\n\nit is broken.\nSee this (https://shop.example/p/1)\n\n- one\n- two"


def test_text_around_an_attachment_is_all_read() -> None:
    message = multipart(
        b"mixed",
        b"Content-Type: text/plain\r\n\r\nabove",
        b'Content-Type: image/png; name="photo.png"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC',
        b"Content-Type: text/html\r\n\r\n<p>below</p>",
    )
    assert message.text == "above\n\nbelow"
    (photo,) = message.attachments
    assert (photo.filename, photo.media_type, photo.size, photo.content) == (
        "photo.png",
        "image/png",
        3,
        b"\x00\x01\x02",
    )


def test_a_forwarded_mail_inside_is_an_attachment() -> None:
    message = multipart(
        b"mixed",
        b"Content-Type: text/plain\r\n\r\nsee attached",
        b"Content-Type: message/rfc822\r\n\r\nFrom: b@x\r\n\r\ninner",
    )
    assert message.text == "see attached"
    assert b"inner" in message.attachments[0].content


def test_filenames_are_one_clean_line() -> None:
    message = multipart(
        b"mixed",
        b'Content-Type: a/b\r\nContent-Disposition: attachment; filename="=?utf-8?q?a=0D=0A=00=C3=A9?="\r\n\r\nx',
    )
    assert message.attachments[0].filename == "a é"


def test_a_text_over_the_limit_is_kept_in_full_as_a_file() -> None:
    message = mail(b"word " * TEXT_LIMIT)
    assert len(message.raw_text) <= TEXT_LIMIT
    assert message.attachments[0].size > TEXT_LIMIT


def test_the_number_of_files_is_bounded() -> None:
    message = multipart(b"mixed", *[b"Content-Type: a/b\r\n\r\nx"] * (ATTACHMENTS_LIMIT + 10))
    assert len(message.attachments) == ATTACHMENTS_LIMIT


def test_headers_are_bounded_and_clean() -> None:
    message = mail(b"x", b"Subject: " + b"long " * 100_000 + b"\r\n")
    assert len(message.subject) <= 900
    injected = mail(b"x", b"Subject: =?utf-8?q?hi=0D=0ABcc=3A_victim=00?=\r\n")
    assert injected.subject == "hi Bcc: victim"


@pytest.mark.parametrize(
    "date", [b"yesterday", b"Mon, 99 Foo 20266 99:99:99 +9999", b"Fri, 31 Dec 9999 23:59:59 -2359", b""]
)
def test_an_impossible_date_is_no_date(date: bytes) -> None:
    assert mail(b"x", b"Date: " + date + b"\r\n").sent_at is None


def test_a_structure_nested_without_end_is_still_read() -> None:
    nest = b"".join(b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (n, n) for n in range(3000))
    assert read(FROM + nest + b"\r\ndeep").sender.value == "anna@mail.example"


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        (b"Auto-Submitted: auto-replied", True),
        (b"Auto-Submitted: auto-generated (vacation)", True),
        (b"Auto-Submitted: NO", False),
        (b"Auto-Submitted: no; reason=x", False),
        (b"List-Id: <news.x>", True),
        (b"Precedence: bulk", True),
        (b"Precedence: junk", True),
        (b"Precedence: first-class", False),
        (b"X-Auto-Response-Suppress: DR, AutoReply", True),
        (b"X-Auto-Response-Suppress: All", True),
        (b"X-Auto-Response-Suppress: DR, RN, NRN", False),
        (b"Return-Path: <>", True),
        (b"Return-Path: <a@b>", False),
        (b"Content-Type: multipart/report; boundary=b", True),
    ],
)
def test_mail_written_by_machines_is_marked(header: bytes, automatic: bool) -> None:
    assert mail(b"x", header + b"\r\n").auto_submitted is automatic


def test_a_bounce_by_its_envelope_is_marked() -> None:
    assert read(FROM + b"\r\nx", null_return_path=True).auto_submitted
