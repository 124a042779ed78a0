"""A case to be rehearsed: who writes, what they say turn by turn, and what must and must not come of it.

The format of the files is described in `docs/evaluating.md`.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.commerce import OrderState
from domain.flows.kinds import FlowKind
from domain.parties import Channel
from domain.proposal import HandoffReason
from domain.values import Value


class Outcome(StrEnum):
    """How a conversation ends if nobody writes any more."""

    RESOLVED = "resolved"
    """Answered, or done, and nothing is left to ask."""
    QUESTION = "question"
    """Baton's last word is a question back, which never counts as a resolution."""
    HANDOFF = "handoff"
    """With people."""
    SET_ASIDE = "set_aside"
    """Kept and listed, never answered: spam, or a machine's text."""


def _listed(written: object) -> object:
    return (written,) if isinstance(written, str) else written


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""Texts that are looked for without regard to upper and lower case; one between slashes is a regular expression."""


class Expect(Value):
    """What one turn must bring. What is left out is not looked at."""

    says: Texts = ()
    says_not: Texts = ()
    asks: bool | None = None
    """A question back, a read-back included."""
    cites: Texts = ()
    """Slugs of articles, order numbers, ids of products."""
    reads_back: FlowKind | None = None
    begins: FlowKind | None = None
    handoff: HandoffReason | bool | None = None
    """The case goes to people in this turn; a reason asks for exactly that one, `false` forbids it."""
    language: Annotated[str, Field(pattern="^(en|de|es|fr)$")] | None = None


class CustomerTurn(Value):
    """What the customer says; messages in one turn come before anybody answers."""

    text: Texts = Field(min_length=1)
    photo: bool = False
    """A picture is attached."""
    automatic: bool = False
    """A machine wrote it, and says so in the mail's header."""
    expect: Expect = Expect()


class OrderAsOf(Value):
    """How an order of the demo shop stands in this case, in days from the moment of the rehearsal."""

    order: str
    state: Literal[OrderState.PENDING, OrderState.PAID, OrderState.SHIPPED, OrderState.DELIVERED]
    placed_days_ago: float | None = Field(default=None, ge=0)
    delivered_days_ago: float | None = Field(default=None, ge=0)
    expected_in_days: int | None = None
    """Of each parcel under way; negative if the day has passed."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.delivered_days_ago is not None) != (self.state is OrderState.DELIVERED):
            raise ValueError("`delivered_days_ago` belongs to state delivered, which needs it")
        if self.expected_in_days is not None and self.state is not OrderState.SHIPPED:
            raise ValueError("`expected_in_days` belongs to state shipped")
        return self


def _turn(written: object) -> object:
    return {"text": written} if isinstance(written, str) else written


class ReadyCase(Value):
    """One conversation with its expectations."""

    name: str = Field(min_length=1)
    about: str = ""
    customer: str = ""
    """Who writes in truth: id or email of a customer of the shop; empty: somebody the shop does not know."""
    verified: bool = False
    """The channel proves it (signed in at the shop, or a mail that passed DMARC)."""
    channel: Channel = Channel.CHAT
    orders: Texts = ()
    """The customer's orders that it is about; facts of their other ones would be a wrong answer."""
    shop: tuple[OrderAsOf, ...] = ()
    turns: tuple[Annotated[CustomerTurn, BeforeValidator(_turn)], ...] = Field(min_length=1)
    outcome: Outcome
    answerable: bool | None = None
    """True: a person should not be needed. False: only a person may settle it. By default as `outcome` says."""
    must_not: Texts = ()
    """What must not be said in any turn."""
    known_gap: str = ""
    """Why the case cannot pass yet; it still counts as failing."""

    @model_validator(mode="before")
    @classmethod
    def _by_outcome(cls, written: object) -> object:
        """Whoever expects an answer means that it can be given, and whoever expects people that it cannot."""
        if not isinstance(written, dict) or written.get("answerable") is not None:
            return written
        means = {Outcome.RESOLVED.value: True, Outcome.HANDOFF.value: False}
        return {**written, "answerable": means.get(str(written.get("outcome")))}

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.verified and not self.customer:
            raise ValueError("nobody can be verified without `customer`")
        if self.channel is Channel.VOICE:
            raise ValueError("calls cannot be rehearsed")
        if self.answerable is False and self.outcome is Outcome.RESOLVED:
            raise ValueError("a case that is not answerable cannot end resolved")
        return self
