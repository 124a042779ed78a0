"""The trained part of triage: held-out figures on own examples, and what it must get right at once."""

from collections import Counter

import pytest
from threadpoolctl import threadpool_limits

from bench.triage import negative_log_likelihood, out_of_fold, shares_at, spam_out_of_fold, spam_shares
from domain.case import Brief, Case
from domain.plan import Evidence
from domain.policy import AssistantRules
from domain.proposal import Proposal
from domain.proving_words import Telling, proof_words
from domain.stage_words import please_send
from domain.triage import IssueType, Relation, Triage
from integrations.assistant.local.classifier import TEMPERATURE, Ranking
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.settings import RECOMMENDED_THRESHOLD
from integrations.assistant.local.training import Example, ExampleSet
from integrations.assistant.local.triage import Triager
from tests.unit.test_triage_reading import ANSWER, case_of
from tests.unit.triage_held_out import trained

EXAMPLES = ExampleSet().examples
Judged = list[tuple[Example, Ranking]]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="module")
def held_out(embedder: Embedder) -> Judged:
    """Every example judged by a classifier that never saw its subtopic."""
    with threadpool_limits(limits=1):
        return out_of_fold(EXAMPLES, embedder, folds=3)


@pytest.fixture(scope="module")
def triager() -> Triager:
    return trained()


def test_each_issue_type_has_sixty_examples_and_none_twice() -> None:
    counts = Counter(example.issue for example in EXAMPLES)
    assert {issue: counts[issue] for issue in IssueType if counts[issue] < 60} == {}
    told = Counter((example.language, example.text.lower()) for example in EXAMPLES)
    twice = [text for text, count in told.items() if count > 1]
    assert twice == []


def test_subtopics_never_seen_are_still_mostly_understood(held_out: Judged) -> None:
    figures = shares_at(held_out, TEMPERATURE, RECOMMENDED_THRESHOLD)
    assert figures["lenient"] >= 0.58
    assert figures["acted_right"] >= 0.85
    assert figures["acted_on"] >= 0.30


def test_of_what_no_store_can_answer_at_most_12_in_100_are_acted_on(held_out: Judged) -> None:
    assert shares_at(held_out, TEMPERATURE, RECOMMENDED_THRESHOLD)["other_acted_on"] <= 0.12


def test_the_temperature_is_near_the_best_for_held_out_subtopics(held_out: Judged) -> None:
    best = min(negative_log_likelihood(held_out, value) for value in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0))
    assert negative_log_likelihood(held_out, TEMPERATURE) <= best + 0.01


def test_spam_of_kinds_never_seen_is_mostly_found_and_honest_messages_are_kept() -> None:
    with threadpool_limits(limits=1):
        figures = spam_shares(spam_out_of_fold(EXAMPLES, folds=3))
    assert figures["spam_recall"] >= 0.6
    assert figures["honest_lost"] <= 0.01


class Alone:
    """A triager as an assistant that does nothing else."""

    def __init__(self, triager: Triager) -> None:
        self._triager = triager

    async def triage(self, case: Case) -> Triage:
        return self._triager.triage(case)

    async def compose(self, case: Case) -> Proposal:
        raise NotImplementedError

    async def brief(self, case: Case) -> Brief:
        raise NotImplementedError


def verdict(triager: Triager, *said: str, previous: Triage | None = None) -> Triage:
    return triager.triage(case_of(*said, previous=previous))


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("Hi, where is my order BT-10423?", IssueType.ORDER_STATUS),
        ("how do i wash the wool jumper?", IssueType.PRODUCT_QUESTION),
        ("I want to send these trousers back", IssueType.RETURN),
        ("please cancel the order I placed this morning", IssueType.CANCEL_ORDER),
        ("I want to talk to a human please", IssueType.HUMAN),
        ("My card was charged twice", IssueType.BILLING),
    ],
)
def test_plain_requests_are_understood(triager: Triager, text: str, issue: IssueType) -> None:
    assert verdict(triager, f"c: {text}").issue is issue


def test_two_requests_in_one_message_are_both_noted(triager: Triager) -> None:
    triage = verdict(triager, "c: Where is my order BT-10423? Also, I forgot my password and cannot log in.")
    assert {triage.issue, *triage.further_issues} >= {IssueType.ORDER_STATUS, IssueType.ACCOUNT}


def test_a_detail_given_later_stays_with_the_problem(triager: Triager) -> None:
    first = verdict(triager, "c: where is my order")
    triage = verdict(triager, "c: where is my order", "a: Which order do you mean?", "c: 10423", previous=first)
    assert (triage.issue, triage.relation) == (IssueType.ORDER_STATUS, Relation.SAME)
    assert triage.entities.order_numbers == ("BT-10423",)


def test_a_new_problem_after_an_answer_is_another(triager: Triager) -> None:
    first = verdict(triager, "c: where is my order")
    triage = verdict(triager, "c: where is my order", ANSWER, "c: how do I reset my password?", previous=first)
    assert (triage.issue, triage.relation) == (IssueType.ACCOUNT, Relation.ANOTHER)


def test_an_advertisement_is_spam_unless_a_known_customer_writes_it(triager: Triager) -> None:
    text = "WIN a FREE phone!!! Txt PRIZE to 85555 now, T&Cs apply, 150p per msg, 18+"
    case = case_of(f"c: {text}")
    assert triager.triage(case).issue is IssueType.SPAM
    assert triager.triage(case.model_copy(update={"verified": True})).issue is not IssueType.SPAM


@pytest.mark.parametrize(
    ("text", "language", "issue"),
    [
        ("Wo ist meine Bestellung BT-10423?", "de", IssueType.ORDER_STATUS),
        ("wie kann ich das zurueckschicken", "de", IssueType.RETURN),
        ("la taza llego rota", "es", IssueType.DAMAGED_WRONG),
        ("mot de passe oublie", "fr", IssueType.ACCOUNT),
    ],
)
def test_german_spanish_and_french_are_understood(triager: Triager, text: str, language: str, issue: IssueType) -> None:
    triage = verdict(triager, f"c: {text}")
    assert (triage.language, triage.issue) == (language, issue)


@pytest.mark.parametrize("text", ["Dov'è il mio pacco?", "Waar is mijn bestelling?", "Где мой заказ?"])
def test_a_language_that_is_not_read_is_named_and_never_guessed(triager: Triager, text: str) -> None:
    triage = verdict(triager, f"c: {text}")
    assert triage.language not in {"en", "de", "es", "fr"}
    assert (triage.issue, triage.confidence) == (IssueType.OTHER, 0.0)


def test_nothing_is_spam_once_a_conversation_runs(triager: Triager) -> None:
    text = "c: WIN a FREE phone!!! Txt PRIZE to 85555 now, T&Cs apply, 150p per msg, 18+"
    before = Triage(issue=IssueType.PROMO, confidence=0.9)
    assert verdict(triager, text, previous=before).issue is not IssueType.SPAM


def test_a_code_that_was_asked_for_is_not_taken_for_an_order(triager: Triager) -> None:
    asked = "a: A six-digit code is on its way to you. Which code did you get for your order?"
    entities = verdict(triager, "c: where is my order", asked, "c: 448 210").entities
    assert (entities.codes, entities.order_numbers) == (("448210",), ())


def test_empty_and_odd_texts_are_triaged_without_an_error(triager: Triager) -> None:
    for text in ("", " ", "???", "\x00", "a" * 100_000, "🙂🙂", "\n\n", "1"):
        assert 0 <= verdict(triager, f"c: {text}").confidence <= 1


def test_the_policy_acts_at_the_threshold_that_the_examples_recommend() -> None:
    assert AssistantRules().threshold == RECOMMENDED_THRESHOLD


@pytest.mark.parametrize("words", ["BT-10708", "It is order BT-10708, and here is a photo.", "order number: 10708"])
def test_who_gives_the_order_that_was_asked_for_stays_with_their_problem(triager: Triager, words: str) -> None:
    before = Triage(issue=IssueType.DAMAGED_WRONG, confidence=0.95)
    asked = "a: " + please_send("en", [Evidence.ORDER, Evidence.PHOTO])
    read = triager.triage(case_of("c: the zip is torn", asked, f"c: {words}", previous=before))
    assert (read.issue, read.relation) == (IssueType.DAMAGED_WRONG, Relation.SAME)
    assert read.entities.order_numbers == ("BT-10708",)
    person = triager.triage(case_of("c: the zip is torn", asked, f"c: {words} I want a human", previous=before))
    assert person.wants_person


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("given", ["BT-10703, 80331", "BT-10703 robin@example.com", "80331"])
def test_who_gives_the_proof_that_was_asked_for_stays_with_their_wish(
    triager: Triager, language: str, given: str
) -> None:
    request = proof_words(Telling.ASK, language, codes=True)
    before = Triage(issue=IssueType.CANCEL_ORDER, confidence=0.9, language=language)
    triage = triager.triage(case_of("c: cancel my order", f"a: {request}", f"c: {given}", previous=before))
    assert (triage.issue, triage.relation) == (IssueType.CANCEL_ORDER, Relation.SAME)
