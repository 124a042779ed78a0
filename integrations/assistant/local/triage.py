"""Triage: what the classifiers and the rules say of the customer's unanswered turns, as one value."""

from domain.case import Case
from domain.parties import AuthorKind
from domain.triage import Complexity, Entities, IssueType, Relation, Triage, Urgency
from integrations.assistant.local.classifier import Embedder, Ranking
from integrations.assistant.local.entities import EntityReader
from integrations.assistant.local.language import detect_language
from integrations.assistant.local.model import TriageModel
from integrations.assistant.local.relation import akin, answered_before, opens_another, relation_by_rule
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.signs import is_auto_reply, sentiment_of, urgency_of, wants_person
from integrations.assistant.local.spam import SPAM_THRESHOLD
from integrations.assistant.local.wording import sentences

_MAX_CHARACTERS = 4000
"""What is read of a message: more adds time, not knowledge."""
_MAX_SENTENCES = 12
_SURE_OF_FURTHER = 0.7
"""A sentence within a message must be this clear to count as a further request."""
_CERTAIN = 0.99
"""What a rule says for sure."""
_NOT_FURTHER = frozenset({IssueType.OTHER, IssueType.HUMAN, IssueType.COMPLAINT, IssueType.SPAM})
_UNREAD = frozenset({"de", "es", "fr"})
"""Languages that are recognised while the examples are English only: the issue stays unknown."""


class Triager:
    """Reads a case. Holds the trained model; has no other state."""

    def __init__(self, model: TriageModel, embedder: Embedder, settings: LocalSettings) -> None:
        self._model = model
        self._embedder = embedder
        self._settings = settings
        self._entities = EntityReader(settings.order_prefix, settings.phone_region)

    def rank(self, text: str) -> Ranking:
        """The issue types for a text, best first."""
        return self._model.issues.rank([text[:_MAX_CHARACTERS]], self._embedder)[0]

    def triage(self, case: Case) -> Triage:
        """The verdict on `case.unanswered`."""
        text = case.unanswered[:_MAX_CHARACTERS]
        language = detect_language(text, fallback=case.previous.language if case.previous else "en")
        if is_auto_reply(text):
            return Triage(issue=IssueType.OTHER, confidence=_CERTAIN, auto_reply=True, language=language)
        if self._is_spam(text, case):
            return Triage(issue=IssueType.SPAM, confidence=_CERTAIN, language=language)
        return self._honest(text, language, case)

    def _honest(self, text: str, language: str, case: Case) -> Triage:
        person, urgency = wants_person(text), urgency_of(text)
        ranking, further = self._issues(text, language, case, person=person)
        named = self.entities(text, case)
        given = case.previous is not None and bool(named.order_numbers) and _asked_for_order(case) and not person
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
        """What the text names, read as an answer if the last thing said was a question for an order."""
        return self._entities.read(text, asked_for_order=_asked_for_order(case))

    def _is_spam(self, text: str, case: Case) -> bool:
        known = case.verified or case.previous is not None
        return not known and self._model.spam.probability(text, self._embedder) >= SPAM_THRESHOLD

    def _issues(self, text: str, language: str, case: Case, *, person: bool) -> tuple[Ranking, tuple[IssueType, ...]]:
        if language in _UNREAD:
            unknown: Ranking = [(IssueType.HUMAN, _CERTAIN)] if person else [(IssueType.OTHER, 0.0)]
            return self._carried_on(unknown, case), ()
        parts = sentences(text)[:_MAX_SENTENCES]
        rankings = self._model.issues.rank([text, *parts] if len(parts) > 1 else [text], self._embedder)
        ranking = self._carried_on(_with_person(rankings[0], person=person), case)
        return ranking, _further(ranking[0][0], rankings[1:])

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


def _asked_for_order(case: Case) -> bool:
    """Was the last thing said a question for an order? Whoever names one then stays with their problem."""
    answer = answered_before(case)
    return answer is not None and answer.text.rstrip().endswith("?") and "order" in answer.text.lower()


def _with_person(ranking: Ranking, *, person: bool) -> Ranking:
    """A wish for a person is the issue itself where nothing else is clear."""
    if not person or (ranking[0][0] is not IssueType.OTHER and ranking[0][1] >= _SURE_OF_FURTHER):
        return ranking
    return [(IssueType.HUMAN, _CERTAIN), *(entry for entry in ranking if entry[0] is not IssueType.HUMAN)]


def _further(issue: IssueType, rankings: list[Ranking]) -> tuple[IssueType, ...]:
    """Further requests: clear sentences about something that is not another side of the same problem."""
    clear = [ranking[0][0] for ranking in rankings if ranking[0][1] >= _SURE_OF_FURTHER]
    found = dict.fromkeys(kind for kind in clear if kind not in _NOT_FURTHER and not akin(kind, issue))
    return tuple(found)[:2]


def _complexity(text: str, further: tuple[IssueType, ...], urgency: Urgency) -> Complexity:
    involved = bool(further) or len(text.split()) > 80 or urgency not in (Urgency.NORMAL, Urgency.TIME)
    return Complexity.INVOLVED if involved else Complexity.SIMPLE


def said_by_customer(case: Case) -> str:
    """All of the customer's turns, oldest first."""
    return "\n".join(turn.text for turn in case.turns if turn.author is AuthorKind.CUSTOMER)
