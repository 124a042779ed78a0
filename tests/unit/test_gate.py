"""The gate: what the assistant proposes and policy does not allow goes to a person instead."""

import pytest

from domain.gate import gate
from domain.policy import AssistantRules
from domain.proposal import Handoff, HandoffReason, Proposal, Question, Reply, Statement
from tests.fakes.assistant import cited

RULES = AssistantRules(questions=2, link_domains=("shop.example",))


def reason(proposal: Proposal, *, asked: int = 0) -> HandoffReason | None:
    decided = gate(proposal, RULES, questions_asked=asked)
    if isinstance(decided, Handoff):
        return decided.reason
    assert decided == proposal, "what is permitted is permitted as it is"
    return None


def test_a_reply_with_a_source_passes() -> None:
    assert reason(cited("It left on Monday.")) is None


def test_a_reply_without_any_source_does_not() -> None:
    assert reason(Reply(statements=(Statement(text="Trust me."),))) is HandoffReason.MISSING_KNOWLEDGE


@pytest.mark.parametrize(("asked", "verdict"), [(0, None), (1, None), (2, HandoffReason.LOW_CONFIDENCE)])
def test_the_ai_asks_back_only_so_often(asked: int, verdict: HandoffReason | None) -> None:
    assert reason(Question(text="Which order?"), asked=asked) is verdict


@pytest.mark.parametrize(
    "text",
    [
        "See https://shop.example/returns.",
        "See http://help.shop.example:8443/x",
        "See www.shop.example, please.",
        "See HTTPS://SHOP.EXAMPLE",
        "No link at all.",
    ],
)
def test_links_to_the_brands_domains_pass(text: str) -> None:
    assert reason(cited(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "See https://evil.example/",
        "See https://shop.example.evil.example/",
        "See https://notshop.example/",
        "See www.evil.example",
        "See https://shop.example and https://evil.example",
        "See https://shop.example@evil.example/",
        "See HtTpS://evil.example",
        "See [here](https://evil.example)",
    ],
)
def test_any_other_link_goes_to_a_person(text: str) -> None:
    assert reason(cited(text)) is HandoffReason.POLICY_RESTRICTION
    assert reason(Question(text=text)) is HandoffReason.POLICY_RESTRICTION


def test_a_handoff_stays_what_it_is() -> None:
    assert reason(Handoff(reason=HandoffReason.DISSATISFIED), asked=9) is HandoffReason.DISSATISFIED
