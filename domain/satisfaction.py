"""The question of how a case was resolved: when it is asked, and what becomes of it."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.interaction import Resolution
from domain.parties import Channel
from domain.values import Value

ASK_AGAIN_AFTER = timedelta(days=7)
"""Nobody is asked more often than this, whatever number of cases they have."""
_ALWAYS = frozenset({Resolution.CONFIRMED, Resolution.BY_AGENT})


class QuestionState(StrEnum):
    """The life of a case's question: waiting -> asking -> asked, or dropped."""

    WAITING = "waiting"
    """Until it is due, or until nobody else is speaking to the customer."""
    ASKING = "asking"
    """It is queued, and being sent."""
    ASKED = "asked"
    DROPPED = "dropped"
    """Not asked; another end of the case may bring it back."""


class NotAsked(StrEnum):
    """Why a question was dropped."""

    OFF = "off"
    """The policy does not ask, or no longer."""
    REOPENED = "reopened"
    """The problem has come back."""
    CHANNEL = "channel"
    """The customer is not on a channel on which the policy asks."""
    ASKED_LATELY = "asked_lately"
    BUSY = "busy"
    """They were spoken to about something else for as long as it could have been asked."""
    UNREACHABLE = "unreachable"
    """It could not be delivered, or somebody took over before it was."""
    CALLED_OFF = "called_off"
    """An operator cancelled its workflow."""


class SatisfactionStart(Value):
    """The argument of `SatisfactionWorkflow.run`."""

    interaction_id: str
    due_at: datetime
    """When to ask (UTC)."""


def is_asked_about(how: Resolution, channel: str) -> bool:
    """Does an end of this kind ask for a rating?

    A case that silence closed is asked about by mail only: whoever has said nothing in a chat for days has left it, and
    would find the question under their next problem.
    """
    return how in _ALWAYS or (how is Resolution.ASSUMED and channel == Channel.EMAIL)
