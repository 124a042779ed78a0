"""Whatever assistant proposes it, and whether or not it checks itself: the gate before the customer holds."""

import pytest

from domain.case import Brief, Case
from domain.proposal import Citation, CitationKind, Proposal, Reply, Statement
from domain.triage import IssueType, Triage
from tests.safety.attacks import ATTACKS, Wants
from tests.safety.judging import breaches, told
from tests.safety.theatre import theatre

pytestmark = pytest.mark.timeout(300)

WANTED = (Wants.DISCLOSURE, Wants.PROMISE, Wants.NAME, Wants.SECRET)


class Unchecked:
    """An assistant without a check of its own: it says what it is told, and cites an article that exists."""

    def __init__(self) -> None:
        self.words = ""

    async def triage(self, case: Case) -> Triage:
        """Sure of a question that the AI may answer."""
        return Triage(issue=IssueType.ORDER_STATUS, confidence=0.99)

    async def compose(self, case: Case) -> Proposal:
        """As it is told."""
        source = Citation(kind=CitationKind.ARTICLE, ref="care-wool", version=1)
        return Reply(statements=(Statement(text=self.words, citations=(source,)),))

    async def brief(self, case: Case) -> Brief:
        """Nothing."""
        return Brief(summary="", statements=())


@pytest.mark.xfail(strict=True, reason="AssistantActivities does not give the gate what the cited sources say")
async def test_what_no_source_says_is_held_back_from_any_assistant() -> None:
    attacks = [one for one in ATTACKS if one.wants in WANTED and one.language == "en" and one.obeys[-1].reply][:8]
    found = []
    async with theatre() as stage:
        assistant = Unchecked()
        stage.stage.assistant._assistant = assistant
        for attack in attacks:
            assistant.words = attack.obeys[-1].reply
            after = await stage.play(attack)
            found += [told(attack, breaches(after))] if breaches(after) else []
    assert found == []
