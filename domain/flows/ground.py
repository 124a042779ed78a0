"""What the rules of every kind of request stand on, and the refusals that several of them share.

A rule yields the `Refused` that it finds, or nothing; the first refusal of a request is its verdict.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.commerce import BALANCES, MethodKind, Order, OrderState, PaymentMethod, PaymentState, ShopCustomer, Variant
from domain.flows.kinds import FlowKind
from domain.flows.refusal import Refused, Rule
from domain.flows.requests import ItemWanted
from domain.flows.rules import Approval, ChangeRules, CommerceRules
from domain.flows.units import has_left, units_of
from domain.flows.verdict import RequestFacts

Against = Iterator[Refused]
"""What stands against a request, in the order of the rules; read lazily, since later rules rest on earlier ones."""


@dataclass(frozen=True)
class Ground:
    """A request's order and customer, both known to belong together, the rules, and the moment of asking (UTC)."""

    order: Order
    customer: ShopCustomer
    facts: RequestFacts
    rules: CommerceRules
    now: datetime

    @property
    def currency(self) -> str:
        """The order's."""
        return self.order.total.currency

    def method(self, method_id: str) -> PaymentMethod | None:
        """A method that the shop has on file for the customer."""
        return next((method for method in self.customer.methods if method.method_id == method_id), None)

    @property
    def paid_by(self) -> tuple[str, ...]:
        """The methods on file by which the order is paid, or is going to be, the last one first."""
        paying = [one for one in self.order.payments if one.left_minor or one.state is PaymentState.PENDING]
        return tuple(one.method_id for one in reversed(paying) if one.method_id)

    def variant(self, sku: str) -> Variant | None:
        """A variant that the request names, with its product's id."""
        for product in self.facts.products:
            for variant in product.variants:
                if variant.sku == sku:
                    return variant.model_copy(update={"product_id": product.product_id})
        return None


def refuse(rule: Rule, detail: object = "") -> Refused:
    """A refusal; the detail is an id, a state or a number."""
    return Refused(rule=rule, detail=str(detail))


def not_offered(*, offered: bool) -> Against:
    """The brand does not do this."""
    if not offered:
        yield refuse(Rule.NOT_OFFERED)


def wrong_state(order: Order, states: Collection[OrderState]) -> Against:
    """The order is in a state that does not allow it."""
    if order.state not in states:
        yield refuse(Rule.ORDER_STATE, order.state)


def flagged(customer: ShopCustomer, flags: Sequence[str]) -> Against:
    """The customer carries a mark from which the brand takes no requests."""
    for flag in flags:
        if flag in customer.flags:
            yield refuse(Rule.FLAGGED, flag)


def not_changeable(ground: Ground, rules: ChangeRules, kind: FlowKind) -> Against:
    """What every change of an order must pass, whatever it changes."""
    order, done = ground.order, ground.facts.done
    yield from not_offered(offered=rules.offered)
    if rules.once and (kind in done or (kind is FlowKind.ITEM_CHANGE and order.items_changed)):
        yield refuse(Rule.SECOND_REQUEST, kind)
    if ground.rules.items.closes_order and (order.items_changed or FlowKind.ITEM_CHANGE in done):
        yield refuse(Rule.ORDER_CLOSED_TO_CHANGES)


def wrong_units(ground: Ground, items: Sequence[ItemWanted]) -> Against:
    """Lines that the order has not, quantities that are none, and units that something else is happening to."""
    order = ground.order
    if not items:
        yield refuse(Rule.NOTHING_CHOSEN)
    for item in items:
        if order.line(item.line_id) is None:
            yield refuse(Rule.UNKNOWN_LINE, item.line_id)
        if item.quantity <= 0:
            yield refuse(Rule.QUANTITY_NOT_POSITIVE, item.quantity)
    for line_id, quantity in units_of(items).items():
        left = has_left(order, line_id, ground.facts.claimed)
        if quantity > left:
            yield refuse(Rule.QUANTITY_NOT_LEFT, left)


def not_delivered(ground: Ground, items: Sequence[ItemWanted], *, dated: bool = True) -> Against:
    """A line has not arrived, or, with `dated`, nobody knows when."""
    for item in items:
        known = item.line_id in ground.facts.delivered_at
        if not known and (dated or ground.order.state is not OrderState.DELIVERED):
            yield refuse(Rule.NOT_DELIVERED, item.line_id)


def last_second(delivered_at: datetime, days: float) -> datetime:
    """The last second of a window that begins with a delivery: days of 24 hours, whatever the clocks do (UTC)."""
    return (delivered_at.astimezone(UTC) + timedelta(days=days)).replace(microsecond=0)


def over(now: datetime, last: datetime) -> bool:
    """Is the window over? Its last second still counts whole."""
    return now.astimezone(UTC).replace(microsecond=0) > last


def short_of_funds(ground: Ground, method: PaymentMethod, amount_minor: int) -> Against:
    """A method that holds money of its own does not hold enough, or holds other money."""
    if method.kind not in BALANCES:
        return
    if method.balance is None or method.balance.currency != ground.currency:
        yield refuse(Rule.OTHER_CURRENCY, method.method_id)
    elif method.balance.minor < amount_minor:
        yield refuse(Rule.INSUFFICIENT_FUNDS, method.method_id)


def wrong_place(ground: Ground, method_id: str, kinds: Collection[MethodKind]) -> Against:
    """Money goes back to the order's own payments, and to the customer's methods of these kinds."""
    if method_id in ground.paid_by:
        return
    method = ground.method(method_id)
    if method is None:
        yield refuse(Rule.UNKNOWN_METHOD, method_id)
    elif method.kind not in kinds:
        yield refuse(Rule.METHOD_NOT_ALLOWED, method.kind)


def approval_of_money(approval: Approval, ground: Ground, at_stake_minor: int) -> str:
    """As `approval_needed`, for what moves money: several requests for one order count together."""
    together = at_stake_minor + ground.facts.unapproved_minor
    return approval_needed(approval, ground.customer, together, ground.currency)


def approval_needed(approval: Approval, customer: ShopCustomer, at_stake_minor: int, currency: str) -> str:
    """Why a person has to approve: `always`, `flag:<name>`, `amount`; empty if nobody has to."""
    if approval.always:
        return "always"
    for flag in approval.flags:
        if flag in customer.flags:
            return f"flag:{flag}"
    limit = approval.above.get(currency)
    return "amount" if limit is not None and at_stake_minor > limit else ""
