"""What a brand allows: the section `commerce` of the policy file.

Durations are in days, hours or minutes as their names say; amounts in minor units by currency (ISO 4217).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from domain.commerce import MethodKind, OrderState
from domain.flows.kinds import FlowKind, Requester
from domain.hours import Hours
from domain.parties import Channel
from domain.values import Value

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Amounts = dict[Currency, NonNegativeInt]
Percent = Annotated[float, Field(ge=0, le=100)]
Country = Annotated[str, Field(min_length=2, max_length=64)]


FlowName = Annotated[str, Field(pattern="^[a-z][a-z_]{0,39}$")]
Word = Annotated[str, Field(pattern="^[a-z][a-z_]{0,39}$")]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


class Scope(Value):
    """What a rule is about: all that is named must fit. Empty lists mean everything."""

    products: tuple[str, ...] = ()
    """Product ids or SKUs."""
    categories: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    """The customer's grade, as the shop has it."""


class Window(Scope):
    """How long after delivery something can come back. The first window that fits counts; none: it cannot."""

    days: Annotated[float, Field(gt=0, le=3660)]


class ShipsWhen(StrEnum):
    """When the replacement of an exchange is sent."""

    ON_APPROVAL = "on_approval"
    """At once, with the price held until the parcel comes back (instant exchange)."""
    ON_SCAN = "on_scan"
    ON_RECEIPT = "on_receipt"
    ON_INSPECTION = "on_inspection"


class Inspects(StrEnum):
    """Who looks at what came back."""

    NOBODY = "nobody"
    """What is received counts as accepted."""
    WAREHOUSE = "warehouse"
    """The warehouse reports each line; a person at the desk can do it instead."""


class Approval(Value):
    """When a person has to approve. Nobody approves a request that they made themselves."""

    team: str = ""
    """Who is asked; empty: the overflow team."""
    above: Amounts = {}
    """Amounts above these are approved by a person; a currency that is not named has no limit."""
    always: bool = False
    flags: tuple[str, ...] = ()
    """Marks of a customer whose requests a person looks at."""
    hours: PositiveFloat = 24
    """Deadline; then it is shown as overdue to every team's leads, and after as long again it is declined."""


class ReturnRules(Value):
    """Returns for money."""

    offered: bool = True
    states: tuple[OrderState, ...] = (OrderState.DELIVERED, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED)
    """Order states that allow it; each unit must be delivered all the same."""
    windows: Annotated[tuple[Window, ...], Field(min_length=1)] = (Window(days=30),)
    unlimited: bool = False
    """No window at all: for shops that record no delivery dates. A delivered order then counts as delivered whole."""
    final_sale: tuple[Scope, ...] = ()
    """What never comes back: whatever one of these fits."""
    reasons: tuple[str, ...] = ()
    """Allowed reasons; empty: any."""
    conditions: tuple[str, ...] = ()
    """Allowed conditions, e.g. `unopened`, `opened`, `worn`; empty: any."""
    receipt: bool = False
    """Must the customer have the receipt?"""
    refused_flags: tuple[str, ...] = ()
    """Marks of a customer from whom nothing comes back without a person's word outside Baton."""
    once_per_order: bool = False
    """One return or exchange for an order."""
    approval: Approval = Approval()
    """Its amounts are compared with what goes back, or for an exchange with the price of the new goods."""
    refund_to: tuple[MethodKind, ...] = (MethodKind.STORE_CREDIT,)
    """Besides the original payments: kinds of methods that a refund may go to."""
    credit_bonus: Percent = 0
    """Added to a refund that goes to store credit."""
    fee: Amounts = {}
    """Taken from the refund of each return; for an exchange, added to the price difference."""
    photo_reasons: tuple[str, ...] = ()
    """Reasons for which the customer is asked for a photo, which a person judges before anything else."""
    photo_hours: PositiveFloat = 72
    """How long the customer has to send one."""
    free_reasons: tuple[str, ...] = ("damaged", "wrong", "missing")
    """Reasons that cost no fee, and for which shipping is refunded when everything comes back."""
    keep_below: Amounts = {}
    """Green returns: what is worth less is refunded and stays with the customer."""
    drop_off: bool = False
    """A code for a drop-off point instead of a label."""
    ship_back_days: PositiveFloat = 14
    remind_days: tuple[PositiveFloat, ...] = (5, 10)
    """Days after the label at which the customer is reminded."""
    parcel_days: PositiveFloat = 14
    """How long a scanned parcel may take before a person looks for it."""
    inspects: Inspects = Inspects.WAREHOUSE
    inspection_hours: PositiveFloat = 48
    settles: bool = True
    """False: the shop itself refunds later, outside Baton; the flow only opens the return."""


class ExchangeRules(ReturnRules):
    """Exchanges. Everything of a return, and the replacement."""

    same_product: bool = False
    """Only variants of the same product."""
    same_variant: bool = True
    """May something be exchanged for the same again?"""
    ships: ShipsWhen = ShipsWhen.ON_SCAN
    payment_hours: PositiveFloat = 72
    """How long a payment link for a price difference stays open."""
    choice_hours: PositiveFloat = 72
    """How long the customer has to choose when the replacement's stock has vanished; then it is a refund."""
    stored_methods: bool = True
    """May a price difference be taken from a method that the customer names?"""


class ChangeRules(Value):
    """Changing an order that is not yet on its way."""

    offered: bool = True
    states: tuple[OrderState, ...] = (OrderState.PENDING, OrderState.PAID)
    once: bool = False
    """One change of this kind for an order."""
    approval: Approval = Approval()


class CancellationRules(ChangeRules):
    """Cancelling. Amounts of the approval are compared with the refund."""

    reasons: tuple[str, ...] = ()
    """Allowed reasons; empty: any."""
    partly: bool = True
    """May some lines be cancelled alone, also when others have been shipped?"""

    @property
    def possible_in(self) -> tuple[OrderState, ...]:
        """Order states that allow it, of the whole order or of a part."""
        return (*self.states, OrderState.PARTLY_SHIPPED) if self.partly else self.states


class ItemRules(ChangeRules):
    """Swapping items before they are packed. Amounts of the approval are compared with the price difference."""

    closes_order: bool = False
    """Afterwards nothing else of the order can be changed or cancelled."""
    same_product: bool = True
    """Only variants of the same product."""
    same_variant: bool = True
    """May an item be swapped for the same again, which changes nothing but counts as a change?"""
    refund_to: tuple[MethodKind, ...] = (MethodKind.STORE_CREDIT,)
    """Besides the original payments: kinds of methods that a price difference may go back to."""


class ClaimRules(Value):
    """Damaged, wrong and missing items."""

    offered: bool = True
    states: tuple[OrderState, ...] = (OrderState.DELIVERED, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED)
    days: PositiveFloat = 30
    """After delivery."""
    photo: bool = True
    photo_hours: PositiveFloat = 72
    """How long the customer has to send one."""
    judged_by_person: bool = True
    approval: Approval = Approval(always=True)
    """Its amounts are compared with what the goods cost."""
    replace_first: bool = True
    """A replacement where there is stock, unless the customer asked for money."""


class RefundRules(Value):
    """Refunds without goods, asked for by agents."""

    offered: bool = True
    approval: Approval = Approval()


class DeliveryPromise(Value):
    """Business days from placing an order to its delivery. The first that fits counts."""

    methods: tuple[str, ...] = ()
    countries: tuple[Country, ...] = ()
    business_days: Annotated[int, Field(ge=1, le=120)]


class DelayRules(Value):
    """When a shipment counts as delayed, and how its customer hears of it."""

    offered: bool = False
    promises: tuple[DeliveryPromise, ...] = ()
    """Empty, and no date of the carrier's: unknown, which is not delayed."""
    holidays: tuple[date, ...] = ()
    """Days that are no business days, beside Saturdays and Sundays."""
    no_scan_days: PositiveInt = 5
    """Days without a scan after which a parcel under way counts as delayed."""
    orders_within_days: PositiveInt = 90
    """Orders placed longer ago are left alone, so that nobody hears of an old parcel when this is switched on."""
    hours: Hours = Hours()
    """When customers may be written to; always, if nothing is set."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = (Channel.EMAIL,)
    """Best first; the first on which the customer has consented and can be reached."""
    person_after_days: PositiveFloat = 3
    """Days after the message at which a person looks, if the parcel has not moved and nobody has answered."""


class Partner(Value):
    """A warehouse, courier or supplier that flows and agents can ask."""

    title: str
    email: str = ""
    """Where questions go; empty: the link is given on by hand."""
    answer_hours: PositiveFloat = 48
    """After the question; then a person of the team sees to it."""
    remind_hours: PositiveFloat = 24
    """After the question, and after each reminder."""
    team: str = ""
    """Who sees to it when no answer comes; empty: the overflow team."""
    attempts: NonNegativeInt = 1
    """Reminders before the team is asked."""


class OwnFlow(Value):
    """A flow of the brand's own, whose story is a file of the brand (see the guide on flows)."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    """What people read at the desk, and customers before they say yes."""
    offered: bool = True
    states: tuple[OrderState, ...] = tuple(OrderState)
    """Order states that allow it."""
    items: bool = False
    """Is it about certain items of the order, which it then holds until it ends?"""
    days: PositiveFloat | None = None
    """After the delivery of each item; None: always."""
    askers: tuple[Requester, ...] = (Requester.CUSTOMER, Requester.AI, Requester.AGENT)
    """Who may ask for it."""
    approval: Approval = Approval()
    words: dict[Word, dict[Language, str]] = {}
    """What the flow says: name to texts by language (ISO 639-1; `en` for those that are missing)."""


class CommerceRules(Value):
    """Everything that flows are judged by."""

    returns: ReturnRules = ReturnRules()
    exchanges: ExchangeRules = ExchangeRules()
    cancellations: CancellationRules = CancellationRules()
    addresses: ChangeRules = ChangeRules()
    """Amounts of the approval are compared with the order's total, here and under `payments`."""
    items: ItemRules = ItemRules()
    payments: ChangeRules = ChangeRules()
    refunds: RefundRules = RefundRules()
    claims: ClaimRules = ClaimRules()
    delays: DelayRules = DelayRules()
    partners: dict[str, Partner] = {}
    own: dict[FlowName, OwnFlow] = {}
    """Flows of the brand's own by their names."""
    portal_days: NonNegativeFloat = 30
    """How long a self-service link works."""

    @property
    def planned(self) -> dict[str, ReturnRules | ChangeRules | ClaimRules | OwnFlow]:
        """The rules of each flow that a plan may name: Baton's, and the brand's own."""
        return {
            FlowKind.RETURN: self.returns,
            FlowKind.EXCHANGE: self.exchanges,
            FlowKind.CANCELLATION: self.cancellations,
            FlowKind.ADDRESS_CHANGE: self.addresses,
            FlowKind.ITEM_CHANGE: self.items,
            FlowKind.CLAIM: self.claims,
            **self.own,
        }
