"""What would go back for goods, in minor units of the order's currency.

What goes back in the end, for what the inspection accepted, is `domain.flows.settling`; it is never more than this.
"""

from collections.abc import Mapping
from decimal import Decimal

from domain.commerce import Order
from domain.flows.rules import ReturnRules
from domain.flows.units import is_everything
from domain.values import Value


class MoneyBack(Value):
    """What goes back for goods, and what it is made of."""

    goods_minor: int
    """What they were paid with: the price of each unit as the order has it."""
    fee_minor: int = 0
    shipping_minor: int = 0
    bonus_minor: int = 0
    refund_minor: int
    """Everything that goes back, bonus included."""


def left_of_payments(order: Order) -> int:
    """What can still be refunded of the order's payments."""
    return sum(one.left_minor for one in order.payments if one.amount.currency == order.total.currency)


def price_of(order: Order, units: Mapping[str, int]) -> int:
    """What units of the order were paid with."""
    return sum(line.unit_price.minor * units.get(line.line_id, 0) for line in order.lines)


def for_return(
    order: Order, units: Mapping[str, int], rules: ReturnRules, *, reason: str, to_credit: bool
) -> MoneyBack:
    """For goods that come back: their price, less the fee, with shipping and bonus where policy says so.

    Shipping goes back when one return brings everything for a free reason. No units: nothing, and no fee.
    """
    free, goods = reason in rules.free_reasons, price_of(order, units)
    fee = 0 if free else min(rules.fee.get(order.total.currency, 0), goods)
    shipping = shipping_of(order) if free and is_everything(order, units) else 0
    base = min(goods - fee + shipping, left_of_payments(order))
    bonus = int(Decimal(base) * Decimal(str(rules.credit_bonus)) / 100) if to_credit else 0
    return MoneyBack(
        goods_minor=goods, fee_minor=fee, shipping_minor=shipping, bonus_minor=bonus, refund_minor=base + bonus
    )


def for_goods(order: Order, units: Mapping[str, int]) -> MoneyBack:
    """For goods that were cancelled, damaged or never came: their price, and shipping if that is everything."""
    goods = price_of(order, units)
    shipping = shipping_of(order) if is_everything(order, units) else 0
    refund = min(goods + shipping, left_of_payments(order))
    return MoneyBack(goods_minor=goods, shipping_minor=shipping, refund_minor=refund)


def shipping_of(order: Order) -> int:
    """What shipping cost."""
    return order.shipping.minor if order.shipping else 0


def fee_of_exchange(order: Order, rules: ReturnRules, reason: str) -> int:
    """What an exchange costs beside the price difference."""
    return 0 if reason in rules.free_reasons else rules.fee.get(order.total.currency, 0)
