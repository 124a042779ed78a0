"""The case that the assistant reads. It holds customers' text, so it lives in activities and never enters a history."""

from datetime import datetime
from urllib.parse import urlsplit

from domain.brief import Brief, EarlierCase, NextAction, Tried, TriedKind
from domain.commerce import Order, ShopCustomer
from domain.flows.progress import FlowProgress
from domain.parties import AuthorKind, Channel
from domain.proposal import HandoffReason
from domain.triage import Triage
from domain.values import Value

__all__ = ["Brief", "Case", "EarlierCase", "NextAction", "Tried", "TriedKind", "Turn"]


class Turn(Value):
    """One message of the conversation, oldest first in a case."""

    message_id: str
    author: AuthorKind
    text: str
    at: datetime
    channel: Channel
    automatic: bool = False
    """A machine wrote it."""


class Case(Value):
    """Everything the assistant may know. Data that the customer may not see is left out, not marked."""

    interaction_id: str
    channel: Channel
    tier: str
    turns: tuple[Turn, ...]
    new_turns: int = 1
    """How many of the newest customer turns are not yet answered; the answer covers them together."""
    customer: ShopCustomer | None = None
    """The shop's record, only where the identity is verified."""
    verified: bool = False
    """`customer` is proven to be who writes."""
    proven_orders: tuple[str, ...] | None = None
    """The only orders that the proof covers (a proof by order number); None: whatever is the customer's."""
    flows: tuple[FlowProgress, ...] = ()
    """Flows on orders that the customer may hear of, newest first; read where the case is about something such."""
    earlier: tuple[EarlierCase, ...] = ()
    """The customer's other interactions on all channels, newest first. For people: present when briefing."""
    handoff: HandoffReason | None = None
    """Why a person has, or gets, the case; present when briefing."""
    asked: bool = False
    """The unanswered turns follow a question of ours."""
    questions_asked: int = 0
    """Questions back in this interaction so far."""
    questions_allowed: int = 2
    threshold: float = 0.7
    """Confidence below which the assistant asks back; the policy's, like the number of questions."""
    link_domains: tuple[str, ...] = ()
    """Domains that an answer may link to; the policy's."""
    brand: str = "the shop"
    triage: Triage | None = None
    """The triage of the newest turn, present when composing and briefing."""
    previous: Triage | None = None
    """The triage of the interaction before the newest turn, absent in a first turn."""
    now: datetime
    """UTC; the moment for which relative dates are right."""

    @property
    def unanswered_turns(self) -> tuple[Turn, ...]:
        """The customer's turns that nobody has answered yet, oldest first."""
        mine = tuple(turn for turn in self.turns if turn.author is AuthorKind.CUSTOMER)
        return mine[len(mine) - self.new_turns :]

    @property
    def unanswered(self) -> str:
        """The text of the unanswered turns, joined in order."""
        return "\n".join(turn.text for turn in self.unanswered_turns)

    def may_tell(self, order: Order) -> bool:
        """Whether the customer may hear anything about this order."""
        mine = self.customer is not None and order.customer_id == self.customer.customer_id
        return mine and (self.proven_orders is None or order.number in self.proven_orders)

    def linkable(self, url: str) -> str:
        """The address if an answer may link to it, else empty."""
        host = urlsplit(url).hostname or ""
        return url if any(host == one or host.endswith(f".{one}") for one in self.link_domains) else ""
