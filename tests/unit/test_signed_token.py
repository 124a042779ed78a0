"""Signed tokens: what a shop's JWT library makes is read, and nothing else is."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.signed_token import ChatToken, CustomerToken, TokenRefused, mint_customer_token

KEY = "a key that only the shop and Baton know"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def jws(head: object, claims: object, key: str = KEY) -> str:
    """A token as RFC 7515 describes it, made without Baton's code."""

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    signed = f"{part(json.dumps(head).encode())}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())}"


CLAIMS = {"aud": "baton-customer", "sub": "c-7", "email": "vera@example.com", "exp": int(NOW.timestamp()) + 60}
HEAD = {"alg": "HS256", "typ": "JWT"}


def test_a_token_of_any_jwt_library_is_read() -> None:
    claims = CustomerToken.read(jws(HEAD, {**CLAIMS, "iat": 1, "iss": "shop"}), KEY, NOW)
    assert (claims.sub, claims.email) == ("c-7", "vera@example.com")


def test_a_minted_token_holds_until_its_end_and_not_longer() -> None:
    token = mint_customer_token(KEY, "c-7", "vera@example.com", now=NOW, lifetime=timedelta(seconds=60))
    assert CustomerToken.read(token, KEY, NOW + timedelta(seconds=59)).sub == "c-7"
    with pytest.raises(TokenRefused, match="expired"):
        CustomerToken.read(token, KEY, NOW + timedelta(seconds=60))


REFUSED = [
    ("", "malformed"),
    ("a.b", "malformed"),
    ("a.b.c.d", "malformed"),
    ("é.b.c", "malformed"),
    ("a" * 5000 + ".b.c", "malformed"),
    (jws(HEAD, CLAIMS, "another key"), "forged"),
    (jws({"alg": "none"}, CLAIMS).rpartition(".")[0] + ".AA", "forged"),
    (jws({"alg": "none"}, CLAIMS), "unfit"),
    (jws({"alg": "HS512"}, CLAIMS), "unfit"),
    (jws([], CLAIMS), "unfit"),
    (jws(HEAD, {**CLAIMS, "aud": "baton-chat"}), "unfit"),
    (jws(HEAD, {**CLAIMS, "sub": ""}), "unfit"),
    (jws(HEAD, {**CLAIMS, "sub": 7}), "unfit"),
    (jws(HEAD, {**CLAIMS, "sub": "a\x00"}), "unfit"),
    (jws(HEAD, {**CLAIMS, "exp": "never"}), "unfit"),
    (jws(HEAD, {**CLAIMS, "exp": 10**30}), "unfit"),
    (jws(HEAD, {name: value for name, value in CLAIMS.items() if name != "exp"}), "unfit"),
    (jws(HEAD, []), "unfit"),
]


@pytest.mark.parametrize(("token", "why"), REFUSED, ids=range(len(REFUSED)))
def test_whatever_is_not_signed_for_this_is_refused(token: str, why: str) -> None:
    with pytest.raises(TokenRefused, match=why):
        CustomerToken.read(token, KEY, NOW)


@given(st.text(max_size=200))
def test_no_text_is_worse_than_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        ChatToken.read(token, KEY, NOW)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_token_with_one_byte_changed_is_refused(place: int, change: int) -> None:
    token = bytearray(jws(HEAD, CLAIMS).encode())
    token[place % len(token)] ^= change
    with pytest.raises(TokenRefused):
        CustomerToken.read(token.decode("latin-1"), KEY, NOW)
