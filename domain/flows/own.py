"""What policy says of a request for a flow of the brand's own."""

from domain.flows.ground import (
    Against,
    Ground,
    approval_needed,
    last_second,
    not_delivered,
    not_offered,
    over,
    refuse,
    wrong_state,
    wrong_units,
)
from domain.flows.kinds import AskedBy
from domain.flows.refunding import price_of
from domain.flows.refusal import Rule
from domain.flows.requests import CustomRequest
from domain.flows.rules import OwnFlow
from domain.flows.units import units_of
from domain.flows.verdict import Verdict


def judge_own_flow(request: CustomRequest, ground: Ground, asked_by: AskedBy) -> Verdict:
    """Refused by the first rule that stands against it, or allowed; what is at stake is the price of its items."""
    rules = ground.rules.own.get(request.flow)
    if rules is None:
        return Verdict.no(Rule.NOT_OFFERED, request.flow)
    refused = next(_against(request, rules, ground, asked_by), None)
    if refused:
        return Verdict(refused=refused)
    worth = price_of(ground.order, units_of(request.items)) if rules.items else ground.order.total.minor
    needed = approval_needed(rules.approval, ground.customer, worth, ground.currency)
    return Verdict(currency=ground.currency, at_stake_minor=worth, needs_approval=needed)


def _against(request: CustomRequest, rules: OwnFlow, ground: Ground, asked_by: AskedBy) -> Against:
    yield from not_offered(offered=rules.offered and asked_by.kind in rules.askers)
    yield from wrong_state(ground.order, rules.states)
    if not rules.items:
        return
    yield from wrong_units(ground, request.items)
    if rules.days is None:
        return
    yield from not_delivered(ground, request.items)
    for item in request.items:
        if over(ground.now, last_second(ground.facts.delivered_at[item.line_id], rules.days)):
            yield refuse(Rule.WINDOW_OVER, item.line_id)
