"""How a team works: its channels, hours, skills, rings of people to ask, service levels and its ways out of a queue."""

from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    field_validator,
)

from domain.hours import Hours
from domain.parties import Channel
from domain.requirement import Ring, Who
from domain.sla import SlaTargets
from domain.values import Value
from domain.work import DispatchMode

WHOLE_AGENT = 1_000
"""The cost of `all`: more than any capacity, so the item goes to an agent with nothing else and takes all they have."""

Level = Annotated[int, Field(ge=1, le=5)]


def _cost(written: object) -> object:
    return WHOLE_AGENT if written == "all" else written


class TeamChannel(Value):
    """How a team works one channel."""

    mode: DispatchMode = DispatchMode.OFFER
    cost: Annotated[int, Field(ge=1, le=WHOLE_AGENT), BeforeValidator(_cost)] = 1
    """Capacity units that one work item takes; `all` for work beside which an agent does nothing else (a call)."""
    offer_seconds: PositiveFloat = 45
    """How long an offer is reserved for one agent."""
    wrap_up_seconds: NonNegativeFloat = 0
    """How long an agent's capacity stays taken after they resolved a case, for their notes."""
    idle_seconds: PositiveFloat | None = None
    """Silence of the customer after which their case takes no capacity until they write again."""


class QueueRules(Value):
    """What a customer who would have to wait is offered."""

    message_above_minutes: PositiveFloat | None = None
    """Estimated wait above which the customer is asked to leave a message instead."""
    message_when_closed: bool = True
    """Outside working hours the customer is told when somebody will answer."""


class Team(Value):
    """A team of agents."""

    title: str
    skills: tuple[str, ...] = ()
    """Skills that cases may ask of this team's agents."""
    match_language: bool = False
    """Does a case ask for an agent who speaks the customer's language?"""
    hours: Hours = Hours()
    channels: dict[Channel, TeamChannel] = {}
    rings: Annotated[tuple[Ring, ...], Field(min_length=1)] = (
        Ring(who=Who.OWN_AGENT, for_seconds=20),
        Ring(who=Who.SKILLED),
    )
    sla: dict[str, SlaTargets] = {}
    """By tier, or `any`."""
    escalate_to: str = ""
    """The team that gets a waiting case whose service level is breached."""
    queue: QueueRules = QueueRules()
    reserve_after_seconds: NonNegativeFloat = 60
    """Waiting time after which the next agent who can is kept free for a case that needs much capacity."""

    @field_validator("skills")
    @classmethod
    def _skill_names(cls, skills: tuple[str, ...]) -> tuple[str, ...]:
        for skill in skills:
            if not skill.replace("_", "").replace("-", "").isalnum():
                raise ValueError(f"'{skill}' is no name of a skill; use letters, digits, - and _")
        return skills

    def on(self, channel: str) -> TeamChannel:
        """The team's way of working a channel; offers of the default length where the file is silent."""
        return self.channels.get(Channel(channel), TeamChannel())

    def targets(self, tier: str) -> SlaTargets:
        """The service levels of a tier."""
        return self.sla.get(tier) or self.sla.get("any") or SlaTargets()


class Tier(Value):
    """A grade of customers."""

    priority_minutes: float = Field(default=0, ge=0)
    """How much a case of this tier is brought forward in the queue."""


class RoleLimits(Value):
    """What people of a role may decide alone."""

    approve_up_to: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], NonNegativeInt] = {}
    """Currency (ISO 4217) to minor units: the largest amount that they may approve.

    Empty: they approve nothing with an amount.
    """
    out_of_order: bool = True
    """May they pick work that is not next in line, with a reason?"""
    supervise: bool = False
    """May they reassign, take from others and change priorities?"""


LimitedRole = Literal["agent", "lead", "admin", "read_only"]

DEFAULT_ROLES: dict[LimitedRole, RoleLimits] = {
    "agent": RoleLimits(),
    "lead": RoleLimits(supervise=True),
    "admin": RoleLimits(supervise=True),
    "read_only": RoleLimits(out_of_order=False),
}
