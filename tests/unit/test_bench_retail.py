"""The public store's rules, records and calls, as the bench takes them over."""

import json
from pathlib import Path

import pytest

from bench.retail.asking import request_of
from bench.retail.data import Action, Json, RetailData
from bench.retail.judging import rounds
from bench.retail.reading_back import methods_as_expected, order_as_expected
from bench.retail.records import records
from bench.retail.stage import retail_policy
from domain.commerce import OrderState, PaymentState, ShipmentState
from domain.flows.requests import CancellationRequest, ExchangeRequest, RefundTo, ReturnRequest
from domain.policy_checks import findings
from domain.shop_records import CustomerRecord, OrderRecord, PaymentMethodRecord, ProductRecord, ShipmentRecord

_HOME = {"address1": "1 Elm", "address2": "", "city": "Austin", "country": "USA", "state": "TX", "zip": "78701"}
_METHODS = {
    "credit_card_1": {"source": "credit_card", "id": "credit_card_1", "brand": "visa", "last_four": "1234"},
    "gift_card_2": {"source": "gift_card", "id": "gift_card_2", "balance": 12.5},
}
_USERS = {
    "mia_1": {
        "name": {"first_name": "Mia", "last_name": "Lee"},
        "email": "mia@example.com",
        "address": _HOME,
        "payment_methods": _METHODS,
    }
}
_PRODUCTS = {
    "10": {
        "name": "Mug",
        "product_id": "10",
        "variants": {
            "100": {"item_id": "100", "options": {"color": "red"}, "available": True, "price": 10.1},
            "101": {"item_id": "101", "options": {"color": "blue"}, "available": False, "price": 12.0},
        },
    }
}


def _order(number: str, status: str, *kinds: str) -> Json:
    mug = {"name": "Mug", "product_id": "10", "item_id": "100", "price": 10.1, "options": {"color": "red"}}
    return {
        "order_id": number,
        "user_id": "mia_1",
        "address": _HOME,
        "items": [mug, mug],
        "fulfillments": [{"tracking_id": ["777"], "item_ids": ["100", "100"]}],
        "status": status,
        "payment_history": [
            {"transaction_type": kind, "amount": 20.2, "payment_method_id": "credit_card_1"} for kind in kinds
        ],
    }


@pytest.fixture
def store(tmp_path: Path) -> RetailData:
    """A store of one customer with an order that came and one that was cancelled, in the format's three files."""
    orders = {"#W1": _order("#W1", "delivered", "payment"), "#W2": _order("#W2", "cancelled", "payment", "refund")}
    for name, told in (("users", _USERS), ("orders", orders), ("products", _PRODUCTS)):
        (tmp_path / f"{name}.json").write_text(json.dumps(told))
    return RetailData(tmp_path)


def test_the_stores_rules_are_a_policy_without_findings() -> None:
    assert list(findings(retail_policy())) == []


def test_what_is_referred_to_comes_before_what_refers_to_it(store: RetailData) -> None:
    kinds = [type(record) for record in records(store)]
    paid = [CustomerRecord, PaymentMethodRecord, PaymentMethodRecord]
    assert kinds == [*paid, ProductRecord, OrderRecord, ShipmentRecord, OrderRecord]


def test_money_is_taken_over_to_the_cent(store: RetailData) -> None:
    found = list(records(store))
    product = next(record for record in found if isinstance(record, ProductRecord))
    assert [variant.price_minor for variant in product.variants] == [1010, 1200]
    balances = [record.balance_minor for record in found if isinstance(record, PaymentMethodRecord)]
    assert balances == [None, 1250]
    paid = [record.payments[0].amount_minor for record in found if isinstance(record, OrderRecord)]
    assert paid == [2020, 2020]


def test_what_is_not_available_is_not_in_stock(store: RetailData) -> None:
    product = next(record for record in records(store) if isinstance(record, ProductRecord))
    assert [bool(variant.stock) for variant in product.variants] == [True, False]


def test_a_delivered_order_has_arrived_and_a_cancelled_one_is_refunded(store: RetailData) -> None:
    came, cancelled = (record for record in records(store) if isinstance(record, OrderRecord))
    assert (came.state, came.payments[0].state) == (OrderState.DELIVERED, PaymentState.CAPTURED)
    assert (cancelled.state, cancelled.payments[0].state) == (OrderState.CANCELLED, PaymentState.REFUNDED)
    assert [line.cancelled for line in cancelled.lines] == [1, 1]
    [parcel] = [record for record in records(store) if isinstance(record, ShipmentRecord)]
    assert (parcel.order, parcel.state, parcel.delivered_at is not None) == ("#W1", ShipmentState.DELIVERED, True)


def test_calls_name_the_lines_that_the_import_makes(store: RetailData) -> None:
    order = next(record for record in records(store) if isinstance(record, OrderRecord))
    told = {"order_id": "#W1", "item_ids": ["100", "100"], "payment_method_id": "gift_card_2"}
    asked = request_of(Action(name="return_delivered_order_items", arguments=told), store)
    assert isinstance(asked, ReturnRequest)
    assert (asked.refund_to, asked.method_id) == (RefundTo.METHOD, "gift_card_2")
    assert [item.line_id for item in asked.items] == [order.line_id(0), order.line_id(1)]


def test_an_item_that_is_not_in_the_order_becomes_a_line_that_does_not_exist(store: RetailData) -> None:
    told = {"order_id": "#W1", "item_ids": ["100", "999"], "new_item_ids": ["101", "101"], "payment_method_id": "x"}
    asked = request_of(Action(name="exchange_delivered_order_items", arguments=told), store)
    assert isinstance(asked, ExchangeRequest)
    assert [(swap.line_id, swap.new_sku) for swap in asked.swaps] == [("#W1-1", "101"), ("#W1-none-999", "101")]


def test_a_call_that_changes_no_order_is_no_request(store: RetailData) -> None:
    told = {"order_id": "#W1", "reason": "no longer needed"}
    assert isinstance(request_of(Action(name="cancel_pending_order", arguments=told), store), CancellationRequest)
    with pytest.raises(ValueError, match="calculate"):
        request_of(Action(name="calculate", arguments=told), store)


def test_what_is_expected_is_compared_in_cents_whatever_the_files_rounding(store: RetailData) -> None:
    order = store.orders["#W1"] | {"exchange_price_difference": 1.8999999999999986}
    expected = order_as_expected(order)
    assert (expected["exchange_price_difference"], expected["items"][0]["price"]) == (190, 1010)
    assert expected["payment_history"][0]["amount"] == 2020
    assert methods_as_expected(_METHODS)["gift_card_2"] == {"source": "gift_card", "balance": 1250}


def test_each_round_asks_for_a_customer_once() -> None:
    assert rounds(["a1", "b1", "a2", "a3", "b2"], lambda case: case[0]) == [["a1", "b1"], ["a2", "b2"], ["a3"]]
