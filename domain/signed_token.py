"""Signed tokens: compact JWS (RFC 7515, 3.1) with HMAC-SHA256, holding JWT claims (RFC 7519, 4.1).

The algorithm is fixed, so any JWT library of any language makes them and none can talk Baton into a weaker one.
A token is meant for one audience: a shop's token about its customer is no chat session, and the other way round.
"""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_LONGEST = 4096
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_PLAIN = r"^[^\x00-\x1f\x7f]*$"
_LATEST = 2**40  # seconds since 1970; far beyond any datetime that makes sense


class TokenRefused(Exception):
    """The token proves nothing. The message is one constant word: malformed, forged, expired or unfit."""


class _Claims(BaseModel):
    """Registered claims that Baton reads; others (`iss`, `iat`, `jti`) may be present and are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    aud: str
    sub: str = Field(min_length=1, max_length=200, pattern=_PLAIN)
    exp: int = Field(ge=0, le=_LATEST)
    """Seconds since 1970 (UTC) from which the token is refused."""

    def sign(self, key: str) -> str:
        """The token."""
        head = _encode(b'{"alg":"HS256","typ":"JWT"}')
        body = _encode(json.dumps(self.model_dump(), separators=(",", ":"), sort_keys=True).encode())
        return f"{head}.{body}.{_encode(_mac(f'{head}.{body}', key))}"

    @classmethod
    def read(cls, token: str, key: str, now: datetime) -> Self:
        """The claims of a valid token. Raises `TokenRefused`."""
        if len(token) > _LONGEST or not _COMPACT.fullmatch(token):
            raise TokenRefused("malformed")
        signed, _, mac = token.rpartition(".")
        if not hmac.compare_digest(mac, _encode(_mac(signed, key))):
            raise TokenRefused("forged")
        head, _, body = signed.partition(".")
        try:
            algorithm = json.loads(_decode(head))["alg"]
            claims = cls.model_validate_json(_decode(body))
        except (ValidationError, ValueError, TypeError, KeyError, RecursionError):
            raise TokenRefused("unfit") from None
        if algorithm != "HS256":
            raise TokenRefused("unfit")
        if claims.exp <= now.timestamp():
            raise TokenRefused("expired")
        return claims


class CustomerToken(_Claims):
    """What a shop's page says of its signed-in customer; `sub` is the shop's customer id."""

    aud: Literal["baton-customer"] = "baton-customer"
    email: str = Field(default="", max_length=320, pattern=_PLAIN)
    """The customer's address, as the shop has proven it."""


class ChatToken(_Claims):
    """One browser's chat session; `sub` is the unguessable session id."""

    aud: Literal["baton-chat"] = "baton-chat"
    customer: str = Field(default="", max_length=200, pattern=_PLAIN)
    """The shop's customer id, where a customer token proved it."""
    email: str = Field(default="", max_length=320, pattern=_PLAIN)


class PortalToken(_Claims):
    """A link to the self-service pages of one customer; `sub` is the shop's customer id."""

    aud: Literal["baton-portal"] = "baton-portal"
    order: str = Field(default="", max_length=64, pattern=_PLAIN)
    """The order that it is about."""
    flow: str = Field(default="", max_length=200, pattern=_PLAIN)
    """The flow whose progress it shows; empty: everything of the order."""


class PartnerToken(_Claims):
    """A link by which an outside party answers one question; `sub` is the inquiry."""

    aud: Literal["baton-partner"] = "baton-partner"


class RatingToken(_Claims):
    """A link to the page on which a customer says how it was; `sub` is the interaction."""

    aud: Literal["baton-rating"] = "baton-rating"


def mint_customer_token(key: str, customer_id: str, email: str, *, now: datetime, lifetime: timedelta) -> str:
    """A customer token as a shop's page makes it."""
    return CustomerToken(sub=customer_id, email=email, exp=int((now + lifetime).timestamp())).sign(key)


def _mac(signed: str, key: str) -> bytes:
    return hmac.new(key.encode(), signed.encode("ascii"), hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
