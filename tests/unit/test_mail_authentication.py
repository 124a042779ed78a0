"""Whose word counts for who wrote a mail."""

import pytest

from domain.message import InboundMessage
from integrations.channels.email.parsing import parse_mail

OURS = "mx.shop.example"
PASS = (
    "Authentication-Results: mx.shop.example; spf=pass smtp.mailfrom=mail.example; dmarc=pass header.from=mail.example"
)
FAIL = "Authentication-Results: mx.shop.example; dmarc=fail header.from=mail.example"
FROM = "From: Anna <anna@mail.example>"


def verified(*headers: str, authserv_id: str = OURS) -> bool:
    raw = "\r\n".join([*headers, "", "x"]).encode()
    parsed = parse_mail(raw, account="support@shop.example", authserv_id=authserv_id)
    assert isinstance(parsed, InboundMessage)
    return parsed.sender.verified


@pytest.mark.parametrize(
    "header",
    [
        PASS,
        "Authentication-Results: MX.Shop.Example 1; dmarc=Pass (p=reject sp=none; dis=none) header.from=Mail.Example",
        'Authentication-Results: mx.shop.example (a " (nested) comment); dmarc/1 = pass\r\n header.from=mail.example',
        'Authentication-Results: mx.shop.example; dmarc=pass reason="by; policy" header.from="mail.example"',
    ],
)
def test_the_own_servers_word_verifies_the_sender(header: str) -> None:
    assert verified(header, FROM)


@pytest.mark.parametrize(
    "headers",
    [
        (FROM,),
        (FAIL, FROM),
        (FAIL, PASS, FROM),
        (PASS.replace("mx.shop", "mx.evil"), FROM),
        (PASS.replace("header.from=mail.example", "header.from=evil.example"), FROM),
        (PASS.replace("header.from=mail.example", ""), FROM),
        (PASS, "From: anna@other.example"),
        (PASS, "From: anna@sub.mail.example"),
        (PASS, FROM, "From: eve@mail.example"),
        (PASS, "From: anna@mail.example, eve@mail.example"),
        (PASS, "From: anna@mail.example <eve@mail.example"),
        ("Authentication-Results: mx.shop.example; none", PASS, FROM),
        ("Authentication-Results: mx.shop.example; spf=pass (dmarc=pass header.from=mail.example)", FROM),
        ('Authentication-Results: mx.shop.example; spf=pass reason="; dmarc=pass header.from=mail.example"', FROM),
        ("Authentication-Results: mx.shop.example; dmarc=fail; dmarc=pass header.from=mail.example", FROM),
        (PASS + "; dmarc=fail header.from=mail.example", FROM),
        ("Authentication-Results: mx.shop.example; dmarc=pass header.from=mail.example (open", FROM),
        ('Authentication-Results: mx.shop.example; dmarc=pass reason="x header.from=mail.example"', FROM),
        ("Authentication-Results: mx.shop.example.evil; dmarc=pass header.from=mail.example", FROM),
        ("X-Authentication-Results: mx.shop.example; dmarc=pass header.from=mail.example", FROM),
        ("ARC-Authentication-Results: i=1; mx.shop.example; dmarc=pass header.from=mail.example", FROM),
    ],
)
def test_nothing_else_verifies_the_sender(headers: tuple[str, ...]) -> None:
    assert not verified(*headers)


def test_nobody_is_verified_unless_a_server_is_configured() -> None:
    assert not verified(PASS, FROM, authserv_id="")
    assert not verified(PASS.replace("mx.shop.example", ""), FROM, authserv_id="")


def test_results_of_others_above_ours_do_not_matter() -> None:
    assert verified(FAIL.replace("mx.shop", "mx.other"), PASS, FROM)
