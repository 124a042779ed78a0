"""The gate: what the assistant proposes and policy does not allow goes to a person instead."""

from pathlib import Path

import pytest

from domain.commitment import NewCommitment
from domain.gate import LONGEST_TEXT, gate
from domain.grounding import Sources
from domain.policy import AssistantRules
from domain.proposal import Citation, CitationKind, Handoff, HandoffReason, Proposal, Question, Reply, Statement
from integrations.knowledge.markdown import parse_article
from tests.fakes.assistant import cited
from tests.unit.assistant_world import NOW

RULES = AssistantRules(questions=2, link_domains=("shop.example",))
ARTICLE = Citation(kind=CitationKind.ARTICLE, ref="test")
ORDER = Citation(kind=CitationKind.ORDER, ref="BT-10423")
SOURCES: Sources = {
    ARTICLE: "We refund within 5 days after your return was received. Set a new password under Security.",
    ORDER: "Order BT-10423: delivered. Total 78.00 EUR.",
}
ARTICLES = Path("integrations/knowledge/articles")


def reason(proposal: Proposal, *, asked: int = 0, sources: Sources | None = None) -> HandoffReason | None:
    decided = gate(proposal, RULES, questions_asked=asked, sources=sources)
    if isinstance(decided, Handoff):
        return decided.reason
    assert decided == proposal, "what is permitted is permitted as it is"
    return None


def own(text: str, *citations: Citation) -> HandoffReason | None:
    """What becomes of the assistant's own words."""
    statement = Statement(text=text, citations=citations or (ARTICLE,))
    return reason(Reply(statements=(statement,)), sources=SOURCES)


def test_a_reply_with_a_source_passes() -> None:
    assert reason(cited("It left on Monday.")) is None


def test_a_reply_without_any_source_does_not() -> None:
    assert reason(Reply(statements=(Statement(text="Trust me."),))) is HandoffReason.MISSING_KNOWLEDGE


@pytest.mark.parametrize(("asked", "verdict"), [(0, None), (1, None), (2, HandoffReason.LOW_CONFIDENCE)])
def test_the_ai_asks_back_only_so_often(asked: int, verdict: HandoffReason | None) -> None:
    assert reason(Question(text="Which order?"), asked=asked) is verdict


@pytest.mark.parametrize("text", ["See https://shop.example/returns.", "See www.shop.example, please.", "No link."])
def test_links_to_the_brands_domains_pass(text: str) -> None:
    assert reason(cited(text)) is None


@pytest.mark.parametrize("text", ["See https://evil.example/", "See evil.com", "See [here](https://evil.example)"])
def test_any_other_link_goes_to_a_person(text: str) -> None:
    assert reason(cited(text)) is HandoffReason.POLICY_RESTRICTION
    assert reason(Question(text=text)) is HandoffReason.POLICY_RESTRICTION


def test_a_text_without_end_goes_to_a_person() -> None:
    assert reason(cited("word " * LONGEST_TEXT)) is HandoffReason.POLICY_RESTRICTION


def test_a_handoff_stays_what_it_is() -> None:
    assert reason(Handoff(reason=HandoffReason.DISSATISFIED), asked=9) is HandoffReason.DISSATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "I will refund you 78.00 EUR.",
        "You'll get a full refund.",
        "We have issued a discount for you.",
        "Use code SAVE at checkout.",
        "Your parcel arrives today.",
        "Someone will call you.",
        "I guarantee it.",
        "We'll send you a replacement.",
        "Your refund has been approved.",
        "I can offer you store credit.",
        "I'll get back to you soon.",
        "Wir erstatten Ihnen den vollen Betrag.",
        "Sie erhalten einen Gutschein.",
        "Ich habe Ihnen das Geld gutgeschrieben.",
        "Ein Kollege wird Sie anrufen.",
        "Le devolveremos el dinero.",
        "Recibirá un descuento.",
        "Hemos aprobado su caso.",
        "Nous vous remboursons intégralement.",
        "Vous recevrez un bon d'achat.",
        "Votre remboursement a été validé.",
    ],
)
def test_a_promise_that_nothing_stands_behind_goes_to_a_person(text: str) -> None:
    assert own(text) is HandoffReason.POLICY_RESTRICTION
    assert own(text, ORDER) is HandoffReason.POLICY_RESTRICTION


def test_what_an_article_promises_may_be_quoted_and_no_more() -> None:
    assert own("We refund within 5 days after your return was received.") is None
    assert own("We refund within 5 days after your return was received, and you get a voucher.") is not None
    assert own("We refund within 3 days after your return was received.") is not None


def test_a_promise_that_is_made_as_a_commitment_may_be_said() -> None:
    words = "I will get back to you."
    reply = Reply(
        statements=(Statement(text=words, citations=(ARTICLE,)),), commitments=(NewCommitment(text=words, due_at=NOW),)
    )
    assert reason(reply, sources=SOURCES) is None


@pytest.mark.parametrize(
    "text",
    [
        "Please send me your card number.",
        "What is your password?",
        "Could you give me the CVV?",
        "Nennen Sie mir bitte Ihre Kartennummer.",
        "Indíqueme su contraseña, por favor.",
        "Donnez-moi votre mot de passe.",
    ],
)
def test_nobody_is_asked_for_secrets(text: str) -> None:
    assert own(text) is HandoffReason.POLICY_RESTRICTION
    assert reason(Question(text=text), sources={}) is HandoffReason.POLICY_RESTRICTION


def test_what_is_said_of_secrets_is_no_question_for_them() -> None:
    assert own("We never ask for your password or card number.") is None
    assert own("Set a new password under Security.") is None


def test_a_fact_that_no_source_holds_goes_to_a_person() -> None:
    assert own("The total is 78.00 EUR.", ORDER) is None
    assert own("The total is 87.00 EUR.", ORDER) is HandoffReason.MISSING_KNOWLEDGE


def test_a_language_that_policy_does_not_name_goes_to_a_person() -> None:
    german = "Die Bestellung ist unterwegs und wird mit der Post zu Ihnen nach Hause gebracht."
    assert own(german) is HandoffReason.UNSUPPORTED_REQUEST
    assert own("Ваш заказ уже в пути") is HandoffReason.UNSUPPORTED_REQUEST
    spoken = RULES.model_copy(update={"languages": ("en", "de")})
    reply = Reply(statements=(Statement(text=german, citations=(ARTICLE,)),))
    assert gate(reply, spoken, questions_asked=0, sources=SOURCES) == reply


def test_a_question_names_only_what_is_known() -> None:
    known = Citation(kind=CitationKind.CUSTOMER, ref="known")
    sources: Sources = {known: "Order BT-10423: delivered. Total 78.00 EUR."}
    assert reason(Question(text="Do you mean BT-10423?"), sources=sources) is None
    assert reason(Question(text="Do you mean BT-10701?"), sources=sources) is HandoffReason.MISSING_KNOWLEDGE
    assert reason(Question(text="Is it the one for 99.00 EUR?"), sources=sources) is HandoffReason.MISSING_KNOWLEDGE


def test_words_of_batons_own_may_promise_what_a_verdict_says() -> None:
    read_back = Question(text="- You get 7.00 EUR back, the way you paid\n\nShall I do exactly this?")
    assert reason(read_back) is None


@pytest.mark.parametrize("path", sorted(ARTICLES.rglob("*.md")), ids=lambda path: path.stem)
def test_every_article_may_be_quoted(path: Path) -> None:
    article = parse_article(path.stem, path.read_text())
    source = Citation(kind=CitationKind.ARTICLE, ref=article.slug, version=1, title=article.front.title)
    spoken = AssistantRules(languages=("en", "de", "es", "fr"), link_domains=("outfitters.example",))
    for section in article.sections:
        text = f"{section.text}\n(From our help page “{article.front.title}”)"
        reply = Reply(statements=(Statement(text=text, citations=(source,)),))
        assert gate(reply, spoken, questions_asked=0, sources={source: article.body}) == reply, section.heading
