"""A cell of the matrix: candidates in order, the conditions of each, and the stages that it would take."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PositiveFloat, model_validator

from domain.commerce import OrderState
from domain.modes import Mode
from domain.parties import Channel
from domain.plan import Evidence, Exit, Stage
from domain.team import Level
from domain.triage import Complexity, IssueType, Sentiment, Urgency
from domain.values import Value

ANY = "any"
"""A row for every issue, or a column for every tier."""

Amounts = dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], Annotated[int, Field(ge=0)]]
"""Currency (ISO 4217) to minor units. A case in a currency that is not listed does not meet the condition."""

LanguageCode = Annotated[str, Field(pattern="^[a-z]{2,3}$")]
"""ISO 639, e.g. `en`."""


def _row_name(written: str) -> str:
    if written != ANY and written not in set(IssueType):
        raise ValueError(f"'{written}' is no issue type; use {', '.join(IssueType)} or {ANY}")
    return written


RowName = Annotated[str, AfterValidator(_row_name)]
"""An issue type, or `any`."""


class Conditions(Value):
    """When a candidate applies; every condition given must hold. A fact that is not known meets no condition on it."""

    confidence_at_least: float | None = Field(default=None, ge=0, le=1)
    channels: tuple[Channel, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    sentiments: tuple[Sentiment, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    complexities: tuple[Complexity, ...] = ()
    team_available: str | None = None
    """Somebody of this team is here and has capacity."""
    team_open: str | None = None
    """It is this team's working time."""
    team_closed: str | None = None
    wait_below_minutes: dict[str, PositiveFloat] = {}
    """Team to estimated wait. A team of which nobody is here has no estimate."""
    own_agent_available: bool | None = None
    """The agent who knows the customer is here and has capacity."""
    amount_at_least: Amounts = {}
    """Total of the order that the case is about."""
    amount_below: Amounts = {}
    order_states: tuple[OrderState, ...] = ()
    repeat_contact: bool | None = None
    """The customer had another case about the same issue in the last 30 days."""
    lifetime_value_at_least: Amounts = {}
    verified: bool | None = None
    """The customer is proven to be who they say."""
    last_csat_at_most: int | None = Field(default=None, ge=1, le=5)
    tags_any: tuple[str, ...] = ()
    """The customer has one of these tags."""


class StageRule(Value):
    """One stage as a policy file writes it; a bare target such as `ai` is short for `{do: ai}`."""

    do: str
    """`ai`, `queue:<team>`, `agent:<id>`, `agent:own`, `self_service`, `flow:<name>` or `set_aside`."""
    until: Exit | None = None
    """What ends the stage and begins the next one; by default the case is settled in it."""
    collect: tuple[Evidence, ...] = ()
    """For `until: collected`: what the AI asks the customer for."""
    deadline_minutes: PositiveFloat | None = None
    """After that, the fallback takes over."""
    otherwise: str = ""
    """The fallback: a `queue:<team>`; by default the next stage with people, else the overflow team."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        Stage.of(self)
        return self


def _stage(written: object) -> object:
    return {"do": written} if isinstance(written, str) else written


class Candidate(Value):
    """One candidate of a cell: stages in order, and when they apply."""

    plan: tuple[Annotated[StageRule, BeforeValidator(_stage)], ...] = Field(min_length=1)
    when: Conditions = Conditions()
    needs: dict[str, Level] = {}
    """Skills with the lowest level that the agents of its queue stages must have."""
    mode: Mode | None = None
    """How far the AI may go in its stages; by default what `assistant.mode` says."""
    pressure: Literal["ai"] | None = None
    """Under pressure, `confidence_at_least` falls to what the policy's level says."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Its stages in short."""
        return tuple(stage.do for stage in self.plan)
