"""Composing: from a case to a proposal. Facts are looked up, never remembered; what is not found goes to a person."""

from datetime import date

import structlog

from domain.case import Case
from domain.commerce import Order, OrderState
from domain.proposal import Citation, CitationKind, Handoff, HandoffReason, Proposal, Question, Reply, Statement
from domain.triage import IssueType, Relation, Triage, Urgency
from integrations.assistant.local.entities import EntityReader
from integrations.assistant.local.order_choice import Choice, OrderChooser
from integrations.assistant.local.orders import OrderTeller, overdue
from integrations.assistant.local.products import ProductTeller
from integrations.assistant.local.relation import akin
from integrations.assistant.local.requests import (
    Ask,
    kind_of_ask,
    newest_messages,
    questions_in,
    said_before,
    says_not_received,
)
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.texts import TEXTS, Texts
from integrations.assistant.local.triage import said_by_customer
from integrations.knowledge.protocol import Knowledge, Passage
from integrations.shop.protocol import Shop

log = structlog.get_logger(__name__)

_FOR_PEOPLE = frozenset({Urgency.LEGAL, Urgency.SAFETY, Urgency.CHARGEBACK, Urgency.PRESS})
_KNOWLEDGE_FIRST = frozenset(
    {
        IssueType.PRODUCT_QUESTION,
        IssueType.DELIVERY,
        IssueType.ACCOUNT,
        IssueType.PROMO,
        IssueType.SITE_ISSUE,
        IssueType.SUBSCRIPTION,
        IssueType.BILLING,
    }
)
"""Issues where an article may help even if the customer only names the trouble. The others need a flow, which only a
general question does not."""
_WELL_COVERED = 0.75
"""Score from which a passage answers a question whose issue type is not clear."""

Part = list[Statement] | Question | Handoff


class Composer:
    """Proposes an answer to the unanswered turns of a case."""

    def __init__(self, shop: Shop, knowledge: Knowledge, settings: LocalSettings) -> None:
        self._knowledge = knowledge
        self._settings = settings
        self._products = ProductTeller(shop)
        self._chooser = OrderChooser(shop, EntityReader(settings.order_prefix, settings.phone_region))

    async def compose(self, case: Case) -> Proposal:
        """A reply, a question or a handoff. A shop or knowledge base that fails makes it a handoff (`tool_failure`).

        Raises ValueError without `case.triage`.
        """
        if case.triage is None:
            raise ValueError("compose needs case.triage")
        handoff = _must_hand_off(case.triage)
        if handoff is not None:
            return Handoff(reason=handoff)
        try:
            return self._limited(case, await self._answer(case, case.triage, TEXTS[case.triage.language]))
        except Exception as error:
            log.warning("compose_tool_failed", interaction=case.interaction_id, error=type(error).__name__)
            return Handoff(reason=HandoffReason.TOOL_FAILURE)

    def _limited(self, case: Case, proposal: Proposal) -> Proposal:
        if isinstance(proposal, Question) and case.questions_asked >= case.questions_allowed:
            return Handoff(reason=HandoffReason.LOW_CONFIDENCE)
        return proposal

    async def _answer(self, case: Case, triage: Triage, texts: Texts) -> Proposal:
        if triage.relation is Relation.GREETING:
            return Question(text=texts.greeting)
        if triage.relation is Relation.THANKS:
            return Reply(statements=(Statement(text=texts.welcome, citations=newest_messages(case)),))
        if not _understood(triage, case.threshold):
            return await self._grounded_anyway(case, triage, texts) or Question(text=_question_back(triage, texts))
        parts = [await self._part(case, triage, issue, texts) for issue in (triage.issue, *triage.further_issues)]
        return _joined(parts)

    async def _grounded_anyway(self, case: Case, triage: Triage, texts: Texts) -> Reply | None:
        """An article that covers a how-to question well answers it, whatever issue type it is filed under."""
        if triage.issue is IssueType.OTHER or kind_of_ask(case.unanswered, triage.issue) is not Ask.GENERAL:
            return None
        part = await self._from_articles(case, triage, texts, least=_WELL_COVERED)
        return Reply(statements=tuple(part)) if isinstance(part, list) else None

    async def _part(self, case: Case, triage: Triage, issue: IssueType, texts: Texts) -> Part:
        ask = kind_of_ask(case.unanswered, issue)
        if issue is IssueType.ORDER_STATUS or (issue is IssueType.DELIVERY and ask is Ask.OWN_CASE):
            return await self._from_orders(case, triage, texts)
        if ask is not Ask.GENERAL and (ask is Ask.ACTION or issue not in _KNOWLEDGE_FIRST):
            return Handoff(reason=HandoffReason.UNSUPPORTED_REQUEST)
        return await self._from_articles(case, triage, texts)

    async def _from_orders(self, case: Case, triage: Triage, texts: Texts) -> Part:
        if not case.verified or case.customer is None:
            return self._ask_for_proof(case, texts)
        choice = await self._chooser.choose(case, triage, case.customer.customer_id)
        teller = OrderTeller(texts, triage.language, case.now.date())
        if not choice.orders:
            return Question(text=_which_order(choice, teller, texts))
        claims_loss = says_not_received(case.unanswered)
        if claims_loss and any(_needs_search(order, case.now.date()) for order in choice.orders):
            return Handoff(reason=HandoffReason.UNSUPPORTED_REQUEST)
        return [statement for order in choice.orders for statement in teller.tell(order)]

    def _ask_for_proof(self, case: Case, texts: Texts) -> Part:
        """Says nothing of whether an order exists. Whoever gave number and address already is not asked twice."""
        given = EntityReader(self._settings.order_prefix, self._settings.phone_region).read(said_by_customer(case))
        if given.order_numbers and given.emails:
            return Handoff(reason=HandoffReason.POLICY_RESTRICTION)
        return Question(text=texts.ask_for_proof)

    async def _from_articles(self, case: Case, triage: Triage, texts: Texts, least: float = 0.0) -> Part:
        """Each question answered from the catalogue or an article; one that is not takes the case to a person."""
        found: dict[Statement, None] = {}
        for question in questions_in(case):
            answer = await self._answer_one(question, case, triage, texts, least)
            if not answer:
                return Handoff(reason=HandoffReason.MISSING_KNOWLEDGE)
            found.update(dict.fromkeys(answer))
        return list(found)

    async def _answer_one(
        self, question: str, case: Case, triage: Triage, texts: Texts, least: float
    ) -> list[Statement]:
        if triage.issue is IssueType.PRODUCT_QUESTION:
            new = question if question in case.unanswered else case.unanswered  # a follow-up asks for something new
            facts = await self._products.tell(new, said_before(case), texts)
            if facts:
                return facts
        passages = await self._knowledge.search(question, triage.language)
        return [_quoted(passage, texts) for passage in passages[:1] if passage.score >= least]


def _must_hand_off(triage: Triage) -> HandoffReason | None:
    """What a person gets whatever the assistant might know."""
    if triage.wants_person or triage.issue is IssueType.HUMAN:
        return HandoffReason.CUSTOMER_REQUEST
    if triage.urgency in _FOR_PEOPLE or triage.issue is IssueType.COMPLAINT:
        return HandoffReason.POLICY_RESTRICTION
    if triage.relation is Relation.DISSATISFIED:
        return HandoffReason.DISSATISFIED
    if triage.language not in TEXTS or triage.auto_reply or triage.issue is IssueType.SPAM:
        return HandoffReason.UNSUPPORTED_REQUEST
    return None


def _question_back(triage: Triage, texts: Texts) -> str:
    """The two likeliest issues to choose from; an open question where there are none."""
    ranked = [triage.issue, *(issue for issue, _ in triage.alternatives)]
    names = [texts.issue[issue] for issue in ranked if issue in texts.issue][:2]
    if triage.issue is IssueType.OTHER or len(names) < 2:
        return texts.ask_for_the_problem
    return texts.ask_which_of_two.format(first=names[0], second=names[1])


def _joined(parts: list[Part]) -> Proposal:
    """One reply to everything; what only a person can do takes all of it there, else a question goes first."""
    statements: list[Statement] = []
    question: Question | None = None
    for part in parts:
        if isinstance(part, Handoff):
            return part
        if isinstance(part, Question):
            question = question or part
        else:
            statements += part
    return question or Reply(statements=tuple(statements))


def _which_order(choice: Choice, teller: OrderTeller, texts: Texts) -> str:
    if choice.unknown_number:
        return texts.ask_for_the_number_again.format(number=choice.unknown_number)
    if not choice.candidates:
        return texts.no_orders
    return texts.ask_which_order.format(choices="\n".join(teller.choice(order) for order in choice.candidates))


def _needs_search(order: Order, today: date) -> bool:
    """Whether facts cannot settle a parcel that did not come: it counts as delivered, or is overdue."""
    return order.state is OrderState.DELIVERED or overdue(order, today)


def _quoted(passage: Passage, texts: Texts) -> Statement:
    source = Citation(
        kind=CitationKind.ARTICLE, ref=passage.slug, version=passage.version, title=passage.title, url=passage.url
    )
    return Statement(text=texts.source.format(text=passage.text, title=passage.title), citations=(source,))


def _understood(triage: Triage, threshold: float) -> bool:
    """Whether the issue is clear enough; candidates that are two sides of one problem count together."""
    ranked = [(triage.issue, triage.confidence), *triage.alternatives]
    sure = sum(confidence for issue, confidence in ranked if akin(issue, triage.issue))
    return triage.issue is not IssueType.OTHER and sure >= threshold
