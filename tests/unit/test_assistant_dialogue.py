"""Conversations of several turns: follow-ups, corrections, answers to our questions, repetition, thanks."""

import pytest

from domain.commerce import OrderState, ShipmentState
from domain.proposal import Handoff, HandoffReason, Proposal, Question, Reply
from domain.triage import IssueType, Relation, Triage
from integrations.assistant.local.compose import Composer
from integrations.assistant.local.entities import EntityReader
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.texts import TEXTS
from tests.unit.assistant_world import DUE, MemoryKnowledge, MemoryShop, case_of, order, parcel, triage_of

MOVING = order("BT-10001", OrderState.SHIPPED, parcel("p1", ShipmentState.IN_TRANSIT, "l1", "l2", expected=DUE))
PACKING = order("BT-10002", OrderState.PAID, title="Hiking Boots, 42")
GONE = order("BT-10003", OrderState.DELIVERED, parcel("p3", ShipmentState.DELIVERED, "l1", "l2"), title="Rain Jacket")
STATUS = IssueType.ORDER_STATUS
OPENINGS = {
    "en": "where is my order BT-10001?",
    "de": "Wo ist meine Bestellung BT-10001?",
    "es": "¿Dónde está mi pedido BT-10001?",
    "fr": "Où est ma commande BT-10001 ?",
}


def composer(**articles: str) -> Composer:
    return Composer(MemoryShop(MOVING, PACKING, GONE), MemoryKnowledge(**articles), LocalSettings())


async def heard(triage: Triage, *said: str, questions: int = 0, **articles: str) -> Proposal:
    """What is proposed after these turns; the newest one names what it names."""
    named = EntityReader("BT-", "DE").read(said[-1])
    case = case_of(triage.model_copy(update={"entities": named}), *said, questions=questions)
    return await composer(**articles).compose(case)


async def after_an_answer(language: str, follow_up: str) -> Proposal:
    """What is said to a follow-up on an order that was told of."""
    triage = triage_of(STATUS, language=language)
    first = await heard(triage, f"c: {OPENINGS[language]}")
    assert isinstance(first, Reply)
    return await heard(triage, f"c: {OPENINGS[language]}", f"a: {first.text}", f"c: {follow_up}")


async def after_a_choice(language: str, answer: str) -> Proposal:
    """What is said to the answer to `which order?`."""
    triage = triage_of(STATUS, language=language)
    opening = OPENINGS[language].replace(" BT-10001", "")
    asked = await heard(triage, f"c: {opening}")
    assert isinstance(asked, Question)
    return await heard(triage, f"c: {opening}", f"a: {asked.text}", f"c: {answer}", questions=1)


def text(proposal: Proposal) -> str:
    assert isinstance(proposal, Reply), proposal
    return proposal.text


def reason(proposal: Proposal) -> HandoffReason:
    assert isinstance(proposal, Handoff), proposal
    return proposal.reason


@pytest.mark.parametrize(
    ("language", "follow_up"),
    [
        ("en", "and the other one?"),
        ("en", "what about the shoes?"),
        ("en", "no, I meant BT-10002"),
        ("de", "und die andere?"),
        ("de", "was ist mit den Schuhen?"),
        ("de", "nein, ich meinte BT-10002"),
        ("es", "¿y el otro?"),
        ("es", "¿y los zapatos?"),
        ("es", "no, me refería a BT-10002"),
        ("fr", "et l'autre ?"),
        ("fr", "et les chaussures ?"),
        ("fr", "non, je parlais de BT-10002"),
    ],
)
async def test_a_follow_up_on_another_order_tells_of_that_one_alone(language: str, follow_up: str) -> None:
    answer = text(await after_an_answer(language, follow_up))
    assert "BT-10002" in answer
    assert "BT-10001" not in answer


@pytest.mark.parametrize(
    ("language", "follow_up", "fact"),
    [
        ("en", "and when will it arrive?", "is expected on Wednesday 4 March"),
        ("de", "und wann kommt sie an?", "für Mittwoch, 4. März"),
        ("es", "¿y cuándo llega?", "miércoles 4 de marzo"),
        ("fr", "et quand arrivera-t-elle ?", "mercredi 4 mars"),
        ("en", "what is the tracking number?", "PL-p1"),
        ("de", "wie ist die Sendungsnummer?", "PL-p1"),
        ("es", "¿cuál es el número de seguimiento?", "PL-p1"),
        ("fr", "quel est le numéro de suivi ?", "PL-p1"),
        ("en", "how much did it cost?", "€78.00"),
        ("de", "was hat sie gekostet?", "78,00"),
        ("es", "¿cuánto costó?", "78,00"),
        ("fr", "combien a-t-elle coûté ?", "78,00"),
        ("en", "what did I order again?", "Wool Hat; Desk Lamp"),
    ],
)
async def test_a_follow_up_is_told_what_it_asks_and_nothing_twice(language: str, follow_up: str, fact: str) -> None:
    answer = text(await after_an_answer(language, follow_up))
    assert fact in answer
    assert len(answer.split("\n\n")) == 1


async def test_a_short_follow_up_stays_with_the_order_whatever_it_sounds_like() -> None:
    triage = triage_of(IssueType.DELIVERY)
    first = text(await heard(triage_of(STATUS), f"c: {OPENINGS['en']}"))
    articles = {"when": "Within three days."}
    proposal = await heard(triage, f"c: {OPENINGS['en']}", f"a: {first}", "c: when will it be delivered?", **articles)
    assert "is expected on Wednesday 4 March" in text(proposal)


async def test_a_follow_up_on_something_that_was_never_ordered_is_asked_back() -> None:
    assert isinstance(await after_an_answer("en", "what about the chairs?"), Question)


@pytest.mark.parametrize(
    ("language", "answer", "told"),
    [
        ("en", "the first one", {"BT-10001"}),
        ("en", "2", {"BT-10002"}),
        ("en", "BT-10002", {"BT-10002"}),
        ("en", "the one with the boots", {"BT-10002"}),
        ("en", "both please", {"BT-10001", "BT-10002"}),
        ("de", "die zweite bitte", {"BT-10002"}),
        ("de", "beide", {"BT-10001", "BT-10002"}),
        ("de", "die mit den Schuhen", {"BT-10002"}),
        ("es", "el primero", {"BT-10001"}),
        ("es", "los dos", {"BT-10001", "BT-10002"}),
        ("fr", "la deuxième", {"BT-10002"}),
        ("fr", "les deux", {"BT-10001", "BT-10002"}),
    ],
)
async def test_the_answer_to_which_order_is_understood(language: str, answer: str, told: set[str]) -> None:
    words = text(await after_a_choice(language, answer))
    assert {number for number in ("BT-10001", "BT-10002", "BT-10003") if number in words} == told


async def test_a_question_is_never_asked_twice_in_the_same_words() -> None:
    assert reason(await after_a_choice("en", "dunno")) is HandoffReason.LOW_CONFIDENCE


@pytest.mark.parametrize(
    ("language", "opening", "answer", "fact"),
    [
        ("en", "the thing with the parcel", "the second", "Sent back."),
        ("en", "the thing with the parcel", "the return", "Sent back."),
        ("de", "die Sache mit dem Paket", "das zweite", "Sent back."),
        ("es", "lo del paquete", "la segunda", "Sent back."),
        ("fr", "l'histoire du colis", "le deuxième", "Sent back."),
    ],
)
async def test_the_answer_to_which_of_two_is_understood(language: str, opening: str, answer: str, fact: str) -> None:
    vague = triage_of(IssueType.PROMO, 0.4, alternatives=((IssueType.RETURN, 0.3),), language=language)
    asked = await heard(vague, f"c: {opening}?")
    assert isinstance(asked, Question)
    words = {"parcel": fact, "paket": fact, "paquete": fact, "colis": fact}
    proposal = await heard(vague, f"c: {opening}?", f"a: {asked.text}", f"c: {answer}", questions=1, **words)
    assert fact in text(proposal)


async def test_neither_of_two_is_asked_openly_and_then_goes_to_a_person() -> None:
    vague = triage_of(IssueType.PROMO, 0.4, alternatives=((IssueType.RETURN, 0.3),))
    asked = await heard(vague, "c: the thing")
    assert isinstance(asked, Question)
    openly = await heard(vague, "c: the thing", f"a: {asked.text}", "c: neither", questions=1)
    assert isinstance(openly, Question)
    assert openly.text == TEXTS["en"].ask.problem
    said = ("c: the thing", f"a: {asked.text}", "c: neither", f"a: {openly.text}", "c: you know")
    assert reason(await heard(vague, *said, questions=2)) is HandoffReason.LOW_CONFIDENCE


@pytest.mark.parametrize(
    ("language", "asked", "correction", "looked_up"),
    [
        ("en", "how do returns work?", "not the return, the exchange", "how do exchange work?"),
        ("en", "how does a return work?", "not about the return, about the exchange", "how does a exchange work?"),
        ("de", "wie geht die Rücksendung?", "nicht die Rücksendung, sondern der Umtausch", "wie geht die Umtausch?"),
        ("es", "¿cómo es la devolución?", "no la devolución, sino el cambio", "¿cómo es la cambio?"),
        ("fr", "comment faire un retour ?", "pas le retour, mais l'échange", "comment faire un échange ?"),
    ],
)
async def test_a_correction_asks_the_same_of_what_is_meant(
    language: str, asked: str, correction: str, looked_up: str
) -> None:
    knowledge = MemoryKnowledge(exchange="Swap it.", umtausch="Swap it.", cambio="Swap it.", échange="Swap it.")
    case = case_of(triage_of(IssueType.RETURN, language=language), f"c: {asked}", "a: Like this.", f"c: {correction}")
    answer = text(await Composer(MemoryShop(), knowledge, LocalSettings()).compose(case))
    assert answer.startswith("Swap it.")
    assert knowledge.asked == [looked_up]


@pytest.mark.parametrize(("language", "again"), OPENINGS.items())
async def test_whoever_asks_the_same_again_was_not_helped(language: str, again: str) -> None:
    assert reason(await after_an_answer(language, again)) is HandoffReason.DISSATISFIED


async def test_an_answer_is_never_given_twice() -> None:
    how = triage_of(IssueType.RETURN)
    said = ("c: how can I return things?", "c: how do returns work here then?")
    first = text(await heard(how, said[0], **{"return": "Thirty days."}))
    second = await heard(how, said[0], f"a: {first}", said[1], **{"return": "Thirty days."})
    assert reason(second) is HandoffReason.DISSATISFIED


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
async def test_thanks_get_a_short_word_and_no_more(language: str) -> None:
    thanks = triage_of(STATUS, relation=Relation.THANKS, language=language)
    answer = text(await heard(thanks, "c: BT-10001?", "a: On its way.", "c: merci danke thanks gracias"))
    assert answer == TEXTS[language].welcome


async def test_the_same_question_goes_to_a_person_even_if_the_answer_has_changed() -> None:
    said = ("c: How can I return things?", "a: Thirty days.", "c: how can i return things")
    again = await heard(triage_of(IssueType.RETURN), *said, **{"return": "Forty days."})
    assert reason(again) is HandoffReason.DISSATISFIED


async def test_thanks_with_a_new_question_get_an_answer() -> None:
    thanks = triage_of(STATUS, relation=Relation.THANKS)
    proposal = await heard(thanks, "c: BT-10001?", "a: On its way.", "c: thanks! and where is BT-10002?")
    assert "BT-10002" in text(proposal)


async def test_a_second_greeting_is_asked_what_it_is_about() -> None:
    hello = triage_of(IssueType.OTHER, 0.9, relation=Relation.GREETING)
    first = await heard(hello, "c: hello")
    assert isinstance(first, Question)
    second = await heard(hello, "c: hello", f"a: {first.text}", "c: hi there", questions=1)
    assert isinstance(second, Question)
    assert second.text != first.text


async def test_what_was_asked_before_our_question_is_still_answered_after_it() -> None:
    said = ("c: my parcel never arrived", f"a: {TEXTS['en'].ask.proof}", "c: BT-10003, ada@example.com")
    proposal = await heard(triage_of(IssueType.DELIVERY), *said, questions=1)
    assert reason(proposal) is HandoffReason.UNSUPPORTED_REQUEST  # it counts as delivered: facts do not settle it


async def test_two_requests_are_both_answered_each_by_its_own_words() -> None:
    both = triage_of(STATUS, further_issues=(IssueType.RETURN,))
    case = case_of(
        both.model_copy(update={"entities": EntityReader("BT-", "DE").read("BT-10001")}),
        "c: Where is BT-10001? And how long can I return things?",
    )
    knowledge = MemoryKnowledge(**{"return": "Thirty days.", "where": "Never asked."})
    shop = MemoryShop(MOVING, PACKING)
    answer = text(await Composer(shop, knowledge, LocalSettings(), by_words).compose(case))
    assert "Order BT-10001" in answer
    assert "Thirty days." in answer
    assert knowledge.asked == ["how long can I return things?"]


async def test_what_is_known_goes_out_with_the_question_that_is_still_open() -> None:
    both = triage_of(STATUS, further_issues=(IssueType.RETURN,))
    case = case_of(both, "c: Where is my order? And how long can I return things?")
    shop = MemoryShop(MOVING, PACKING)
    knowledge = MemoryKnowledge(**{"return": "Thirty days."})
    proposal = await Composer(shop, knowledge, LocalSettings(), by_words).compose(case)
    assert isinstance(proposal, Question)
    assert proposal.text.startswith("Thirty days.")
    assert "Which one do you mean?" in proposal.text


async def test_what_is_known_is_kept_for_the_person_who_does_the_rest() -> None:
    both = triage_of(IssueType.CANCEL_ORDER, further_issues=(STATUS,))
    named = EntityReader("BT-", "DE").read("BT-10001")
    case = case_of(both.model_copy(update={"entities": named}), "c: Cancel my order BT-10002. Where is BT-10001?")
    prepared = await Composer(MemoryShop(MOVING, PACKING), MemoryKnowledge(), LocalSettings(), by_words).prepare(case)
    assert reason(prepared.proposal) is HandoffReason.UNSUPPORTED_REQUEST
    assert prepared.known[0].text.startswith("Order BT-10001")
    assert "BT-10002" not in "".join(statement.text for statement in prepared.known)


def by_words(clause: str, _language: str) -> list[tuple[IssueType, float]]:
    """A ranking by plain words."""
    signs = {"return": IssueType.RETURN, "ancel": IssueType.CANCEL_ORDER}
    found = next((issue for word, issue in signs.items() if word in clause), STATUS)
    return [(found, 0.9)]


async def test_what_was_asked_beside_a_question_back_is_answered_after_it() -> None:
    said = (
        "c: Where is my order? How long can I return things?",
        f"a: {TEXTS['en'].ask.proof}",
        "c: BT-10001, ada@example.com",
    )
    triage = triage_of(STATUS, entities=EntityReader("BT-", "DE").read(said[-1]))
    shop, knowledge = MemoryShop(MOVING, PACKING), MemoryKnowledge(**{"return": "Thirty days."})
    answer = text(await Composer(shop, knowledge, LocalSettings(), by_words).compose(case_of(triage, *said)))
    assert "Order BT-10001" in answer
    assert "Thirty days." in answer


async def test_an_answer_goes_out_with_the_first_request_for_proof() -> None:
    both = triage_of(STATUS, further_issues=(IssueType.RETURN,))
    case = case_of(both, "c: Where is my order? And how long can I return things?", verified=False)
    knowledge = MemoryKnowledge(**{"return": "Thirty days."})
    proposal = await Composer(MemoryShop(MOVING), knowledge, LocalSettings(), by_words).compose(case)
    assert isinstance(proposal, Question)
    assert proposal.text.startswith("Thirty days.")
    assert proposal.text.endswith(TEXTS["en"].ask.proof)


@pytest.mark.parametrize(
    ("language", "text_", "reason_"),
    [
        ("en", "Give me 20 % off my next order or I'll shop elsewhere.", HandoffReason.POLICY_RESTRICTION),
        ("de", "Geben Sie mir 20 % Rabatt auf meine Bestellung", HandoffReason.POLICY_RESTRICTION),
        ("es", "Quiero un descuento del 20 % en mi pedido", HandoffReason.POLICY_RESTRICTION),
        ("fr", "Accordez-moi une remise de 20 %", HandoffReason.POLICY_RESTRICTION),
        ("en", "Someone hacked my account and ordered things", HandoffReason.POLICY_RESTRICTION),
        ("de", "Mein Konto wurde gehackt", HandoffReason.POLICY_RESTRICTION),
        ("es", "Me han hackeado la cuenta", HandoffReason.POLICY_RESTRICTION),
        ("fr", "Mon compte a été piraté", HandoffReason.POLICY_RESTRICTION),
        ("en", "I demand that you erase all my personal data now.", HandoffReason.POLICY_RESTRICTION),
        ("de", "Löschen Sie alle meine Daten nach DSGVO", HandoffReason.POLICY_RESTRICTION),
        ("es", "Borren mis datos personales", HandoffReason.POLICY_RESTRICTION),
        ("fr", "Supprimez mes données personnelles", HandoffReason.POLICY_RESTRICTION),
    ],
)
async def test_what_only_people_may_grant_goes_there_however_it_was_read(
    language: str, text_: str, reason_: HandoffReason
) -> None:
    assert reason(await heard(triage_of(STATUS, language=language), f"c: {text_}")) is reason_


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "WHERE THE HELL ARE MY BOOTS???"),
        ("en", "when will my boots finally arrive"),
        ("de", "wo zum Teufel bleiben meine Stiefel"),
        ("es", "dónde demonios están mis botas"),
        ("fr", "où diable sont mes bottes"),
    ],
)
async def test_who_plainly_asks_where_something_is_needs_no_question_back(language: str, said: str) -> None:
    unsure = triage_of(IssueType.OTHER, 0.5, language=language)
    assert "BT-10002" in text(await heard(unsure, f"c: {said}"))


async def test_where_something_else_than_goods_is_does_not_count_as_an_order() -> None:
    unsure = triage_of(IssueType.OTHER, 0.5)
    assert isinstance(await heard(unsure, "c: where is my refund"), Question)


async def test_the_story_before_a_general_question_is_only_its_occasion() -> None:
    said = "c: The price of my jacket dropped. Do you pay back the difference?"
    answer = await heard(triage_of(IssueType.REFUND), said, difference="Within a week.")
    assert "Within a week." in text(answer)


async def test_a_clause_that_only_says_who_writes_is_no_request() -> None:
    both = triage_of(STATUS, further_issues=(IssueType.ACCOUNT,), entities=EntityReader("BT-", "DE").read("BT-10001"))
    case = case_of(both, "c: Where is my order BT-10001? My email is ada@example.com")
    composer = Composer(MemoryShop(MOVING, PACKING), MemoryKnowledge(), LocalSettings(), by_words)
    assert "BT-10001" in text(await composer.compose(case))


async def test_a_new_general_question_after_an_order_was_told_is_no_follow_up_on_it() -> None:
    first = text(await heard(triage_of(STATUS), f"c: {OPENINGS['en']}"))
    said = (f"c: {OPENINGS['en']}", f"a: {first}", "c: Thanks. Another question, how long do gift cards last?")
    assert reason(await heard(triage_of(STATUS), *said)) is HandoffReason.MISSING_KNOWLEDGE
    assert "Three years." in text(await heard(triage_of(STATUS), *said, gift="Three years."))
