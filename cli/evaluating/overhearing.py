"""An assistant that is listened to: its verdicts message by message, its replies statement by statement."""

from collections.abc import Sequence

from domain.case import Brief, Case
from domain.proposal import Proposal, Reply, Statement
from domain.triage import Triage
from integrations.assistant.protocol import Assistant


class Overheard:
    """Implements `Assistant` by asking another one, and keeps what it says."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._verdicts: list[Triage | None] = []
        self._replies: list[Reply] = []

    def begin(self) -> None:
        """What follows is about the next message."""
        self._verdicts.append(None)

    @property
    def verdicts(self) -> list[Triage]:
        """The last triage of each message that had one, in order."""
        return [verdict for verdict in self._verdicts if verdict is not None]

    @property
    def understood(self) -> Triage | None:
        """The last triage of the present message."""
        return self._verdicts[-1] if self._verdicts else None

    def statements_of(self, text: str) -> Sequence[Statement] | None:
        """The statements of the reply that this text is; None where the words are not the assistant's own."""
        return next((reply.statements for reply in reversed(self._replies) if reply.text == text), None)

    async def triage(self, case: Case) -> Triage:
        """As the other one says."""
        verdict = await self._assistant.triage(case)
        self._verdicts[-1:] = [verdict]
        return verdict

    async def compose(self, case: Case) -> Proposal:
        """As the other one says."""
        proposal = await self._assistant.compose(case)
        if isinstance(proposal, Reply):
            self._replies.append(proposal)
        return proposal

    async def brief(self, case: Case) -> Brief:
        """As the other one says."""
        return await self._assistant.brief(case)
