"""The routing policy: what a brand configures. A pydantic model of the YAML file; versions live in the store."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

from domain.interaction import Pace
from domain.matrix import Candidate
from domain.parties import Channel
from domain.plan import OWN_AGENT, Stage, StageKind
from domain.pressure import PressureRules
from domain.team import DEFAULT_ROLES, LimitedRole, RoleLimits, Team, Tier
from domain.triage import IssueType
from domain.values import Value

MESSAGING = {Channel.SMS, Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM}


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


ANY = "any"
"""A row for every issue, or a column for every tier."""
KNOWN_FLOWS: tuple[str, ...] = ()
"""Flows that a plan may name."""


class Policy(Value):
    """One version of a brand's policy."""

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
    matrix: dict[IssueType | Literal["any"], dict[str, tuple[Candidate, ...]]]
    """Issue type (or `any`) to tier (or `any`) to candidates, tried in order."""
    defaults: tuple[Candidate, ...]
    """Candidates for cells that the matrix leaves out."""

    @field_validator("roles")
    @classmethod
    def _every_role(cls, roles: dict[LimitedRole, RoleLimits]) -> dict[LimitedRole, RoleLimits]:
        return {**DEFAULT_ROLES, **roles}

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if self.overflow not in self.teams:
            raise ValueError(f"overflow names team '{self.overflow}', which is not under teams")
        for name, team in self.teams.items():
            self._check_team(name, team)
        for issue, row in self.matrix.items():
            for tier, candidates in row.items():
                self._check_tier(tier, f"matrix.{issue}.{tier}")
                self._check_candidates(candidates, f"matrix.{issue}.{tier}")
        self._check_candidates(self.defaults, "defaults")
        return self

    def _check_tier(self, tier: str, where: str) -> None:
        if tier != ANY and tier not in self.tiers:
            raise ValueError(f"{where}: '{tier}' is not under tiers")

    def _check_team(self, name: str, team: Team) -> None:
        for tier in team.sla:
            self._check_tier(tier, f"teams.{name}.sla.{tier}")
        if team.escalate_to and team.escalate_to not in self.teams:
            raise ValueError(f"teams.{name}.escalate_to: team '{team.escalate_to}' is not under teams")
        if team.escalate_to == name:
            raise ValueError(f"teams.{name}.escalate_to: a team cannot escalate to itself")

    def _check_candidates(self, candidates: tuple[Candidate, ...], where: str) -> None:
        for candidate in candidates:
            stages = [Stage.of(rule) for rule in candidate.plan]
            for stage in stages:
                if stage.kind is StageKind.SELF_SERVICE:
                    raise ValueError(f"{where}: self_service has no portal yet; use ai or queue:<team>")
                if stage.kind is StageKind.FLOW and stage.flow not in KNOWN_FLOWS:
                    known = ", ".join(KNOWN_FLOWS) or "none"
                    raise ValueError(f"{where}: there is no flow '{stage.flow}'; known flows: {known}")
            teams = [stage.team for stage in stages if stage.kind is StageKind.QUEUE]
            for team in [*teams, *(stage.otherwise for stage in stages if stage.otherwise), *_named_in(candidate)]:
                if team not in self.teams:
                    raise ValueError(f"{where}: team '{team}' is not under teams")
            asked = [self.teams[team] for team in teams] or [self.teams[self.overflow]]
            for skill in candidate.needs:
                if not any(skill in team.skills for team in asked):
                    raise ValueError(f"{where}: no team of this plan lists the skill '{skill}' under skills")

    def cell(self, issue: IssueType, tier: str) -> tuple[str, tuple[Candidate, ...]]:
        """The name and the candidates of the cell for an issue and a tier.

        In this order: the cell itself, the row's `any`, the column in the row `any`, the defaults.
        """
        for row, column in ((issue, tier), (issue, ANY), (ANY, tier), (ANY, ANY)):
            found = self.matrix.get(row, {}).get(column)  # type: ignore[call-overload]
            if found is not None:
                return f"{row} x {column}", found
        return "defaults", self.defaults

    @property
    def named_agents(self) -> list[str]:
        """The ids of the agents whom a plan may name."""
        rows = [candidates for row in self.matrix.values() for candidates in row.values()]
        stages = [Stage.of(rule) for cell in [*rows, self.defaults] for one in cell for rule in one.plan]
        return sorted({stage.agent for stage in stages} - {"", OWN_AGENT})

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


def _named_in(candidate: Candidate) -> list[str]:
    when = candidate.when
    return [team for team in (when.team_available, when.team_open, when.team_closed) if team] + list(
        when.wait_below_minutes
    )
