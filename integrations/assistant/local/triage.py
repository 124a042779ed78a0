"""Triage: what the classifiers and the rules say of the customer's unanswered turns, as one value."""

from domain.case import Case
from domain.proving_words import asks_for_proof
from domain.triage import Complexity, Entities, IssueType, Relation, Triage, Urgency
from integrations.assistant.local.classifier import Ranking
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.entities import Asked, EntityReader
from integrations.assistant.local.language import READ_LANGUAGES
from integrations.assistant.local.linear import Matrix
from integrations.assistant.local.model import TriageModel
from integrations.assistant.local.parts import Parts
from integrations.assistant.local.relation import answered_before, opens_another, relation_by_rule
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.sign_model import PERSON
from integrations.assistant.local.signs import completed, is_auto_reply, sentiment_of, urgency_of, wants_person
from integrations.assistant.local.spam import SPAM_THRESHOLD, SPAM_THRESHOLD_OF_A_REQUEST
from integrations.assistant.local.training import MAIN_LANGUAGE
from integrations.assistant.local.wording import Wording, worded

_MAX_CHARACTERS = 4000
"""What is read of a message: more adds time, not knowledge."""
_CERTAIN = 0.99
"""What a rule says for sure."""
_CLEAR = 0.7
"""A wish for a person becomes the issue itself unless another is this clear."""
_MAX_WORDS_FOR_MODEL = 60
"""A sign in a longer text is looked for sentence by sentence by the patterns alone: the model knows short texts."""


class Triager:
    """Reads a case. Holds the trained model; has no other state."""

    def __init__(self, model: TriageModel, embedder: Embedder, settings: LocalSettings) -> None:
        self._model = model
        self._embedder = embedder
        self._settings = settings
        self._entities = EntityReader(settings.order_prefix, settings.phone_region)
        self._parts = Parts(model.issues, embedder)

    def rank(self, text: str, language: str = MAIN_LANGUAGE) -> Ranking:
        """The issue types for a text, best first."""
        return self._model.issues.rank([text[:_MAX_CHARACTERS]], self._embedder, language)[0]

    def triage(self, case: Case) -> Triage:
        """The verdict on `case.unanswered`."""
        text = case.unanswered[:_MAX_CHARACTERS]
        language = self._model.languages.detect(text, case.previous.language if case.previous else "")
        if is_auto_reply(text):
            return Triage(issue=IssueType.OTHER, confidence=_CERTAIN, auto_reply=True, language=language)
        wording = worded(text, language)
        meaning = self._embedder.embed([wording.meaning])[0]
        if self._is_spam(text, wording, meaning, case):
            return Triage(issue=IssueType.SPAM, confidence=_CERTAIN, language=language)
        return self._honest(text, wording, meaning, language, case)

    def _honest(self, text: str, wording: Wording, meaning: Matrix, language: str, case: Case) -> Triage:
        signs = self._signs(wording, meaning)
        person = wants_person(text) or PERSON in signs
        urgency = completed(urgency_of(text), signs)
        ranking, further = self._issues(text, wording, meaning, language, case, person=person)
        named = self.entities(text, case)
        given = case.previous is not None and not person and _gives_what_was_asked(text, named, case)
        if given:
            ranking = self._as_before(case)
        (issue, confidence), *others = ranking
        relation = Relation.SAME if given else self._relation(text, case, issue, confidence)
        return Triage(
            issue=issue,
            confidence=min(confidence if relation is not Relation.GREETING else _CERTAIN, 1.0),
            alternatives=tuple(others[:3]),
            further_issues=further,
            relation=relation,
            entities=named,
            sentiment=sentiment_of(text),
            urgency=urgency,
            wants_person=person,
            complexity=_complexity(text, further, urgency),
            language=language,
        )

    def entities(self, text: str, case: Case) -> Entities:
        """What the text names, read as an answer to the question that was asked last, if it was one."""
        return self._entities.read(text, asked=_asked(case))

    def _signs(self, wording: Wording, meaning: Matrix) -> frozenset[str]:
        if len(wording.terms.split()) > _MAX_WORDS_FOR_MODEL:
            return frozenset()
        return self._model.signs.signs(wording, meaning)

    def _is_spam(self, text: str, wording: Wording, meaning: Matrix, case: Case) -> bool:
        """Never for somebody verified nor within a conversation; a clear request needs more certainty."""
        if case.verified or case.previous is not None:
            return False
        probability = self._model.spam.probability(text)
        if probability < SPAM_THRESHOLD:
            return False
        (issue, confidence), *_ = self._model.issues.rank_worded([wording], meaning[None])[0]
        request = confidence >= case.threshold and issue is not IssueType.OTHER
        return probability >= SPAM_THRESHOLD_OF_A_REQUEST or not request

    def _issues(
        self, text: str, wording: Wording, meaning: Matrix, language: str, case: Case, *, person: bool
    ) -> tuple[Ranking, tuple[IssueType, ...]]:
        if language not in READ_LANGUAGES:
            unknown: Ranking = [(IssueType.HUMAN, _CERTAIN)] if person else [(IssueType.OTHER, 0.0)]
            return self._carried_on(unknown, case), ()
        ranking, further = self._parts.read(text, wording, meaning, language)
        return self._carried_on(_with_person(ranking, person=person), case), further

    def _carried_on(self, ranking: Ranking, case: Case) -> Ranking:
        """A short follow-up says little by itself: the issue carries on unless the new one is clear."""
        previous = case.previous
        if previous is None or previous.issue is IssueType.OTHER:
            return ranking
        issue, confidence = ranking[0]
        clear = confidence >= case.threshold and issue is not IssueType.OTHER
        return ranking if clear else self._as_before(case)

    def _as_before(self, case: Case) -> Ranking:
        """What was understood before the newest turn."""
        previous = case.previous
        return [(previous.issue, previous.confidence), *previous.alternatives] if previous else []

    def _relation(self, text: str, case: Case, issue: IssueType, confidence: float) -> Relation:
        by_rule = relation_by_rule(text, case)
        if by_rule is not None:
            return by_rule
        sure = confidence >= case.threshold
        return Relation.ANOTHER if opens_another(text, case, issue, sure=sure) else Relation.SAME


_FEW_WORDS = 8
"""A message of so few words with a number or an address in it is an answer, and no new problem."""


def _gives_what_was_asked(text: str, named: Entities, case: Case) -> bool:
    """An order, or a proof, after a question for it: whoever gives it stays with their problem."""
    if named.order_numbers and _asked(case) is Asked.ORDER:
        return True
    answer = answered_before(case)
    if answer is None or not asks_for_proof(answer.text):
        return False
    short = len(text.split()) <= _FEW_WORDS and ("@" in text or any(letter.isdigit() for letter in text))
    return short or bool(named.order_numbers and (named.emails or named.postcodes))


def _asked(case: Case) -> Asked:
    """What the last thing said asked for."""
    answer = answered_before(case)
    return Asked.by(answer.text) if answer is not None else Asked.NOTHING


def _with_person(ranking: Ranking, *, person: bool) -> Ranking:
    """A wish for a person is the issue itself where nothing else is clear."""
    if not person or (ranking[0][0] is not IssueType.OTHER and ranking[0][1] >= _CLEAR):
        return ranking
    return [(IssueType.HUMAN, _CERTAIN), *(entry for entry in ranking if entry[0] is not IssueType.HUMAN)]


def _complexity(text: str, further: tuple[IssueType, ...], urgency: Urgency) -> Complexity:
    involved = bool(further) or len(text.split()) > 80 or urgency not in (Urgency.NORMAL, Urgency.TIME)
    return Complexity.INVOLVED if involved else Complexity.SIMPLE
