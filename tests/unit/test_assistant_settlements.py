"""What is under way after an order, money, and how far a proof goes."""

from datetime import timedelta

import pytest

from domain.case import Case
from domain.commerce import (
    Address,
    MethodKind,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Refund,
    ReturnedLine,
    ReturnRecord,
    ReturnState,
    Shipment,
    ShipmentState,
)
from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.flows.progress import FlowProgress
from domain.money import Money
from domain.proposal import CitationKind, Handoff, HandoffReason, Proposal, Question, Reply
from domain.triage import IssueType, Triage
from integrations.assistant.local.compose import Composer
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.texts import TEXTS
from tests.unit.assistant_world import DUE, NOW, MemoryKnowledge, MemoryShop, case_of, order, parcel, triage_of

DONE = order("BT-10003", OrderState.DELIVERED, parcel("p3", ShipmentState.DELIVERED, "l1", "l2"))
MOVING = order("BT-10001", OrderState.SHIPPED, parcel("p1", ShipmentState.IN_TRANSIT, "l1", "l2", expected=DUE))


def flow(kind: FlowKind, state: FlowState, outcome: FlowOutcome | None = None) -> FlowProgress:
    began = NOW - timedelta(days=5)
    return FlowProgress(
        flow_id="f1", kind=kind, order="BT-10003", state=state, outcome=outcome, opened_at=began, changed_at=NOW
    )


def refund(minor: int, days_ago: int) -> Refund:
    return Refund(
        refund_id="r1",
        amount=Money(minor=minor, currency="EUR"),
        to=MethodKind.CARD,
        at=NOW - timedelta(days=days_ago),
    )


def payment(payment_id: str, state: PaymentState = PaymentState.CAPTURED) -> Payment:
    return Payment(
        payment_id=payment_id, method=MethodKind.PAYPAL, amount=Money(minor=7800, currency="EUR"), state=state
    )


async def told(triage: Triage, said: str, *orders: Order, shop: MemoryShop | None = None, **more: object) -> Proposal:
    case = Case.model_validate(case_of(triage, f"c: {said}").model_dump() | more)
    return await Composer(shop or MemoryShop(*orders), MemoryKnowledge(), LocalSettings()).compose(case)


def text(proposal: Proposal) -> str:
    assert isinstance(proposal, Reply), proposal
    return proposal.text


def for_a_person(proposal: Proposal) -> bool:
    return isinstance(proposal, Handoff) and proposal.reason is HandoffReason.UNSUPPORTED_REQUEST


@pytest.mark.parametrize(
    ("language", "asked", "answer"),
    [
        ("en", "where is my return?", "the parcel is on its way back to us"),
        ("de", "Wo ist meine Rücksendung?", "das Paket ist auf dem Weg zurück zu uns"),
        ("es", "¿Dónde está mi devolución?", "el paquete está de vuelta hacia nosotros"),
        ("fr", "Où en est mon retour ?", "le colis est en route vers nous"),
    ],
)
async def test_where_a_return_stands_is_told_from_its_flow(language: str, asked: str, answer: str) -> None:
    back = flow(FlowKind.RETURN, FlowState.IN_TRANSIT)
    proposal = await told(triage_of(IssueType.RETURN, language=language), asked, MOVING, DONE, flows=(back,))
    assert answer in text(proposal)
    assert isinstance(proposal, Reply)
    assert {(one.kind, one.ref) for one in proposal.citations} == {
        (CitationKind.FLOW, "f1"),
        (CitationKind.ORDER, "BT-10003"),
    }


async def test_an_exchange_is_not_told_from_a_return() -> None:
    back = flow(FlowKind.RETURN, FlowState.IN_TRANSIT)
    assert for_a_person(await told(triage_of(IssueType.EXCHANGE), "where is my exchange?", DONE, flows=(back,)))


async def test_what_is_still_under_way_comes_before_what_has_ended() -> None:
    over = flow(FlowKind.RETURN, FlowState.CLOSED, FlowOutcome.CANCELLED)
    back = flow(FlowKind.RETURN, FlowState.IN_TRANSIT)
    answer = text(await told(triage_of(IssueType.RETURN), "where is my return?", DONE, flows=(over, back)))
    assert "on its way back" in answer
    assert "called off" not in answer


async def test_a_flow_that_has_ended_is_told_with_its_day() -> None:
    over = flow(FlowKind.EXCHANGE, FlowState.CLOSED, FlowOutcome.SETTLED)
    answer = text(await told(triage_of(IssueType.EXCHANGE), "has my exchange been sent?", DONE, flows=(over,)))
    assert answer == "The exchange for order BT-10003 was completed on Monday 2 March."


@pytest.mark.parametrize(
    ("received", "answer"), [(0, "the parcel has not reached us yet"), (1, "has arrived with us and is being checked")]
)
async def test_without_a_flow_the_shops_own_record_is_told(received: int, answer: str) -> None:
    line = ReturnedLine(line_id="l1", quantity=1, received=received)
    record = ReturnRecord(return_id="x", state=ReturnState.OPEN, exchange=False, reason="", lines=(line,))
    sent_back = DONE.model_copy(update={"returns": (record,)})
    assert answer in text(await told(triage_of(IssueType.RETURN), "did you get my return?", sent_back))


@pytest.mark.parametrize(
    ("language", "asked", "answer"),
    [
        ("en", "when will I get my refund?", "we paid back €39.00 on Friday 27 February, to the card"),
        ("de", "Wann bekomme ich mein Geld zurück?", "am Freitag, 27. Februar 39,00\N{NO-BREAK SPACE}€ erstattet"),
        ("es", "¿Cuándo recibiré mi reembolso?", "devolvimos 39,00\N{NO-BREAK SPACE}€ el viernes 27 de febrero"),
        (
            "fr",
            "Quand vais-je recevoir mon remboursement ?",
            "remboursé 39,00\N{NO-BREAK SPACE}€ le vendredi 27 février",
        ),
    ],
)
async def test_a_refund_is_told_with_amount_day_and_way(language: str, asked: str, answer: str) -> None:
    shop = MemoryShop(DONE)
    shop.paid_back["BT-10003"] = (refund(3900, 3),)
    proposal = await told(triage_of(IssueType.REFUND, language=language), asked, shop=shop)
    assert answer in text(proposal)


async def test_money_that_should_long_have_arrived_needs_a_person() -> None:
    shop = MemoryShop(DONE)
    shop.paid_back["BT-10003"] = (refund(3900, 12),)
    assert for_a_person(await told(triage_of(IssueType.REFUND), "I have not received my refund yet", shop=shop))


async def test_a_refund_that_nobody_knows_of_is_neither_promised_nor_denied() -> None:
    assert for_a_person(await told(triage_of(IssueType.REFUND), "where is my refund?", DONE))


async def test_who_was_charged_twice_is_told_the_one_payment_there_is() -> None:
    paid = DONE.model_copy(update={"payments": (payment("a"), payment("b", PaymentState.VOIDED))})
    answer = text(await told(triage_of(IssueType.BILLING), "I was charged twice", paid))
    assert answer == "For order BT-10003 our records show one payment: €78.00, by PayPal."


@pytest.mark.parametrize(
    "payments",
    [(), (payment("a"), payment("b")), (payment("a", PaymentState.PENDING),)],
    ids=["none", "two", "pending"],
)
async def test_payments_that_are_not_plain_go_to_a_person(payments: tuple[Payment, ...]) -> None:
    paid = DONE.model_copy(update={"payments": payments})
    assert for_a_person(await told(triage_of(IssueType.BILLING), "you charged me twice!", paid))


# --- orders ---------------------------------------------------------------------------------------------------------


async def order_told(one: Order, said: str = "where is my order?", **more: object) -> str:
    return text(await told(triage_of(IssueType.ORDER_STATUS), said, one, **more))


async def test_an_order_that_has_not_left_says_that_no_day_is_known() -> None:
    assert "There is no delivery date for it yet." in await order_told(order("BT-10004", OrderState.PAID))


async def test_a_parcel_of_which_the_carrier_names_no_day_says_so() -> None:
    unknown = order("BT-10004", OrderState.SHIPPED, parcel("p4", ShipmentState.IN_TRANSIT, "l1", "l2"))
    assert "has not named a day for it" in await order_told(unknown)


async def test_a_parcel_past_its_day_is_called_overdue() -> None:
    late = parcel("p4", ShipmentState.IN_TRANSIT, "l1", "l2", expected=(NOW - timedelta(days=3)).date())
    assert "is overdue" in await order_told(order("BT-10004", OrderState.SHIPPED, late))


async def test_a_delivery_is_told_with_its_day_and_town_but_no_street() -> None:
    home = Address(name="Ada", line1="Secret Street 7", city="Leipzig", postcode="04109")
    answer = await order_told(DONE.model_copy(update={"address": home}))
    assert "was delivered by Parcelline on Monday 2 March to the address in Leipzig" in answer
    assert "Secret Street" not in answer


async def test_cancelled_lines_are_not_called_unsent() -> None:
    lines = (MOVING.lines[0], MOVING.lines[1].model_copy(update={"cancelled": 1}))
    part = MOVING.model_copy(update={"lines": lines, "shipments": (parcel("p1", ShipmentState.IN_TRANSIT, "l1"),)})
    answer = await order_told(part)
    assert "Cancelled in it: Desk Lamp." in answer
    assert "Not sent yet" not in answer


@pytest.mark.parametrize(("domains", "linked"), [(("track.example",), True), (("elsewhere.example",), False)])
async def test_a_tracking_page_is_linked_only_where_policy_allows_it(domains: tuple[str, ...], *, linked: bool) -> None:
    page = "https://www.track.example/PL-p1"
    shipment: Shipment = MOVING.shipments[0].model_copy(update={"tracking_url": page})
    answer = await order_told(MOVING.model_copy(update={"shipments": (shipment,)}), link_domains=domains)
    assert (page in answer) is linked
    assert "PL-p1" in answer


# --- how far a proof goes -------------------------------------------------------------------------------------------


async def test_a_proof_by_order_number_covers_that_order_alone() -> None:
    answer = await order_told(MOVING, proven_orders=("BT-10001",))
    assert "BT-10001" in answer
    shop = MemoryShop(MOVING, DONE)
    both = await told(triage_of(IssueType.ORDER_STATUS), "and all my orders?", shop=shop, proven_orders=("BT-10003",))
    assert "BT-10001" not in text(both)


async def test_a_strangers_order_is_told_to_nobody_whatever_a_proof_says() -> None:
    foreign = order("BT-10009", OrderState.PAID, customer_id="c2")
    proposal = await told(triage_of(IssueType.ORDER_STATUS), "where is it", foreign, proven_orders=("BT-10009",))
    assert proposal == Question(text=TEXTS["en"].ask.no_orders)


@pytest.mark.parametrize("number", ["BT-10001", "BT-10003", "BT-99999"])
async def test_an_order_beyond_the_proof_looks_like_one_that_does_not_exist(number: str) -> None:
    foreign = order("BT-10003", OrderState.PAID, customer_id="c2")
    triage = triage_of(IssueType.ORDER_STATUS, 0.95, number)
    proposal = await told(triage, f"where is {number}?", MOVING, foreign, DONE, proven_orders=("BT-10002",))
    assert proposal == Question(text=TEXTS["en"].ask.proof, asks_proof=True)


async def test_refunds_and_flows_beyond_the_proof_are_not_told() -> None:
    shop = MemoryShop(DONE, MOVING)
    shop.paid_back["BT-10003"] = (refund(3900, 3),)
    back = flow(FlowKind.RETURN, FlowState.IN_TRANSIT)
    asked = triage_of(IssueType.REFUND)
    proposal = await told(asked, "where is my refund?", shop=shop, flows=(back,), proven_orders=("BT-10001",))
    assert for_a_person(proposal)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "and what is in my other order?"),
        ("de", "und die andere Bestellung?"),
        ("es", "¿y mi otro pedido?"),
        ("fr", "et mon autre commande ?"),
    ],
)
async def test_another_order_than_the_proven_one_asks_for_proof(language: str, said: str) -> None:
    triage = triage_of(IssueType.ORDER_STATUS, language=language)
    case = case_of(triage, "c: BT-10001?", "a: BT-10001.", f"c: {said}").model_copy(
        update={"proven_orders": ("BT-10001",)}
    )
    proposal = await Composer(MemoryShop(MOVING, DONE), MemoryKnowledge(), LocalSettings()).compose(case)
    assert proposal == Question(text=TEXTS[language].ask.proof, asks_proof=True)
