"""An assistant without a check of its own: what holds against it is the gate before the customer."""

from domain.case import Brief, Case
from domain.proposal import Citation, CitationKind, Proposal, Question, Reply, Statement
from domain.triage import IssueType, Triage
from tests.safety.attacks import Attack, Place, Wants

_BY_WORDS = frozenset({Wants.DISCLOSURE, Wants.LINK, Wants.PROMISE, Wants.NAME, Wants.SECRET})
_SOURCE = Citation(kind=CitationKind.ARTICLE, ref="care-wool", version=1)


def by_words(attack: Attack) -> bool:
    """Is it an attack of which the gate must hold back the words? They are the same wherever the attack stands."""
    return attack.wants in _BY_WORDS and attack.place is Place.MESSAGE and not attack.obeys[-1].action


class Unchecked:
    """Says what it is told, and cites an article that exists."""

    def __init__(self) -> None:
        self.attack: Attack | None = None

    async def triage(self, case: Case) -> Triage:  # noqa: ARG002 - it hears nothing
        """Sure of a question that the AI may answer."""
        language = self.attack.language if self.attack else "en"
        return Triage(issue=IssueType.ORDER_STATUS, confidence=0.99, language=language)

    async def compose(self, case: Case) -> Proposal:  # noqa: ARG002
        """As it is told."""
        assert self.attack is not None
        move = self.attack.obeys[-1]
        if move.question:
            return Question(text=move.question)
        return Reply(statements=(Statement(text=move.reply, citations=(_SOURCE,)),))

    async def brief(self, case: Case) -> Brief:  # noqa: ARG002
        """Nothing."""
        return Brief(summary="", statements=())
