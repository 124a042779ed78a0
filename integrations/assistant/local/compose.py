"""Composing: from a case to a proposal. Facts are looked up, never remembered; what is not found goes to a person."""

import structlog

from domain.case import Case
from domain.proposal import Handoff, HandoffReason, Proposal, Question, Reply, Statement
from domain.triage import Entities, IssueType, Relation, Triage
from domain.values import Value
from integrations.assistant.local.answering import KNOWLEDGE_FIRST, Answerer, Part, Request
from integrations.assistant.local.conversation import told
from integrations.assistant.local.entities import EntityReader
from integrations.assistant.local.limits import for_people, said_once
from integrations.assistant.local.order_choice import OrderChooser
from integrations.assistant.local.pointing import asks_where, chosen_issues, correction
from integrations.assistant.local.products import ProductTeller
from integrations.assistant.local.relation import akin
from integrations.assistant.local.requests import Ask, kind_of_ask, newest_messages, says
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.splitting import Ranked, Splitter, naming
from integrations.assistant.local.texts import TEXTS, Texts
from integrations.knowledge.protocol import Knowledge
from integrations.shop.protocol import ShopReads

log = structlog.get_logger(__name__)

_NOT_OFFERED = frozenset({IssueType.HUMAN, IssueType.COMPLAINT, IssueType.SPAM, IssueType.OTHER})
"""Issues that nobody is asked whether they mean."""
_LIKELY = 0.5
_PLAIN = 4
"""Words from which a question says by itself what it is about."""
_CHOSEN = 0.99
"""How sure an issue is that the customer has picked from our own question."""


class Prepared(Value):
    """What the assistant would say, and what of it stands however the case goes on."""

    proposal: Proposal
    known: tuple[Statement, ...] = ()
    """What could be answered, also where the proposal hands the case to a person."""


class Composer:
    """Proposes an answer to the unanswered turns of a case."""

    def __init__(
        self, shop: ShopReads, knowledge: Knowledge, settings: LocalSettings, ranked: Ranked | None = None
    ) -> None:
        chooser = OrderChooser(shop, EntityReader(settings.order_prefix, settings.phone_region))
        self._answerer = Answerer(shop, knowledge, chooser, ProductTeller(shop))
        self._splitter = Splitter(ranked)

    async def compose(self, case: Case) -> Proposal:
        """A reply, a question or a handoff. A shop or knowledge base that fails makes it a handoff (`tool_failure`).

        Raises ValueError without `case.triage`.
        """
        if case.triage is None:
            raise ValueError("compose needs case.triage")
        if (reason := for_people(case, case.triage)) is not None:
            return Handoff(reason=reason)
        return said_once(case, (await self.prepare(case)).proposal)

    async def prepare(self, case: Case) -> Prepared:
        """What could be said, whoever is to say it; for a person, also where the assistant itself must not speak."""
        if case.triage is None or case.triage.language not in TEXTS:
            return Prepared(proposal=Handoff(reason=HandoffReason.UNSUPPORTED_REQUEST))
        try:
            return await self._answer(case, case.triage, TEXTS[case.triage.language])
        except Exception as error:
            log.warning("compose_tool_failed", interaction=case.interaction_id, error=type(error).__name__)
            return Prepared(proposal=Handoff(reason=HandoffReason.TOOL_FAILURE))

    async def _answer(self, case: Case, triage: Triage, texts: Texts) -> Prepared:
        if triage.relation is Relation.GREETING:
            return Prepared(proposal=Question(text=_opened(case, texts)))
        if triage.relation is Relation.THANKS and "?" not in case.unanswered:
            thanks = Statement(text=texts.welcome, citations=newest_messages(case))
            return Prepared(proposal=Reply(statements=(thanks,)))
        triage = _as_chosen(case, triage, texts)
        if not _understood(triage, case.threshold):
            grounded = await self._answerer.grounded_anyway(Request(case, triage, triage.issue, texts, case.unanswered))
            if grounded:
                return Prepared(proposal=Reply(statements=tuple(grounded)), known=tuple(grounded))
            if _clear_question(case, triage):
                return Prepared(proposal=Handoff(reason=HandoffReason.MISSING_KNOWLEDGE))
            return Prepared(proposal=Question(text=_question_back(case, triage, texts)))
        meant = correction(case, triage.language)
        issues = tuple(dict.fromkeys((triage.issue, *triage.further_issues)))
        asked = {meant.issue: meant.words} if meant else self._splitter.by_issue(case, issues, triage.language)
        parts = [await self._part(case, triage, issue, texts, words) for issue, words in asked.items()]
        left = [
            await self._part(case, triage, issue, texts, words)
            for issue, words in self._splitter.left_open(case, triage).items()
            if issue not in asked
        ]
        return _joined(case, [*parts, *(part for part in left if isinstance(part, list))])

    async def _part(self, case: Case, triage: Triage, issue: IssueType, texts: Texts, words: str) -> Part:
        return await self._answerer.part(Request(case, naming(triage, words), issue, texts, words))


def _opened(case: Case, texts: Texts) -> str:
    """The answer to a greeting; to the next one, what it is about."""
    return texts.ask.problem if told(case, texts.ask.greeting) else texts.ask.greeting


def _as_chosen(case: Case, triage: Triage, texts: Texts) -> Triage:
    """The triage, with what the customer has picked or put right in words that only the conversation explains."""
    meant = correction(case, triage.language)
    picked = (meant.issue,) if meant else chosen_issues(case, texts, triage.language)
    if not picked and not _understood(triage, case.threshold) and asks_where(case.unanswered, triage.language):
        picked = (IssueType.ORDER_STATUS,)
    if not picked:
        return triage
    return triage.model_copy(
        update={"issue": picked[0], "confidence": _CHOSEN, "further_issues": picked[1:], "alternatives": ()}
    )


def _clear_question(case: Case, triage: Triage) -> bool:
    """Whether it is plain what is asked, so that no choice of an issue would make it easier to answer."""
    text, language = case.unanswered, triage.language
    likely = triage.issue in KNOWLEDGE_FIRST and triage.confidence >= _LIKELY
    plain = text.rstrip().endswith("?") and len(text.split()) >= _PLAIN and says("question", text, language)
    return likely and plain and kind_of_ask(text, triage.issue, language) is Ask.GENERAL


def _question_back(case: Case, triage: Triage, texts: Texts) -> str:
    """The two likeliest issues to choose from; an open question where there are none, or neither was right."""
    ranked = [triage.issue, *(issue for issue, _ in triage.alternatives)]
    names = [texts.issue[issue] for issue in ranked if issue in texts.issue and issue not in _NOT_OFFERED][:2]
    neither = chosen_issues(case, texts, triage.language) is not None
    if neither or triage.issue is IssueType.OTHER or len(names) < 2:
        return texts.ask.problem
    return texts.ask.which_of_two.format(first=names[0], second=names[1])


def _joined(case: Case, parts: list[Part]) -> Prepared:
    """One message for everything; what only a person can do takes all of it there, with what is known."""
    known = tuple(dict.fromkeys(one for part in parts if isinstance(part, list) for one in part))
    handoff = next((part for part in parts if isinstance(part, Handoff)), None)
    question = next((part for part in parts if isinstance(part, Question)), None)
    if handoff is not None:
        return Prepared(proposal=handoff, known=known)
    if question is None:
        return Prepared(proposal=Reply(statements=known), known=known)
    if question.asks_proof and (case.questions_asked or _gives_proof(case)):
        return Prepared(proposal=question, known=known)  # what to say then depends on what was tried: see `Proving`
    fresh = [one for one in known if not told(case, one.text)]
    text = "\n\n".join([*(one.text for one in fresh), question.text])
    cited = Reply(statements=tuple(fresh)).citations
    # Said beside an answer, the request for proof keeps these words; alone, it is put as the proofs so far demand.
    asked = question.model_copy(
        update={"text": text, "citations": cited, "asks_proof": question.asks_proof and not fresh}
    )
    return Prepared(proposal=asked, known=known)


def _gives_proof(case: Case) -> bool:
    """Whether the customer has given anything that could prove who they are."""
    named = case.triage.entities if case.triage else Entities()
    return bool(named.order_numbers or named.emails or named.postcodes)


def _understood(triage: Triage, threshold: float) -> bool:
    """Whether the issue is clear enough; candidates that are two sides of one problem count together."""
    ranked = [(triage.issue, triage.confidence), *triage.alternatives]
    sure = sum(confidence for issue, confidence in ranked if akin(issue, triage.issue))
    return triage.issue is not IssueType.OTHER and sure >= threshold
