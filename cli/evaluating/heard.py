"""What a rehearsal brings to light: what was said in each turn, by whom and with which sources, and where it led."""

from cli.evaluating.cases import Outcome
from domain.flows.kinds import FlowKind
from domain.parties import AuthorKind
from domain.proposal import Citation, HandoffReason, Statement
from domain.values import Value


class Utterance(Value):
    """One message to the customer."""

    author: AuthorKind
    text: str
    question: bool = False
    citations: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] | None = None
    """As the assistant proposed them; None for words that are Baton's own (read-backs, what a flow tells, notices)."""
    reads_back: FlowKind | None = None
    may_hear_of: tuple[str, ...] = ()
    """Numbers of the orders that the writer had proven to be theirs when it was said."""

    @property
    def by_ai(self) -> bool:
        """The AI's words, and not a notice."""
        return self.author is AuthorKind.AI


class HeardTurn(Value):
    """A turn of the customer and all that followed from it."""

    said: str
    """What the customer wrote."""
    answers: tuple[Utterance, ...] = ()
    begun: tuple[FlowKind, ...] = ()
    handoff: HandoffReason | None = None
    """People got it in this turn."""
    with_people: bool = False
    """At the end of the turn a person has it."""
    understood: str = ""
    """Issue, confidence and relation, as triage had them."""
    failed: str = ""
    """The class of what the assistant raised, if it did."""


class Heard(Value):
    """A whole conversation."""

    turns: tuple[HeardTurn, ...]
    outcome: Outcome
