"""Numbers, days and languages of a text, as answers are compared with their sources."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cli.evaluating.judging import holds
from cli.evaluating.languages import language_of
from cli.evaluating.tokens import Tokens, codes_in, days_written


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("4,90 EUR", "4.90 EUR"),
        ("39 EUR", "39.00 EUR"),
        ("1.500 EUR", "1,500.00 EUR".replace(".00", "")),
        ("20 000 mm", "20.000 mm"),
        ("um 14:00 Uhr", "before 14:00"),
    ],
)
def test_spellings_of_a_number_are_one(written: str, told: str) -> None:
    assert Tokens.of(written).numbers == Tokens.of(told).numbers


@pytest.mark.parametrize("text", ["149 EUR", "on 3 May", "in 31 days", "BT-10702"])
def test_what_the_source_does_not_hold_is_found(text: str) -> None:
    source = Tokens.of("Order BT-10703 of 2 May costs 179.00 EUR; you have 30 days.")
    assert Tokens.of(text).beyond(source)


def test_what_the_source_holds_is_not(subtests: pytest.Subtests) -> None:
    source = Tokens.of("Order BT-10703 of 2 May costs 179.00 EUR; you have 30 days.")
    for text in ("179 EUR", "2. Mai", "el 2 de mayo", "le 2 mai", "May 2", "30 jours", "1. first\n2. second"):
        with subtests.test(text):
            assert Tokens.of(text).beyond(source) == []


def test_a_day_needs_its_month() -> None:
    assert Tokens.of("on 2 June").beyond(Tokens.of("on 2 May")) == ["2.6."]


def test_links_hold_no_facts() -> None:
    assert Tokens.of("see https://outfitters.example/help/4711?x=12").numbers == frozenset()


def test_facts_hold_their_days_and_how_far_they_are() -> None:
    today = date(2026, 3, 2)
    facts = Tokens.facts(["12.50"], [today + timedelta(days=3), None], today)
    assert Tokens.of("12,50 EUR, in 3 days, on 5 March").beyond(facts) == []
    assert Tokens.of("in 4 days").beyond(facts) == ["4"]


def test_codes_are_the_only_numbers_of_a_customer_that_an_answer_may_repeat() -> None:
    assert codes_in("BT-10703 for 20 % off").numbers == frozenset({"10703"})


def test_a_day_is_written_in_every_language() -> None:
    written = days_written(date(2026, 5, 1), 1)
    assert {"2 May", "May 2", "2. Mai", "2 de mayo", "2 mai"} <= set(written)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("thirty  DAYS", True),
        ("/thirty.days/", True),
        ("/^days/", False),
        ("forty", False),
        ("{day+2}", True),
        ("{day-2}", False),
    ],
)
def test_texts_expressions_and_days_are_looked_for(wanted: str, found: bool) -> None:
    day = datetime.now(UTC).date() + timedelta(days=2)
    assert holds(f"You have thirty days, until {day.day} {day:%B}.", wanted) is found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Your order is on its way and it will be with you soon.", "en"),
        ("Ihre Bestellung ist unterwegs und wird bald bei Ihnen sein.", "de"),
        ("Su pedido está en camino y llegará el martes.", "es"),
        ("Votre commande est en route et vous sera livrée mardi.", "fr"),
    ],
)
def test_the_language_is_told_by_little_words(text: str, language: str) -> None:
    assert language_of(text) == language
