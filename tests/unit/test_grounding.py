"""Grounding: every fact of an answer stands in a source that it cites, however either of them is written."""

import pytest

from domain.facts import facts_in, held_by
from domain.grounding import unsupported
from domain.proposal import Citation, CitationKind, Reply, Statement

ORDER = Citation(kind=CitationKind.ORDER, ref="BT-10423", title="BT-10423")
ARTICLE = Citation(kind=CitationKind.ARTICLE, ref="returns", version=2, title="Returns")
SOURCES = {
    ORDER: "Order BT-10423: shipped. Placed on 2026-11-20. Total 78.00 EUR.\n"
    "Parcel s1: in_transit. Tracking number PL-9931. Expected on 2026-11-24. https://shop.example/t/1",
    ARTICLE: "You can return items within 30 days. Refunds take 2 to 4 business days. Members get 10% off.",
}


def lacking(text: str, *cited: Citation) -> tuple[str, ...]:
    return unsupported(Reply(statements=(Statement(text=text, citations=cited),)), SOURCES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12,50 €", "12.50 EUR"),
        ("1.299,00 EUR", "EUR 1,299"),
        ("$20", "20 US$"),
        ("20 Prozent", "20%"),
        ("am 3. März", "2026-03-03"),
        ("le 3 mars", "March 3rd"),
        ("24.11.2026", "24 November 2026"),
        ("Dienstag", "2026-11-24"),
        ("14 Tage", "two weeks"),
        ("5 pm", "17:00"),
        ("cincuenta por ciento", "50 %"),
        ("BT-10423", "bt-10423"),
    ],
)
def test_a_fact_is_the_same_however_it_is_written(one: str, other: str) -> None:
    known = held_by([other])
    assert facts_in(one)
    assert all(fact & known for fact in facts_in(one))


@pytest.mark.parametrize(
    "text",
    [
        "Order BT-10423 is on its way and expected on Tuesday 24 November.",
        "Ihre Bestellung BT-10423 über 78,00 € kommt am 24. November.",
        "The tracking number is PL-9931: https://shop.example/t/1",
        "There are 2 parcels.",
    ],
)
def test_what_the_source_says_is_supported(text: str) -> None:
    assert lacking(text, ORDER) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The total was 79.00 EUR.",
        "The total was 78.00 USD.",
        "It is expected on 25 November.",
        "It is expected on Wednesday.",
        "It arrives tomorrow.",
        "Order BT-10424 is on its way.",
        "The tracking number is PL-9932.",
        "Track it at https://shop.example/t/2",
        "You get 15% off.",
        "You get it for half price.",
        "It takes three days.",
        "It comes at 14:30.",
        "There were 43 of them.",
    ],
)
def test_what_it_does_not_say_is_not(text: str) -> None:
    assert lacking(text, ORDER) != ()


def test_a_fact_of_another_source_does_not_count() -> None:
    assert lacking("You can return it within 30 days.", ARTICLE) == ()
    assert lacking("You can return it within 30 days.", ORDER) != ()


def test_a_source_that_nobody_looked_up_holds_nothing() -> None:
    made_up = Citation(kind=CitationKind.ARTICLE, ref="made-up", version=1)
    assert lacking("All is well.", made_up) == ("source:made-up",)


def test_a_courtesy_needs_no_source_and_holds_no_fact() -> None:
    assert lacking("Happy to help!") == ()
    assert lacking("Happy to help within 2 days!") != ()
    assert lacking("Happy to help! " * 20) == ("source",)
