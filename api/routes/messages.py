"""POST /v1/messages: the way in for chat browsers and for channels. Answers after the commit, never after Temporal."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.callers import CHAT_ACCOUNT, Caller, ChatCustomer, Staff, Writer
from api.fields import Body, Key, Line, Text
from api.parts import Engine, Parts
from api.problems import invalid, responses, unavailable
from domain.message import ClaimedIdentity, InboundMessage, Receipt
from domain.parties import Channel, IdentityKind
from store.errors import NotFound

router = APIRouter(tags=["messages"])


class Sender(Body):
    """Whom a channel says that the message is from."""

    kind: Literal[IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.SOCIAL, IdentityKind.SHOP_CUSTOMER]
    value: Line
    verified: bool = Field(default=False, strict=True)
    """Only if the channel has proven it; a verified sender joins what is open for them elsewhere."""


class NewMessage(Body):
    """A message. A chat session sends the text alone; a channel's token names channel, account, thread and sender."""

    text: Annotated[Text, Field(min_length=1, max_length=20_000)]
    channel: Literal[Channel.API] | None = None
    account: Line | None = None
    """The brand's own address on the channel."""
    thread: Line | None = None
    """What ties messages into one conversation, unique on the account."""
    sender: Sender | None = None
    display_name: Line | None = None


class Accepted(BaseModel):
    """The message is stored. The same key again gives the same answer."""

    message_id: str
    interaction_id: str
    conversation_id: str
    status_url: str
    events_url: str


@router.post(
    "/v1/messages",
    status_code=202,
    response_model=Accepted,
    responses=responses(400, 401, 403, 413, 422, 503),
)
async def post_message(
    body: NewMessage,
    caller: Writer,
    parts: Engine,
    key: Annotated[Key, Header(alias="Idempotency-Key", description="The same for every attempt at one message.")],
) -> JSONResponse:
    """Store a message and tell its workflow. Safe to repeat with the same Idempotency-Key."""
    inbound = _inbound(body, caller, key, parts)
    try:
        receipt = await parts.reception.receive(inbound, await parts.recognition.profile(inbound))
    except NotFound:
        # No policy is active yet: nothing says who should answer.
        raise unavailable() from None
    if not receipt.duplicate:
        parts.relay.poke()
        parts.metrics.messages.labels(inbound.channel.value).inc()
    return JSONResponse(_accepted(receipt), status_code=202)


def _accepted(receipt: Receipt) -> dict[str, str]:
    return {
        "message_id": receipt.message_id,
        "interaction_id": receipt.interaction_id,
        "conversation_id": receipt.conversation_id,
        "status_url": f"/v1/interactions/{receipt.interaction_id}",
        "events_url": f"/v1/conversations/{receipt.conversation_id}/events",
    }


def _inbound(body: NewMessage, caller: Caller, key: str, parts: Parts) -> InboundMessage:
    if not body.text.strip():
        raise invalid("text", "must not be blank")
    match caller:
        case ChatCustomer():
            return _from_chat(body, caller, key)
        case Staff():
            return _from_channel(body, key, {CHAT_ACCOUNT, parts.settings.mail_account})


def _from_chat(body: NewMessage, caller: ChatCustomer, key: str) -> InboundMessage:
    for field in ("channel", "account", "thread", "sender", "display_name"):
        if getattr(body, field) is not None:
            raise invalid(field, "a chat session speaks for itself; send the text alone")
    return chat_message(body.text, caller, key)


def chat_message(text: str, caller: ChatCustomer, key: str) -> InboundMessage:
    """What a chat session's customer says; the same key again is the same message."""
    further = [
        ClaimedIdentity(kind=kind, value=value, verified=True)
        for kind, value in ((IdentityKind.SHOP_CUSTOMER, caller.customer), (IdentityKind.EMAIL, caller.email))
        if value
    ]
    return InboundMessage(
        channel=Channel.CHAT,
        account=CHAT_ACCOUNT,
        provider_message_id=f"{caller.session_id}:{key}",
        thread_refs=(caller.session_id,),
        sender=ClaimedIdentity(kind=IdentityKind.CHAT_SESSION, value=caller.session_id, verified=True),
        further_identities=tuple(further),
        text=text,
    )


def _from_channel(body: NewMessage, key: str, taken: set[str]) -> InboundMessage:
    if body.channel is None:
        raise invalid("channel", "a channel's token must name it")
    if body.account is None or body.account in taken:
        raise invalid("account", "a channel's token must name an account of its own")
    if body.thread is None:
        raise invalid("thread", "a channel's token must name it")
    if body.sender is None:
        raise invalid("sender", "a channel's token must name it")
    return InboundMessage(
        channel=body.channel,
        account=body.account,
        provider_message_id=f"{body.thread}:{key}",
        thread_refs=(body.thread,),
        sender=ClaimedIdentity(kind=body.sender.kind, value=body.sender.value, verified=body.sender.verified),
        display_name=body.display_name or "",
        text=body.text,
    )
