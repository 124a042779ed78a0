"""The trained part of triage: held-out figures on own examples, and what it must get right at once."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from bench.triage import negative_log_likelihood, out_of_fold, shares_at
from domain.plan import Evidence
from domain.policy import AssistantRules
from domain.stage_words import please_send
from domain.triage import IssueType, Relation, Triage
from integrations.assistant.local.classifier import TEMPERATURE, Embedder, Ranking
from integrations.assistant.local.model import load_model
from integrations.assistant.local.settings import RECOMMENDED_THRESHOLD, LocalSettings
from integrations.assistant.local.spam import SPAM_THRESHOLD, SpamFilter
from integrations.assistant.local.training import Example, ExampleSet
from integrations.assistant.local.triage import Triager
from tests.unit.test_triage_reading import ANSWER, case_of

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
def triager(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Triager:
    folder: Path = tmp_path_factory.mktemp("model")
    return Triager(load_model(ExampleSet(), embedder, folder), embedder, LocalSettings())


def test_each_issue_type_has_sixty_examples_and_none_twice() -> None:
    counts = Counter(example.issue for example in EXAMPLES)
    assert {issue: counts[issue] for issue in IssueType if counts[issue] < 60} == {}
    twice = [text for text, count in Counter(example.text.lower() for example in EXAMPLES).items() if count > 1]
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


def test_held_out_spam_is_found_and_honest_messages_are_kept(embedder: Embedder) -> None:
    spam = [example.issue is IssueType.SPAM for example in EXAMPLES]
    found: list[bool] = []
    lost: list[str] = []
    with threadpool_limits(limits=1):
        for train, test in StratifiedKFold(3, shuffle=True, random_state=0).split(spam, spam):
            judged = _set_aside([EXAMPLES[index] for index in train], [EXAMPLES[index] for index in test], embedder)
            found += [aside for example, aside in judged if example.issue is IssueType.SPAM]
            lost += [example.text for example, aside in judged if aside and example.issue is not IssueType.SPAM]
    assert sum(found) / len(found) >= 0.65
    assert len(lost) <= 0.005 * len(EXAMPLES), lost


def _set_aside(train: Sequence[Example], test: Sequence[Example], embedder: Embedder) -> list[tuple[Example, bool]]:
    spam_filter = SpamFilter()
    spam_filter.fit(train, embedder)
    return [(example, spam_filter.probability(example.text, embedder) >= SPAM_THRESHOLD) for example in test]


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


def test_a_language_without_examples_is_noted_and_never_guessed(triager: Triager) -> None:
    triage = verdict(triager, "c: Wo ist meine Bestellung BT-10423?")
    assert (triage.language, triage.issue, triage.confidence) == ("de", IssueType.OTHER, 0.0)
    assert triage.entities.order_numbers == ("BT-10423",)


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
