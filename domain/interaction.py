"""The interaction: its states, the journal entries addressed to it, and where it stands when a run picks it up."""

from enum import StrEnum

from domain.plan import Plan
from domain.values import Value


class InteractionState(StrEnum):
    """Who an interaction is waiting for. Every state but `RESOLVED` is open."""

    NEW = "new"
    """Customer messages are waiting to be understood and routed."""
    WITH_AI = "with_ai"
    AWAITING_CUSTOMER = "awaiting_customer"
    AWAITING_PERSON = "awaiting_person"
    """A work item waits for, or is offered to, an agent."""
    WITH_PERSON = "with_person"
    AWAITING_HOLDER = "awaiting_holder"
    """Its words are a suggestion before whoever holds the baton."""
    RESOLVED = "resolved"


WITH_PEOPLE = frozenset({InteractionState.AWAITING_PERSON, InteractionState.WITH_PERSON})
"""States in which people have the say: only their own verbs, or an operator, end them."""


class Resolution(StrEnum):
    """How an interaction was resolved."""

    CONFIRMED = "confirmed"
    """The customer said so."""
    ASSUMED = "assumed"
    """The customer stayed silent after an answer."""
    BY_AGENT = "by_agent"
    BY_OPERATOR = "by_operator"
    LEFT_QUEUE = "left_queue"
    """The customer did not want to wait for a person; not counted as resolved."""
    NO_ANSWER = "no_answer"
    """The customer never answered a question back: closed, and not counted as resolved."""
    SET_ASIDE = "set_aside"
    """Spam or a machine's text: kept and listed, never answered."""


class EntryKind(StrEnum):
    """Kinds of journal entries that are addressed to an interaction's workflow and carry a `seq`."""

    MESSAGE_RECEIVED = "message_received"
    WORK_ACCEPTED = "work_accepted"
    AGENT_REPLIED = "agent_replied"
    AGENT_RESOLVED = "agent_resolved"
    HANDED_BACK = "handed_back"
    WORK_REQUEUED = "work_requeued"
    """The agent is gone or gave the case back; it waits for another."""
    SUGGESTION_USED = "suggestion_used"
    SUGGESTION_DISMISSED = "suggestion_dismissed"
    BATON_FREED = "baton_freed"
    NOTICE_QUEUED = "notice_queued"
    """Baton's own words to the customer (a transcript) wait to be sent."""
    STUCK = "stuck"
    WORK_MOVED = "work_moved"
    """The case waits for another team now; `ref` is the team."""
    WORK_DECIDED = "work_decided"
    """A person has approved or refused; the plan's next stage begins."""
    SHIFTED_TO_AI = "shifted_to_ai"
    """Under pressure the AI may try while the customer keeps their place in the queue."""
    SHIFTED_TO_PEOPLE = "shifted_to_people"
    """People have capacity again, and the AI has not solved it yet."""
    COMMITMENT_DUE = "commitment_due"
    """A promise is due soon, and nobody who could keep it is on the case."""
    LEFT_QUEUE = "left_queue"
    """The customer does not want to wait for a person any more."""
    DRAFT_RELEASED = "draft_released"
    """An agent has sent the AI's draft, as it was or edited; `ref` is the message. The AI goes on."""
    DRAFT_REJECTED = "draft_rejected"
    """An agent has rejected the AI's draft and answers the case themselves; `ref` is the draft."""
    AI_STOPPED = "ai_stopped"
    """The AI was switched off for the case's cell, or for the brand."""
    BRIEF_ASKED = "brief_asked"
    """An agent wants a summary and a suggested reply as of now."""
    RATED_LOW = "rated_low"
    """The customer was not content with how the case ended; a lead gets it."""
    FLOW_REPORTED = "flow_reported"
    """A flow that belongs to the case has changed; `ref` is the flow."""


class Entry(Value):
    """One addressed journal entry as a signal carries it: ids only."""

    seq: int
    kind: EntryKind
    ref: str = ""
    """The message, work item or suggestion it is about."""
    by: str = ""
    """Agent id, where an agent did it."""


class Pace(Value):
    """The durations of a story, in seconds, from the policy version that the interaction is pinned to."""

    pause: float
    """Silence after which the customer's turn counts as finished."""
    ai_start: float
    """How long work may wait for the pool `ai` before a person gets the case."""
    ai_work: float
    """How long one call of the assistant may take."""
    assume_resolved: float
    suggestion: float
    """How long a suggestion may lie before the holder of the baton."""
    check_in: float
    """How long an interaction may rest with people before its run reports in."""
    step: float
    """How long any other step may take before the sweep looks after it."""
    attempts: int
    """Answers begun for one turn before a person gets it (a number, not seconds)."""


class InteractionStart(Value):
    """The argument of `InteractionWorkflow.run`."""

    interaction_id: str
    customer_id: str
    channel: str
    tier: str
    pace: Pace
    handled_seq: int = 0
    """Entries up to here are done."""
    fresh: bool = False
    """No run has worked on it yet; otherwise the run asks the store where things stand."""


class Standing(Value):
    """Where an interaction stands according to the store; what a new run needs to go on."""

    state: InteractionState
    resolution: Resolution | None = None
    handled_seq: int
    issue: str = ""
    plan: Plan | None = None
    stage: int = 0
    agent_id: str = ""
    """Who holds the work item, if anybody does."""
    asked: bool = False
    """Baton's last word was a question back."""
    quiet_for: float = 0.0
    """Seconds since the state last changed."""
    stage_left: float | None = None
    """Seconds until the deadline of the plan's present stage."""
    tried: bool = False
    """The AI has tried while the customer waits for a person."""
    reviewing: bool = False
    """A draft of the AI lies before people."""
