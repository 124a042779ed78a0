"""What the local assistant answers, asks and hands over, with a shop and a knowledge base in memory."""

from datetime import date

import pytest

from domain.commerce import OrderState, ShipmentState
from domain.proposal import CitationKind, Handoff, HandoffReason, Proposal, Question, Reply
from domain.triage import IssueType, Relation, Urgency
from integrations.assistant.local.compose import Composer
from integrations.assistant.local.settings import LocalSettings
from tests.unit.assistant_world import COAT, MemoryKnowledge, MemoryShop, case_of, order, parcel, triage_of

SPLIT = order(
    "BT-10001",
    OrderState.SHIPPED,
    parcel("p1", ShipmentState.DELIVERED, "l1"),
    parcel("p2", ShipmentState.IN_TRANSIT, "l2", expected=date(2026, 3, 4)),
)
PACKING = order("BT-10002", OrderState.PAID, title="Garden Chair")
GONE = order("BT-10003", OrderState.DELIVERED, parcel("p3", ShipmentState.DELIVERED, "l1", "l2"), title="Teapot")
FOREIGN = order("BT-10009", OrderState.SHIPPED, customer_id="c2")
STATUS = triage_of(IssueType.ORDER_STATUS)


def composer(shop: MemoryShop | None = None, **articles: str) -> Composer:
    return Composer(shop or MemoryShop(SPLIT, FOREIGN), MemoryKnowledge(**articles), LocalSettings())


def reason(proposal: Proposal) -> HandoffReason:
    assert isinstance(proposal, Handoff), proposal
    return proposal.reason


def text(proposal: Proposal) -> str:
    assert not isinstance(proposal, Handoff), proposal
    return proposal.text


async def test_a_split_order_is_told_parcel_by_parcel_with_sources() -> None:
    proposal = await composer().compose(case_of(STATUS, "c: where is my order?"))
    assert isinstance(proposal, Reply)
    first, second = proposal.statements[1:]
    assert "Wool Hat" in first.text
    assert "was delivered" in first.text
    assert "Desk Lamp" not in first.text
    assert "Desk Lamp" in second.text
    assert "on its way" in second.text
    assert "PL-p2" in second.text
    assert "Wednesday 4 March" in second.text
    assert all(statement.citations for statement in proposal.statements)
    assert {(citation.kind, citation.ref) for citation in proposal.citations} == {
        (CitationKind.ORDER, "BT-10001"),
        (CitationKind.SHIPMENT, "p1"),
        (CitationKind.SHIPMENT, "p2"),
    }


async def test_lines_in_no_parcel_are_named_as_not_sent() -> None:
    partly = order("BT-10004", OrderState.PARTLY_SHIPPED, parcel("p4", ShipmentState.IN_TRANSIT, "l1"))
    proposal = await composer(MemoryShop(partly)).compose(case_of(STATUS, "c: where is my order?"))
    assert text(proposal).endswith("Not sent yet: Desk Lamp.")


async def test_an_expected_day_in_the_past_is_never_announced_as_coming() -> None:
    late = order(
        "BT-10005", OrderState.SHIPPED, parcel("p5", ShipmentState.IN_TRANSIT, "l1", "l2", expected=date(2026, 2, 27))
    )
    answer = text(await composer(MemoryShop(late)).compose(case_of(STATUS, "c: where is my order?")))
    assert "It was expected on Friday 27 February" in answer
    assert "Expected on" not in answer


async def test_another_customers_order_looks_like_one_that_does_not_exist() -> None:
    answers = [
        text(
            await composer().compose(case_of(triage_of(IssueType.ORDER_STATUS, 0.95, number), f"c: where is {number}?"))
        ).replace(number, "X")
        for number in ("BT-10009", "BT-99999")
    ]
    assert answers[0] == answers[1]
    assert "Wool Hat" not in answers[0]


@pytest.mark.parametrize("number", ["BT-10001", "BT-99999"])
async def test_an_unverified_customer_learns_nothing_and_is_asked_for_proof(number: str) -> None:
    triage = triage_of(IssueType.ORDER_STATUS, 0.95, number)
    proposal = await composer().compose(case_of(triage, f"c: where is {number}?", verified=False))
    assert isinstance(proposal, Question)
    assert proposal.asks_proof
    assert proposal.text == text(
        await composer(MemoryShop()).compose(case_of(STATUS, "c: where is it", verified=False))
    )


async def test_a_known_address_that_is_not_verified_learns_nothing_either() -> None:
    case = case_of(STATUS, "c: where is my order?").model_copy(update={"verified": False})
    assert isinstance(await composer().compose(case), Question)


async def test_several_open_orders_are_offered_to_choose_from() -> None:
    shop = MemoryShop(SPLIT, PACKING, GONE)
    proposal = await composer(shop).compose(case_of(STATUS, "c: where is my order?"))
    assert isinstance(proposal, Question)
    assert "BT-10001" in proposal.text
    assert "BT-10002" in proposal.text
    assert "BT-10003" not in proposal.text


async def test_an_item_of_the_order_tells_which_one_is_meant() -> None:
    proposal = await composer(MemoryShop(SPLIT, PACKING)).compose(case_of(STATUS, "c: where is my garden chair?"))
    assert text(proposal).startswith("Order BT-10002")


async def test_the_other_one_is_the_open_order_that_was_not_told() -> None:
    said = ("c: where is BT-10001?", "a: Order BT-10001 is on its way.", "c: and the other one?")
    proposal = await composer(MemoryShop(SPLIT, PACKING)).compose(case_of(STATUS, *said))
    assert text(proposal).startswith("Order BT-10002")


async def test_a_parcel_that_counts_as_delivered_but_is_missed_goes_to_a_person() -> None:
    triage = triage_of(IssueType.DELIVERY)
    case = case_of(triage, "c: my parcel says delivered but I never got it")
    assert reason(await composer(MemoryShop(GONE)).compose(case)) is HandoffReason.UNSUPPORTED_REQUEST


async def test_a_knowledge_question_is_answered_with_article_title_and_version() -> None:
    case = case_of(triage_of(IssueType.RETURN), "c: how long can I return things?", verified=False)
    proposal = await composer(**{"return": "You have 30 days."}).compose(case)
    assert isinstance(proposal, Reply)
    assert proposal.text == "You have 30 days.\n(From our help page “About return”)"
    [source] = proposal.citations
    assert (source.kind, source.ref, source.version) == (CitationKind.ARTICLE, "about-return", 3)


async def test_each_question_of_several_turns_is_answered_in_one_reply() -> None:
    case = case_of(triage_of(IssueType.DELIVERY), "c: hi", "c: Do you ship to Norway?", "c: What does postage cost?")
    answer = text(await composer(norway="We ship there.", postage="It is 5 EUR.").compose(case))
    assert "We ship there." in answer
    assert "It is 5 EUR." in answer


async def test_one_question_without_an_answer_takes_all_of_it_to_a_person() -> None:
    case = case_of(triage_of(IssueType.DELIVERY), "c: Do you ship to Norway?", "c: Do you use drones for that?")
    assert reason(await composer(norway="We ship there.").compose(case)) is HandoffReason.MISSING_KNOWLEDGE


async def test_a_further_request_that_only_people_can_do_is_not_dropped() -> None:
    triage = triage_of(IssueType.ORDER_STATUS, further_issues=(IssueType.CANCEL_ORDER,))
    proposal = await composer().compose(case_of(triage, "c: where is my order? And cancel my second order."))
    assert reason(proposal) is HandoffReason.UNSUPPORTED_REQUEST


async def test_a_follow_up_is_looked_up_with_what_it_follows() -> None:
    knowledge = MemoryKnowledge()
    said = ("c: How do I wash the wool hat?", "a: By hand.", "c: ok and can I tumble dry it?")
    await Composer(MemoryShop(), knowledge, LocalSettings()).compose(
        case_of(triage_of(IssueType.PRODUCT_QUESTION), *said)
    )
    assert knowledge.asked == ["How do I wash the wool hat  ok and can I tumble dry it?"]


async def test_a_question_about_it_is_looked_up_as_one_with_what_stands_before_it() -> None:
    knowledge = MemoryKnowledge(code="A code cannot be added after the order.")
    case = case_of(triage_of(IssueType.PROMO), "c: I have forgotten my code. Can you still add it to my order?")
    proposal = await Composer(MemoryShop(), knowledge, LocalSettings()).compose(case)
    assert "cannot be added after" in text(proposal)
    assert knowledge.asked == ["I have forgotten my code, Can you still add it to my order?"]


async def test_what_something_is_compared_with_makes_a_question_no_case_of_ones_own() -> None:
    assistant = composer(card="We cannot refund to another card.")
    compared, own = (
        case_of(triage_of(IssueType.REFUND), words, verified=False)
        for words in ("c: Can you refund to another card than the one I paid with?", "c: I paid with another card, no?")
    )
    assert "cannot refund to another" in text(await assistant.compose(compared))
    assert isinstance(await assistant.compose(own), Question)


async def test_product_facts_come_from_the_catalogue() -> None:
    case = case_of(triage_of(IssueType.PRODUCT_QUESTION), "c: is the harbour rain coat waterproof?", verified=False)
    proposal = await composer().compose(case)
    assert isinstance(proposal, Reply)
    assert "10 000 mm" in proposal.text
    assert proposal.citations[0].ref == "rain-coat"


async def test_a_follow_up_on_a_product_is_not_answered_with_the_fact_told_before() -> None:
    said = ("c: is the harbour rain coat waterproof?", "a: It is.", "c: does it have a hood?")
    proposal = await composer().compose(case_of(triage_of(IssueType.PRODUCT_QUESTION), *said))
    assert reason(proposal) is HandoffReason.MISSING_KNOWLEDGE
    said = ("c: is the harbour rain coat waterproof?", "a: It is.", "c: what is it made of?")
    proposal = await composer().compose(case_of(triage_of(IssueType.PRODUCT_QUESTION), *said))
    assert "waxed cotton" in text(proposal)


async def test_stock_is_told_for_the_size_that_was_asked_for() -> None:
    case = case_of(triage_of(IssueType.PRODUCT_QUESTION), "c: do you have the harbour rain coat in M")
    answer = text(await composer().compose(case))
    assert "M / navy" in answer
    assert "S / navy" not in answer


async def test_a_generic_word_names_no_product() -> None:
    case = case_of(triage_of(IssueType.PRODUCT_QUESTION), "c: is the purple coat waterproof?")
    assert reason(await composer().compose(case)) is HandoffReason.MISSING_KNOWLEDGE


@pytest.mark.parametrize(
    ("triage", "expected"),
    [
        (triage_of(IssueType.HUMAN), HandoffReason.CUSTOMER_REQUEST),
        (triage_of(IssueType.ORDER_STATUS, wants_person=True), HandoffReason.CUSTOMER_REQUEST),
        (triage_of(IssueType.ORDER_STATUS, wants_person=True, language="fr"), HandoffReason.CUSTOMER_REQUEST),
        (triage_of(IssueType.COMPLAINT), HandoffReason.POLICY_RESTRICTION),
        (triage_of(IssueType.ORDER_STATUS, urgency=Urgency.LEGAL), HandoffReason.POLICY_RESTRICTION),
        (triage_of(IssueType.ORDER_STATUS, urgency=Urgency.SAFETY), HandoffReason.POLICY_RESTRICTION),
        (triage_of(IssueType.ORDER_STATUS, relation=Relation.DISSATISFIED), HandoffReason.DISSATISFIED),
        (triage_of(IssueType.ORDER_STATUS, language="it"), HandoffReason.UNSUPPORTED_REQUEST),
    ],
)
async def test_what_belongs_to_people_goes_there_whatever_is_known(triage: object, expected: HandoffReason) -> None:
    case = case_of(None, "c: where is my order?").model_copy(update={"triage": triage})
    assert reason(await composer().compose(case)) is expected


@pytest.mark.parametrize(
    ("issue", "words"),
    [
        (IssueType.CANCEL_ORDER, "please cancel my order"),
        (IssueType.RETURN, "I want to return the lamp"),
        (IssueType.REFUND, "give me my money back"),
        (IssueType.ACCOUNT, "please delete my account"),
        (IssueType.CHANGE_ORDER, "send it to my office instead"),
    ],
)
async def test_an_action_without_a_flow_goes_to_a_person(issue: IssueType, words: str) -> None:
    knowledge = {"cancel": "x", "return": "x", "money": "x", "account": "x", "office": "x"}
    proposal = await composer(**knowledge).compose(case_of(triage_of(issue), f"c: {words}"))
    assert reason(proposal) is HandoffReason.UNSUPPORTED_REQUEST


async def test_a_vague_opening_is_asked_back_with_the_two_likeliest_issues() -> None:
    triage = triage_of(IssueType.RETURN, 0.4, alternatives=((IssueType.BILLING, 0.3),))
    proposal = await composer().compose(case_of(triage, "c: the thing with the parcel and the money"))
    assert isinstance(proposal, Question)
    assert "sending something back" in proposal.text
    assert "a payment or an invoice" in proposal.text


async def test_nobody_is_asked_whether_they_mean_a_person() -> None:
    triage = triage_of(IssueType.RETURN, 0.4, alternatives=((IssueType.HUMAN, 0.3), (IssueType.BILLING, 0.2)))
    answer = text(await composer().compose(case_of(triage, "c: the thing with the parcel")))
    assert "talking to a person" not in answer
    assert "a payment or an invoice" in answer


async def test_a_plain_question_that_nothing_answers_is_not_asked_back() -> None:
    triage = triage_of(IssueType.PRODUCT_QUESTION, 0.6, alternatives=((IssueType.PROMO, 0.2),))
    case = case_of(triage, "c: Do you rent out ski equipment?", verified=False)
    assert reason(await composer().compose(case)) is HandoffReason.MISSING_KNOWLEDGE


async def test_two_sides_of_one_problem_need_no_question_back() -> None:
    triage = triage_of(IssueType.DELIVERY, 0.5, alternatives=((IssueType.ORDER_STATUS, 0.45),))
    assert isinstance(await composer().compose(case_of(triage, "c: my parcel, when does it come")), Reply)


async def test_after_two_questions_a_person_gets_it() -> None:
    case = case_of(triage_of(IssueType.OTHER, 0.3), "c: hm", questions=2)
    assert reason(await composer().compose(case)) is HandoffReason.LOW_CONFIDENCE


async def test_a_greeting_is_greeted_with_a_question() -> None:
    case = case_of(triage_of(IssueType.OTHER, 0.9, relation=Relation.GREETING), "c: hello")
    assert isinstance(await composer().compose(case), Question)


async def test_a_shop_that_fails_is_a_handoff_and_never_an_exception() -> None:
    shop = MemoryShop(SPLIT)
    shop.down = True
    assert reason(await composer(shop).compose(case_of(STATUS, "c: where is my order?"))) is HandoffReason.TOOL_FAILURE


async def test_composing_untriaged_cases_is_refused() -> None:
    with pytest.raises(ValueError, match="triage"):
        await composer().compose(case_of(None, "c: hi"))


async def test_another_product_named_alone_is_asked_the_same() -> None:
    boots = COAT.model_copy(update={"product_id": "b", "title": "Granite Boots", "attributes": {"waterproof": "no"}})
    shop = MemoryShop(products=(COAT, boots))
    said = ("c: is the harbour rain coat waterproof?", "a: It is.", "c: and the granite boots?")
    proposal = await composer(shop).compose(case_of(triage_of(IssueType.PRODUCT_QUESTION), *said))
    assert text(proposal) == "Granite Boots, water resistance: no."


async def test_a_product_that_is_named_is_answered_of_however_vague_the_rest() -> None:
    unsure = triage_of(IssueType.OTHER, 0.4)
    proposal = await composer().compose(case_of(unsure, "c: how much is the harbour rain coat", verified=False))
    assert "€129.00" in text(proposal)
