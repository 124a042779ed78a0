"""Calls of a model provider: what each took, why it did not help, and what a case may still spend."""

from enum import StrEnum

from domain.policy import AssistantRules
from domain.values import Value

_MICRODOLLARS_IN_A_CENT = 10_000


class ModelFailure(StrEnum):
    """Why a provider did not help."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    MALFORMED = "malformed"
    """It answered, but not in the form that was asked for, or with something that no source says."""
    REFUSED = "refused"
    """The provider or the model would not answer."""
    UNAVAILABLE = "unavailable"
    LIMIT = "limit"
    """The case has used up what policy allows it."""


class Purpose(StrEnum):
    """What the assistant was asked for."""

    TRIAGE = "triage"
    COMPOSE = "compose"
    BRIEF = "brief"


class ModelCall(Value):
    """One request to a provider, whether it helped or not."""

    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    microdollars: int | None = None
    """By the model's public price; None where that is not known."""
    seconds: float = 0
    failure: ModelFailure | None = None


class Spent(Value):
    """What the calls of a case have taken together."""

    tokens: int = 0
    seconds: float = 0
    microdollars: int = 0

    def plus(self, call: ModelCall) -> "Spent":
        """With another call."""
        return Spent(
            tokens=self.tokens + call.tokens_in + call.tokens_out,
            seconds=self.seconds + call.seconds,
            microdollars=self.microdollars + (call.microdollars or 0),
        )


class Terms(Value):
    """On what terms a model may be asked about a case."""

    rules: AssistantRules = AssistantRules()
    spent: Spent = Spent()
    work_seconds: float = 20
    """How long an answer may take before the case goes on without it."""

    @property
    def exhausted(self) -> bool:
        """Nothing is left of one of the limits."""
        limits, spent = self.rules.model, self.spent
        too_dear = spent.microdollars >= limits.cost_cents * _MICRODOLLARS_IN_A_CENT
        return spent.tokens >= limits.tokens or spent.seconds >= limits.seconds or too_dear
