"""What is asked of somebody who is to prove who they are, what is read of their answer, and what a proof opens."""

import pytest

from domain.commerce import Address
from domain.flows.kinds import FlowKind
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ClaimRequest,
    Complaint,
    ExchangeRequest,
    FlowRequest,
    ItemChange,
    PaymentChange,
    RefundRequest,
    RefundTo,
    ReturnRequest,
)
from domain.proving import Means, Proven, code_of, may_begin, may_open_portal, same
from domain.proving_reading import Claim, Given, claims_of, codes_in, given, postcode_key
from domain.proving_words import Telling, code_mail, proof_words

_LANGUAGES = ("en", "de", "es", "fr")
ORDER, CUSTOMER = Proven(shop_customer_id="mia", orders=("O-1",)), Proven(shop_customer_id="mia")
_EMAIL, _POSTCODE = Means.ORDER_EMAIL, Means.ORDER_POSTCODE


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("telling", Telling)
def test_everything_is_said_in_every_language_and_in_english_otherwise(telling: Telling) -> None:
    said = {language: proof_words(telling, language, codes=True) for language in _LANGUAGES}
    assert len(set(said.values())) == len(_LANGUAGES)
    assert proof_words(telling, "nl", codes=True) == said["en"]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_code_is_offered_only_where_one_can_be_sent(language: str) -> None:
    offered, not_offered = (proof_words(Telling.ASK, language, codes=codes) for codes in (True, False))
    assert offered.startswith(not_offered)
    assert offered != not_offered


@pytest.mark.parametrize("language", [*_LANGUAGES, "nl"])
def test_the_mail_holds_the_code_once_and_names_the_brand(language: str) -> None:
    mail = code_mail("004217", "Test Shop", language)
    assert mail.text.count("004217") == 1
    assert "Test Shop" in mail.subject
    assert "Test Shop" in mail.text
    assert "004217" not in mail.subject


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("04109", "04109"),
        ("D-04109 Leipzig", "04109"),
        ("CH 8001 Zürich", "8001"),
        ("sw1a 1aa", "SW1A1AA"),
        ("EC1A1BB", "EC1A1BB"),
        ("1012 ab Amsterdam", "1012AB"),
        ("zip 12345-6789", "12345"),
        ("K1A 0B1", "K1A0B1"),
        ("00-950 Warszawa", "00950"),
        ("113 51 Stockholm", "11351"),
        ("1000-205 Lisboa", "1000205"),
        ("D02 AF30", "D02AF30"),
        ("０４１０９", "04109"),
    ],
)
def test_postcodes_of_many_countries_are_read_in_one_spelling(text: str, postcode: str) -> None:
    assert postcode in given([f"my order, {text}"]).postcodes
    assert postcode_key(postcode) == postcode


def test_order_and_phone_numbers_are_no_postcodes() -> None:
    assert given(["BT-10423, #10424, +49 170 1234567, 0301234567"]).postcodes == ()


def test_addresses_are_read_in_small_letters_and_without_what_stands_around_them() -> None:
    assert given(["it is <Mia@Example.COM>."]).emails == ("mia@example.com",)


def test_only_so_much_is_read_and_the_newest_words_first() -> None:
    read = given(["10001 10002 10003", "a@b.example 10004 10005 10006"])
    assert read == Given(emails=("a@b.example",), postcodes=("10004", "10005"))


@pytest.mark.parametrize("text", ["482913", "482 913", "the code is 482-913!", "４８２９１３", "482913."])
def test_a_code_is_read_however_it_is_written(text: str) -> None:
    assert codes_in([text]) == ("482913",)


@pytest.mark.parametrize("text", ["4829130", "BT-482913", "482913@example.com", "+482913", "1.482913", "48 2913"])
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert codes_in([text]) == ()


def test_a_turn_gives_what_goes_with_an_order_named_before() -> None:
    claims = claims_of((), ("O-1", "O-2"), Given(postcodes=("04109",)), Given())
    assert claims == (Claim(order="O-1", means=_POSTCODE, value="04109"),)


def test_a_corrected_number_goes_with_what_was_given_before() -> None:
    claims = claims_of(("BT-10432",), ("BT-10423",), Given(postcodes=("10432",)), Given(emails=("a@b.example",)))
    assert claims[0] == Claim(order="BT-10432", means=_EMAIL, value="a@b.example")


def test_an_orders_own_digits_are_not_tried_as_its_postcode() -> None:
    claims = claims_of(("BT-10432",), (), Given(emails=("a@b.example",), postcodes=("10432",)), Given())
    assert [claim.means for claim in claims] == [_EMAIL]


def test_the_address_of_a_mail_goes_with_the_orders_that_it_names() -> None:
    claims = claims_of(("O-1",), (), Given(), Given(), "a@b.example")
    assert claims == (Claim(order="O-1", means=Means.ORDER_SENDER, value="a@b.example"),)


# --- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_depends_on_its_id_and_on_the_key() -> None:
    codes = {code_of(key, code_id) for key in ("k" * 32, "l" * 32) for code_id in ("a", "b", "c")}
    assert len(codes) == 6
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_nothing_is_not_equal_to_nothing() -> None:
    assert not same("", "")
    assert same("é", "é")


# --- what a proof opens ----------------------------------------------------------------------------------------------

_BY_ORDER: list[FlowRequest] = [
    ReturnRequest(order="O-1", items=()),
    ExchangeRequest(order="O-1", swaps=()),
    CancellationRequest(order="O-1"),
    ClaimRequest(order="O-1", items=(), complaint=Complaint.DAMAGED),
]
_BY_CUSTOMER: list[FlowRequest] = [
    AddressChange(order="O-1", address=Address()),
    PaymentChange(order="O-1", method_id="card"),
    ItemChange(order="O-1", swaps=()),
    RefundRequest(order="O-1", amount_minor=1, currency="EUR"),
    ReturnRequest(order="O-1", items=(), refund_to=RefundTo.METHOD, method_id="card"),
    ReturnRequest(order="O-1", items=(), refund_to=RefundTo.STORE_CREDIT),
    ExchangeRequest(order="O-1", swaps=(), method_id="card"),
]


@pytest.mark.parametrize("request_", _BY_ORDER, ids=lambda request: request.kind)
def test_knowing_an_order_opens_what_sends_nothing_elsewhere(request_: FlowRequest) -> None:
    assert may_begin(request_, ORDER)
    assert may_begin(request_, CUSTOMER)
    assert not may_begin(request_.model_copy(update={"order": "O-2"}), ORDER)
    assert not may_begin(request_, None)


@pytest.mark.parametrize("request_", _BY_CUSTOMER, ids=lambda request: request.kind)
def test_knowing_an_order_opens_nothing_that_sends_goods_or_money_elsewhere(request_: FlowRequest) -> None:
    assert not may_begin(request_, ORDER)
    assert may_begin(request_, CUSTOMER)
    assert not may_begin(request_, None)


def test_no_other_kind_of_flow_is_opened_by_an_order_number() -> None:
    decided = {request.kind for request in _BY_ORDER + _BY_CUSTOMER}
    assert set(FlowKind) - decided == {FlowKind.INQUIRY, FlowKind.OUTREACH, FlowKind.CUSTOM}


def test_the_portal_is_for_proven_customers() -> None:
    assert may_open_portal(CUSTOMER)
    assert not may_open_portal(ORDER)
    assert not may_open_portal(None)
