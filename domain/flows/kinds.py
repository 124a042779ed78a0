"""The kinds of flows, where each stands, how it ends, and the journal entries addressed to it."""

from enum import StrEnum

from domain.values import Value


class FlowKind(StrEnum):
    """What a flow does. Each is started once, by a row in the store, whoever asked for it."""

    RETURN = "return"
    EXCHANGE = "exchange"
    CANCELLATION = "cancellation"
    ADDRESS_CHANGE = "address_change"
    ITEM_CHANGE = "item_change"
    PAYMENT_CHANGE = "payment_change"
    REFUND = "refund"
    """Money back without goods, asked for by an agent."""
    CLAIM = "claim"
    """A damaged, wrong or missing item."""
    INQUIRY = "inquiry"
    """A question to a warehouse, courier or supplier."""
    OUTREACH = "outreach"
    """A word to a customer who has not asked, e.g. about a delay."""
    CUSTOM = "custom"
    """A flow of the brand's own; the policy names it, and a file of the brand tells its story."""


ORDER_CHANGES = frozenset(
    {
        FlowKind.CANCELLATION,
        FlowKind.ADDRESS_CHANGE,
        FlowKind.ITEM_CHANGE,
        FlowKind.PAYMENT_CHANGE,
        FlowKind.REFUND,
    }
)
"""Flows of one effect: checked, approved where policy asks for it, done, told."""


class FlowState(StrEnum):
    """Whom or what a flow is waiting for. Every state but `CLOSED` is open."""

    WORKING = "working"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_PHOTO = "awaiting_photo"
    AWAITING_PARCEL = "awaiting_parcel"
    """The customer is to send it."""
    IN_TRANSIT = "in_transit"
    """The carrier has it, on its way back."""
    AWAITING_INSPECTION = "awaiting_inspection"
    AWAITING_CUSTOMER = "awaiting_customer"
    """A choice or an answer of the customer."""
    AWAITING_PARTY = "awaiting_party"
    """A warehouse, courier or supplier."""
    AWAITING_PERSON = "awaiting_person"
    """Something went wrong that only people can put right."""
    WAITING = "waiting"
    """For a time to come, e.g. allowed hours."""
    CLOSED = "closed"


class FlowOutcome(StrEnum):
    """How a flow ended."""

    SETTLED = "settled"
    DECLINED = "declined"
    """Policy, a person or the inspection said no; nothing is left half done."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    """The customer or an operator called it off; what had been done is undone."""
    COMPENSATED = "compensated"
    """A step was refused for good; what had been done is undone."""
    NO_LONGER_TRUE = "no_longer_true"
    """What the customer was to be told has passed, e.g. the parcel moves again."""


class FlowEntryKind(StrEnum):
    """Journal entries that are addressed to a flow and carry its `seq`."""

    REQUESTED = "flow_requested"
    """The first entry of each flow: somebody asked for it."""
    APPROVED = "flow_approved"
    REFUSED = "flow_refused"
    """A person refused; `ref` is the task."""
    TASK_DONE = "flow_task_done"
    """A person has put right what went wrong; `ref` is the task."""
    PAID = "flow_paid"
    """A payment link was paid; `ref` is the link."""
    PHOTO_SENT = "flow_photo_sent"
    PARCEL_SCANNED = "flow_parcel_scanned"
    PARCEL_RECEIVED = "flow_parcel_received"
    INSPECTED = "flow_inspected"
    CUSTOMER_CHOSE = "flow_customer_chose"
    """`ref` is the choice, a constant word."""
    CUSTOMER_CANCELLED = "flow_customer_cancelled"
    PARTY_ANSWERED = "flow_party_answered"
    """`ref` is the inquiry."""
    SHIPMENT_CHANGED = "flow_shipment_changed"
    """Tracking has told something of the shipment that the flow is about."""


class FlowEntry(Value):
    """One entry as a signal carries it: ids and constant words only."""

    seq: int
    kind: FlowEntryKind
    ref: str = ""
    by: str = ""
    """Agent id, where an agent did it."""


class FlowStart(Value):
    """The argument of every flow's `run`. All else is read from the store, so that a new run finds the same."""

    flow_id: str
    kind: FlowKind
    order: str = ""
    """Order number."""
    story: str = ""
    """For a flow of the brand's own: its name in the policy, which is the name of its workflow type."""


class TaskKind(StrEnum):
    """What a flow asks people to do."""

    APPROVE = "approve"
    JUDGE = "judge"
    """Look at the photo and decide."""
    INSPECT = "inspect"
    """Look at what came back, line by line."""
    REPAIR = "repair"
    """Undoing a step was refused: put it right in the shop by hand."""
    FOLLOW_UP = "follow_up"
    """Somebody outside has not answered, or a delay lasts: see to it."""


class Requester(StrEnum):
    """Who asked for a flow."""

    CUSTOMER = "customer"
    AI = "ai"
    AGENT = "agent"
    POLICY = "policy"
    """A rule noticed it, e.g. a delay."""


class AskedBy(Value):
    """Who asked for a flow; `agent_id` where it was an agent."""

    kind: Requester
    agent_id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.agent_id}" if self.agent_id else self.kind.value

    @classmethod
    def read(cls, written: str) -> "AskedBy":
        """From how the store writes it."""
        kind, _, agent_id = written.partition(":")
        return cls(kind=Requester(kind), agent_id=agent_id)
