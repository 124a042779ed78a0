"""What triage must hear, on messages it was never trained on, in all four languages."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from domain.triage import IssueType, Triage, Urgency
from integrations.assistant.evaluation import evaluate_triage, read_labelled
from integrations.assistant.local.settings import RECOMMENDED_THRESHOLD
from integrations.assistant.local.sign_model import sign_examples
from integrations.assistant.local.training import ExampleSet
from integrations.assistant.local.triage import Triager
from tests.unit.test_triage_model import Alone
from tests.unit.test_triage_reading import case_of
from tests.unit.triage_held_out import by_language, one_request, openings, trained, two_requests

DATA = Path(__file__).parents[3] / "shared" / "data" / "triage"
SIGNS = ("person", "legal", "safety", "chargeback")


@pytest.fixture(scope="module")
def triager() -> Triager:
    return trained()


def verdict(triager: Triager, text: str) -> Triage:
    return triager.triage(case_of(f"c: {text}"))


def all_of(name: str) -> list[str]:
    return [text for texts in by_language(name).values() for text in texts]


def test_no_held_out_message_is_an_example() -> None:
    learned = {example.text.lower() for example in ExampleSet().examples}
    learned |= {text.lower() for _, _, text in sign_examples()}
    held: list[str] = [text for name in (*SIGNS, "calm") for text in all_of(name)]
    held += [text for _, text in two_requests()] + one_request()
    held += [text for entries in openings().values() for _, text in entries]
    assert [text for text in held if text.lower() in learned] == []


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_a_wish_for_a_person_is_heard_in_at_least_97_of_100(triager: Triager, language: str) -> None:
    texts = by_language("person")[language]
    missed = [text for text in texts if not _wants_person(verdict(triager, text))]
    assert len(missed) <= 0.03 * len(texts), missed


def _wants_person(triage: Triage) -> bool:
    return triage.wants_person or triage.issue is IssueType.HUMAN


@pytest.mark.parametrize("urgency", [Urgency.LEGAL, Urgency.SAFETY, Urgency.CHARGEBACK])
def test_grave_urgency_is_noticed_in_at_least_97_of_100(triager: Triager, urgency: Urgency) -> None:
    texts = all_of(urgency.value)
    missed = [text for text in texts if verdict(triager, text).urgency is not urgency]
    assert len(missed) <= 0.03 * len(texts), missed


def test_of_calm_messages_hardly_any_goes_to_a_person_for_its_words(triager: Triager) -> None:
    texts = all_of("calm")
    alarmed = [text for text in texts if _alarming(verdict(triager, text))]
    assert len(alarmed) <= 0.06 * len(texts), alarmed


def _alarming(triage: Triage) -> bool:
    return triage.wants_person or triage.urgency not in (Urgency.NORMAL, Urgency.TIME)


def test_two_requests_in_a_message_are_both_found_in_at_least_8_of_10(triager: Triager) -> None:
    missed = [text for issues, text in two_requests() if not issues <= _issues(verdict(triager, text))]
    assert len(missed) <= 0.2 * len(two_requests()), missed


def test_sentences_on_one_problem_are_not_split(triager: Triager) -> None:
    split = [text for text in one_request() if verdict(triager, text).further_issues]
    assert len(split) <= 0.08 * len(one_request()), split


def _issues(triage: Triage) -> set[str]:
    return {triage.issue.value, *(issue.value for issue in triage.further_issues)}


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_openings_in_other_languages_are_understood(triager: Triager, language: str) -> None:
    judged = [(issues, verdict(triager, text)) for issues, text in openings()[language]]
    right = [triage.issue.value in issues for issues, triage in judged]
    sure = [triage.issue.value in issues for issues, triage in judged if triage.confidence >= RECOMMENDED_THRESHOLD]
    assert sum(right) >= 0.72 * len(right)
    assert sum(sure) >= 0.85 * len(sure)
    assert {triage.language for _, triage in judged} == {language}


def _development(*names: str) -> Iterable[object]:
    missing = [name for name in names if not (DATA / name).exists()]
    return [pytest.param(*names, marks=pytest.mark.skipif(bool(missing), reason="development data not present"))]


@pytest.mark.parametrize("name", _development("store_chats.jsonl"))
async def test_the_bars_hold_on_real_openings(triager: Triager, name: str) -> None:
    report = await evaluate_triage(Alone(triager), read_labelled(DATA / name), RECOMMENDED_THRESHOLD)
    assert (report.lenient or 0) >= 0.85
    assert (report.acted_on or 0) >= 0.65
    assert (report.acted_right or 0) >= 0.95
    assert (report.honest_lost or 0) <= 0.005


@pytest.mark.parametrize("name", _development("out_of_scope.jsonl"))
async def test_the_bar_holds_on_what_no_store_can_answer(triager: Triager, name: str) -> None:
    report = await evaluate_triage(Alone(triager), read_labelled(DATA / name), RECOMMENDED_THRESHOLD)
    assert (report.other_acted_on or 0) <= 0.05


@pytest.mark.parametrize("name", _development("sms_spam.jsonl"))
async def test_the_bars_hold_on_spam(triager: Triager, name: str) -> None:
    report = await evaluate_triage(Alone(triager), read_labelled(DATA / name), RECOMMENDED_THRESHOLD)
    assert (report.spam_recall or 0) >= 0.95
    assert (report.honest_lost or 0) <= 0.005
