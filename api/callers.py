"""Who is calling: a bearer token, a signed-in browser, a customer's chat session, or their self-service page."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header, Security
from fastapi.security import APIKeyCookie, APIKeyQuery, HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from api.parts import Engine, Parts
from api.problems import forbidden, unauthenticated
from domain.limits import limits_of
from domain.parties import Role
from domain.signed_token import ChatToken, PortalToken, TokenRefused
from store.access import find_session, find_token

COOKIE = "baton_desk"
CHAT_ACCOUNT = "chat"
_SAFE = {"GET", "HEAD", "OPTIONS"}

_bearer = HTTPBearer(
    auto_error=False, scheme_name="Token", description="An API token (`baton token`) or a chat session token."
)
_cookie = APIKeyCookie(
    name=COOKIE, auto_error=False, scheme_name="Desk", description="A browser signed in to the desk."
)
_query = APIKeyQuery(
    name="token", auto_error=False, scheme_name="ChatQuery", description="A chat session token, for EventSource."
)


@dataclass(frozen=True)
class Staff:
    """A person or a machine of the brand. `agent_id` is empty for a token that is nobody's."""

    role: Role
    agent_id: str = ""
    csrf: str = ""


@dataclass(frozen=True)
class ChatCustomer:
    """A customer's browser. `customer` and `email` are proven where present."""

    session_id: str
    customer: str
    email: str


@dataclass(frozen=True)
class PortalCustomer:
    """Whoever holds a signed link to a customer's self-service page. `order` empty: all orders of the customer."""

    customer_id: str
    """The shop's id."""
    order: str
    flow_id: str


Caller = Staff | ChatCustomer

Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
Cookie = Annotated[str | None, Security(_cookie)]
QueryToken = Annotated[str | None, Security(_query)]
Csrf = Annotated[
    str | None, Header(alias="X-CSRF-Token", description="On writes of a signed-in browser; see /v1/desk/me.")
]


def staff(*roles: Role) -> Callable[..., Awaitable[Staff]]:
    """A dependency that admits these roles, by token or by cookie."""

    async def admit(
        request: Request, parts: Engine, credentials: Credentials, cookie: Cookie, csrf: Csrf = None
    ) -> Staff:
        if credentials is not None:
            caller = await _by_token(parts, credentials.credentials)
        elif cookie is not None:
            caller = await _by_cookie(parts, cookie)
            if request.method not in _SAFE and not _same(csrf or "", caller.csrf):
                raise forbidden("The header X-CSRF-Token is missing or wrong.")
        else:
            raise unauthenticated()
        if caller.role not in roles:
            raise forbidden()
        return caller

    return admit


async def writer(parts: Engine, credentials: Credentials) -> Caller:
    """Who may send messages: a chat session, or a channel's token."""
    return await _customer_or(parts, credentials.credentials if credentials else None, {Role.CHANNEL})


async def reader(parts: Engine, credentials: Credentials, token: QueryToken = None) -> Caller:
    """Who may follow a customer's interaction: their own chat session, a channel, or staff."""
    every = {Role.CHANNEL, Role.AGENT, Role.LEAD, Role.ADMIN, Role.READ_ONLY}
    return await _customer_or(parts, credentials.credentials if credentials else token, every)


async def viewer(parts: Engine, credentials: Credentials, cookie: Cookie, token: QueryToken = None) -> Caller:
    """Who may look at a file: a chat session, a channel, or staff; a desk's page does by its cookie."""
    if credentials is None and token is None and cookie is not None:
        return await _by_cookie(parts, cookie)
    return await reader(parts, credentials, token)


async def _customer_or(parts: Parts, secret: str | None, roles: set[Role]) -> Caller:
    if secret is None:
        raise unauthenticated()
    if secret.count(".") == 2:  # a compact JWS; API tokens have no dots
        return chat_customer(secret, parts.settings.secret_key)
    caller = await _by_token(parts, secret)
    if caller.role not in roles:
        raise forbidden()
    return caller


def chat_customer(token: str, key: str) -> ChatCustomer:
    """Whose chat session it is. Raises 401."""
    try:
        claims = ChatToken.read(token, key, datetime.now(UTC))
    except TokenRefused as refusal:
        raise unauthenticated(f"The chat session token is {refusal}.") from None
    return ChatCustomer(session_id=claims.sub, customer=claims.customer, email=claims.email)


async def _portal(parts: Engine, credentials: Credentials) -> PortalCustomer:
    if credentials is None:
        raise unauthenticated("Open the link from your message again.")
    if credentials.credentials.count(".") != 2:
        raise forbidden("Only a link to this page opens it.")
    try:
        claims = PortalToken.read(credentials.credentials, parts.settings.secret_key, datetime.now(UTC))
    except TokenRefused as refusal:
        raise unauthenticated(f"The link is {refusal}.") from None
    return PortalCustomer(customer_id=claims.sub, order=claims.order, flow_id=claims.flow)


async def _by_token(parts: Parts, secret: str) -> Staff:
    async with parts.database.begin() as session:
        found = await find_token(session, secret)
    if found is None:
        raise unauthenticated()
    return Staff(role=Role(found.role), agent_id=found.agent_id or "")


async def _by_cookie(parts: Parts, secret: str) -> Staff:
    async with parts.database.begin() as session:
        found = await find_session(session, secret)
    if found is None:
        raise unauthenticated("Sign in again.")
    desk, agent = found
    return Staff(role=Role(agent.role), agent_id=agent.id, csrf=desk.csrf)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


async def _agent(caller: Annotated[Staff, Depends(staff(Role.AGENT, Role.LEAD, Role.ADMIN))]) -> Staff:
    if not caller.agent_id:
        raise forbidden("This token belongs to no agent.")
    return caller


async def _supervisor(
    caller: Annotated[Staff, Depends(staff(Role.AGENT, Role.LEAD, Role.ADMIN))], parts: Engine
) -> Staff:
    async with parts.database.begin() as session:
        policy = await parts.shelf.active(session)
    if not limits_of(caller.role.value, policy).supervise:
        raise forbidden()
    return caller


async def _warehouse(parts: Engine, credentials: Credentials) -> Staff:
    if credentials is None:
        raise unauthenticated()
    caller = await _by_token(parts, credentials.credentials)
    if caller.role is not Role.WAREHOUSE:
        raise forbidden()
    return caller


AgentCaller = Annotated[Staff, Depends(_agent)]
"""A person who works at the desk."""
Supervisor = Annotated[Staff, Depends(_supervisor)]
"""Whose role the active policy lets supervise."""
AdminCaller = Annotated[Staff, Depends(staff(Role.ADMIN))]
AdminReader = Annotated[Staff, Depends(staff(Role.ADMIN, Role.LEAD, Role.READ_ONLY))]
ShopCaller = Annotated[Staff, Depends(staff(Role.CHANNEL, Role.ADMIN))]
"""A system that speaks for the shop, or an admin."""
Writer = Annotated[Caller, Depends(writer)]
Reader = Annotated[Caller, Depends(reader)]
Viewer = Annotated[Caller, Depends(viewer)]
PortalCaller = Annotated[PortalCustomer, Depends(_portal)]
"""A customer on their self-service page."""
WarehouseCaller = Annotated[Staff, Depends(_warehouse)]
"""A warehouse's own system; it comes with a token, never with a cookie."""
