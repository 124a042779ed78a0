"""What policy says of changes of an order: cancellation, address, items, payment."""

from domain.commerce import Address
from domain.flows.exchanging import cannot_settle, difference, wrong_variants
from domain.flows.ground import (
    Against,
    Ground,
    approval_needed,
    approval_of_money,
    not_changeable,
    refuse,
    short_of_funds,
    wrong_state,
    wrong_units,
)
from domain.flows.kinds import FlowKind
from domain.flows.refunding import for_goods, left_of_payments
from domain.flows.refusal import Rule
from domain.flows.requests import AddressChange, CancellationRequest, ItemChange, ItemWanted, PaymentChange
from domain.flows.rules import Approval
from domain.flows.units import is_everything, is_shipped, units_of, wanted
from domain.flows.verdict import Verdict

_NEEDED = ("line1", "city", "postcode", "country")


def judge_cancellation(request: CancellationRequest, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed, with the refund."""
    refused = next(_against_cancelling(request, ground), None)
    if refused:
        return Verdict(refused=refused)
    money = for_goods(ground.order, units_of(wanted(request, ground.order)))
    return Verdict(
        **money.model_dump(),
        currency=ground.currency,
        at_stake_minor=money.refund_minor,
        needs_approval=approval_of_money(ground.rules.cancellations.approval, ground, money.refund_minor),
    )


def _against_cancelling(request: CancellationRequest, ground: Ground) -> Against:
    rules, items = ground.rules.cancellations, wanted(request, ground.order)
    yield from not_changeable(ground, rules, FlowKind.CANCELLATION)
    yield from wrong_state(ground.order, rules.possible_in)
    yield from wrong_units(ground, items)
    if not rules.partly and not is_everything(ground.order, units_of(items)):
        yield refuse(Rule.NOT_OFFERED, "partly")
    yield from _shipped(ground, items)
    if rules.reasons and request.reason not in rules.reasons:
        yield refuse(Rule.REASON_NOT_ALLOWED, request.reason)


def judge_address_change(request: AddressChange, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed."""
    refused = next(_against_moving(request, ground), None)
    return Verdict(refused=refused) if refused else _whole_order(ground, ground.rules.addresses.approval)


def _against_moving(request: AddressChange, ground: Ground) -> Against:
    order, rules = ground.order, ground.rules.addresses
    yield from not_changeable(ground, rules, FlowKind.ADDRESS_CHANGE)
    yield from wrong_state(order, rules.states)
    if all(is_shipped(order, line) for line in order.lines if line.open_quantity > 0):
        yield refuse(Rule.ALREADY_SHIPPED)
    for field in _NEEDED:
        if not getattr(request.address, field).strip():
            yield refuse(Rule.ADDRESS_INCOMPLETE, field)
    if _same_place(request.address, order.address):
        yield refuse(Rule.NOTHING_CHANGES)


def _same_place(new: Address, old: Address) -> bool:
    """Without a name in the new one, the name stays."""
    new = new if new.name.strip() else new.model_copy(update={"name": old.name})
    return all(value.strip() == getattr(old, field).strip() for field, value in new)


def judge_item_change(request: ItemChange, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed, with the price difference."""
    refused = next(_against_swapping(request, ground), None)
    if refused:
        return Verdict(refused=refused)
    return _approved(difference(request.swaps, ground), ground.rules.items.approval, ground)


def _against_swapping(request: ItemChange, ground: Ground) -> Against:
    rules = ground.rules.items
    yield from not_changeable(ground, rules, FlowKind.ITEM_CHANGE)
    yield from wrong_state(ground.order, rules.states)
    yield from wrong_units(ground, request.swaps)
    yield from _shipped(ground, request.swaps)
    yield from wrong_variants(request.swaps, ground, rules)
    method_id = request.method_id or next(iter(ground.paid_by), "")
    if method_id:
        yield from cannot_settle(request.swaps, ground, method_id, rules.refund_to)


def judge_payment_change(request: PaymentChange, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed."""
    refused = next(_against_repaying(request, ground), None)
    return Verdict(refused=refused) if refused else _whole_order(ground, ground.rules.payments.approval)


def _against_repaying(request: PaymentChange, ground: Ground) -> Against:
    rules, method = ground.rules.payments, ground.method(request.method_id)
    yield from not_changeable(ground, rules, FlowKind.PAYMENT_CHANGE)
    yield from wrong_state(ground.order, rules.states)
    if method is None:
        yield refuse(Rule.UNKNOWN_METHOD, request.method_id)
        return
    if set(ground.paid_by) == {request.method_id}:
        yield refuse(Rule.SAME_METHOD, request.method_id)
    yield from short_of_funds(ground, method, left_of_payments(ground.order) or ground.order.total.minor)


def _shipped(ground: Ground, items: tuple[ItemWanted, ...]) -> Against:
    for item in items:
        line = ground.order.line(item.line_id)
        if line is not None and is_shipped(ground.order, line):
            yield refuse(Rule.ALREADY_SHIPPED, item.line_id)


def _whole_order(ground: Ground, approval: Approval) -> Verdict:
    verdict = Verdict(currency=ground.currency, at_stake_minor=ground.order.total.minor)
    return _approved(verdict, approval, ground)


def _approved(verdict: Verdict, approval: Approval, ground: Ground) -> Verdict:
    needed = approval_needed(approval, ground.customer, verdict.at_stake_minor, verdict.currency)
    return verdict.model_copy(update={"needs_approval": needed})
