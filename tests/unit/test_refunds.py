"""What goes back for goods: never more than was paid, never less than nothing, in parts never more than at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commerce import Order, OrderLine, PaymentState
from domain.flows.refunding import MoneyBack, for_goods, for_return, left_of_payments
from domain.flows.requests import CancellationRequest, ExchangeRequest, ItemWanted, RefundTo, ReturnRequest, Swap
from domain.flows.rules import ReturnRules
from domain.money import Money
from tests.unit.flow_world import HATS, SCARVES, eur, facts, items, judged, line, order, paid, rules, swaps, unpacked

EVERYTHING = {"l1": 2, "l2": 1}


def back(
    units: dict[str, int], of: Order | None = None, *, reason: str = "bored", to_credit: bool = False, **said: object
) -> MoneyBack:
    return for_return(of or order(), units, ReturnRules.model_validate(said), reason=reason, to_credit=to_credit)


def test_goods_go_back_at_the_price_that_was_paid() -> None:
    assert back({"l1": 1}).refund_minor == 2000
    assert back(EVERYTHING).refund_minor == 13_000


def test_a_return_costs_its_fee_unless_the_reason_is_free() -> None:
    fee = {"EUR": 300, "USD": 9_999}
    assert (back({"l1": 1}, fee=fee).refund_minor, back({"l1": 1}, fee=fee).fee_minor) == (1700, 300)
    assert back({"l1": 1}, fee=fee, reason="damaged").refund_minor == 2000


def test_a_fee_takes_no_more_than_the_goods_are_worth() -> None:
    assert back({"l1": 1}, fee={"EUR": 5000}).refund_minor == 0
    assert back({}, fee={"EUR": 5000}).fee_minor == 0


@pytest.mark.parametrize(
    ("units", "reason", "shipping"),
    [
        (EVERYTHING, "damaged", 500),
        (EVERYTHING, "bored", 0),
        ({"l1": 2}, "damaged", 0),
        ({"l1": 1, "l2": 1}, "damaged", 0),
    ],
)
def test_shipping_goes_back_when_everything_comes_back_for_a_free_reason(
    units: dict[str, int], reason: str, shipping: int
) -> None:
    assert back(units, reason=reason).shipping_minor == shipping


def test_of_an_order_that_was_cancelled_whole_nothing_comes_back() -> None:
    of = order(lines=(line(cancelled=2),))
    assert back({"l1": 0}, of, reason="damaged").refund_minor == 0


def test_what_was_cancelled_before_need_not_come_back() -> None:
    of = order(lines=(line(cancelled=2), line("l2", quantity=1)))
    assert back({"l2": 1}, of, reason="damaged").shipping_minor == 500


def test_the_bonus_of_store_credit_comes_on_top_and_is_rounded_down() -> None:
    money = back({"l1": 1}, to_credit=True, credit_bonus=7.77)
    assert (money.bonus_minor, money.refund_minor) == (155, 2155)
    assert back({"l1": 1}, credit_bonus=7.77).bonus_minor == 0


def test_percents_are_counted_exactly() -> None:
    of = order(lines=(line(quantity=1, unit_price=eur(10_000)),))
    assert back({"l1": 1}, of, to_credit=True, credit_bonus=0.57).bonus_minor == 57


@pytest.mark.parametrize(
    ("payments", "refund"),
    [
        ((paid(1500),), 1500),
        ((paid(13_500, refunded_minor=12_000),), 1500),
        ((paid(800), paid(900)), 1700),
        ((paid(13_500, state=PaymentState.PENDING),), 0),
        ((paid(13_500, state=PaymentState.VOIDED),), 0),
        ((paid(13_500, amount=Money(minor=9000, currency="USD")),), 0),
        ((), 0),
    ],
)
def test_no_more_goes_back_than_is_left_of_the_payments(payments: tuple[object, ...], refund: int) -> None:
    assert back({"l1": 1}, order(payments=payments)).refund_minor == refund
    assert for_goods(order(payments=payments), {"l1": 1}).refund_minor == refund


def test_a_bonus_is_counted_of_what_goes_back_and_not_of_the_price() -> None:
    money = back({"l1": 1}, order(payments=(paid(1000),)), to_credit=True, credit_bonus=10)
    assert (money.refund_minor, money.bonus_minor) == (1100, 100)


def test_cancelling_everything_gives_back_everything() -> None:
    assert for_goods(unpacked(), EVERYTHING).refund_minor == 13_500
    assert for_goods(unpacked(), {"l2": 1}).refund_minor == 9000


# --- as the verdict tells it ------------------------------------------------------------------------------------------


def test_a_green_return_is_worth_less_than_the_limit() -> None:
    one = ReturnRequest(order="BT-1", items=items())
    assert judged(one, by=rules(returns={"keep_below": {"EUR": 2001}})).keeps_it
    assert not judged(one, by=rules(returns={"keep_below": {"EUR": 2000}})).keeps_it
    assert not judged(one, by=rules(returns={"keep_below": {"USD": 9999}})).keeps_it


def test_store_credit_that_is_named_as_a_method_has_its_bonus_too() -> None:
    by = rules(returns={"credit_bonus": 10})
    named = ReturnRequest(order="BT-1", items=items(), refund_to=RefundTo.METHOD, method_id="credit")
    assert judged(named, by=by).bonus_minor == 200
    assert judged(ReturnRequest(order="BT-1", items=items(), refund_to=RefundTo.STORE_CREDIT), by=by).bonus_minor == 200
    assert judged(ReturnRequest(order="BT-1", items=items()), by=by).bonus_minor == 0


@pytest.mark.parametrize(
    ("sku", "fee", "charge", "refund"),
    [
        ("scarf-blue", 0, 600, 0),
        ("scarf-blue", 250, 850, 0),
        ("scarf-grey", 0, 0, 0),
        ("scarf-red", 0, 0, 500),
        ("scarf-red", 200, 0, 300),
        ("scarf-red", 700, 200, 0),
    ],
)
def test_an_exchange_moves_the_price_difference_and_the_fee(sku: str, fee: int, charge: int, refund: int) -> None:
    by = rules(exchanges={"fee": {"EUR": fee}})
    verdict = judged(ExchangeRequest(order="BT-1", swaps=swaps(sku)), by=by)
    assert (verdict.charge_minor, verdict.refund_minor) == (charge, refund)


def test_a_difference_gives_back_no_more_than_is_left_of_the_payments() -> None:
    known = facts(order(payments=(paid(refunded_minor=13_200),)))
    assert judged(ExchangeRequest(order="BT-1", swaps=swaps("scarf-red")), known).refund_minor == 300


def test_a_difference_of_several_items_is_one_amount() -> None:
    both = (*swaps("scarf-blue"), *swaps("scarf-red"))
    verdict = judged(ExchangeRequest(order="BT-1", swaps=both))
    assert (verdict.charge_minor, verdict.refund_minor) == (100, 0)


# --- what always holds ------------------------------------------------------------------------------------------------

PRICES = st.integers(0, 1_000_000)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """An order with some of it cancelled and some of its money gone back."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        quantity = draw(st.integers(1, 5))
        cancelled = draw(st.integers(0, quantity))
        price = eur(draw(PRICES))
        lines.append(line(f"l{number}", quantity=quantity, cancelled=cancelled, unit_price=price))
    shipping = draw(st.integers(0, 5_000))
    total = sum(one.unit_price.minor * one.quantity for one in lines) + shipping
    first = draw(st.integers(0, total))
    payments = [
        paid(amount, payment_id=str(number), refunded_minor=draw(st.integers(0, amount)))
        for number, amount in enumerate((first, total - first))
    ]
    return order(lines=tuple(lines), shipping=eur(shipping), total=eur(total), payments=tuple(payments))


@st.composite
def return_rules(draw: st.DrawFn) -> ReturnRules:
    """Any fee and any bonus."""
    bonus = draw(st.floats(0, 100, allow_nan=False))
    return ReturnRules(fee={"EUR": draw(st.integers(0, 10_000))}, credit_bonus=bonus)


@given(
    of=orders(),
    by=return_rules(),
    reason=st.sampled_from(["bored", "damaged"]),
    to_credit=st.booleans(),
    data=st.data(),
)
def test_a_refund_is_never_above_what_is_left_and_never_negative(
    of: Order, by: ReturnRules, reason: str, to_credit: bool, data: st.DataObject
) -> None:
    units = {one.line_id: data.draw(st.integers(0, one.quantity)) for one in of.lines}
    for money in (for_return(of, units, by, reason=reason, to_credit=to_credit), for_goods(of, units)):
        assert 0 <= money.refund_minor - money.bonus_minor <= left_of_payments(of)
        assert 0 <= money.bonus_minor <= money.refund_minor - money.bonus_minor
        assert money.refund_minor - money.bonus_minor <= money.goods_minor + money.shipping_minor


@given(of=orders(), by=return_rules(), to_credit=st.booleans(), data=st.data())
def test_returns_in_parts_give_back_no_more_than_one_return_of_all(
    of: Order, by: ReturnRules, to_credit: bool, data: st.DataObject
) -> None:
    """Each part is paid out before the next is asked for, bonus left out: that is not the customer's money."""
    everything = {one.line_id: one.quantity - one.cancelled for one in of.lines}
    whole = for_return(of, everything, by, reason="damaged", to_credit=to_credit)
    gone = 0
    for part in parts(everything, data):
        money = for_return(of, part, by, reason="damaged", to_credit=to_credit)
        moved = money.refund_minor - money.bonus_minor
        gone, of = gone + moved, less(of, moved)
    assert gone <= whole.refund_minor - whole.bonus_minor
    assert all(one.left_minor >= 0 for one in of.payments)


@given(of=orders(), skus=st.lists(st.sampled_from(["scarf-red", "scarf-blue", "hat"]), min_size=1, max_size=4))
def test_an_exchange_charges_or_refunds_but_never_both(of: Order, skus: list[str]) -> None:
    first = of.lines[0]
    wanted = tuple(Swap(line_id=first.line_id, quantity=1, new_sku=sku) for sku in skus[: first.open_quantity])
    verdict = judged(ExchangeRequest(order="BT-1", swaps=wanted), facts(of, products=(SCARVES, HATS)))
    if verdict.allowed:
        assert min(verdict.charge_minor, verdict.refund_minor) == 0
        assert 0 <= verdict.refund_minor <= left_of_payments(of)


@given(of=orders(), quantity=st.integers(-3, 8))
def test_whatever_quantity_is_asked_for_no_more_units_are_allowed_than_are_left(of: Order, quantity: int) -> None:
    first: OrderLine = of.lines[0]
    wanted = (ItemWanted(line_id=first.line_id, quantity=quantity),)
    packed = of.model_copy(update={"state": "paid", "shipments": ()})
    for request, known in (
        (ReturnRequest(order="BT-1", items=wanted), facts(of)),
        (CancellationRequest(order="BT-1", items=wanted), facts(packed)),
    ):
        assert judged(request, known).allowed is (0 < quantity <= first.open_quantity)


def parts(units: dict[str, int], data: st.DataObject) -> list[dict[str, int]]:
    """The units dealt out over two returns."""
    first = {line_id: data.draw(st.integers(0, quantity)) for line_id, quantity in units.items()}
    return [first, {line_id: quantity - first[line_id] for line_id, quantity in units.items()}]


def less(of: Order, amount: int) -> Order:
    """The order after so much has gone back, newest payment first."""
    payments = []
    for one in reversed(of.payments):
        taken = min(amount, one.left_minor)
        amount -= taken
        payments.append(one.model_copy(update={"refunded_minor": one.refunded_minor + taken}))
    assert amount == 0
    return of.model_copy(update={"payments": tuple(reversed(payments))})
