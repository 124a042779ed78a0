"""POST /v1/messages: the way in for chat browsers and for channels. Answers after the commit, never after Temporal."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import Scope

from api.body_limit import is_form
from api.callers import CHAT_ACCOUNT, Caller, ChatCustomer, Staff, Writer
from api.fields import Body, Key, Line, Text
from api.parts import Engine, Parts
from api.problems import invalid, responses, unavailable
from api.uploads import AS_FORM, read_upload
from domain.message import Attachment, ClaimedIdentity, InboundMessage, Receipt
from domain.parties import Channel, IdentityKind
from store.errors import NotFound


class _FormRoute(APIRoute):
    """A route for forms; what comes as anything else goes on to the next route of the same path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches(scope) if is_form(scope) else (Match.NONE, {})


router = APIRouter(tags=["messages"])

MessageKey = Annotated[Key, Header(alias="Idempotency-Key", description="The same for every attempt at one message.")]


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


class CaptionedMessage(NewMessage):
    """A message with files, whose text may be left out."""

    text: Annotated[Text, Field(max_length=20_000)] = ""


class Accepted(BaseModel):
    """The message is stored. The same key again gives the same answer."""

    message_id: str
    interaction_id: str
    conversation_id: str
    status_url: str
    events_url: str


async def post_message_with_files(request: Request, caller: Writer, parts: Engine, key: MessageKey) -> JSONResponse:
    """Store a message that comes as a form with files."""
    uploaded = await read_upload(request)
    try:
        body = CaptionedMessage.model_validate_json(uploaded.message)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None
    return await _store(_inbound(body, caller, key, parts, uploaded.files), parts)


router.add_api_route(
    "/v1/messages",
    post_message_with_files,
    methods=["POST"],
    include_in_schema=False,  # described with the route below, which has the same path
    route_class_override=_FormRoute,
)


@router.post(
    "/v1/messages",
    status_code=202,
    response_model=Accepted,
    responses=responses(400, 401, 403, 413, 422, 503),
    openapi_extra=AS_FORM,
)
async def post_message(body: NewMessage, caller: Writer, parts: Engine, key: MessageKey) -> JSONResponse:
    """Store a message and tell its workflow. Safe to repeat with the same Idempotency-Key.

    As a form (RFC 7578) it brings files: the same JSON, where `text` may be left out, is the part `message`.
    """
    return await _store(_inbound(body, caller, key, parts), parts)


async def _store(inbound: InboundMessage, parts: Parts) -> JSONResponse:
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


def _inbound(
    body: NewMessage, caller: Caller, key: str, parts: Parts, files: tuple[Attachment, ...] = ()
) -> InboundMessage:
    if not body.text.strip() and not files:
        raise invalid("text", "must not be blank")
    match caller:
        case ChatCustomer():
            inbound = _from_chat(body, caller, key)
        case Staff():
            inbound = _from_channel(body, key, {CHAT_ACCOUNT, parts.settings.mail_account})
    return inbound.model_copy(update={"attachments": files})


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
