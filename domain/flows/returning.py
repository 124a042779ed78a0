"""What policy says of a return. The rules that exchanges share are here as well."""

from datetime import datetime

from domain.commerce import MethodKind, OrderLine, ReturnState
from domain.flows.ground import (
    Against,
    Ground,
    approval_of_money,
    flagged,
    last_second,
    not_delivered,
    not_offered,
    over,
    refuse,
    wrong_place,
    wrong_state,
    wrong_units,
)
from domain.flows.kinds import FlowKind
from domain.flows.refunding import for_return
from domain.flows.refusal import Rule
from domain.flows.requests import ExchangeRequest, ItemWanted, RefundTo, ReturnRequest
from domain.flows.rules import ReturnRules, Scope, Window
from domain.flows.units import units_of
from domain.flows.verdict import Verdict

_BACK = (FlowKind.RETURN, FlowKind.EXCHANGE)


def judge_return(request: ReturnRequest, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed, with the money."""
    rules = ground.rules.returns
    refused = next(_against(request, ground, rules), None)
    if refused:
        return Verdict(refused=refused)
    units, to_credit = units_of(request.items), _goes_to_credit(request, ground)
    money = for_return(ground.order, units, rules, reason=request.reason, to_credit=to_credit)
    approval = approval_of_money(rules.approval, ground, money.refund_minor)
    return Verdict(
        **money.model_dump(),
        currency=ground.currency,
        at_stake_minor=money.refund_minor,
        keeps_it=keeps_it(money.goods_minor, rules, ground),
        needs_approval=approval,
        return_by=return_by(request.items, ground, rules),
    )


def _against(request: ReturnRequest, ground: Ground, rules: ReturnRules) -> Against:
    yield from cannot_come_back(request, request.items, ground, rules)
    match request.refund_to:
        case RefundTo.STORE_CREDIT if MethodKind.STORE_CREDIT not in rules.refund_to:
            yield refuse(Rule.METHOD_NOT_ALLOWED, MethodKind.STORE_CREDIT)
        case RefundTo.METHOD:
            yield from wrong_place(ground, request.method_id, rules.refund_to)


def cannot_come_back(
    request: ReturnRequest | ExchangeRequest, items: tuple[ItemWanted, ...], ground: Ground, rules: ReturnRules
) -> Against:
    """What stands against goods coming back, for money or for other goods."""
    yield from not_offered(offered=rules.offered)
    yield from flagged(ground.customer, rules.refused_flags)
    yield from wrong_state(ground.order, rules.states)
    if rules.once_per_order and _came_back_before(ground):
        yield refuse(Rule.SECOND_REQUEST)
    yield from wrong_units(ground, items)
    yield from not_delivered(ground, items, dated=not rules.unlimited)
    yield from _final_sale(items, ground, rules)
    yield from _window_over(items, ground, rules)
    if rules.reasons and request.reason not in rules.reasons:
        yield refuse(Rule.REASON_NOT_ALLOWED, request.reason)
    if rules.conditions and request.condition not in rules.conditions:
        yield refuse(Rule.CONDITION, request.condition)
    if rules.receipt and not request.has_receipt:
        yield refuse(Rule.RECEIPT_MISSING)


def _came_back_before(ground: Ground) -> bool:
    in_shop = any(record.state is not ReturnState.CANCELLED for record in ground.order.returns)
    return in_shop or any(kind in ground.facts.done for kind in _BACK)


def _final_sale(items: tuple[ItemWanted, ...], ground: Ground, rules: ReturnRules) -> Against:
    for line in _lines(items, ground):
        if any(_fits(scope, line, ground) for scope in rules.final_sale):
            yield refuse(Rule.FINAL_SALE, line.line_id)


def _window_over(items: tuple[ItemWanted, ...], ground: Ground, rules: ReturnRules) -> Against:
    for line in () if rules.unlimited else _lines(items, ground):
        last = _last_second_of(line, ground, rules)
        if last is None or over(ground.now, last):
            yield refuse(Rule.WINDOW_OVER, line.line_id)


def return_by(items: tuple[ItemWanted, ...], ground: Ground, rules: ReturnRules) -> datetime | None:
    """The last second at which all of it could be asked for; None without a window."""
    if rules.unlimited:
        return None
    return min((last for line in _lines(items, ground) if (last := _last_second_of(line, ground, rules))), default=None)


def keeps_it(goods_minor: int, rules: ReturnRules, ground: Ground) -> bool:
    """Is it worth too little to be sent back?"""
    return goods_minor < rules.keep_below.get(ground.currency, 0)


def _last_second_of(line: OrderLine, ground: Ground, rules: ReturnRules) -> datetime | None:
    window = next((one for one in rules.windows if _fits(one, line, ground)), None)
    return last_second(ground.facts.delivered_at[line.line_id], window.days) if window else None


def _fits(scope: Scope | Window, line: OrderLine, ground: Ground) -> bool:
    return (
        (not scope.products or line.product_id in scope.products or line.sku in scope.products)
        and (not scope.categories or line.category in scope.categories)
        and (not scope.tiers or ground.customer.tier in scope.tiers)
    )


def _lines(items: tuple[ItemWanted, ...], ground: Ground) -> tuple[OrderLine, ...]:
    units = units_of(items)
    return tuple(line for line in ground.order.lines if line.line_id in units)


def _goes_to_credit(request: ReturnRequest, ground: Ground) -> bool:
    if request.refund_to is not RefundTo.METHOD:
        return request.refund_to is RefundTo.STORE_CREDIT
    method = ground.method(request.method_id)
    return method is not None and method.kind is MethodKind.STORE_CREDIT
