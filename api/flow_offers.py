"""What could be asked for about an order, each as a whole and with policy's verdict: what buttons show beside them."""

from collections.abc import Callable, Sequence

from pydantic import BaseModel

from api.flow_asking import Asker
from api.flow_verdicts import VerdictView, for_agent, for_customer
from api.parts import Parts
from domain.commerce import Address, Order, OrderLine, Product
from domain.flows.judging import judge
from domain.flows.kinds import FlowKind, Requester
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ClaimRequest,
    Complaint,
    ExchangeRequest,
    FlowRequest,
    ItemWanted,
    RefundRequest,
    ReturnRequest,
    Swap,
)
from domain.flows.rules import CommerceRules
from domain.flows.verdict import Verdict
from integrations.shop.requesting import read_facts
from store.flow_requests import with_flows
from store.locking import database_now

REASONS = ("does_not_fit", "changed_mind", "not_as_described", "damaged", "wrong", "other")
"""Offered where policy allows any reason."""
CONDITIONS = ("unopened", "opened", "worn")
"""Offered where policy allows any condition."""
_ELSEWHERE = Address(name="-", line1="-", city="-", postcode="-", country="-")
"""Some other address: whether the address can be changed at all does not depend on which."""

_BY_LINE = {FlowKind.RETURN, FlowKind.EXCHANGE, FlowKind.CLAIM}
Said = Callable[[FlowRequest], Verdict]
View = Callable[[Verdict], VerdictView]


class Choices(BaseModel):
    """What a form for one kind of request offers."""

    reasons: list[str]
    conditions: list[str]
    receipt: bool
    """The customer is asked for the receipt."""


def choices(kind: FlowKind, rules: CommerceRules) -> Choices:
    """The reasons and conditions that policy allows."""
    if kind is FlowKind.CANCELLATION:
        return Choices(
            reasons=list(rules.cancellations.reasons or REASONS[1:2] + REASONS[-1:]), conditions=[], receipt=False
        )
    found = rules.exchanges if kind is FlowKind.EXCHANGE else rules.returns
    return Choices(
        reasons=list(found.reasons or REASONS), conditions=list(found.conditions or CONDITIONS), receipt=found.receipt
    )


async def exchangeable(parts: Parts, order: Order) -> list[Product]:
    """The products of the order's lines, with their variants."""
    found: dict[str, Product] = {}
    for line in order.lines:
        product = await parts.shop.product_with(line.sku) if line.open_quantity > 0 else None
        if product is not None:
            found[product.product_id] = product
    return list(found.values())


class LineOffer(BaseModel):
    """Can one line be part of a request?"""

    line_id: str
    allowed: bool
    words: str
    """Why not."""


class Offer(BaseModel):
    """One kind of request about an order, as a whole or as much of it as policy allows."""

    kind: FlowKind
    verdict: VerdictView
    lines: list[LineOffer]
    """For requests that choose among lines."""
    choices: Choices


async def offers(
    parts: Parts, order: Order, products: Sequence[Product], asker: Asker, kinds: Sequence[FlowKind]
) -> list[Offer]:
    """What policy says now of each kind of request about the order."""
    base = await read_facts(parts.shop, CancellationRequest(order=order.number), asker.shop_customer_id)
    async with parts.database.begin() as session:
        facts = await with_flows(session, order.number, base.model_copy(update={"products": tuple(products)}))
        rules, now = (await parts.shelf.active(session)).commerce, await database_now(session)
    view = for_customer if asker.by.kind is Requester.CUSTOMER else for_agent

    def said(request: FlowRequest) -> Verdict:
        return judge(request, facts, rules, asker.by, now)

    return [_offer(kind, facts.order or order, products, rules, said, view) for kind in kinds]


def _offer(
    kind: FlowKind, order: Order, products: Sequence[Product], rules: CommerceRules, said: Said, view: View
) -> Offer:
    def tried(lines: Sequence[OrderLine]) -> Verdict:
        return said(_request(kind, order, lines, products, rules))

    left = [line for line in order.lines if line.open_quantity > 0]
    found = {line.line_id: view(tried([line])) for line in left} if kind in _BY_LINE else {}
    allowed = [line for line in left if not found or found[line.line_id].allowed]
    return Offer(
        kind=kind,
        verdict=view(tried(allowed or left or order.lines)),
        lines=[LineOffer(line_id=key, allowed=one.allowed, words=one.words) for key, one in found.items()],
        choices=choices(kind, rules),
    )


def _request(
    kind: FlowKind, order: Order, lines: Sequence[OrderLine], products: Sequence[Product], rules: CommerceRules
) -> FlowRequest:
    """A request for all that is left of these lines, one unit at least, by the first reason that policy allows."""
    items = tuple(ItemWanted(line_id=line.line_id, quantity=max(line.open_quantity, 1)) for line in lines)
    first = choices(kind, rules)
    match kind:
        case FlowKind.RETURN:
            return ReturnRequest(
                order=order.number, items=items, reason=first.reasons[0], condition=first.conditions[0]
            )
        case FlowKind.EXCHANGE:
            swaps = tuple(swap for line in lines for swap in [_swap(line, products)])
            return ExchangeRequest(
                order=order.number, swaps=swaps, reason=first.reasons[0], condition=first.conditions[0]
            )
        case FlowKind.CANCELLATION:
            return CancellationRequest(order=order.number, reason=first.reasons[0])
        case FlowKind.ADDRESS_CHANGE:
            return AddressChange(order=order.number, address=_ELSEWHERE)
        case FlowKind.REFUND:
            amount = sum(payment.left_minor for payment in order.payments)
            return RefundRequest(order=order.number, amount_minor=amount, currency=order.total.currency)
        case FlowKind.CLAIM:
            return ClaimRequest(order=order.number, items=items, complaint=Complaint.DAMAGED)
        case _:
            raise ValueError(f"no button asks for a flow of kind {kind}")


def _swap(line: OrderLine, products: Sequence[Product]) -> Swap:
    """One unit for the first other variant of its product that is in stock; else for the same again."""
    variants = [
        variant for product in products for variant in product.variants if product.product_id == line.product_id
    ]
    others = [one.sku for one in variants if one.sku != line.sku and one.stock > 0]
    return Swap(line_id=line.line_id, quantity=1, new_sku=others[0] if others else line.sku)
