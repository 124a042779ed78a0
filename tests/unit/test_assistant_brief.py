"""The brief that a person reads first."""

from datetime import timedelta
from typing import cast

import pytest

from domain.brief import Brief, EarlierCase, TriedKind
from domain.case import Case
from domain.commerce import OrderState
from domain.flows.kinds import FlowKind, FlowState
from domain.flows.progress import FlowProgress
from domain.parties import AuthorKind, Channel
from domain.proposal import CitationKind, Handoff, HandoffReason, Question, Reply, Statement
from domain.triage import IssueType, Sentiment, Triage, Urgency
from integrations.assistant.local.assistant import LocalAssistant
from integrations.assistant.local.briefing import Briefer
from integrations.assistant.local.compose import Composer, Prepared
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.texts import TEXTS
from integrations.shop.protocol import Shop
from tests.unit.assistant_world import ADA, NOW, MemoryKnowledge, MemoryShop, case_of, order, triage_of

OPEN = order("BT-10001", OrderState.PAID)
CLOSED = order("BT-10002", OrderState.DELIVERED)
COMPLAINT = triage_of(IssueType.COMPLAINT, sentiment=Sentiment.ANGRY, wants_person=True)
BEGAN = NOW - timedelta(days=5)
BACK = FlowProgress(
    flow_id="f1",
    kind=FlowKind.RETURN,
    order="BT-10001",
    interaction_id="i1",
    state=FlowState.AWAITING_PARCEL,
    opened_at=BEGAN,
    changed_at=NOW,
)
EARLIER = EarlierCase(
    interaction_id="i0",
    issue="delivery",
    channel=Channel.EMAIL,
    opened_at=BEGAN,
    closed_at=NOW,
    resolution="assumed",
)


async def briefed(case: Case, *, shop: MemoryShop | None = None, **articles: str) -> Brief:
    """The brief as the assistant writes it."""
    shop = shop or MemoryShop(OPEN, CLOSED)
    composer = Composer(shop, MemoryKnowledge(**articles), LocalSettings())
    prepared = await composer.prepare(case) if case.triage else None
    return await Briefer(shop).brief(case, prepared)


def words(brief: Brief) -> str:
    return "\n".join(statement.text for statement in brief.statements)


async def test_the_brief_says_who_what_tone_and_what_was_tried_each_with_its_source() -> None:
    case = case_of(COMPLAINT, "c: you are the worst", "a: I am sorry.", "c: a person please")
    brief = await Briefer(MemoryShop(OPEN, CLOSED)).brief(case, None)
    for fact in ("Ada Example", "vip", "verified", "a person please", "angry", "asks for a person", "I am sorry."):
        assert fact in words(brief)
    assert all(statement.citations for statement in brief.statements)
    assert "Ada Example" in brief.summary
    assert [found.number for found in brief.orders] == ["BT-10001"]


async def test_an_unverified_customers_orders_stay_out_of_the_brief() -> None:
    case = case_of(COMPLAINT, "c: where is BT-10001").model_copy(update={"verified": False})
    brief = await Briefer(MemoryShop(OPEN)).brief(case, None)
    assert brief.orders == ()
    assert not brief.verified
    assert "not verified" in brief.statements[0].text
    assert "Ada" not in brief.model_dump_json()


async def test_a_brief_keeps_within_what_is_proven_and_says_how_far_that_is() -> None:
    case = case_of(triage_of(IssueType.RETURN), "c: I want to return it").model_copy(
        update={"proven_orders": ("BT-10002",)}
    )
    brief = await briefed(case)
    assert [found.number for found in brief.orders] == ["BT-10002"]
    assert brief.proven_orders == ("BT-10002",)
    assert "for order BT-10002 only" in brief.statements[0].text
    assert "BT-10001" not in brief.model_dump_json()


async def test_a_brief_comes_even_when_the_shop_is_down_and_says_so() -> None:
    shop = MemoryShop(OPEN)
    shop.down = True
    brief = await briefed(case_of(COMPLAINT, "c: hello"), shop=shop)
    assert "shop did not answer" in words(brief)


async def test_an_untriaged_case_is_briefed_as_such() -> None:
    case = case_of(None, "c: hello").model_copy(update={"customer": ADA.model_copy(update={"locale": "de_AT"})})
    brief = await Briefer(MemoryShop(OPEN)).brief(case, None)
    assert any(statement.text == "Not triaged." for statement in brief.statements)
    assert brief.intent is None
    assert brief.next_action is not None
    assert brief.next_action.action == "take_over"
    assert brief.suggested_reply.startswith("Guten Tag Ada")


async def test_the_suggested_reply_is_what_the_assistant_would_have_said_with_its_sources() -> None:
    case = case_of(triage_of(IssueType.ORDER_STATUS, wants_person=True), "c: a person please: where is my order")
    brief = await briefed(case)
    assert brief.suggested_reply.startswith("Order BT-10001 of Tuesday 24 February is paid")
    assert [(source.kind, source.ref) for source in brief.suggested_sources] == [(CitationKind.ORDER, "BT-10001")]


async def test_a_reply_that_was_prepared_is_suggested_as_it_is() -> None:
    proposal = Reply(statements=(Statement(text="It is on its way."),))
    prepared = Prepared(proposal=proposal, known=proposal.statements)
    brief = await Briefer(MemoryShop(OPEN)).brief(case_of(COMPLAINT, "c: where is it"), prepared)
    assert brief.suggested_reply == "It is on its way."


async def test_what_is_known_beside_a_handoff_is_suggested() -> None:
    handoff = Handoff(reason=HandoffReason.UNSUPPORTED_REQUEST)
    prepared = Prepared(proposal=handoff, known=(Statement(text="It is on its way."),))
    case = case_of(
        triage_of(IssueType.CANCEL_ORDER, further_issues=(IssueType.ORDER_STATUS,)), "c: cancel; where is it"
    )
    brief = await Briefer(MemoryShop(OPEN)).brief(case, prepared)
    assert brief.suggested_reply == "It is on its way."
    assert (brief.intent, brief.further) == (IssueType.CANCEL_ORDER, (IssueType.ORDER_STATUS,))
    assert "cancelling an order and where an order is" in brief.summary


async def test_nothing_is_suggested_that_the_customer_was_told_already() -> None:
    known = (Statement(text="It is on its way."),)
    prepared = Prepared(proposal=Reply(statements=known), known=known)
    case = case_of(COMPLAINT, "c: where is it", "a: It is on its way.", "c: where is it??")
    brief = await Briefer(MemoryShop(OPEN)).brief(case, prepared)
    assert "on its way" not in brief.suggested_reply


async def test_nothing_is_suggested_when_everything_is_answered() -> None:
    case = case_of(triage_of(IssueType.ORDER_STATUS), "c: where is it", "a: There.")
    assert case.new_turns == 0
    brief = await briefed(case)
    assert brief.suggested_reply == ""
    assert "is answered" in words(brief)


async def test_the_brief_holds_reason_flows_and_earlier_cases_with_their_sources() -> None:
    case = case_of(triage_of(IssueType.RETURN), "c: I want to return it").model_copy(
        update={"flows": (BACK,), "earlier": (EARLIER,), "handoff": HandoffReason.UNSUPPORTED_REQUEST}
    )
    brief = await briefed(case)
    assert (brief.reason, brief.flows, brief.earlier) == (HandoffReason.UNSUPPORTED_REQUEST, (BACK,), (EARLIER,))
    cited = {(one.kind, one.ref): statement.text for statement in brief.statements for one in statement.citations}
    assert cited[CitationKind.FLOW, "f1"] == "Return for order BT-10001, begun 2026-02-25: awaiting parcel"
    assert "about a delivery, resolved (assumed)" in cited[CitationKind.INTERACTION, "i0"]
    assert "because of: unsupported request" in words(brief)
    assert "Under way: return." in brief.summary


async def test_what_was_tried_tells_questions_answers_and_flows_apart() -> None:
    said = ("c: hm", f"a: {TEXTS['en'].ask.problem}", "c: my lamp", "a: It is on its way.", "c: no")
    case = case_of(triage_of(IssueType.RETURN), *said).model_copy(update={"flows": (BACK,)})
    brief = await briefed(case)
    assert [one.kind for one in brief.tried] == [TriedKind.QUESTION, TriedKind.ANSWER, TriedKind.FLOW]
    assert [one.citation.ref for one in brief.tried] == ["m1", "m3", "f1"]


async def test_what_an_agent_wrote_counts_as_an_answer() -> None:
    case = case_of(triage_of(IssueType.RETURN), "c: hm", "a: Shall I look?", "c: yes")
    turns = tuple(
        turn.model_copy(update={"author": AuthorKind.AGENT}) if turn.author is AuthorKind.AI else turn
        for turn in case.turns
    )
    brief = await briefed(case.model_copy(update={"turns": turns}))
    assert [(one.kind, one.text) for one in brief.tried] == [(TriedKind.ANSWER, "An agent wrote: “Shall I look?”")]


@pytest.mark.parametrize(
    ("triage", "said", "verified", "action", "about"),
    [
        (triage_of(IssueType.RETURN), "I want to return the lamp", True, "flow:return", "BT-10001"),
        (triage_of(IssueType.EXCHANGE), "please exchange my lamp", True, "flow:exchange", "BT-10001"),
        (triage_of(IssueType.CANCEL_ORDER), "cancel my order", True, "flow:cancellation", "BT-10001"),
        (triage_of(IssueType.CHANGE_ORDER), "please change my address", True, "flow:address_change", "BT-10001"),
        (triage_of(IssueType.CHANGE_ORDER), "change it to blue", True, "flow:item_change", "BT-10001"),
        (triage_of(IssueType.DAMAGED_WRONG), "my lamp is broken", True, "flow:claim", "BT-10001"),
        (triage_of(IssueType.DELIVERY), "my parcel never arrived", True, "check_delivery", "BT-10001"),
        (triage_of(IssueType.REFUND), "I want my money back", True, "check_payment", "BT-10001"),
        (triage_of(IssueType.ORDER_STATUS), "where is my order", True, "answer", "BT-10001"),
        (triage_of(IssueType.RETURN), "I want to return the lamp", False, "ask_proof", ""),
        (triage_of(IssueType.PROMO), "do you have a code?", True, "answer", ""),
        (triage_of(IssueType.OTHER, 0.2), "hm", True, "ask", "BT-10001"),
        (triage_of(IssueType.RETURN, urgency=Urgency.LEGAL), "my lawyer says", True, "take_over", ""),
    ],
)
async def test_the_next_action_fits_the_case(
    triage: Triage, said: str, action: str, about: str, *, verified: bool
) -> None:
    brief = await briefed(case_of(triage, f"c: {said}", verified=verified))
    assert brief.next_action is not None
    assert (brief.next_action.action, brief.next_action.order) == (action, about)
    assert f"Next: {brief.next_action.text}" in words(brief)


async def test_a_flow_that_is_under_way_is_not_suggested_again() -> None:
    case = case_of(triage_of(IssueType.RETURN), "c: I want to return the lamp").model_copy(update={"flows": (BACK,)})
    brief = await briefed(case)
    assert brief.next_action is not None
    assert brief.next_action.action == "answer"
    assert "under way already" in brief.next_action.text


def test_a_brief_that_was_stored_before_still_loads() -> None:
    written = {"summary": "Ada writes.", "statements": [], "suggested_reply": "", "orders": []}
    assert Brief.model_validate(written).next_action is None


async def test_a_question_that_is_prepared_is_suggested_as_it_is() -> None:
    prepared = Prepared(proposal=Question(text="Which one?"))
    brief = await Briefer(MemoryShop(OPEN)).brief(case_of(triage_of(IssueType.RETURN), "c: that"), prepared)
    assert brief.suggested_reply == "Which one?"


class Reader:
    """Stands in for triage: reads a wish to return, or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails

    def rank(self, _text: str, _language: str) -> list[tuple[IssueType, float]]:
        return []

    def triage(self, case: Case) -> Triage:
        if self.fails:
            raise RuntimeError("no model")
        assert case.triage is None
        return triage_of(IssueType.ORDER_STATUS)


def assistant(monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> LocalAssistant:
    home = "integrations.assistant.local.assistant"
    monkeypatch.setattr(f"{home}.load_model", lambda *_: None)
    monkeypatch.setattr(f"{home}.Embedder", lambda: None)
    monkeypatch.setattr(f"{home}.Triager", lambda *_: Reader(fails=fails))
    return LocalAssistant(cast("Shop", MemoryShop(OPEN, CLOSED)), MemoryKnowledge())


async def test_a_case_whose_triage_failed_is_read_again_for_its_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    brief = await assistant(monkeypatch).brief(case_of(None, "c: where is my order"))
    assert brief.intent is IssueType.ORDER_STATUS
    assert brief.suggested_reply.startswith("Order BT-10001")


async def test_a_case_that_cannot_be_read_at_all_is_briefed_still(monkeypatch: pytest.MonkeyPatch) -> None:
    brief = await assistant(monkeypatch, fails=True).brief(case_of(None, "c: where is my order"))
    assert brief.intent is None
    assert "where is my order" in words(brief)


async def test_while_a_person_has_the_case_the_newest_words_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(triage_of(IssueType.RETURN), "c: I want to return it", "a: Sure.", "c: and where is my order?")
    turns = tuple(
        turn.model_copy(update={"author": AuthorKind.AGENT}) if turn.author is AuthorKind.AI else turn
        for turn in case.turns
    )
    brief = await assistant(monkeypatch).brief(case.model_copy(update={"turns": turns}))
    assert brief.suggested_reply.startswith("Order BT-10001")
    as_triaged = await assistant(monkeypatch).brief(case)
    assert as_triaged.intent is IssueType.RETURN
