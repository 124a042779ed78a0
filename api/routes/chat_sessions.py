"""Chat sessions: one for each browser, opened without an account, proven by the shop's page if it can."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.fields import Body
from api.parts import Engine
from api.problems import responses, unauthenticated
from domain.signed_token import ChatToken, CustomerToken, TokenRefused

SESSION_DAYS = 7
"""How long a browser may come back to its chat."""

router = APIRouter(tags=["chat"])


class NewSession(Body):
    """Who opens it."""

    customer_token: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    """Signed by the shop for its signed-in customer; without it the customer is unknown."""


class Session(BaseModel):
    """An open chat session."""

    session: str
    """The token to send as Bearer."""
    expires_in: int
    """Seconds."""


@router.post("/v1/chat/sessions", status_code=201, responses=responses(400, 401, 413, 422))
async def open_session(body: NewSession, parts: Engine) -> Session:
    """Open a chat session. A customer token that is invalid or expired is refused, not ignored."""
    now, key = datetime.now(UTC), parts.settings.secret_key
    proven = _proven(body.customer_token, key, now)
    lifetime = timedelta(days=SESSION_DAYS)
    token = ChatToken(
        sub=secrets.token_urlsafe(24),
        exp=int((now + lifetime).timestamp()),
        customer=proven.sub if proven else "",
        email=proven.email if proven else "",
    )
    return Session(session=token.sign(key), expires_in=int(lifetime.total_seconds()))


def _proven(token: str | None, key: str, now: datetime) -> CustomerToken | None:
    if token is None:
        return None
    try:
        return CustomerToken.read(token, key, now)
    except TokenRefused as refusal:
        raise unauthenticated(f"The customer token is {refusal}.") from None
