"""What policy says of a request, whoever asks: the one way in. Each kind's rules have a file of their own."""

from datetime import datetime

from domain.commerce import Order, ShipmentState
from domain.flows.changing import judge_address_change, judge_cancellation, judge_item_change, judge_payment_change
from domain.flows.claiming import judge_claim, judge_refund
from domain.flows.exchanging import judge_exchange
from domain.flows.ground import Ground
from domain.flows.kinds import AskedBy, Requester
from domain.flows.own import judge_own_flow
from domain.flows.refusal import Rule
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ClaimRequest,
    CustomRequest,
    ExchangeRequest,
    FlowRequest,
    InquiryRequest,
    ItemChange,
    OutreachRequest,
    PaymentChange,
    RefundRequest,
    ReturnRequest,
)
from domain.flows.returning import judge_return
from domain.flows.rules import CommerceRules
from domain.flows.verdict import RequestFacts, Verdict


def judge(request: FlowRequest, facts: RequestFacts, rules: CommerceRules, asked_by: AskedBy, now: datetime) -> Verdict:
    """Allowed, with the amounts that follow, or refused by the first rule that stands against it.

    Nothing of an order is told to anybody but its customer: who asks for a foreign one learns only that.
    """
    match request:
        case InquiryRequest():
            return _judge_inquiry(request, facts, rules, asked_by)
        case OutreachRequest():
            return _judge_outreach(request, facts.order, rules, asked_by)
        case RefundRequest() if asked_by.kind is not Requester.AGENT:
            return Verdict.no(Rule.NOT_OFFERED)
    if facts.order is None:
        return Verdict.no(Rule.UNKNOWN_ORDER)
    if facts.customer is None or facts.customer.customer_id != facts.order.customer_id:
        return Verdict.no(Rule.FOREIGN_ORDER)
    ground = Ground(facts.order, facts.customer, facts, rules, now)
    if isinstance(request, CustomRequest):
        return judge_own_flow(request, ground, asked_by)
    return _judge_own(request, ground)


def _judge_own(request: FlowRequest, ground: Ground) -> Verdict:
    match request:
        case ReturnRequest():
            return judge_return(request, ground)
        case ExchangeRequest():
            return judge_exchange(request, ground)
        case CancellationRequest():
            return judge_cancellation(request, ground)
        case AddressChange():
            return judge_address_change(request, ground)
        case ItemChange():
            return judge_item_change(request, ground)
        case PaymentChange():
            return judge_payment_change(request, ground)
        case ClaimRequest():
            return judge_claim(request, ground)
        case RefundRequest():
            return judge_refund(request, ground)
        case InquiryRequest() | OutreachRequest() | CustomRequest():
            raise AssertionError("these are judged elsewhere")


def _judge_inquiry(request: InquiryRequest, facts: RequestFacts, rules: CommerceRules, asked_by: AskedBy) -> Verdict:
    """Customers and the AI ask no outside party."""
    if asked_by.kind not in {Requester.AGENT, Requester.POLICY}:
        return Verdict.no(Rule.NOT_OFFERED)
    if request.partner not in rules.partners:
        return Verdict.no(Rule.UNKNOWN_PARTNER, request.partner)
    if request.order and facts.order is None:
        return Verdict.no(Rule.UNKNOWN_ORDER)
    return Verdict()


def _judge_outreach(request: OutreachRequest, order: Order | None, rules: CommerceRules, asked_by: AskedBy) -> Verdict:
    """Only Baton itself reaches out, about a parcel that has not arrived."""
    if asked_by.kind is not Requester.POLICY or not rules.delays.offered:
        return Verdict.no(Rule.NOT_OFFERED)
    if order is None:
        return Verdict.no(Rule.UNKNOWN_ORDER)
    parcel = next((one for one in order.shipments if one.shipment_id == request.shipment_id), None)
    if parcel is None or parcel.state is ShipmentState.DELIVERED:
        return Verdict.no(Rule.NO_LONGER_OPEN, request.shipment_id)
    return Verdict(currency=order.total.currency)
