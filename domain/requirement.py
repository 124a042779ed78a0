"""What an agent must have for a work item, as a key that an index can serve; and the rings that widen it in time."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from domain.values import Value

PULLED = "pull"
"""The key of work that agents pick themselves; no offer is made of it."""


_Word = Annotated[str, Field(pattern=r"^\S*$")]
"""What stands in a key: blanks part the words of one."""
_Skill = Annotated[str, Field(pattern=r"^[^\s:>]+$")]
_Level = Annotated[int, Field(ge=1, le=5)]


class Requirement(Value):
    """Skills with the lowest level of each, a language, or one agent. Empty: anyone of the team."""

    skills: tuple[tuple[_Skill, _Level], ...] = ()
    """Sorted by name; a level is 1 (knows it) to 5 (teaches it)."""
    language: _Word = ""
    """ISO 639-1 code."""
    agent: _Word = ""

    @field_validator("skills")
    @classmethod
    def _in_normal_form(cls, skills: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
        highest = dict(sorted(skills))
        return tuple(highest.items())

    @classmethod
    def of(cls, skills: Mapping[str, int], language: str = "", agent: str = "") -> "Requirement":
        """A requirement for these skills."""
        return cls(skills=tuple(skills.items()), language=language, agent=agent)

    @property
    def key(self) -> str:
        """The normal form as text; equal requirements have equal keys."""
        parts = [f"agent:{self.agent}"] if self.agent else []
        parts += [f"lang:{self.language}"] if self.language else []
        parts += [f"{skill}>={level}" for skill, level in self.skills]
        return " ".join(parts)

    @classmethod
    def read(cls, key: str) -> "Requirement":
        """The requirement behind a key. Raises `ValueError` for what is none, `PULLED` among it."""
        language = agent = ""
        skills: dict[str, int] = {}
        for part in key.split(" ") if key else ():
            if part.startswith("agent:"):
                agent = part.removeprefix("agent:")
            elif part.startswith("lang:"):
                language = part.removeprefix("lang:")
            else:
                skill, _, level = part.partition(">=")
                skills[skill] = int(level)
        return cls.of(skills, language, agent)

    def met_by(self, agent_id: str, skills: Mapping[str, int], languages: Sequence[str]) -> bool:
        """Does the agent have what is asked for?"""
        return (
            self.agent in {"", agent_id}
            and (not self.language or self.language in languages)
            and all(skills.get(skill, 0) >= level for skill, level in self.skills)
        )


class Who(StrEnum):
    """Who is asked in a ring, from few to many."""

    OWN_AGENT = "own_agent"
    """The agent who knows the customer, if they are here and free; else the ring is skipped."""
    SKILLED = "skilled"
    """Every required skill at its level, and the language."""
    LEVEL_BELOW = "level_below"
    """As skilled, each level lowered by one."""
    SPEAKS_LANGUAGE = "speaks_language"
    """Whoever of the team speaks the language."""
    ANYONE = "anyone"


class Ring(Value):
    """One ring: who is asked, and for how long before the next ring is asked as well."""

    who: Who
    for_seconds: Annotated[float, Field(gt=0, le=604_800)] | None = None
    """Empty in the last ring; a week at most."""


class Widening(Value):
    """The keys of a work item in the order of its rings, each with the seconds for which it alone is asked."""

    keys: tuple[str, ...]
    seconds: tuple[float, ...] = ()
    """One less than there are keys: the last one stays."""
    asks: str = ""
    """The key of the requirement itself, from which the rings are made anew."""


def widening(requirement: Requirement, rings: Sequence[Ring], own_agent: str = "") -> Widening:
    """The rings of one work item, each asking whom the one before asked, and more.

    Rings that ask the same people are one; `own_agent` is empty if they are not near.
    """
    keys: list[str] = []
    seconds: list[float] = []
    for ring in rings:
        if ring.who is Who.OWN_AGENT and (not own_agent or requirement.agent):
            continue  # nobody is near, or somebody else is asked for by name
        key = _asked(requirement, ring.who, own_agent).key
        if keys and keys[-1] == key:
            seconds[-1] += ring.for_seconds or 0
        else:
            keys.append(key)
            seconds.append(ring.for_seconds or 0)
    return Widening(keys=tuple(keys), seconds=tuple(seconds[:-1]), asks=requirement.key)


def _asked(requirement: Requirement, who: Who, own_agent: str) -> Requirement:
    match who:
        case Who.OWN_AGENT:
            return requirement.model_copy(update={"agent": own_agent})
        case Who.SKILLED:
            return requirement
        case Who.LEVEL_BELOW:
            lowered = {skill: level - 1 for skill, level in requirement.skills if level > 1}
            return Requirement.of(lowered, requirement.language)
        case Who.SPEAKS_LANGUAGE:
            return Requirement(language=requirement.language)
        case Who.ANYONE:
            return Requirement()
