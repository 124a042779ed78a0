"""The brief that a person reads first."""

from domain.commerce import OrderState
from domain.proposal import Reply, Statement
from domain.triage import IssueType, Sentiment
from integrations.assistant.local.briefing import Briefer
from tests.unit.assistant_world import MemoryShop, case_of, order, triage_of

OPEN = order("BT-10001", OrderState.PAID)
CLOSED = order("BT-10002", OrderState.DELIVERED)
COMPLAINT = triage_of(IssueType.COMPLAINT, sentiment=Sentiment.ANGRY, wants_person=True)


async def test_the_brief_says_who_what_tone_and_what_was_tried_each_with_its_source() -> None:
    case = case_of(COMPLAINT, "c: you are the worst", "a: I am sorry.", "c: a person please")
    brief = await Briefer(MemoryShop(OPEN, CLOSED)).brief(case, None)
    said = "\n".join(statement.text for statement in brief.statements)
    for fact in ("Ada Example", "vip", "verified", "a person please", "angry", "asks for a person", "I am sorry."):
        assert fact in said
    assert all(statement.citations for statement in brief.statements)
    assert "Ada Example" in brief.summary
    assert [found.number for found in brief.orders] == ["BT-10001"]


async def test_an_unverified_customers_orders_stay_out_of_the_brief() -> None:
    case = case_of(COMPLAINT, "c: where is BT-10001").model_copy(update={"verified": False})
    brief = await Briefer(MemoryShop(OPEN)).brief(case, None)
    assert brief.orders == ()
    assert "not verified" in brief.statements[0].text
    assert "Ada" not in brief.model_dump_json()


async def test_a_brief_comes_even_when_the_shop_is_down_and_says_so() -> None:
    shop = MemoryShop(OPEN)
    shop.down = True
    brief = await Briefer(shop).brief(case_of(COMPLAINT, "c: hello"), None)
    assert any("shop did not answer" in statement.text for statement in brief.statements)


async def test_an_untriaged_case_is_briefed_as_such() -> None:
    brief = await Briefer(MemoryShop(OPEN)).brief(case_of(None, "c: hello"), None)
    assert any(statement.text == "Not triaged." for statement in brief.statements)


async def test_the_suggested_reply_is_what_the_assistant_would_have_said() -> None:
    proposal = Reply(statements=(Statement(text="It is on its way."),))
    brief = await Briefer(MemoryShop(OPEN)).brief(case_of(COMPLAINT, "c: where is it"), proposal)
    assert brief.suggested_reply == "It is on its way."
