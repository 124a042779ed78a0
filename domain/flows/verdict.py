"""The verdict on a request: what policy says of it, with the amounts that follow."""

from datetime import datetime

from domain.commerce import Order, Product, ShopCustomer
from domain.flows.kinds import FlowKind
from domain.flows.refusal import Refused, Rule
from domain.values import Value


class RequestFacts(Value):
    """Everything that a verdict rests on, as it stands when it is asked for."""

    order: Order | None = None
    customer: ShopCustomer | None = None
    """The authenticated customer for whom it is asked; None where nobody is proven."""
    products: tuple[Product, ...] = ()
    """The products that new variants belong to."""
    delivered_at: dict[str, datetime] = {}
    """Line id to the moment at which its last unit was delivered (UTC)."""
    claimed: dict[str, int] = {}
    """Line id to units that other open flows hold and the shop does not know of yet."""
    unapproved_minor: int = 0
    """What other flows on this order that move money put at stake without a person's approval."""
    done: tuple[FlowKind, ...] = ()
    """Kinds of flows on this order that were not declined, cancelled or expired."""


class Verdict(Value):
    """Allowed, or refused by a rule. Amounts are in minor units of the order's currency."""

    refused: Refused | None = None
    currency: str = ""
    goods_minor: int = 0
    """What the goods that come back were paid with."""
    fee_minor: int = 0
    shipping_minor: int = 0
    """Shipping that is refunded with them."""
    refund_minor: int = 0
    """What goes back if everything is accepted, bonus included."""
    bonus_minor: int = 0
    charge_minor: int = 0
    """What the customer has to pay more."""
    at_stake_minor: int = 0
    """What a person who approves it answers for: compared with the limits of the policy and of roles."""
    keeps_it: bool = False
    """A green return: nothing is sent back."""
    needs_approval: str = ""
    """Why a person has to approve, as a constant word: `always`, `amount` or `flag:<name>`; empty: nobody."""
    return_by: datetime | None = None
    """Until when it could be asked for (UTC)."""

    @property
    def allowed(self) -> bool:
        """No rule stands against it."""
        return self.refused is None

    @classmethod
    def no(cls, rule: Rule, detail: str = "") -> "Verdict":
        """Refused."""
        return cls(refused=Refused(rule=rule, detail=detail))
