"""The brief: what a person reads first. Whatever was added to it later has a default, since stored ones must load."""

from datetime import datetime
from enum import StrEnum

from domain.commerce import Order
from domain.flows.progress import FlowProgress
from domain.parties import Channel
from domain.proposal import Citation, HandoffReason, Statement
from domain.triage import Entities, IssueType, Sentiment, Urgency
from domain.values import Value


class EarlierCase(Value):
    """Another interaction of the customer, on whichever channel."""

    interaction_id: str
    issue: str = ""
    """Empty if it was never triaged."""
    channel: Channel
    opened_at: datetime
    closed_at: datetime | None = None
    """None while it is open."""
    resolution: str = ""
    """`domain.interaction.Resolution`; empty while it is open."""


class TriedKind(StrEnum):
    """What has been tried for the customer."""

    QUESTION = "question"
    """The AI asked back."""
    ANSWER = "answer"
    """The AI or a person answered."""
    FLOW = "flow"
    """A flow was begun."""


class Tried(Value):
    """One thing that was tried, with where it can be read."""

    kind: TriedKind
    text: str
    citation: Citation


class NextAction(Value):
    """What a person would most likely do next. A suggestion: nothing happens by it."""

    action: str
    """A constant word: `answer`, `ask_proof`, `ask`, `check_delivery`, `check_payment`, `take_over`, or a flow as a
    plan names it, e.g. `flow:return`."""
    order: str = ""
    """The order that it is about, where that is clear."""
    text: str
    """A short sentence that says what to do and why."""


class Brief(Value):
    """What a person reads first; each statement is linked to its message or fact."""

    summary: str
    statements: tuple[Statement, ...]
    suggested_reply: str = ""
    suggested_sources: tuple[Citation, ...] = ()
    """Where the suggested reply comes from; empty for one that states nothing."""
    orders: tuple[Order, ...] = ()
    intent: IssueType | None = None
    """None if triage failed."""
    further: tuple[IssueType, ...] = ()
    """What else the customer asks for."""
    entities: Entities = Entities()
    reason: HandoffReason | None = None
    """Why the case came to a person."""
    verified: bool = False
    proven_orders: tuple[str, ...] | None = None
    """The only orders that may be spoken of; None: whatever is the customer's."""
    sentiment: Sentiment = Sentiment.NEUTRAL
    urgency: Urgency = Urgency.NORMAL
    language: str = ""
    tried: tuple[Tried, ...] = ()
    next_action: NextAction | None = None
    flows: tuple[FlowProgress, ...] = ()
    earlier: tuple[EarlierCase, ...] = ()
