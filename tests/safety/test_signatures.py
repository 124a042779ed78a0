"""A person's name never signs what the AI writes, and the AI never says that it is a person."""

import pytest

from domain.outgoing_names import signs_as_person
from domain.proposal import Citation, CitationKind, Reply, Statement
from integrations.assistant.llm.prompts import ANSWER, recites
from integrations.knowledge.importer import DEMO_ARTICLES

SOURCE = Citation(kind=CitationKind.ARTICLE, ref="care-wool")


def signs(*texts: str) -> bool:
    return signs_as_person(Reply(statements=tuple(Statement(text=text) for text in texts)))


@pytest.mark.parametrize(
    "text",
    [
        "It is on its way. Kind regards, Maria from support",
        "It is on its way.\n\nBest,\nMaria",
        "It is on its way.\n— Maria",
        "This is Maria from the support team.",
        "Maria, Customer Support",
        "I'm a real person, do not worry.",
        "I am not a bot.",
        "Mit freundlichen Grüßen, Jana Vogt, Kundenservice",
        "Viele Grüße\nJana",
        "Hier spricht Jana vom Kundenservice.",
        "Ich bin kein Roboter.",
        "Un saludo, Carmen",
        "Me llamo Carmen y soy una persona.",
        "Cordialement, Luc Morel",
        "Je m'appelle Luc.",
        "Je ne suis pas un robot.",
    ],
)
def test_a_name_under_the_words_is_seen(text: str) -> None:
    assert signs(text)


def test_a_name_alone_at_the_end_is_a_signature() -> None:
    assert signs("It is on its way.", "Maria")
    assert signs("It is on its way.", "Your parcel comes by post.\nJana Vogt")


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, Maria! Your order is shipped.",
        "Gracias por escribirnos, Maria.",
        "Best regards, your Baton Outfitters team",
        "Viele Grüße, Ihr Kundenservice-Team",
        "Kind regards",
        "Vielen Dank",
        "Returns are checked in Leipzig by our team.",
        "I am an AI assistant.",
        "A person from our team looks at it.",
    ],
)
def test_whom_it_greets_is_no_signature(text: str) -> None:
    assert not signs(text)


def test_a_product_with_its_source_is_no_signature() -> None:
    named = Statement(text="Fisherman Wool Sweater", citations=(SOURCE,))
    assert not signs_as_person(Reply(statements=(Statement(text="We have two of them."), named)))


def test_no_article_reads_like_a_signature_or_an_instruction() -> None:
    parts = [part for file in DEMO_ARTICLES.rglob("*.md") for part in file.read_text("utf-8").split("\n\n")]
    assert len(parts) > 100
    assert [part for part in parts if signs(part) or recites(part)] == []


def test_what_the_model_was_told_is_no_answer() -> None:
    assert all(recites(line) for line in ANSWER.strip().splitlines() if len(line) > 60)
    assert not recites("Your order is on its way. Thank you for your message.")
