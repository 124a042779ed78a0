"""Entities, language and the relation of a turn to the conversation."""

from datetime import date

import pytest

from domain.case import Case
from domain.money import Money
from domain.triage import IssueType, Relation, Triage
from integrations.assistant.local.entities import Asked, EntityReader
from integrations.assistant.local.language import LanguageReader
from integrations.assistant.local.relation import opens_another, relation_by_rule
from integrations.assistant.local.training import ExampleSet
from tests.unit.assistant_world import case_of as case_with
from tests.unit.triage_held_out import by_language

READER = EntityReader("BT-", "DE")


def case_of(*said: str, previous: Triage | None = None) -> Case:
    """A case of somebody unproven, before its newest turn is triaged."""
    return case_with(None, *said, verified=False).model_copy(update={"previous": previous})


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("where is BT-10423", ("BT-10423",)),
        ("bt10423 please", ("BT-10423",)),
        ("my order number is 10423", ("BT-10423",)),
        ("order #10423 and BT-10424", ("BT-10423", "BT-10424")),
        ("orders 10423, 10424 and 10425", ("BT-10423", "BT-10424", "BT-10425")),
        ("Bestellung 10423", ("BT-10423",)),
        ("bt 10423", ("BT-10423",)),
        ("order no 10423", ("BT-10423",)),
        ("pedido número 10423", ("BT-10423",)),
        ("commande n° 10423", ("BT-10423",)),
        ("an order for 1200 euros", ()),
        ("I live in 10423 Berlin", ()),
        ("my phone is 0171 5550188", ()),
        ("BT-10423 yes, order BT-10423", ("BT-10423",)),
    ],
)
def test_order_numbers_are_read_in_the_shops_spelling(text: str, numbers: tuple[str, ...]) -> None:
    assert READER.read(text).order_numbers == numbers


def test_a_lone_number_is_an_order_only_after_a_question_for_it() -> None:
    assert READER.read("it's 10423").order_numbers == ()
    assert READER.read("it's 10423", asked=Asked.ORDER).order_numbers == ("BT-10423",)


def test_addresses_and_postcodes_are_normalised() -> None:
    found = READER.read("Write to Ada@Example.COM or ring +49 171 5550188, postcode 04109, or SW1A 1AA")
    assert found.emails == ("ada@example.com",)
    assert found.phones == ("+491715550188",)
    assert found.postcodes == ("04109", "SW1A 1AA")


def test_amounts_dates_and_variants_are_read() -> None:
    found = READER.read("1.299,00 € instead of $20.5 on 2026-01-05 and 3.12.2025, size M in Grey; 31.02.2026 is no day")
    assert found.amounts == (Money(minor=129900, currency="EUR"), Money(minor=2050, currency="USD"))
    assert found.dates == (date(2026, 1, 5), date(2025, 12, 3))
    assert set(found.variants) == {"m", "grey"}


def test_a_code_is_read_only_after_a_question_for_one() -> None:
    assert READER.read("448 210").codes == ()
    found = READER.read("the code is 448 210", asked=Asked.CODE)
    assert (found.codes, found.order_numbers) == (("448210",), ())


@pytest.fixture(scope="module")
def languages() -> LanguageReader:
    reader = LanguageReader()
    reader.fit(ExampleSet().examples)
    return reader


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", "en"),
        ("size M in grey pls", "en"),
        ("Wo ist mein Paket?", "de"),
        ("kaputt angekommen", "de"),
        ("Guten Tag, ich möchte die Jacke zurückschicken", "de"),
        ("¿Dónde está mi pedido?", "es"),
        ("donde esta mi pedido", "es"),
        ("Hola, quiero devolver la chaqueta", "es"),
        ("colis pas recu", "fr"),
        ("Je voudrais retourner ma veste s'il vous plaît", "fr"),
        ("Non mi è arrivato il pacco", "it"),
        ("Ik wacht al een week op mijn schoenen", "nl"),
        ("Gdzie moje pieniądze", "pl"),
        ("Где мой заказ?", "ru"),
        ("私の注文はどこですか", "ja"),
        ("10423", "en"),
    ],
)
def test_the_language_is_told_even_by_a_few_words(languages: LanguageReader, text: str, language: str) -> None:
    assert languages.detect(text) == language


def test_held_out_messages_are_told_apart_in_98_of_100(languages: LanguageReader) -> None:
    texts = [(text, language) for language, lines in by_language("calm").items() for text in lines]
    texts += [(text, language) for language, lines in by_language("legal").items() for text in lines]
    wrong = [text for text, language in texts if languages.detect(text) != language]
    assert len(wrong) <= 0.02 * len(texts), wrong


@pytest.mark.parametrize("text", ["BT-10423", "XL", "ok", "🙂"])
def test_a_text_that_tells_nothing_keeps_the_conversations_language(languages: LanguageReader, text: str) -> None:
    assert languages.detect(text, before="de") == "de"


ANSWER = "a: Order BT-10423 is on its way."
QUESTION = "a: You have more than one order with us. Which one do you mean?"


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        (("c: hi",), Relation.GREETING),
        (("c: Hello there, good morning!",), Relation.GREETING),
        (("c: hey team",), Relation.GREETING),
        (("c: where is my order", ANSWER, "c: thanks!"), Relation.THANKS),
        (("c: where is my order", ANSWER, "c: Perfect, that's all, bye"), Relation.THANKS),
        (("c: where is my order", ANSWER, "c: Thanks, that helped!"), Relation.THANKS),
        (("c: where is my order", QUESTION, "c: nothing else, thank you"), Relation.THANKS),
        (("c: where is my order", ANSWER, "c: thanks, but when does it come"), None),
        (("c: where is my order", ANSWER, "c: great, and the other one?"), None),
        (("c: where is my order", QUESTION, "c: great question, the second one"), None),
        (("c: thanks in advance for looking into my order",), None),
        (("c: thank you",), None),
        (("c: where is my order", ANSWER, "c: thanks, but that did not help"), Relation.DISSATISFIED),
        (("c: where is my order", ANSWER, "c: that's not what I asked"), Relation.DISSATISFIED),
        (("c: where is my order", ANSWER, "c: You don't understand me"), Relation.DISSATISFIED),
        (("c: Guten Tag!",), Relation.GREETING),
        (("c: hola, buenos días",), Relation.GREETING),
        (("c: wo ist sie", ANSWER, "c: super, danke schön"), Relation.THANKS),
        (("c: dónde está", ANSWER, "c: muchas gracias, eso es todo"), Relation.THANKS),
        (("c: où est-elle", ANSWER, "c: merci beaucoup !"), Relation.THANKS),
        (("c: wo ist sie", ANSWER, "c: danke, aber das hilft mir nicht"), Relation.DISSATISFIED),
        (("c: dónde está", ANSWER, "c: eso no me sirve"), Relation.DISSATISFIED),
        (("c: où est-elle", ANSWER, "c: ce n'est pas ma question"), Relation.DISSATISFIED),
        (("c: où est-elle", ANSWER, "c: merci, mais quand arrive-t-elle"), None),
        (("c: it doesn't work",), None),
    ],
)
def test_greeting_thanks_and_dissatisfaction_are_read_in_context(
    said: tuple[str, ...], relation: Relation | None
) -> None:
    case = case_of(*said)
    assert relation_by_rule(case.unanswered, case) is relation


def _another(previous: IssueType, now: IssueType, text: str = "how do I get a new password") -> bool:
    before = Triage(issue=previous, confidence=0.9)
    return opens_another(text, case_of("c: hm", ANSWER, f"c: {text}", previous=before), now, sure=True)


def test_another_problem_is_one_of_another_family_after_an_answer() -> None:
    assert _another(IssueType.ORDER_STATUS, IssueType.ACCOUNT)
    assert not _another(IssueType.ORDER_STATUS, IssueType.DELIVERY)
    assert _another(IssueType.ORDER_STATUS, IssueType.DELIVERY, "btw what does shipping to France cost")
    assert not _another(IssueType.OTHER, IssueType.ACCOUNT)
    assert not _another(IssueType.ORDER_STATUS, IssueType.COMPLAINT)


def test_nothing_is_another_problem_before_the_first_answer() -> None:
    before = Triage(issue=IssueType.ORDER_STATUS, confidence=0.9)
    case = case_of("c: where is my order", "c: and how do I reset my password", previous=before)
    assert not opens_another(case.unanswered, case, IssueType.ACCOUNT, sure=True)
