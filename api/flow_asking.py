"""Asking for a flow: the one way for customers' pages and agents, from the shop's facts to the flow's row."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Header
from pydantic import AfterValidator, Field

from api.fields import Key, storable
from api.flow_verdicts import refusal
from api.parts import Parts
from domain.flows.kinds import AskedBy
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ClaimRequest,
    ExchangeRequest,
    FlowRequest,
    InquiryRequest,
    ItemChange,
    PaymentChange,
    RefundRequest,
    ReturnRequest,
)
from domain.flows.verdict import RequestFacts, Verdict
from integrations.shop.requesting import read_facts
from store.flow_requests import Requested, request_flow
from store.flow_verdicts import verdict_now
from store.live import notify_desk

MOST_LINES = 100
"""Lines of one request."""
AnyRequest = TypeVar("AnyRequest")

FlowKey = Annotated[Key, Header(alias="Idempotency-Key", description="The same for every attempt at one request.")]


def _sound(request: AnyRequest) -> AnyRequest:
    """Refuse what the store cannot keep, and more than `MOST_LINES` lines."""
    content = request.model_dump(mode="json")  # type: ignore[attr-defined]
    for value in _texts(content):
        storable(value)
    if max(len(content.get("items", ())), len(content.get("swaps", ()))) > MOST_LINES:
        raise ValueError(f"may name {MOST_LINES} lines")
    return request


def _texts(content: object) -> list[str]:
    match content:
        case str():
            return [content]
        case dict():
            return [text for value in content.values() for text in _texts(value)]
        case list():
            return [text for value in content for text in _texts(value)]
        case _:
            return []


CustomersRequest = Annotated[
    ReturnRequest | ExchangeRequest | CancellationRequest | AddressChange | ItemChange | PaymentChange | ClaimRequest,
    Field(discriminator="kind"),
    AfterValidator(_sound),
]
"""What a customer may ask for on their own page."""
AgentsRequest = Annotated[
    ReturnRequest
    | ExchangeRequest
    | CancellationRequest
    | AddressChange
    | ItemChange
    | PaymentChange
    | RefundRequest
    | ClaimRequest
    | InquiryRequest,
    Field(discriminator="kind"),
    AfterValidator(_sound),
]
"""What an agent may ask for."""


@dataclass(frozen=True)
class Asker:
    """Who asks, and for whom. The customer of the shop is proven; empty where the request is about no customer."""

    by: AskedBy
    shop_customer_id: str
    customer_id: str | None = None
    interaction_id: str | None = None


async def verdict_on(parts: Parts, request: FlowRequest, asker: Asker) -> Verdict:
    """What policy says of it now. Nothing is started."""
    request, facts = await _facts(parts, request, asker)
    async with parts.database.begin() as session:
        policy = await parts.shelf.active(session)
        return await verdict_now(session, request, facts, asker.by, policy)


async def ask(parts: Parts, request: FlowRequest, asker: Asker, *, key: str, words: str = "") -> Requested:
    """Start the flow, or give the one that the same key has started. Raises a `Problem` that names the rule."""
    request, facts = await _facts(parts, request, asker)
    async with parts.database.begin() as session:
        requested = await request_flow(
            session,
            request,
            facts,
            asker.by,
            await parts.shelf.active(session),
            intent=f"{asker.by}:{asker.shop_customer_id}:{key}",
            interaction_id=asker.interaction_id,
            customer_id=asker.customer_id,
            shop_customer_id=asker.shop_customer_id,
            words=words,
            language=_language(facts),
        )
        await notify_desk(session)
    parts.relay.poke()
    if requested.verdict.refused is not None:
        raise refusal(requested.verdict.refused)
    return requested


async def _facts(parts: Parts, request: FlowRequest, asker: Asker) -> tuple[FlowRequest, RequestFacts]:
    """The facts, and the request with the order's number as the shop writes it: one order has one name in the store."""
    facts = await read_facts(parts.shop, request, asker.shop_customer_id)
    number = facts.order.number if facts.order else request.order
    return request.model_copy(update={"order": number}), facts


def _language(facts: RequestFacts) -> str:
    """ISO 639-1, as the shop knows it of the customer."""
    return facts.customer.locale[:2].lower() if facts.customer else "en"
