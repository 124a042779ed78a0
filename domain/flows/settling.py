"""What goes back when the inspection is known: the part of the verdict's refund that was accepted."""

from collections.abc import Sequence

from domain.commerce import Order
from domain.flows.effects import Accepted
from domain.flows.requests import ItemWanted
from domain.flows.verdict import Verdict
from domain.values import Value


class Settlement(Value):
    """What is owed, in minor units of the order's currency, bonus left out."""

    refund_minor: int = 0
    accepted_units: int = 0
    wanted_units: int = 0

    @property
    def whole(self) -> bool:
        """Was everything accepted?"""
        return self.accepted_units == self.wanted_units


def settlement(order: Order, items: Sequence[ItemWanted], lines: Sequence[Accepted], verdict: Verdict) -> Settlement:
    """Accepted units at the price that was paid, less the fee once; shipping only when everything was accepted.

    Never more than the verdict allows, and never less than nothing.
    """
    wanted = {item.line_id: item.quantity for item in items}
    accepted = {line.line_id: min(line.accepted, wanted.get(line.line_id, 0)) for line in lines}
    prices = {line.line_id: line.unit_price.minor for line in order.lines}
    goods = sum(units * prices.get(line_id, 0) for line_id, units in accepted.items())
    whole = sum(accepted.values()) == sum(wanted.values())
    owed = goods - verdict.fee_minor + (verdict.shipping_minor if whole else 0)
    most = verdict.refund_minor - verdict.bonus_minor
    return Settlement(
        refund_minor=max(min(owed, most), 0) if goods else 0,
        accepted_units=sum(accepted.values()),
        wanted_units=sum(wanted.values()),
    )
