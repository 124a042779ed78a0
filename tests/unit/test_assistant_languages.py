"""All that the local assistant understands and says, in each of its languages."""

import re
from collections.abc import Iterator

import pytest

from domain.commerce import OrderState, ShipmentState
from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.proposal import CitationKind, Handoff, HandoffReason, Proposal, Question, Reply
from domain.triage import IssueType
from domain.values import Value
from integrations.assistant.local.compose import Composer
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.requests import words_for
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.texts import ENGLISH, TEXTS
from tests.unit.assistant_world import DUE, MemoryKnowledge, MemoryShop, case_of, order, parcel, triage_of

LANGUAGES = ("en", "de", "es", "fr")
MOVING = order("BT-10001", OrderState.SHIPPED, parcel("p1", ShipmentState.IN_TRANSIT, "l1", "l2", expected=DUE))
ARTICLES = {"how": "As written.", "wie": "As written.", "cómo": "As written.", "comment": "As written."}


async def said(language: str, issue: IssueType, text: str, *, verified: bool = True) -> Proposal:
    composer = Composer(MemoryShop(MOVING), MemoryKnowledge(**ARTICLES), LocalSettings())
    return await composer.compose(case_of(triage_of(issue, language=language), f"c: {text}", verified=verified))


def templates(value: Value) -> Iterator[tuple[str, str]]:
    """Every text with its place."""
    for name, text in value:
        if isinstance(text, Value):
            yield from ((f"{name}.{rest}", inner) for rest, inner in templates(text))
        elif isinstance(text, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in text.items())
        else:
            yield name, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_with_the_same_fields(language: str) -> None:
    fields = {name: set(re.findall(r"\{\w+\}", text)) for name, text in templates(TEXTS[language])}
    assert fields == {name: set(re.findall(r"\{\w+\}", text)) for name, text in templates(ENGLISH)}
    assert set(TEXTS[language].order.state) == set(OrderState)
    assert set(TEXTS[language].order.parcel) == set(ShipmentState)
    assert set(TEXTS[language].returns.flow) == set(FlowState) - {FlowState.CLOSED}
    assert set(TEXTS[language].returns.ended) == set(FlowOutcome)
    assert set(TEXTS[language].returns.kinds) == set(FlowKind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_reads_everything(language: str) -> None:
    assert set(words_for(language)) == set(read_patterns("requests"))


@pytest.mark.parametrize(
    ("language", "text", "day", "words"),
    [
        ("en", "where is my order?", "Wednesday 4 March", "on its way"),
        ("de", "Wo ist meine Bestellung?", "Mittwoch, 4. März", "unterwegs"),
        ("es", "¿Dónde está mi pedido?", "miércoles 4 de marzo", "en camino"),
        ("fr", "Où est ma commande ?", "mercredi 4 mars", "en route"),
    ],
)
async def test_order_facts_are_told_in_the_customers_language(language: str, text: str, day: str, words: str) -> None:
    proposal = await said(language, IssueType.ORDER_STATUS, text)
    assert isinstance(proposal, Reply)
    assert day in proposal.text
    assert words in proposal.text
    assert "PL-p1" in proposal.text
    assert CitationKind.SHIPMENT in {citation.kind for citation in proposal.citations}


OWN = {
    "en": [
        (IssueType.ORDER_STATUS, "where is my order?"),
        (IssueType.DELIVERY, "my parcel has not arrived"),
        (IssueType.RETURN, "I want to return the boots"),
        (IssueType.REFUND, "when will I get my refund?"),
        (IssueType.CANCEL_ORDER, "please cancel my order"),
        (IssueType.CHANGE_ORDER, "can you send it to my office instead"),
        (IssueType.DAMAGED_WRONG, "my jacket arrived with a hole"),
        (IssueType.BILLING, "I was charged twice"),
    ],
    "de": [
        (IssueType.ORDER_STATUS, "Wo bleibt mein Paket?"),
        (IssueType.DELIVERY, "Meine Lieferung ist nicht angekommen"),
        (IssueType.RETURN, "Ich möchte die Stiefel zurückgeben"),
        (IssueType.REFUND, "Wann bekomme ich mein Geld zurück?"),
        (IssueType.CANCEL_ORDER, "Bitte stornieren Sie meine Bestellung"),
        (IssueType.CHANGE_ORDER, "Können Sie es an mein Büro schicken?"),
        (IssueType.DAMAGED_WRONG, "Meine Jacke kam mit einem Loch an"),
        (IssueType.BILLING, "Mir wurde doppelt abgebucht"),
    ],
    "es": [
        (IssueType.ORDER_STATUS, "¿Dónde está mi paquete?"),
        (IssueType.DELIVERY, "Mi paquete no ha llegado"),
        (IssueType.RETURN, "Quiero devolver las botas"),
        (IssueType.REFUND, "¿Cuándo recibiré mi reembolso?"),
        (IssueType.CANCEL_ORDER, "Por favor cancelen mi pedido"),
        (IssueType.CHANGE_ORDER, "¿Pueden enviarlo a mi oficina?"),
        (IssueType.DAMAGED_WRONG, "Mi chaqueta llegó con un agujero"),
        (IssueType.BILLING, "Me han cobrado dos veces"),
    ],
    "fr": [
        (IssueType.ORDER_STATUS, "Où en est mon colis ?"),
        (IssueType.DELIVERY, "Mon colis n'est pas arrivé"),
        (IssueType.RETURN, "Je voudrais retourner les bottes"),
        (IssueType.REFUND, "Quand vais-je recevoir mon remboursement ?"),
        (IssueType.CANCEL_ORDER, "Merci d'annuler ma commande"),
        (IssueType.CHANGE_ORDER, "Pouvez-vous l'envoyer à mon bureau ?"),
        (IssueType.DAMAGED_WRONG, "Ma veste est arrivée avec un trou"),
        (IssueType.BILLING, "J'ai été débité deux fois"),
    ],
}


@pytest.mark.parametrize(
    ("language", "issue", "text"), [(language, *one) for language, rows in OWN.items() for one in rows]
)
async def test_whatever_concerns_an_own_order_asks_for_proof_first(language: str, issue: IssueType, text: str) -> None:
    proposal = await said(language, issue, text, verified=False)
    assert isinstance(proposal, Question)
    assert proposal.asks_proof
    assert proposal.text == TEXTS[language].ask.proof


ACTIONS = [(language, *one) for language, rows in OWN.items() for one in (rows[2], rows[4], rows[5])]


@pytest.mark.parametrize(("language", "issue", "text"), ACTIONS)
async def test_what_is_to_be_done_goes_to_a_person_once_proven(language: str, issue: IssueType, text: str) -> None:
    proposal = await said(language, issue, text)
    assert isinstance(proposal, Handoff)
    assert proposal.reason is HandoffReason.UNSUPPORTED_REQUEST


@pytest.mark.parametrize(
    ("language", "issue", "text"),
    [
        ("en", IssueType.ACCOUNT, "please delete my account"),
        ("en", IssueType.ACCOUNT, "please change my address"),
        ("de", IssueType.ACCOUNT, "Bitte löschen Sie mein Konto, wie auch immer"),
        ("es", IssueType.ACCOUNT, "Quiero eliminar mi cuenta"),
        ("fr", IssueType.ACCOUNT, "Je veux supprimer mon compte"),
    ],
)
async def test_no_article_is_offered_for_an_action(language: str, issue: IssueType, text: str) -> None:
    proposal = await said(language, issue, text)
    assert isinstance(proposal, Handoff)
    assert proposal.reason is HandoffReason.UNSUPPORTED_REQUEST


@pytest.mark.parametrize(
    ("language", "issue", "text"),
    [
        ("en", IssueType.ACCOUNT, "How do I delete my account?"),
        ("en", IssueType.RETURN, "How can I return something?"),
        ("de", IssueType.RETURN, "Wie kann ich etwas zurücksenden?"),
        ("de", IssueType.ACCOUNT, "Wie ändere ich mein Passwort?"),
        ("es", IssueType.RETURN, "¿Cómo puedo devolver algo?"),
        ("es", IssueType.ACCOUNT, "¿Cómo cambio mi contraseña?"),
        ("fr", IssueType.RETURN, "Comment puis-je retourner un article ?"),
        ("fr", IssueType.ACCOUNT, "Comment changer mon mot de passe ?"),
    ],
)
async def test_whoever_asks_how_it_works_is_quoted_the_article(language: str, issue: IssueType, text: str) -> None:
    proposal = await said(language, issue, text, verified=False)
    assert isinstance(proposal, Reply)
    assert proposal.text.startswith("As written.\n(")
    assert [citation.kind for citation in proposal.citations] == [CitationKind.ARTICLE]


@pytest.mark.parametrize(
    ("language", "text", "fact"),
    [
        ("en", "is the harbour rain coat waterproof?", "water resistance: waterproof to 10 000 mm"),
        ("de", "Ist der Harbour Rain Coat wasserdicht?", "Wasserschutz: waterproof to 10 000 mm"),
        ("es", "¿El Harbour Rain Coat es impermeable?", "resistencia al agua: waterproof to 10 000 mm"),
        ("fr", "Le Harbour Rain Coat est-il imperméable ?", "imperméabilité : waterproof to 10 000 mm"),
        ("de", "Was kostet der Harbour Rain Coat?", "129,00\N{NO-BREAK SPACE}€"),
        ("fr", "Quelles tailles pour le Harbour Rain Coat ?", "S, M"),
    ],
)
async def test_product_facts_are_told_in_the_customers_language(language: str, text: str, fact: str) -> None:
    proposal = await said(language, IssueType.PRODUCT_QUESTION, text, verified=False)
    assert isinstance(proposal, Reply)
    assert fact in proposal.text
