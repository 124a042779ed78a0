"""What is owed when the inspection is known. Amounts are in minor units of the order's currency."""

from collections.abc import Collection, Sequence

from domain.commerce import Order
from domain.flows.effects import Accepted
from domain.flows.requests import ItemWanted
from domain.flows.units import units_of
from domain.flows.verdict import Verdict
from domain.values import Value


class Settlement(Value):
    """What is owed for what came back, bonus left out."""

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
    wanted = units_of(items)
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


class Terms(Value):
    """One swap of an exchange, called by its place in the request, with the prices of one unit."""

    place: str
    line_id: str
    quantity: int
    old_minor: int
    """What was paid."""
    new_minor: int
    """What the replacement cost when the exchange began."""

    @property
    def more_minor(self) -> int:
        """What one unit costs more; below zero: less."""
        return self.new_minor - self.old_minor


class Parcel(Value):
    """Units of one swap's replacement that are still to be sent."""

    place: str
    units: int
    whole: bool
    """All units that were asked for."""


class ExchangeSettlement(Value):
    """What is owed, and to be sent, when an exchange is inspected."""

    back_minor: int = 0
    """Of the price difference: what was charged too much, or what the new goods cost less."""
    instead_minor: int = 0
    """For what came back and could not be replaced."""
    open_minor: int = 0
    """What the customer has, and has not paid for: replacements whose originals did not come back as they should."""
    send: tuple[Parcel, ...] = ()
    accepted_units: int = 0
    wanted_units: int = 0

    @property
    def whole(self) -> bool:
        """Was everything accepted?"""
        return self.accepted_units == self.wanted_units


def agreed_difference(swaps: Sequence[Terms], missing: Collection[str], agreed_minor: int) -> int:
    """The price difference that was agreed on, without the swaps that came to nothing. Below zero: the customer's."""
    replaced = [one for one in swaps if one.place not in missing]
    if not replaced:
        return 0
    return agreed_minor - sum(one.more_minor * one.quantity for one in swaps if one.place in missing)


def exchange_settlement(
    swaps: Sequence[Terms],
    lines: Sequence[Accepted],
    *,
    shipped: Collection[str],
    missing: Collection[str],
    agreed_minor: int,
    charged_minor: int,
) -> ExchangeSettlement:
    """For accepted units the agreed difference is kept, or given; what was `missing` is refunded at the price paid.

    The fee is part of what was agreed on, and stays once if anything was exchanged at all.
    """
    accepted = _shared_out(swaps, lines)
    replaced = [one for one in swaps if one.place not in missing]
    due = open_minor = exchanged = 0
    for one in replaced:
        left = one.quantity - accepted[one.place] if one.place in shipped else 0
        due += one.more_minor * accepted[one.place] + max(one.more_minor, 0) * left
        open_minor += min(one.old_minor, one.new_minor) * left
        exchanged += accepted[one.place] + left
    fee = agreed_difference(swaps, missing, agreed_minor) - sum(one.more_minor * one.quantity for one in replaced)
    back = charged_minor - due - (fee if exchanged else 0)
    return ExchangeSettlement(
        back_minor=max(back, 0),
        instead_minor=sum(one.old_minor * accepted[one.place] for one in swaps if one.place in missing),
        open_minor=open_minor + max(-back, 0),
        send=tuple(
            Parcel(place=one.place, units=accepted[one.place], whole=accepted[one.place] == one.quantity)
            for one in replaced
            if one.place not in shipped and accepted[one.place]
        ),
        accepted_units=sum(accepted.values()),
        wanted_units=sum(one.quantity for one in swaps),
    )


def _shared_out(swaps: Sequence[Terms], lines: Sequence[Accepted]) -> dict[str, int]:
    """Accepted units by swap: units of one line that become several things are shared out in the request's order."""
    left = {line.line_id: line.accepted for line in lines}
    accepted: dict[str, int] = {}
    for one in swaps:
        accepted[one.place] = min(left.get(one.line_id, 0), one.quantity)
        left[one.line_id] = left.get(one.line_id, 0) - accepted[one.place]
    return accepted
