"""What policy says of requests: every rule refuses what it is there for, and nothing else."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from domain.commerce import (
    Address,
    MethodKind,
    PaymentMethod,
    PaymentState,
    ReturnedLine,
    ReturnRecord,
    ReturnState,
    ShipmentState,
)
from domain.flows.kinds import AskedBy, FlowKind, Requester
from domain.flows.refusal import Rule
from domain.flows.refusal_words import refusal_words
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ClaimRequest,
    Complaint,
    CustomRequest,
    ExchangeRequest,
    FlowRequest,
    InquiryRequest,
    ItemChange,
    ItemWanted,
    OutreachReason,
    OutreachRequest,
    PaymentChange,
    RefundRequest,
    RefundTo,
    ReturnRequest,
)
from domain.flows.rules import CommerceRules
from domain.flows.units import Holding, held_unknown_to_shop, wanted
from domain.flows.verdict import RequestFacts
from domain.money import Money
from tests.unit.flow_world import (
    AGENT,
    AWAY,
    BOOTS,
    DELIVERED,
    HOME,
    NOW,
    PARCEL,
    POLICY,
    customer,
    facts,
    items,
    judged,
    line,
    order,
    paid,
    rules,
    swaps,
    unpacked,
)

RETURN = ReturnRequest(order="BT-1", items=items())
EXCHANGE = ExchangeRequest(order="BT-1", swaps=swaps())
CANCEL = CancellationRequest(order="BT-1")
MOVE = AddressChange(order="BT-1", address=AWAY)
SWAP = ItemChange(order="BT-1", swaps=swaps())
REPAY = PaymentChange(order="BT-1", method_id="wallet")
REFUND = RefundRequest(order="BT-1", amount_minor=500, currency="EUR")
CLAIM = ClaimRequest(order="BT-1", items=items(), complaint=Complaint.DAMAGED)
INQUIRY = InquiryRequest(order="BT-1", partner="warehouse")
OUTREACH = OutreachRequest(order="BT-1", shipment_id="s1", reason=OutreachReason.LATE)

PACKED = facts(unpacked())
LOST = facts(order(shipments=(PARCEL.model_copy(update={"state": ShipmentState.IN_TRANSIT}),)))
REACHES_OUT = rules(delays={"offered": True}, partners={"warehouse": {"title": "Warehouse"}})
ALLOWED: list[tuple[FlowRequest, RequestFacts, AskedBy]] = [
    (RETURN, facts(), AskedBy(kind=Requester.CUSTOMER)),
    (EXCHANGE, facts(), AskedBy(kind=Requester.AI)),
    (CANCEL, PACKED, AskedBy(kind=Requester.CUSTOMER)),
    (MOVE, PACKED, AskedBy(kind=Requester.CUSTOMER)),
    (SWAP, PACKED, AskedBy(kind=Requester.CUSTOMER)),
    (REPAY, PACKED, AskedBy(kind=Requester.CUSTOMER)),
    (REFUND, facts(), AGENT),
    (CLAIM, facts(), AskedBy(kind=Requester.CUSTOMER)),
    (INQUIRY, facts(), AGENT),
    (OUTREACH, LOST, POLICY),
]


@pytest.mark.parametrize(("request_", "known", "asked_by"), ALLOWED, ids=[row[0].kind for row in ALLOWED])
def test_each_kind_of_request_is_allowed_where_no_rule_stands_against_it(
    request_: FlowRequest, known: RequestFacts, asked_by: AskedBy
) -> None:
    verdict = judged(request_, known, REACHES_OUT, asked_by=asked_by)
    assert verdict.allowed, verdict.refused


def asked(of: FlowRequest, **changed: object) -> FlowRequest:
    """The request with other fields."""
    return of.model_validate({**of.model_dump(), **changed})


def partly(**changed: object) -> RequestFacts:
    """An order of which the boots are gone and the scarves still to be packed."""
    gone = PARCEL.model_copy(update={"line_ids": ("l2",), "state": ShipmentState.IN_TRANSIT, "delivered_at": None})
    return facts(order(**{"state": "partly_shipped", "shipments": (gone,), **changed}), delivered_at={})


OF_EVERY_ORDER: list[tuple[Rule, FlowRequest]] = [
    (rule, request) for rule in (Rule.UNKNOWN_ORDER, Rule.FOREIGN_ORDER) for request, _, _ in ALLOWED[:8]
]


@pytest.mark.parametrize(("rule", "request_"), OF_EVERY_ORDER)
def test_nobody_reaches_an_order_that_is_not_theirs(rule: Rule, request_: FlowRequest) -> None:
    known = facts(unpacked()).model_copy(update={"order": None} if rule is Rule.UNKNOWN_ORDER else {"customer": None})
    refused = judged(request_, known, asked_by=AGENT).refused
    assert refused is not None
    assert refused.rule is rule
    if rule is Rule.FOREIGN_ORDER:
        other = facts(unpacked(), customer=customer(customer_id="c2"))
        assert judged(request_, other, asked_by=AGENT) == judged(request_, known, asked_by=AGENT)


D = DELIVERED
REFUSED: list[tuple[Rule, str, FlowRequest, RequestFacts | None, CommerceRules | None]] = [
    (Rule.ORDER_STATE, "cancelled", RETURN, facts(order(state="cancelled")), None),
    (Rule.ORDER_STATE, "delivered", RETURN, None, rules(returns={"states": ["shipped"]})),
    (Rule.ORDER_STATE, "paid", EXCHANGE, PACKED, None),
    (Rule.ORDER_STATE, "delivered", CANCEL, None, None),
    (Rule.ORDER_STATE, "partly_shipped", CANCEL, partly(), rules(cancellations={"partly": False})),
    (Rule.ORDER_STATE, "shipped", MOVE, facts(order(state="shipped")), None),
    (Rule.ORDER_STATE, "delivered", SWAP, None, None),
    (Rule.ORDER_STATE, "cancelled", REPAY, facts(order(state="cancelled")), None),
    (Rule.ORDER_STATE, "returned", CLAIM, facts(order(state="returned")), None),
    (Rule.NOTHING_CHOSEN, "", asked(RETURN, items=()), None, None),
    (Rule.NOTHING_CHOSEN, "", asked(SWAP, swaps=()), PACKED, None),
    (Rule.NOTHING_CHOSEN, "", CANCEL, facts(unpacked(lines=(line(cancelled=2),))), None),
    (Rule.UNKNOWN_LINE, "l9", asked(RETURN, items=items(line_id="l9")), None, None),
    (Rule.UNKNOWN_LINE, "l9", asked(EXCHANGE, swaps=swaps(line_id="l9")), None, None),
    (Rule.UNKNOWN_LINE, "l9", asked(CANCEL, items=items(line_id="l9")), PACKED, None),
    (Rule.UNKNOWN_LINE, "l9", asked(CLAIM, items=items(line_id="l9")), None, None),
    (Rule.QUANTITY_NOT_POSITIVE, "0", asked(RETURN, items=items(0)), None, None),
    (Rule.QUANTITY_NOT_POSITIVE, "-1", asked(RETURN, items=(*items(3), *items(-1))), None, None),
    (Rule.QUANTITY_NOT_POSITIVE, "-2", asked(SWAP, swaps=swaps(quantity=-2)), PACKED, None),
    (Rule.QUANTITY_NOT_POSITIVE, "0", asked(CANCEL, items=items(0)), PACKED, None),
    (Rule.QUANTITY_NOT_LEFT, "2", asked(RETURN, items=items(3)), None, None),
    (Rule.QUANTITY_NOT_LEFT, "2", asked(RETURN, items=(*items(2), *items(1))), None, None),
    (Rule.QUANTITY_NOT_LEFT, "1", asked(RETURN, items=items(2)), facts(order(lines=(line(returned=1),))), None),
    (Rule.QUANTITY_NOT_LEFT, "1", asked(RETURN, items=items(2)), facts(order(lines=(line(returning=1),))), None),
    (Rule.QUANTITY_NOT_LEFT, "1", asked(CLAIM, items=items(2)), facts(order(lines=(line(cancelled=1),))), None),
    (Rule.QUANTITY_NOT_LEFT, "0", RETURN, facts(claimed={"l1": 2}), None),
    (Rule.QUANTITY_NOT_LEFT, "1", CANCEL, facts(unpacked(), claimed={"l1": 1}), None),
    (Rule.NOT_DELIVERED, "l1", RETURN, LOST.model_copy(update={"delivered_at": {}}), None),
    (Rule.NOT_DELIVERED, "l1", EXCHANGE, facts(delivered_at={"l2": D}), None),
    (Rule.NOT_DELIVERED, "l1", CLAIM, facts(delivered_at={}), None),
    (
        Rule.NOT_DELIVERED,
        "l1",
        RETURN,
        facts(order(state="shipped"), delivered_at={}),
        rules(returns={"unlimited": True}),
    ),
    (Rule.ALREADY_SHIPPED, "l2", CANCEL, partly(), None),
    (Rule.ALREADY_SHIPPED, "l2", asked(CANCEL, items=items(line_id="l2")), partly(), None),
    (Rule.ALREADY_SHIPPED, "", MOVE, facts(order(state="paid")), None),
    (Rule.ALREADY_SHIPPED, "l1", SWAP, facts(order(state="paid")), None),
    (Rule.WINDOW_OVER, "l1", RETURN, None, rules(returns={"windows": [{"days": 5}]})),
    (Rule.WINDOW_OVER, "l1", EXCHANGE, None, rules(exchanges={"windows": [{"days": 5}]})),
    (Rule.WINDOW_OVER, "l1", RETURN, None, rules(returns={"windows": [{"days": 99, "tiers": ["vip"]}]})),
    (Rule.FINAL_SALE, "l1", RETURN, None, rules(returns={"final_sale": [{"categories": ["accessories"]}]})),
    (Rule.FINAL_SALE, "l1", RETURN, None, rules(returns={"final_sale": [{"products": ["scarf-grey"]}]})),
    (Rule.FINAL_SALE, "l1", EXCHANGE, None, rules(exchanges={"final_sale": [{"products": ["x"]}, {}]})),
    (Rule.CONDITION, "worn", asked(RETURN, condition="worn"), None, rules(returns={"conditions": ["unopened"]})),
    (Rule.RECEIPT_MISSING, "", asked(RETURN, has_receipt=False), None, rules(returns={"receipt": True})),
    (Rule.REASON_NOT_ALLOWED, "unspecified", RETURN, None, rules(returns={"reasons": ["too_small"]})),
    (Rule.REASON_NOT_ALLOWED, "bored", asked(CANCEL, reason="bored"), PACKED, rules(cancellations={"reasons": ["x"]})),
    (
        Rule.FLAGGED,
        "fraud_risk",
        RETURN,
        facts(customer=customer(flags=("fraud_risk",))),
        rules(returns={"refused_flags": ["fraud_risk"]}),
    ),
    (
        Rule.SECOND_REQUEST,
        "",
        RETURN,
        facts(done=(FlowKind.EXCHANGE,)),
        rules(returns={"once_per_order": True}),
    ),
    (Rule.SECOND_REQUEST, "", EXCHANGE, facts(done=(FlowKind.RETURN,)), rules(exchanges={"once_per_order": True})),
    (Rule.SECOND_REQUEST, "item_change", SWAP, facts(unpacked(items_changed=True)), rules(items={"once": True})),
    (
        Rule.SECOND_REQUEST,
        "payment_change",
        REPAY,
        facts(unpacked(), done=(FlowKind.PAYMENT_CHANGE,)),
        rules(payments={"once": True}),
    ),
    (
        Rule.ORDER_CLOSED_TO_CHANGES,
        "",
        CANCEL,
        facts(unpacked(items_changed=True)),
        rules(items={"closes_order": True}),
    ),
    (
        Rule.ORDER_CLOSED_TO_CHANGES,
        "",
        MOVE,
        facts(unpacked(), done=(FlowKind.ITEM_CHANGE,)),
        rules(items={"closes_order": True}),
    ),
    (Rule.UNKNOWN_VARIANT, "shoe", asked(EXCHANGE, swaps=swaps("shoe")), None, None),
    (Rule.UNKNOWN_VARIANT, "shoe", asked(SWAP, swaps=swaps("shoe")), PACKED, None),
    (
        Rule.SAME_VARIANT,
        "scarf-grey",
        asked(EXCHANGE, swaps=swaps("scarf-grey")),
        None,
        rules(exchanges={"same_variant": False}),
    ),
    (
        Rule.SAME_VARIANT,
        "scarf-grey",
        asked(SWAP, swaps=swaps("scarf-grey")),
        PACKED,
        rules(items={"same_variant": False}),
    ),
    (Rule.DIFFERENT_PRODUCT, "hat", asked(EXCHANGE, swaps=swaps("hat")), None, rules(exchanges={"same_product": True})),
    (Rule.DIFFERENT_PRODUCT, "hat", asked(SWAP, swaps=swaps("hat")), PACKED, None),
    (Rule.VARIANT_UNAVAILABLE, "scarf-silk", asked(EXCHANGE, swaps=swaps("scarf-silk", 2)), None, None),
    (
        Rule.VARIANT_UNAVAILABLE,
        "scarf-silk",
        asked(SWAP, swaps=(*swaps("scarf-silk"), *swaps("scarf-silk"))),
        PACKED,
        None,
    ),
    (Rule.UNKNOWN_METHOD, "x", asked(RETURN, refund_to=RefundTo.METHOD, method_id="x"), None, None),
    (Rule.UNKNOWN_METHOD, "", asked(RETURN, refund_to=RefundTo.METHOD, method_id=""), None, None),
    (Rule.UNKNOWN_METHOD, "x", asked(EXCHANGE, method_id="x"), None, None),
    (Rule.UNKNOWN_METHOD, "x", asked(SWAP, method_id="x"), PACKED, None),
    (Rule.UNKNOWN_METHOD, "x", asked(REPAY, method_id="x"), PACKED, None),
    (Rule.METHOD_NOT_ALLOWED, "paypal", asked(RETURN, refund_to=RefundTo.METHOD, method_id="wallet"), None, None),
    (
        Rule.METHOD_NOT_ALLOWED,
        "store_credit",
        asked(RETURN, refund_to=RefundTo.STORE_CREDIT),
        None,
        rules(returns={"refund_to": []}),
    ),
    (
        Rule.METHOD_NOT_ALLOWED,
        "wallet",
        asked(EXCHANGE, method_id="wallet"),
        None,
        rules(exchanges={"stored_methods": False}),
    ),
    (Rule.METHOD_NOT_ALLOWED, "paypal", asked(EXCHANGE, swaps=swaps("scarf-red"), method_id="wallet"), None, None),
    (Rule.METHOD_NOT_ALLOWED, "paypal", asked(SWAP, swaps=swaps("scarf-red"), method_id="wallet"), PACKED, None),
    (Rule.SAME_METHOD, "card", asked(REPAY, method_id="card"), PACKED, None),
    (
        Rule.SAME_METHOD,
        "card",
        asked(REPAY, method_id="card"),
        facts(unpacked(state="pending", payments=(paid(state=PaymentState.PENDING),))),
        None,
    ),
    (Rule.INSUFFICIENT_FUNDS, "gift", asked(EXCHANGE, swaps=swaps(quantity=2), method_id="gift"), None, None),
    (Rule.INSUFFICIENT_FUNDS, "gift", asked(SWAP, swaps=swaps(quantity=2), method_id="gift"), PACKED, None),
    (Rule.INSUFFICIENT_FUNDS, "gift", asked(REPAY, method_id="gift"), PACKED, None),
    (
        Rule.INSUFFICIENT_FUNDS,
        "gift",
        asked(REPAY, method_id="gift"),
        facts(unpacked(state="pending", payments=())),
        None,
    ),
    (Rule.OTHER_CURRENCY, "USD", asked(EXCHANGE, swaps=swaps("scarf-dollar")), None, None),
    (
        Rule.ADDRESS_INCOMPLETE,
        "postcode",
        asked(MOVE, address=AWAY.model_copy(update={"postcode": " "})),
        PACKED,
        None,
    ),
    (Rule.ADDRESS_INCOMPLETE, "line1", asked(MOVE, address=Address()), PACKED, None),
    (Rule.NOTHING_CHANGES, "", asked(MOVE, address=HOME), PACKED, None),
    (Rule.NOT_OFFERED, "", RETURN, None, rules(returns={"offered": False})),
    (Rule.NOT_OFFERED, "", EXCHANGE, None, rules(exchanges={"offered": False})),
    (Rule.NOT_OFFERED, "", CANCEL, PACKED, rules(cancellations={"offered": False})),
    (Rule.NOT_OFFERED, "partly", asked(CANCEL, items=items()), PACKED, rules(cancellations={"partly": False})),
    (Rule.NOT_OFFERED, "", CLAIM, None, rules(claims={"offered": False})),
    (Rule.NOT_OFFERED, "", REFUND, None, None),
    (Rule.NOT_OFFERED, "", INQUIRY, None, REACHES_OUT),
    (Rule.NOT_OFFERED, "", OUTREACH, LOST, REACHES_OUT),
    (Rule.CLAIM_WINDOW_OVER, "l1", CLAIM, None, rules(claims={"days": 5})),
]


@pytest.mark.parametrize(
    ("rule", "detail", "request_", "known", "by"),
    REFUSED,
    ids=[f"{row[0]}-{row[2].kind}-{row[1] or number}" for number, row in enumerate(REFUSED)],
)
def test_a_request_is_refused_by_the_rule_that_it_breaks(
    rule: Rule, detail: str, request_: FlowRequest, known: RequestFacts | None, by: CommerceRules | None
) -> None:
    verdict = judged(request_, known, by)
    assert verdict.refused is not None
    assert (verdict.refused.rule, verdict.refused.detail) == (rule, detail)


BY_OTHERS: list[tuple[Rule, FlowRequest, RequestFacts, CommerceRules, AskedBy]] = [
    (Rule.AMOUNT_NOT_POSITIVE, asked(REFUND, amount_minor=0), facts(), rules(), AGENT),
    (Rule.AMOUNT_NOT_POSITIVE, asked(REFUND, amount_minor=-5), facts(), rules(), AGENT),
    (Rule.AMOUNT_ABOVE_PAID, asked(REFUND, amount_minor=13_501), facts(), rules(), AGENT),
    (Rule.AMOUNT_ABOVE_PAID, REFUND, facts(order(payments=(paid(refunded_minor=13_001),))), rules(), AGENT),
    (Rule.AMOUNT_ABOVE_PAID, REFUND, facts(order(payments=(paid(state=PaymentState.PENDING),))), rules(), AGENT),
    (Rule.OTHER_CURRENCY, asked(REFUND, currency="USD"), facts(), rules(), AGENT),
    (Rule.METHOD_NOT_ALLOWED, asked(REFUND, refund_to=RefundTo.METHOD), facts(), rules(), AGENT),
    (Rule.NOT_OFFERED, REFUND, facts(), rules(refunds={"offered": False}), AGENT),
    (Rule.NOT_OFFERED, REFUND, facts(), rules(), AskedBy(kind=Requester.AI)),
    (Rule.UNKNOWN_PARTNER, INQUIRY, facts(), rules(), AGENT),
    (Rule.UNKNOWN_ORDER, INQUIRY, RequestFacts(), REACHES_OUT, AGENT),
    (Rule.UNKNOWN_ORDER, OUTREACH, RequestFacts(), REACHES_OUT, POLICY),
    (Rule.NOT_OFFERED, OUTREACH, LOST, rules(), POLICY),
    (Rule.NO_LONGER_OPEN, OUTREACH, facts(), REACHES_OUT, POLICY),
    (Rule.NO_LONGER_OPEN, asked(OUTREACH, shipment_id="s9"), LOST, REACHES_OUT, POLICY),
]


@pytest.mark.parametrize(("rule", "request_", "known", "by", "asked_by"), BY_OTHERS)
def test_what_only_agents_and_rules_may_ask_for_is_refused_by_name_as_well(
    rule: Rule, request_: FlowRequest, known: RequestFacts, by: CommerceRules, asked_by: AskedBy
) -> None:
    verdict = judged(request_, known, by, asked_by=asked_by)
    assert verdict.refused is not None
    assert verdict.refused.rule is rule


OF_THE_SHOP = {Rule.DECLINED_PAYMENT}
"""Only the shop can know."""
OF_THE_ASKER = {Rule.NOT_CONFIRMED}
"""Known before anything is judged: who asks must have had a yes."""


def test_every_rule_is_tested_here() -> None:
    tested = {row[0] for row in (*REFUSED, *BY_OTHERS, *OF_EVERY_ORDER)}
    assert tested | OF_THE_SHOP | OF_THE_ASKER == set(Rule)


# --- windows ----------------------------------------------------------------------------------------------------------

LAST = DELIVERED + timedelta(days=30)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (LAST - timedelta(seconds=1), True),
        (LAST, True),
        (LAST + timedelta(microseconds=999_999), True),
        (LAST + timedelta(seconds=1), False),
    ],
)
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Pacific/Kiritimati"), timezone(timedelta(hours=-11, minutes=-30))])
@pytest.mark.parametrize("request_", [RETURN, EXCHANGE, CLAIM], ids=lambda one: one.kind)
def test_a_window_ends_with_its_last_second_wherever_one_asks(
    request_: FlowRequest, zone: timezone | ZoneInfo, now: datetime, allowed: bool
) -> None:
    verdict = judged(request_, now=now.astimezone(zone))
    assert verdict.allowed is allowed
    assert verdict.return_by == (LAST if allowed else None)


@pytest.mark.parametrize("delivered", [(3, 20), (10, 20)], ids=["spring", "autumn"])
def test_days_are_24_hours_when_the_clocks_change(delivered: tuple[int, int]) -> None:
    at = datetime(2026, *delivered, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    last = at.astimezone(UTC) + timedelta(days=10)
    known, by = facts(delivered_at={"l1": at}), rules(returns={"windows": [{"days": 10}]})
    assert judged(RETURN, known, by, now=last.astimezone(at.tzinfo)).return_by == last
    late = (last + timedelta(seconds=1)).astimezone(at.tzinfo)
    assert not judged(RETURN, known, by, now=late).allowed


def test_the_first_window_that_fits_tier_and_category_counts() -> None:
    by = rules(
        returns={
            "windows": [
                {"days": 60, "tiers": ["gold"]},
                {"days": 2, "categories": ["shoes"]},
                {"days": 20, "products": ["scarf"]},
            ]
        }
    )
    boots = asked(RETURN, items=items(line_id="l2"))
    gold = facts(customer=customer(tier="gold"))
    assert judged(RETURN, by=by).return_by == DELIVERED + timedelta(days=20)
    assert judged(boots, by=by).refused is not None
    assert judged(boots, gold, by).return_by == DELIVERED + timedelta(days=60)


def test_of_several_items_the_window_that_ends_first_counts() -> None:
    both = asked(RETURN, items=(*items(), *items(line_id="l2")))
    early = facts(delivered_at={"l1": DELIVERED, "l2": DELIVERED - timedelta(days=3)})
    assert judged(both, early).return_by == LAST - timedelta(days=3)


def test_without_windows_a_delivered_order_needs_no_dates() -> None:
    by = rules(returns={"unlimited": True})
    verdict = judged(RETURN, facts(delivered_at={}), by, now=NOW + timedelta(days=3000))
    assert verdict.allowed
    assert verdict.return_by is None


# --- what may be done -------------------------------------------------------------------------------------------------


def test_a_return_in_the_shop_counts_as_the_one_that_policy_allows() -> None:
    record = ReturnRecord(return_id="r1", state=ReturnState.OPEN, exchange=False, reason="", lines=())
    by = rules(returns={"once_per_order": True})
    assert judged(RETURN, facts(order(returns=(record,))), by).refused is not None
    called_off = record.model_copy(update={"state": ReturnState.CANCELLED})
    assert judged(RETURN, facts(order(returns=(called_off,))), by).allowed


def test_what_has_not_been_shipped_can_be_cancelled_when_the_rest_is_on_its_way() -> None:
    verdict = judged(asked(CANCEL, items=items(2)), partly())
    assert verdict.allowed
    assert verdict.refund_minor == 4000


def test_a_printed_label_is_no_parcel_under_way() -> None:
    printed = PARCEL.model_copy(update={"state": ShipmentState.LABEL_CREATED, "delivered_at": None})
    for request in (CANCEL, MOVE, SWAP):
        assert judged(request, facts(unpacked(shipments=(printed,)))).allowed


def test_several_returns_of_one_order_are_allowed_unless_policy_says_no() -> None:
    assert judged(RETURN, facts(done=(FlowKind.RETURN, FlowKind.EXCHANGE))).allowed


def test_what_is_still_to_be_packed_can_go_elsewhere_where_policy_allows_it() -> None:
    by = rules(addresses={"states": ["paid", "partly_shipped"]})
    assert judged(MOVE, partly(), by).allowed
    assert judged(asked(SWAP, swaps=swaps()), partly(), rules(items={"states": ["partly_shipped"]})).allowed


def test_all_that_was_paid_can_be_refunded_to_the_cent() -> None:
    assert judged(asked(REFUND, amount_minor=13_500), asked_by=AGENT).allowed


def test_a_method_that_is_not_on_file_any_more_receives_money_but_pays_nothing() -> None:
    known = facts(order(payments=(paid(method_id="old"),)))
    assert judged(asked(EXCHANGE, swaps=swaps("scarf-red"), method_id="old"), known).refund_minor == 500
    refused = judged(asked(EXCHANGE, method_id="old"), known).refused
    assert refused is not None
    assert refused.rule is Rule.UNKNOWN_METHOD


@pytest.mark.parametrize("method_id", ["card", "gift", "credit"])
def test_a_return_goes_to_the_original_method_or_one_that_policy_names(method_id: str) -> None:
    by = rules(returns={"refund_to": ["gift_card", "store_credit"]})
    assert judged(asked(RETURN, refund_to=RefundTo.METHOD, method_id=method_id), by=by).allowed


def test_a_payment_that_was_given_back_is_no_original_method_any_more() -> None:
    replaced = paid(payment_id="p0", method_id="wallet", refunded_minor=13_500)
    known = facts(order(payments=(replaced, paid())))
    assert not judged(asked(RETURN, refund_to=RefundTo.METHOD, method_id="wallet"), known).allowed


def gift_card(minor: int, currency: str) -> PaymentMethod:
    """A gift card with so much left."""
    balance = Money(minor=minor, currency=currency)
    return PaymentMethod(method_id="gift", kind=MethodKind.GIFT_CARD, balance=balance)


def test_a_gift_card_pays_a_difference_that_it_covers_to_the_cent() -> None:
    same_price = asked(EXCHANGE, swaps=swaps(), method_id="gift")
    assert judged(same_price).charge_minor == 600
    exactly = customer(
        methods=({"method_id": "gift", "kind": "gift_card", "balance": {"minor": 600, "currency": "EUR"}},)
    )
    assert judged(same_price, facts(customer=exactly)).allowed
    short = customer(
        methods=({"method_id": "gift", "kind": "gift_card", "balance": {"minor": 599, "currency": "EUR"}},)
    )
    assert not judged(same_price, facts(customer=short)).allowed


def test_a_gift_card_in_another_currency_pays_nothing() -> None:
    foreign = customer(
        methods=({"method_id": "gift", "kind": "gift_card", "balance": {"minor": 9**9, "currency": "USD"}},)
    )
    refused = judged(asked(EXCHANGE, method_id="gift"), facts(customer=foreign)).refused
    assert refused is not None
    assert refused.rule is Rule.OTHER_CURRENCY


def test_something_can_be_exchanged_for_the_same_again_unless_policy_says_no() -> None:
    verdict = judged(asked(EXCHANGE, swaps=swaps("scarf-grey")))
    assert (verdict.allowed, verdict.charge_minor, verdict.refund_minor) == (True, 0, 0)


# --- approval ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approval", "flags", "why"),
    [
        ({}, (), ""),
        ({"always": True}, (), "always"),
        ({"above": {"EUR": 1999}}, (), "amount"),
        ({"above": {"EUR": 2000}}, (), ""),
        ({"above": {"USD": 0}}, (), ""),
        ({"flags": ["new_account"]}, ("new_account",), "flag:new_account"),
        ({"flags": ["new_account"]}, ("other",), ""),
    ],
)
def test_a_person_approves_when_policy_asks_for_it(
    approval: dict[str, object], flags: tuple[str, ...], why: str
) -> None:
    known = facts(customer=customer(flags=flags))
    assert judged(RETURN, known, rules(returns={"approval": approval})).needs_approval == why


@pytest.mark.parametrize(
    ("request_", "known", "at_stake"),
    [
        (RETURN, facts(), 2000),
        (EXCHANGE, facts(), 2600),
        (CANCEL, PACKED, 13_500),
        (MOVE, PACKED, 13_500),
        (SWAP, PACKED, 600),
        (REPAY, PACKED, 13_500),
        (CLAIM, facts(), 2000),
    ],
    ids=lambda one: getattr(one, "kind", None),
)
def test_limits_are_compared_with_what_is_at_stake(request_: FlowRequest, known: RequestFacts, at_stake: int) -> None:
    assert judged(request_, known).at_stake_minor == at_stake


def test_a_refund_above_the_limit_is_approved_by_a_person() -> None:
    by = rules(refunds={"approval": {"above": {"EUR": 499}}})
    assert judged(REFUND, by=by, asked_by=AGENT).needs_approval == "amount"


# --- units ------------------------------------------------------------------------------------------------------------


def record_of(return_id: str, quantity: int, state: ReturnState = ReturnState.OPEN) -> ReturnRecord:
    """The shop's record of a return of scarves."""
    lines = (ReturnedLine(line_id="l1", quantity=quantity),)
    return ReturnRecord(return_id=return_id, state=state, exchange=False, reason="", lines=lines)


@pytest.mark.parametrize(
    ("holding", "records", "held"),
    [
        (Holding(line_id="l1", quantity=1), (), {"l1": 1}),
        (Holding(line_id="l1", quantity=1, return_id="r1"), (), {"l1": 1}),
        (Holding(line_id="l1", quantity=1, return_id="r1"), (record_of("r1", 1),), {}),
        (Holding(line_id="l1", quantity=1, return_id="r1"), (record_of("r1", 1, ReturnState.CLOSED),), {}),
        (Holding(line_id="l1", quantity=1), (record_of("r1", 1),), {}),
        (Holding(line_id="l1", quantity=2), (record_of("r1", 1),), {"l1": 1}),
        (Holding(line_id="l1", quantity=1), (record_of("r1", 1, ReturnState.CLOSED),), {"l1": 1}),
        (Holding(line_id="l1", quantity=1, changed=True), (), {}),
    ],
    ids=["not told", "told later", "told", "accepted", "told, not yet noted", "some of it", "an old one", "cancelled"],
)
def test_a_unit_that_a_flow_holds_is_never_counted_twice(
    holding: Holding, records: tuple[ReturnRecord, ...], held: dict[str, int]
) -> None:
    assert held_unknown_to_shop(order(returns=records), [holding]) == held


def test_a_whole_cancellation_holds_every_unit_that_is_left() -> None:
    left = order(lines=(line(cancelled=1), BOOTS.model_copy(update={"returned": 1})))
    assert wanted(CANCEL, left) == (ItemWanted(line_id="l1", quantity=1),)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_there_are_words_for_every_rule_in_every_language(language: str) -> None:
    said = {rule: refusal_words(rule, language) for rule in Rule}
    assert all(len(words) > 15 and words.endswith((".", "!")) for words in said.values())
    if language != "en":
        assert not {rule for rule in Rule if said[rule] == refusal_words(rule, "en")}


def test_other_languages_are_told_in_english() -> None:
    assert refusal_words(Rule.FINAL_SALE, "pt") == refusal_words(Rule.FINAL_SALE, "en")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_words_give_nothing_away(language: str) -> None:
    assert refusal_words(Rule.FOREIGN_ORDER, language) == refusal_words(Rule.UNKNOWN_ORDER, language)
    assert refusal_words(Rule.FLAGGED, language) == refusal_words(Rule.NOT_OFFERED, language)


# --- before it has arrived ----------------------------------------------------------------------------------------

WATCHED = rules(delays={"offered": True, "no_scan_days": 5})


def under_way(**changed: object) -> RequestFacts:
    """A parcel under way, last scanned longer ago than the policy's five days."""
    silent = PARCEL.model_copy(
        update={
            "state": ShipmentState.IN_TRANSIT,
            "delivered_at": None,
            "last_scan_at": NOW - timedelta(days=6),
            "expected_on": None,
            **changed,
        }
    )
    return facts(order(state="shipped", shipments=(silent,)), delivered_at={})


def test_what_is_missing_of_a_delayed_parcel_can_be_claimed_before_it_arrives() -> None:
    missing = asked(CLAIM, complaint="missing")
    assert judged(missing, under_way(), WATCHED).allowed
    assert judged(missing, under_way(), WATCHED).return_by is None
    for known, request in ((under_way(last_scan_at=NOW), missing), (under_way(), CLAIM)):
        refused = judged(request, known, WATCHED).refused
        assert refused is not None
        assert refused.rule is Rule.NOT_DELIVERED


# --- flows of the brand's own -------------------------------------------------------------------------------------

OWN = rules(
    own={
        "repair": {"title": "Repair", "items": True, "days": 730, "states": ["delivered"], "askers": ["customer"]},
        "wrapping": {"title": "Wrapping", "states": ["paid"]},
        "closed": {"title": "Closed", "offered": False},
    }
)
REPAIR = CustomRequest(flow="repair", order="BT-1", items=items())


@pytest.mark.parametrize(
    ("rule", "request_", "known", "asked_by"),
    [
        (Rule.NOT_OFFERED, REPAIR, None, AGENT),
        (Rule.NOT_OFFERED, asked(REPAIR, flow="closed"), None, None),
        (Rule.NOT_OFFERED, asked(REPAIR, flow="unheard_of"), None, None),
        (Rule.ORDER_STATE, asked(REPAIR, flow="wrapping", items=()), None, None),
        (Rule.NOTHING_CHOSEN, asked(REPAIR, items=()), None, None),
        (Rule.QUANTITY_NOT_LEFT, asked(REPAIR, items=items(9)), None, None),
        (Rule.NOT_DELIVERED, REPAIR, facts(delivered_at={}), None),
        (Rule.WINDOW_OVER, REPAIR, facts(delivered_at={"l1": NOW - timedelta(days=730, seconds=1)}), None),
        (Rule.FOREIGN_ORDER, REPAIR, facts(customer=customer(customer_id="c2")), None),
    ],
)
def test_a_flow_of_the_brands_own_has_its_rules(
    rule: Rule, request_: FlowRequest, known: RequestFacts | None, asked_by: AskedBy | None
) -> None:
    refused = judged(request_, known or facts(), OWN, asked_by=asked_by or AskedBy(kind=Requester.CUSTOMER)).refused
    assert refused is not None
    assert refused.rule is rule


def test_the_days_of_a_flow_of_the_brands_own_end_with_their_last_second() -> None:
    last = DELIVERED + timedelta(days=730)
    assert judged(REPAIR, facts(), OWN, now=last + timedelta(microseconds=999_999)).allowed
    assert not judged(REPAIR, facts(), OWN, now=last + timedelta(seconds=1)).allowed


def test_a_flow_of_the_brands_own_holds_its_items_and_knows_their_price() -> None:
    verdict = judged(REPAIR, facts(), OWN)
    assert verdict.allowed
    assert verdict.at_stake_minor == sum(one.unit_price.minor for one in facts().order.lines if one.line_id == "l1")
    whole = judged(asked(REPAIR, flow="wrapping", items=()), PACKED, OWN)
    assert whole.at_stake_minor == PACKED.order.total.minor
