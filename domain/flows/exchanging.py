"""What policy says of an exchange. Swaps of an order that is not yet packed share the rules on new goods and money."""

from collections.abc import Collection, Sequence

from domain.commerce import MethodKind
from domain.flows.ground import Against, Ground, approval_of_money, refuse, short_of_funds, wrong_place
from domain.flows.refunding import fee_of_exchange, left_of_payments, price_of
from domain.flows.refusal import Rule
from domain.flows.requests import ExchangeRequest, Swap
from domain.flows.returning import cannot_come_back, keeps_it, return_by
from domain.flows.rules import ExchangeRules, ItemRules
from domain.flows.units import units_of
from domain.flows.verdict import Verdict


def judge_exchange(request: ExchangeRequest, ground: Ground) -> Verdict:
    """Refused by the first rule that stands against it, or allowed, with the price difference."""
    rules = ground.rules.exchanges
    refused = next(_against(request, ground, rules), None)
    if refused:
        return Verdict(refused=refused)
    fee = fee_of_exchange(ground.order, rules, request.reason)
    verdict, new = difference(request.swaps, ground, fee), new_goods_minor(request.swaps, ground)
    return verdict.model_copy(
        update={
            "at_stake_minor": new,
            "keeps_it": keeps_it(verdict.goods_minor, rules, ground),
            "needs_approval": approval_of_money(rules.approval, ground, new),
            "return_by": return_by(request.swaps, ground, rules),
        }
    )


def _against(request: ExchangeRequest, ground: Ground, rules: ExchangeRules) -> Against:
    yield from cannot_come_back(request, request.swaps, ground, rules)
    yield from wrong_variants(request.swaps, ground, rules)
    if request.method_id:
        fee = fee_of_exchange(ground.order, rules, request.reason)
        charge = difference(request.swaps, ground, fee).charge_minor
        if charge and not rules.stored_methods:
            yield refuse(Rule.METHOD_NOT_ALLOWED, request.method_id)
        yield from cannot_settle(request.swaps, ground, request.method_id, rules.refund_to, fee)


def wrong_variants(swaps: Sequence[Swap], ground: Ground, rules: ExchangeRules | ItemRules) -> Against:
    """What stands against the new goods: unknown, another product, the same again, another currency, not there."""
    for swap in swaps:
        variant, line = ground.variant(swap.new_sku), ground.order.line(swap.line_id)
        if variant is None:
            yield refuse(Rule.UNKNOWN_VARIANT, swap.new_sku)
        elif line and rules.same_product and variant.product_id != line.product_id:
            yield refuse(Rule.DIFFERENT_PRODUCT, swap.new_sku)
        elif line and not rules.same_variant and variant.sku == line.sku:
            yield refuse(Rule.SAME_VARIANT, swap.new_sku)
        elif variant.price.currency != ground.currency:
            yield refuse(Rule.OTHER_CURRENCY, variant.price.currency)
    for sku, quantity in _units_by_sku(swaps).items():
        variant = ground.variant(sku)
        if variant is not None and variant.stock < quantity:
            yield refuse(Rule.VARIANT_UNAVAILABLE, sku)


def cannot_settle(
    swaps: Sequence[Swap], ground: Ground, method_id: str, kinds: Collection[MethodKind], fee: int = 0
) -> Against:
    """What stands against the method that pays or receives the price difference."""
    money = difference(swaps, ground, fee)
    method = ground.method(method_id)
    if method is None and (money.charge_minor or method_id not in ground.paid_by):
        yield refuse(Rule.UNKNOWN_METHOD, method_id)
    if method is not None and money.charge_minor:
        yield from short_of_funds(ground, method, money.charge_minor)
    if money.refund_minor:
        yield from wrong_place(ground, method_id, kinds)


def difference(swaps: Sequence[Swap], ground: Ground, fee: int = 0) -> Verdict:
    """What the customer pays more, or gets back, of goods whose variants are known; at most what is left paid."""
    goods = price_of(ground.order, units_of(swaps))
    more = new_goods_minor(swaps, ground) + fee - goods
    back = min(max(-more, 0), left_of_payments(ground.order))
    return Verdict(
        currency=ground.currency,
        goods_minor=goods,
        fee_minor=fee,
        charge_minor=max(more, 0),
        refund_minor=back,
        at_stake_minor=abs(more),
    )


def new_goods_minor(swaps: Sequence[Swap], ground: Ground) -> int:
    """What the new goods cost."""
    prices = {variant.sku: variant.price.minor for product in ground.facts.products for variant in product.variants}
    return sum(prices[swap.new_sku] * swap.quantity for swap in swaps)


def _units_by_sku(swaps: Sequence[Swap]) -> dict[str, int]:
    units: dict[str, int] = {}
    for swap in swaps:
        units[swap.new_sku] = units.get(swap.new_sku, 0) + swap.quantity
    return units
