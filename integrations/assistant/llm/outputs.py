"""What a model is asked for: plain forms, which become a `Triage` or a `Proposal` only after they were checked."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.proposal import HandoffReason
from domain.triage import Complexity, IssueType, Relation, Sentiment, Urgency

_MOST_STATEMENTS = 12


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadTurn(_Form):
    """How you read the customer's unanswered messages."""

    issue: IssueType
    confidence: float = Field(ge=0, le=1, description="How sure you are of `issue`; 0.5 where two fit equally well.")
    further_issues: Annotated[list[IssueType], Field(max_length=4)] = Field(
        default=[], description="Other things that the customer also asks for, if any."
    )
    relation: Relation = Field(default=Relation.SAME, description="How they relate to the conversation before them.")
    sentiment: Sentiment = Sentiment.NEUTRAL
    urgency: Urgency = Urgency.NORMAL
    complexity: Complexity = Complexity.SIMPLE
    wants_person: bool = Field(default=False, description="They want to deal with a human being.")
    auto_reply: bool = Field(default=False, description="A machine wrote them, e.g. an out-of-office note.")
    language: str = Field(default="en", pattern="^[a-z]{2}$", description="ISO 639-1 code of their language.")
    order_numbers: Annotated[list[str], Field(max_length=10)] = Field(default=[], description="As written.")
    emails: Annotated[list[str], Field(max_length=5)] = Field(default=[], description="As written.")


class SaidStatement(_Form):
    """One or two sentences, with what they rest on."""

    text: str = Field(min_length=1, max_length=1500, description="Plain text, no Markdown, no HTML.")
    sources: Annotated[list[str], Field(max_length=6)] = Field(
        default=[], description="Ids in square brackets from tool results. Empty for a courtesy without any fact."
    )


class WrittenReply(_Form):
    """An answer to everything that the customer has asked. Only what tool results say."""

    statements: Annotated[list[SaidStatement], Field(min_length=1, max_length=_MOST_STATEMENTS)]


class WrittenQuestion(_Form):
    """A question back to the customer, where something is missing that only they know."""

    text: str = Field(min_length=1, max_length=800)
    asks_proof: bool = Field(default=False, description="It asks who they are: Baton words that question itself.")


class GivenUp(_Form):
    """A person should answer."""

    reason: Literal[
        HandoffReason.CUSTOMER_REQUEST,
        HandoffReason.MISSING_KNOWLEDGE,
        HandoffReason.UNSUPPORTED_REQUEST,
        HandoffReason.POLICY_RESTRICTION,
        HandoffReason.LOW_CONFIDENCE,
        HandoffReason.DISSATISFIED,
    ]


class WrittenSummary(_Form):
    """The case for the colleague who takes it over."""

    summary: str = Field(min_length=1, max_length=900, description="One paragraph in English.")
