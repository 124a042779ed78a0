"""What the assistant may propose. A proposal has no side effect: policy disposes (see `domain.gate`)."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.commitment import NewCommitment
from domain.flows.requests import FlowRequest
from domain.values import Value


class HandoffReason(StrEnum):
    """Why a case goes to a person."""

    CUSTOMER_REQUEST = "customer_request"
    MISSING_KNOWLEDGE = "missing_knowledge"
    UNSUPPORTED_REQUEST = "unsupported_request"
    POLICY_RESTRICTION = "policy_restriction"
    TOOL_FAILURE = "tool_failure"
    LOW_CONFIDENCE = "low_confidence"
    DISSATISFIED = "dissatisfied"
    AI_UNAVAILABLE = "ai_unavailable"
    POLICY = "policy"
    """The matrix sends this kind of case to people."""
    OUTPACED = "outpaced"
    """The customer kept writing faster than the AI could answer."""
    OPERATOR = "operator"
    STUCK = "stuck"
    """A deadline passed twice without progress."""
    AGENT_LOST = "agent_lost"
    """The agent who held the case went away."""
    SUGGESTION_UNANSWERED = "suggestion_unanswered"
    """The holder of the baton let a suggestion for this case lapse."""
    PRESSURE_EASED = "pressure_eased"
    """Only the pressure had given the case to the AI, which has not solved it; people have room again."""
    COMMITMENT_DUE = "commitment_due"
    """Something that was promised to the customer is due soon."""
    STAGE_OVERDUE = "stage_overdue"
    """A stage of the plan took longer than its deadline."""
    DRAFT_REVIEW = "draft_review"
    """The cell is in mode draft: an agent sends, edits or rejects what the AI has written."""
    SHADOWED = "shadowed"
    """The cell is in mode shadow: people do the work, and the AI's drafts are only kept for comparison."""
    AI_STOPPED = "ai_stopped"
    """The AI was switched off, for this cell or the brand."""
    LOW_SATISFACTION = "low_satisfaction"
    """The customer was not content with how the case was resolved."""
    DELIVERY_FAILED = "delivery_failed"
    """A message to the customer could not be delivered."""


class CitationKind(StrEnum):
    """Where a statement comes from."""

    ARTICLE = "article"
    ORDER = "order"
    SHIPMENT = "shipment"
    PRODUCT = "product"
    MESSAGE = "message"
    CUSTOMER = "customer"
    INTERACTION = "interaction"
    FLOW = "flow"


class Citation(Value):
    """A pointer to the source of a statement.

    `ref` is an id in the store (an article's slug, an order number, a message id); `version` is the article's version.
    """

    kind: CitationKind
    ref: str
    version: int | None = None
    language: str = ""
    """ISO 639-1, of an article."""
    title: str = ""
    url: str = ""


class Statement(Value):
    """One sentence or list entry with its sources. `citations` may be empty only for courtesies."""

    text: str
    citations: tuple[Citation, ...] = ()


class Reply(Value):
    """An answer grounded in facts; the text sent is the statements joined by blank lines."""

    kind: Literal["reply"] = "reply"
    statements: tuple[Statement, ...]
    commitments: tuple[NewCommitment, ...] = ()
    """What it promises; made when it is said."""

    @property
    def text(self) -> str:
        """The message as the customer reads it (plain text)."""
        return "\n\n".join(statement.text for statement in self.statements)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All sources, each once, in the order of first use."""
        return tuple(dict.fromkeys(citation for statement in self.statements for citation in statement.citations))


class Question(Value):
    """A question back to the customer; never counts as a resolution."""

    kind: Literal["question"] = "question"
    text: str
    citations: tuple[Citation, ...] = ()
    """Sources of what is answered before the question is put."""
    asks_proof: bool = False
    """It asks who the customer is; `activities.proving` says it in words that fit what was proven and tried so far."""


class Action(Value):
    """Something to be done for the customer. Policy judges it, it is read back, and a plain yes begins its flow."""

    kind: Literal["action"] = "action"
    request: FlowRequest


class Handoff(Value):
    """The assistant cannot or must not answer: a person should."""

    kind: Literal["handoff"] = "handoff"
    reason: HandoffReason


Proposal = Annotated[Reply | Question | Action | Handoff, Field(discriminator="kind")]
