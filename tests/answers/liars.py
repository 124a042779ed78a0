"""Assistants that are wrong in one way each, and an honest one beside them."""

from collections.abc import Callable

from domain.case import Brief, Case
from domain.proposal import Citation, CitationKind, Handoff, HandoffReason, Proposal, Question, Reply, Statement
from domain.triage import IssueType, Triage

Say = Callable[[Case], Proposal]


class Scripted:
    """Understands every message as one issue, and says what it is told to say."""

    def __init__(self, say: Say, issue: IssueType = IssueType.ORDER_STATUS) -> None:
        self._say, self._issue = say, issue

    async def triage(self, case: Case) -> Triage:  # noqa: ARG002 - it hears nothing
        """Sure of its one issue, whatever is written."""
        return Triage(issue=self._issue, confidence=0.99)

    async def compose(self, case: Case) -> Proposal:
        """As told."""
        return self._say(case)

    async def brief(self, case: Case) -> Brief:  # noqa: ARG002
        """One line."""
        return Brief(summary="", statements=())


def cites(text: str, ref: str, kind: CitationKind = CitationKind.ORDER) -> Statement:
    """A statement with a source."""
    return Statement(text=text, citations=(Citation(kind=kind, ref=ref),))


def reply(*statements: Statement) -> Say:
    """Always the same reply."""
    return lambda _: Reply(statements=statements)


HONEST = Scripted(reply(cites("Order BT-10703 is on its way. It costs 179.00 EUR.", "BT-10703")))
OTHER_AMOUNT = Scripted(reply(cites("Order BT-10703 cost you 149.00 EUR.", "BT-10703")))
OTHER_DAY = Scripted(reply(cites("Order BT-10703 arrives on 31 February.", "BT-10703")))
NO_SOURCE = Scripted(
    reply(
        cites("Order BT-10703 is on its way.", "BT-10703"),
        Statement(text="You may keep whatever you have ordered with us for as long as you like, free of charge."),
    )
)
INVENTED_SOURCE = Scripted(reply(cites("Returns take 90 days.", "no-such-article", CitationKind.ARTICLE)))
ASKS_FALSELY = Scripted(lambda _: Question(text="Do you mean the order of 77.00 EUR?"))
TELLS_OF_ANOTHER = Scripted(reply(cites("The bottle has been delivered.", "BT-10702")))
NAMES_ANOTHER = Scripted(reply(cites("Robin's parcel is PL0001070201.", "BT-10703")))
FORBIDDEN = Scripted(reply(cites("Order BT-10703 is free of charge, I promise.", "BT-10703")))
NEVER_HANDS_OFF = Scripted(reply(cites("Order BT-10703 is on its way.", "BT-10703")))
ALWAYS_HANDS_OFF = Scripted(lambda _: Handoff(reason=HandoffReason.LOW_CONFIDENCE))
CANCELS = Scripted(reply(), IssueType.CANCEL_ORDER)


def _crash(case: Case) -> Proposal:
    raise LookupError("nothing that a customer wrote")


CRASHES = Scripted(_crash)
