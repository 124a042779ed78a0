"""Arguments and results of the activities: ids and typed decisions, never customers' text."""

from domain.delivery import Posting
from domain.interaction import Entry, InteractionState, Resolution
from domain.plan import Plan
from domain.proposal import HandoffReason
from domain.triage import IssueType, Relation
from domain.values import Value


class CaseRef(Value):
    """An interaction, and the entries up to which the story has dealt with it."""

    interaction_id: str
    handled_seq: int
    only_grounded: bool = False
    """No questions back: an answer that cites its sources, or none."""


class Understood(Value):
    """Triage without what the customer said: entities stay in the store."""

    issue: IssueType
    relation: Relation
    nothing_new: bool = False
    """Every customer message is answered already."""
    auto_reply: bool = False
    wants_person: bool = False


class Routed(Value):
    """Where a case goes."""

    plan: Plan
    reason: HandoffReason
    """Why a person gets it, if the first stage is a queue."""


class Resting(Value):
    """A state in which the story waits, reported to the store."""

    interaction_id: str
    handled_seq: int
    state: InteractionState
    due_in: float
    """Seconds until the sweep should look after it."""


class Missed(Value):
    """Entries that a run has not been told yet."""

    entries: tuple[Entry, ...]


class Composed(Value):
    """What the AI wants to say: a draft in the store, or a handoff."""

    draft_id: str = ""
    handoff: HandoffReason | None = None
    order: str = ""
    """The number of the order that the answer rests on, if there is one."""
    collected: bool = False
    """Everything that the stage was to collect is there."""


class ToDeliver(Value):
    """What is to be sent: a draft, or whatever is queued in the conversation of a message."""

    interaction_id: str
    handled_seq: int
    draft_id: str = ""
    message_id: str = ""
    suggestion_seconds: float = 0
    rest_seconds: float = 0
    """How long the customer has for an answer."""
    step_seconds: float = 0
    """How much later the sweep looks after it."""


class Delivered(Value):
    """What became of it."""

    posting: Posting
    failed: bool = False
    """The channel refused it for good."""
    asked: bool = False
    """It was a question back."""


class ToPeople(Value):
    """A case for people. An empty team means the policy's overflow team."""

    interaction_id: str
    handled_seq: int
    reason: HandoffReason
    team: str = ""
    draft_id: str = ""
    """What the AI would say, for them to send, edit or reject."""


class Laying(Value):
    """Another draft for a work item that people have; or why the AI has none any more."""

    interaction_id: str
    draft_id: str = ""
    without: HandoffReason | None = None


class HandedOver(Value):
    """The work item that is open now, and the notice to the customer that is to be sent."""

    item_id: str
    team: str
    notice_id: str = ""
    state: InteractionState
    agent_id: str = ""
    reviewing: bool = False
    """A draft lies with it."""


class Staging(Value):
    """The plan's next stage begins."""

    interaction_id: str
    handled_seq: int
    stage: int


class Closing(Value):
    """A wish to close: done only if every entry is handled."""

    interaction_id: str
    handled_seq: int
    how: Resolution


class Splitting(Value):
    """Messages that are about another problem."""

    interaction_id: str
    handled_seq: int
    message_ids: tuple[str, ...]


class OperatorDid(Value):
    """An operator's order and what became of it."""

    interaction_id: str
    order: str
    refused: str = ""
