"""What policy says of damaged, wrong and missing items, and of money back without goods."""

from datetime import datetime

from domain.commerce import ShipmentState
from domain.flows.delay import assess
from domain.flows.ground import (
    Against,
    Ground,
    approval_of_money,
    last_second,
    not_delivered,
    not_offered,
    over,
    refuse,
    wrong_state,
    wrong_units,
)
from domain.flows.refunding import for_goods, left_of_payments
from domain.flows.refusal import Rule
from domain.flows.requests import ClaimRequest, Complaint, RefundRequest, RefundTo
from domain.flows.units import units_of
from domain.flows.verdict import Verdict


def judge_claim(request: ClaimRequest, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed, with what the goods cost."""
    rules = ground.rules.claims
    refused = next(_against_claim(request, ground), None)
    if refused:
        return Verdict(refused=refused)
    money = for_goods(ground.order, units_of(request.items))
    return Verdict(
        **money.model_dump(),
        currency=ground.currency,
        at_stake_minor=money.goods_minor,
        needs_approval=approval_of_money(rules.approval, ground, money.goods_minor),
        return_by=min((last_second(at, rules.days) for at in _delivered(request, ground).values()), default=None),
    )


def _against_claim(request: ClaimRequest, ground: Ground) -> Against:
    rules = ground.rules.claims
    yield from not_offered(offered=rules.offered)
    yield from wrong_state(ground.order, rules.states)
    yield from wrong_units(ground, request.items)
    missed = request.complaint is Complaint.MISSING
    yield from not_delivered(
        ground, tuple(one for one in request.items if not (missed and _overdue(one.line_id, ground)))
    )
    for line_id, at in _delivered(request, ground).items():
        if over(ground.now, last_second(at, rules.days)):
            yield refuse(Rule.CLAIM_WINDOW_OVER, line_id)


def _delivered(request: ClaimRequest, ground: Ground) -> dict[str, datetime]:
    """The lines that have been delivered, and when."""
    delivered = ground.facts.delivered_at
    return {one.line_id: delivered[one.line_id] for one in request.items if one.line_id in delivered}


def _overdue(line_id: str, ground: Ground) -> bool:
    """Does every parcel with units of the line that has not arrived count as delayed, and is there one?"""
    awaited = [one for one in ground.order.parcels_with(line_id) if one.state is not ShipmentState.DELIVERED]
    delays = ground.rules.delays
    return bool(awaited) and all(assess(one, ground.order, delays, ground.now).delayed for one in awaited)


def judge_refund(request: RefundRequest, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed as it is."""
    refused = next(_against_refund(request, ground), None)
    if refused:
        return Verdict(refused=refused)
    amount = request.amount_minor
    approval = approval_of_money(ground.rules.refunds.approval, ground, amount)
    return Verdict(currency=ground.currency, refund_minor=amount, at_stake_minor=amount, needs_approval=approval)


def _against_refund(request: RefundRequest, ground: Ground) -> Against:
    yield from not_offered(offered=ground.rules.refunds.offered)
    if request.currency != ground.currency:
        yield refuse(Rule.OTHER_CURRENCY, request.currency)
    if request.amount_minor <= 0:
        yield refuse(Rule.AMOUNT_NOT_POSITIVE, request.amount_minor)
    left = left_of_payments(ground.order)
    if request.amount_minor > left:
        yield refuse(Rule.AMOUNT_ABOVE_PAID, left)
    if request.refund_to is RefundTo.METHOD:
        yield refuse(Rule.METHOD_NOT_ALLOWED, request.refund_to)
