"""Arguments and results of the outreach's activities: ids, instants and typed decisions."""

from datetime import datetime
from enum import StrEnum

from domain.flows.kinds import FlowOutcome
from domain.flows.refusal import Refused
from domain.values import Value


class Choice(StrEnum):
    """The help that a customer is offered when a parcel is delayed; the `ref` of their choice."""

    RESHIP = "reship"
    REFUND = "refund"
    WAIT = "wait"


class OutreachTurn(Value):
    """An outreach, and how much of what it was told its story knows."""

    flow_id: str
    handled_seq: int


class Turned(Value):
    """What came of looking: it was said, it is to be said later, or it is over; nothing of these: look again."""

    told_at: datetime | None = None
    """When the customer was told (UTC); the same in every run."""
    speak_at: datetime | None = None
    """The next moment at which they may be written to (UTC)."""
    outcome: FlowOutcome | None = None
    reason: str = ""


class Aftermath(Value):
    """What has happened since the customer was told."""

    moved: bool
    answered: bool


class ToHelp(Value):
    """The help that the customer chose."""

    flow_id: str
    choice: Choice


class HelpAsked(Value):
    """The flow that helps, or the rule that stands against it."""

    flow_id: str = ""
    refused: Refused | None = None
