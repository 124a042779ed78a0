"""The routing policy: what a brand configures. A pydantic model of the YAML file; versions live in the store."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, PositiveFloat, PositiveInt, field_validator

from domain.flows.kinds import FlowKind
from domain.flows.rules import CommerceRules
from domain.interaction import Pace
from domain.matrix import ANY, Candidate, LanguageCode, RowName
from domain.modes import Mode
from domain.parties import Channel
from domain.policy_checks import named_agents
from domain.pressure import PressureRules
from domain.team import DEFAULT_ROLES, LimitedRole, RoleLimits, Team, Tier
from domain.triage import IssueType
from domain.values import Value

Cell = Annotated[tuple[Candidate, ...], Field(min_length=1)]
"""The candidates of one cell, tried in order."""

_HOUR = 3600
MESSAGING = {Channel.SMS, Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM}


class ModelRules(Value):
    """Limits of one case with a model provider (`BATON_ASSISTANT=llm`); at any of them, a person answers."""

    tokens: PositiveInt = 60_000
    """Input and output together."""
    seconds: PositiveFloat = 120
    """Time spent waiting for the provider."""
    cost_cents: PositiveFloat = 50
    """US cents, by the public prices of the model; a model without known price is limited by tokens and time only."""


class AssistantRules(Value):
    """What the AI may do on its own."""

    languages: tuple[LanguageCode, ...] = ("en",)
    """ISO 639 codes of the languages that it writes."""
    threshold: float = Field(default=0.7, ge=0, le=1)
    """Confidence of triage below which the assistant asks back instead of answering."""
    questions: PositiveInt = 2
    """Questions back in one interaction before a person gets it."""
    attempts: PositiveInt = 3
    """Answers begun for one turn before a person gets it, when the customer keeps writing."""
    link_domains: tuple[str, ...] = ()
    """Domains that an AI message may link to."""
    mode: Mode = Mode.DRAFT
    """How far the AI may go in a candidate that does not say so itself."""
    actions: tuple[FlowKind, ...] = (FlowKind.RETURN, FlowKind.EXCHANGE, FlowKind.CANCELLATION)
    """Flows that the AI may propose of its own in an `ai` stage; each is judged, read back, and begun on a yes only."""
    proof_attempts: PositiveInt = 5
    """Wrong proofs of identity in one conversation within a day before a person gets the case."""
    model: ModelRules = ModelRules()


class SatisfactionRules(Value):
    """The question of how it was, once in a case, after it is resolved."""

    ask: bool = False
    after_minutes: PositiveFloat = 60
    """From the end of the case."""
    open_hours: PositiveFloat = 72
    """How long an answer counts."""
    channels: tuple[Channel, ...] = (Channel.CHAT, Channel.EMAIL)
    low: Annotated[int, Field(ge=1, le=4)] = 2
    """An answer of at most this (of 5) opens the case again."""
    team: str = ""
    """Who gets it then; empty: the overflow team. There, a lead is asked first."""


class Pauses(Value):
    """Seconds of silence after which the customer's turn counts as finished."""

    chat: float = Field(default=3, ge=0, le=_HOUR)
    messaging: float = Field(default=8, ge=0, le=_HOUR)
    email: float = Field(default=0, ge=0, le=_HOUR)


class Deadlines(Value):
    """How long each kind of waiting may take."""

    ai_start_seconds: PositiveFloat = 20
    ai_work_seconds: PositiveFloat = 20
    suggestion_seconds: PositiveFloat = 300
    step_seconds: PositiveFloat = 60
    check_in_seconds: PositiveFloat = 900
    assume_resolved_hours: PositiveFloat = 72
    reopen_days: PositiveFloat = 7
    presence_seconds: PositiveFloat = 60
    """Lease of an open desk."""
    return_grace_seconds: PositiveFloat = 120
    """How long assigned work stays with an agent whose lease lapsed."""


class Brand(Value):
    """How the brand speaks."""

    name: str
    ai_label: str
    """Signature of AI messages; says that it is an AI."""


class Policy(Value):
    """One version of a brand's policy. Whether what it names exists is a matter of `domain.policy_checks`."""

    version: int = Field(default=0, ge=0)
    """Given by the store when the file is activated; 0 in a file."""
    brand: Brand
    teams: dict[str, Team] = Field(min_length=1)
    overflow: str
    """The team that gets what nothing else fits."""
    tiers: dict[str, Tier]
    roles: dict[LimitedRole, RoleLimits] = DEFAULT_ROLES
    assistant: AssistantRules = AssistantRules()
    pauses: Pauses = Pauses()
    deadlines: Deadlines = Deadlines()
    pressure: PressureRules = PressureRules()
    satisfaction: SatisfactionRules = SatisfactionRules()
    commerce: CommerceRules = CommerceRules()
    matrix: dict[RowName, dict[str, Cell]]
    """Issue type (or `any`) to tier (or `any`) to candidates, tried in order."""
    defaults: Cell
    """Candidates for cells that the matrix leaves out."""

    @field_validator("roles")
    @classmethod
    def _every_role(cls, roles: dict[LimitedRole, RoleLimits]) -> dict[LimitedRole, RoleLimits]:
        return {**DEFAULT_ROLES, **roles}

    def cell(self, issue: IssueType | str, tier: str) -> tuple[str, Cell]:
        """The name and the candidates of the cell for an issue and a tier.

        In this order: the cell itself, the row's `any`, the column in the row `any`, the defaults.
        """
        for row, column in ((issue, tier), (issue, ANY), (ANY, tier), (ANY, ANY)):
            found = self.matrix.get(row, {}).get(column)
            if found is not None:
                return f"{row} x {column}", found
        return "defaults", self.defaults

    @property
    def named_agents(self) -> list[str]:
        """The ids of the agents whom a plan may name."""
        return sorted({agent for _, agent in named_agents(self)})

    def pace(self, channel: str) -> Pace:
        """The durations of a story on a channel."""
        pauses, due = self.pauses, self.deadlines
        quiet = {Channel.CHAT: pauses.chat, Channel.EMAIL: pauses.email, Channel.API: pauses.chat}
        return Pace(
            pause=pauses.messaging if Channel(channel) in MESSAGING else quiet.get(Channel(channel), 0),
            ai_start=due.ai_start_seconds,
            ai_work=due.ai_work_seconds,
            assume_resolved=due.assume_resolved_hours * 3600,
            suggestion=due.suggestion_seconds,
            check_in=due.check_in_seconds,
            step=due.step_seconds,
            attempts=self.assistant.attempts,
        )

    def priority(self, tier: str) -> timedelta:
        """What a tier is worth in the queue; unknown tiers are worth nothing."""
        return timedelta(minutes=self.tiers.get(tier, Tier()).priority_minutes)
