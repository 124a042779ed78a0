"""The routing policy: what a brand configures. A pydantic model of the YAML file; versions live in the store."""

from datetime import timedelta
from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from domain.interaction import Pace
from domain.parties import Channel
from domain.plan import Stage, StageKind
from domain.triage import Complexity, IssueType, Sentiment, Urgency
from domain.values import Value
from domain.work import DispatchMode

MESSAGING = {Channel.SMS, Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM}


class TeamChannel(Value):
    """How a team works one channel."""

    mode: DispatchMode = DispatchMode.OFFER
    cost: PositiveInt = 1
    """Capacity units that one work item takes."""
    offer_seconds: PositiveFloat = 45
    """How long an offer is reserved for one agent."""


class Team(Value):
    """A team of agents."""

    title: str
    skills: tuple[str, ...] = ()
    channels: dict[Channel, TeamChannel] = {}

    def on(self, channel: str) -> TeamChannel:
        """The team's way of working a channel; offers of the default length where the file is silent."""
        return self.channels.get(Channel(channel), TeamChannel())


class Tier(Value):
    """A grade of customers."""

    priority_minutes: float = Field(default=0, ge=0)
    """How much a case of this tier is brought forward in the queue."""


class Conditions(Value):
    """When a candidate applies; every condition given must hold."""

    confidence_at_least: float | None = Field(default=None, ge=0, le=1)
    channels: tuple[Channel, ...] = ()
    languages: tuple[str, ...] = ()
    sentiments: tuple[Sentiment, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    complexities: tuple[Complexity, ...] = ()
    team_available: str | None = None


class Candidate(Value):
    """One candidate of a matrix cell: stages in order, and when they apply."""

    plan: tuple[str, ...] = Field(min_length=1)
    when: Conditions = Conditions()

    @model_validator(mode="after")
    def _targets_exist(self) -> Self:
        for target in self.plan:
            Stage.parse(target)
        return self


class AssistantRules(Value):
    """What the AI may do on its own."""

    languages: tuple[str, ...] = ("en",)
    threshold: float = Field(default=0.7, ge=0, le=1)
    """Confidence of triage below which the assistant asks back instead of answering."""
    questions: PositiveInt = 2
    """Questions back in one interaction before a person gets it."""
    attempts: PositiveInt = 3
    """Answers begun for one turn before a person gets it, when the customer keeps writing."""
    link_domains: tuple[str, ...] = ()
    """Domains that an AI message may link to."""


class Pauses(Value):
    """Seconds of silence after which the customer's turn counts as finished."""

    chat: float = Field(default=3, ge=0)
    messaging: float = Field(default=8, ge=0)
    email: float = Field(default=0, ge=0)


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
    """One version of a brand's policy."""

    version: int = Field(default=0, ge=0)
    """Given by the store when the file is activated; 0 in a file."""
    brand: Brand
    teams: dict[str, Team] = Field(min_length=1)
    overflow: str
    """The team that gets what nothing else fits."""
    tiers: dict[str, Tier]
    assistant: AssistantRules = AssistantRules()
    pauses: Pauses = Pauses()
    deadlines: Deadlines = Deadlines()
    matrix: dict[IssueType, dict[str, tuple[Candidate, ...]]]
    """Issue type to tier (or `any`) to candidates, tried in order."""
    defaults: tuple[Candidate, ...]
    """Candidates for cells that the matrix leaves out."""

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if self.overflow not in self.teams:
            raise ValueError(f"overflow names team '{self.overflow}', which is not under teams")
        for issue, row in self.matrix.items():
            for tier, candidates in row.items():
                if tier != "any" and tier not in self.tiers:
                    raise ValueError(f"matrix.{issue}.{tier}: '{tier}' is not under tiers")
                self._check_candidates(candidates, f"matrix.{issue}.{tier}")
        self._check_candidates(self.defaults, "defaults")
        return self

    def _check_candidates(self, candidates: tuple[Candidate, ...], where: str) -> None:
        for candidate in candidates:
            named = [stage.team for stage in map(Stage.parse, candidate.plan) if stage.kind is StageKind.QUEUE]
            named += [candidate.when.team_available] if candidate.when.team_available else []
            for team in named:
                if team not in self.teams:
                    raise ValueError(f"{where}: team '{team}' is not under teams")

    def cell(self, issue: IssueType, tier: str) -> tuple[str, tuple[Candidate, ...]]:
        """The name and the candidates of the cell for an issue and a tier; the row's `any`, then the defaults."""
        row = self.matrix.get(issue, {})
        if tier in row:
            return f"{issue} x {tier}", row[tier]
        if "any" in row:
            return f"{issue} x any", row["any"]
        return "defaults", self.defaults

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
