"""How far a flow has come, as a case holds it: constant words, numbers and times, nobody's text."""

from datetime import datetime

from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.money import Money
from domain.values import Value


class FlowProgress(Value):
    """A flow on an order of the customer."""

    flow_id: str
    kind: FlowKind
    order: str
    interaction_id: str = ""
    """The case that it was asked for in, or that it opened."""
    state: FlowState
    outcome: FlowOutcome | None = None
    """How it ended; None while it is open."""
    refunded: Money | None = None
    """What has gone back because of it, if anything."""
    opened_at: datetime
    changed_at: datetime
    """When it came to where it stands."""

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.state is not FlowState.CLOSED
