"""How ready a cell is for the AI: what people made of its drafts, and what follows. A pure rule over counted facts."""

from collections import Counter
from enum import StrEnum
from math import sqrt

from domain.modes import Mode
from domain.values import Value


class Verdict(StrEnum):
    """What a person made of a draft."""

    SENT = "sent"
    EDITED = "edited"
    REJECTED = "rejected"


class RejectionReason(StrEnum):
    """Why a person would not send it."""

    WRONG = "wrong"
    """It says something that is not so."""
    TONE = "tone"
    INCOMPLETE = "incomplete"
    NOT_FOR_AI = "not_for_ai"
    """A person should answer cases like this."""
    OTHER = "other"


ENOUGH = 30
"""Judged drafts before anything is said of promotion: of fewer, nine in ten may be luck."""
UNCHANGED = 0.9
"""The share that must have gone out as they were: of ten answers nobody looks at, one may need a word more."""
SURE_OF = 0.8
"""What that share is at least, at the lower end of its 95 % interval (Wilson): 30 of 30 pass, 27 of 30 do not."""
FEW = 10
"""Judged drafts from which a cell is judged bad."""
TOO_WRONG = 0.2
"""A share of wrong drafts that costs people more than it saves them."""
TOO_CHANGED = 0.5
"""A share of unchanged drafts below which people would be faster without."""
LIKENESS = 0.3
"""Words shared with what the agent said, for mode draft: two people who say the same share about as many."""
_Z = 1.96


class Step(StrEnum):
    """What is proposed for a cell."""

    PROMOTE_TO_AUTO = "promote_to_auto"
    KEEP_IN_DRAFT = "keep_in_draft"
    BACK_TO_SHADOW = "back_to_shadow"
    PROMOTE_TO_DRAFT = "promote_to_draft"
    KEEP_IN_SHADOW = "keep_in_shadow"
    KEEP_IN_AUTO = "keep_in_auto"


class Judged(Value):
    """What became of the drafts of one cell in a period."""

    drafts: int = 0
    """Laid before people."""
    sent: int = 0
    edited: int = 0
    rejected: int = 0
    reasons: dict[RejectionReason, int] = {}
    ignored: int = 0
    """Left lying: the agent answered in words of their own."""
    median_edit: float | None = None
    """Of those edited, the share of words that was changed, 0 to 1."""
    shadowed: int = 0
    """Kept unseen."""
    compared: int = 0
    """Of those, the ones that a person's answer stands beside."""
    likeness: float | None = None
    """Median share of words in common with that answer, 0 to 1."""
    csat: float | None = None
    """Mean of the customers' answers, 1 to 5."""
    rated: int = 0

    @property
    def judged(self) -> int:
        """Drafts that people have made up their minds about."""
        return self.sent + self.edited + self.rejected + self.ignored

    @property
    def unchanged(self) -> float:
        """The share of them that went out as it was."""
        return self.sent / self.judged if self.judged else 0.0


class Proposed(Value):
    """What is proposed, and why, as a phrase for people."""

    step: Step
    why: str

    @property
    def mode(self) -> Mode | None:
        """The mode to write into the policy; None if it stays as it is."""
        return _MODES.get(self.step)


_MODES = {
    Step.PROMOTE_TO_AUTO: Mode.AUTO,
    Step.PROMOTE_TO_DRAFT: Mode.DRAFT,
    Step.BACK_TO_SHADOW: Mode.SHADOW,
}


def proposed(mode: Mode, found: Judged) -> Proposed:
    """What follows for a cell that is in a mode. A proposal only: people change the policy."""
    match mode:
        case Mode.AUTO:
            return Proposed(step=Step.KEEP_IN_AUTO, why="it answers by itself")
        case Mode.DRAFT:
            return _of_drafts(found)
        case Mode.SHADOW:
            return _of_shadows(found)


def _of_drafts(found: Judged) -> Proposed:
    wrong = found.reasons.get(RejectionReason.WRONG, 0)
    if found.judged >= FEW and wrong / found.judged >= TOO_WRONG:
        return Proposed(step=Step.BACK_TO_SHADOW, why=f"{wrong} of {found.judged} were wrong")
    if found.judged >= FEW and found.unchanged < TOO_CHANGED:
        return Proposed(step=Step.BACK_TO_SHADOW, why=f"only {found.unchanged:.0%} went out unchanged")
    lacking = _lacking(found, wrong)
    if lacking:
        return Proposed(step=Step.KEEP_IN_DRAFT, why=lacking)
    return Proposed(step=Step.PROMOTE_TO_AUTO, why=f"{found.unchanged:.0%} of {found.judged} went out unchanged")


def _lacking(found: Judged, wrong: int) -> str:
    """What stands against letting it answer by itself."""
    if found.judged < ENOUGH:
        return f"{found.judged} judged; {ENOUGH} are needed"
    if wrong:
        return f"{wrong} rejected as wrong"
    if found.unchanged < UNCHANGED:
        return f"{found.unchanged:.0%} unchanged; {UNCHANGED:.0%} are needed"
    surely = wilson_lower(found.sent, found.judged)
    return "" if surely >= SURE_OF else f"surely unchanged only {surely:.0%}; {SURE_OF:.0%} are needed"


def _of_shadows(found: Judged) -> Proposed:
    if found.compared < ENOUGH:
        return Proposed(step=Step.KEEP_IN_SHADOW, why=f"{found.compared} compared; {ENOUGH} are needed")
    likeness = found.likeness or 0.0
    if likeness < LIKENESS:
        return Proposed(step=Step.KEEP_IN_SHADOW, why=f"likeness {likeness:.0%}; {LIKENESS:.0%} are needed")
    return Proposed(step=Step.PROMOTE_TO_DRAFT, why=f"half of {found.compared} are at least {likeness:.0%} alike")


def wilson_lower(successes: int, of: int) -> float:
    """The lower end of the 95 % interval of a share (Wilson, 1927, with z = 1.96); 0 of nothing is 0."""
    if not of:
        return 0.0
    share, z2 = successes / of, _Z**2
    spread = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return (share + z2 / (2 * of) - spread) / (1 + z2 / of)


def likeness(one: str, other: str) -> float:
    """How much of their words two texts share, 0 to 1 (Sørensen-Dice over words as they are counted)."""
    words, others = Counter(_words(one)), Counter(_words(other))
    total = words.total() + others.total()
    return 2 * (words & others).total() / total if total else 1.0


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
