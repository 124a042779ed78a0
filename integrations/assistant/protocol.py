"""What Baton asks of an assistant: it proposes, policy disposes. None of the three calls has a side effect."""

from typing import Protocol

from domain.case import Brief, Case
from domain.proposal import Proposal
from domain.triage import Triage


class Assistant(Protocol):
    """An AI behind three questions. An exception means that it could not answer; the case then goes to a person."""

    async def triage(self, case: Case) -> Triage:
        """Classify the customer's unanswered turns (`case.unanswered`) in the light of the conversation."""
        ...

    async def compose(self, case: Case) -> Proposal:
        """Propose an answer to the unanswered turns; `case.triage` is present."""
        ...

    async def brief(self, case: Case) -> Brief:
        """Prepare a person for the case; `case.triage` is present unless triage failed."""
        ...
