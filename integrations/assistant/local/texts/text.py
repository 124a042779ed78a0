"""What the local assistant's wording of one language holds. Fields in braces are filled with facts that were looked up.

Nothing in it promises anything. Every language has every entry; people are addressed politely.
"""

from domain.commerce import MethodKind, OrderState, ReturnState, ShipmentState
from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.triage import IssueType
from domain.values import Value


class Questions(Value):
    """What is asked back."""

    greeting: str
    problem: str
    """Open: what it is about."""
    which_of_two: str
    """`{first}`, `{second}`: names of issues."""
    proof: str
    which_order: str
    """`{choices}`: lines of `OrderTexts.choice`."""
    number_again: str
    """`{number}` is none of the customer's."""
    no_orders: str


class OrderTexts(Value):
    """An order and its parcels."""

    choice: str
    """One line to choose an order by: `{number}`, `{placed}`, `{items}`."""
    state: dict[OrderState, str]
    """`{number}`, `{placed}`."""
    on_its_way: str
    """Several parcels: `{parcels}` is their number."""
    parcel: dict[ShipmentState, str]
    """`{parcel}` names it, with `{items}`, `{carrier}`; `{expected}`, `{on}` and `{to}` may be empty."""
    parcel_alone: str
    parcel_of_several: str
    on: str
    to: str
    tracking: str
    tracking_link: str
    expected: str
    overdue: str
    no_day: str
    not_sent_yet: str
    no_day_before_sending: str
    cancelled_lines: str
    when_expected: str
    """`{items}`, `{day}`; said to whoever has heard of the order already and asks when it comes, as the next ones."""
    when_overdue: str
    when_unknown: str
    when_delivered: str
    when_not_sent: str
    tracking_of: str
    tracking_none: str
    items_of: str
    total_of: str
    goes_to: str
    and_more: str


class MoneyTexts(Value):
    """Payments and refunds."""

    refunded: str
    """`{amount}`, `{number}`, `{day}`, `{method}`."""
    methods: dict[MethodKind, str]
    """Where money went, as it stands in `refunded`."""
    paid_once: str
    """`{number}`, `{amount}`, `{method}`."""
    paid_by: dict[MethodKind, str]
    """What was paid with, as it stands in `paid_once`."""


class ReturnTexts(Value):
    """Returns, exchanges and what else is under way."""

    flow: dict[FlowState, str]
    """`{about}` names the flow and its order, `{day}` is when it began."""
    ended: dict[FlowOutcome, str]
    """`{about}`, `{day}` is when it ended."""
    record: dict[ReturnState, str]
    """The shop's own record where no flow is known: `{about}`."""
    record_arrived: str
    kinds: dict[FlowKind, str]
    """`{number}`: the flow as it begins a sentence."""


class ProductTexts(Value):
    """Facts of the catalogue."""

    attribute: str
    attributes: dict[str, str]
    """Names of the catalogue's attributes."""
    options: dict[str, str]
    """`sizes` and `colours`."""
    in_stock: str
    sold_out: str
    price: str


class Texts(Value):
    """The wording of one language."""

    ask: Questions
    order: OrderTexts
    money: MoneyTexts
    returns: ReturnTexts
    product: ProductTexts
    issue: dict[IssueType, str]
    """What a customer would call it, after `about`."""
    source: str
    """A passage and the page that it comes from: `{text}`, `{title}`."""
    source_link: str
    """The same with `{url}`."""
    welcome: str
    suggested_opening: str
    """The beginning of a person's answer: `{name}`, `{issue}`."""
    your_request: str
    """After `about`, where no issue is clear."""
    day: str
    """How a day is written (CLDR date pattern), e.g. `EEEE d MMMM`."""
    day_and_year: str
