"""Answering one request: from orders, from what is under way, from the catalogue, or from an article."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.case import Case
from domain.commerce import Order, OrderState
from domain.proposal import Citation, CitationKind, Handoff, HandoffReason, Question, Statement
from domain.triage import IssueType, Triage
from integrations.assistant.local.conversation import last_said, matter, told
from integrations.assistant.local.formats import Formats
from integrations.assistant.local.order_choice import Choice, OrderChooser
from integrations.assistant.local.orders import ASPECTS, OrderTeller, overdue
from integrations.assistant.local.products import ProductTeller
from integrations.assistant.local.requests import Ask, kind_of_ask, questions_in, said_before, says, with_occasion
from integrations.assistant.local.settlements import SETTLED_ISSUES, SettlementTeller
from integrations.assistant.local.texts import Texts
from integrations.knowledge.protocol import Knowledge, Passage
from integrations.own_orders import own_orders
from integrations.shop.protocol import ShopReads

KNOWLEDGE_FIRST = frozenset(
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
_NOBODY_CHANGES = frozenset({IssueType.PROMO})
"""Issues where nothing can be done to an order: an article answers `can you still ...?` as well as `how does ...?`."""
_FOR_PEOPLE = frozenset({IssueType.HUMAN, IssueType.COMPLAINT, IssueType.SPAM})
_WELL_COVERED = 0.75
"""Score from which a passage answers a question whose issue type is not clear."""
_FOLLOW_UP = 12
"""Words below which a follow-up that says `it` is about what was just spoken of."""
_SHORT_FOLLOW_UP = 6
"""Words up to which it needs no such word."""
_POINTING = ("refers_back", "other_one")

Part = list[Statement] | Question | Handoff
_NEEDS_A_PERSON = Handoff(reason=HandoffReason.UNSUPPORTED_REQUEST)


@dataclass(frozen=True)
class Request:
    """One request of a case: an issue and the words that are about it."""

    case: Case
    triage: Triage
    issue: IssueType
    texts: Texts
    words: str

    @property
    def asked(self) -> str:
        """The words, with those that our own questions back interrupted."""
        return matter(self.case) if self.words == self.case.unanswered else self.words

    @property
    def ask(self) -> Ask:
        """How it asks."""
        return kind_of_ask(self.asked, self.issue, self.triage.language)

    @property
    def teller(self) -> OrderTeller:
        """Tells of orders in the customer's language."""
        return OrderTeller(self.texts, self.triage.language, self.case)

    @property
    def follows_an_order(self) -> bool:
        """Whether it is a short follow-up (`when will it arrive?`) on the order that was told of before."""
        last = last_said(self.case)
        if last is None or not self.case.verified or not any(letter.isdigit() for letter in last.text):
            return False
        count = len(self.words.split())
        signs = (*_POINTING, "what_about", *ASPECTS) if count <= _SHORT_FOLLOW_UP else _POINTING
        return count < _FOLLOW_UP and any(says(sign, self.words, self.triage.language) for sign in signs)

    def says(self, sign: str) -> bool:
        """Whether the customer says so in this matter."""
        return says(sign, self.asked, self.triage.language)


class Answerer:
    """Answers one request of a case. Exceptions of the shop and of the knowledge base pass through."""

    def __init__(self, shop: ShopReads, knowledge: Knowledge, chooser: OrderChooser, products: ProductTeller) -> None:
        self._shop = shop
        self._knowledge = knowledge
        self._chooser = chooser
        self._products = products

    async def part(self, request: Request) -> Part:
        """The answer to a request: statements with sources, a question, or a handoff."""
        issue, ask = request.issue, request.ask
        if issue in _FOR_PEOPLE:
            return _NEEDS_A_PERSON
        if issue is IssueType.ORDER_STATUS:
            return await self._status(request)
        if issue is IssueType.DELIVERY and (ask is Ask.OWN_CASE or request.follows_an_order):
            return await self._from_orders(request)
        if issue is IssueType.BILLING and request.says("paid_twice"):
            return await self._from_payments(request)
        if issue in SETTLED_ISSUES and ask is not Ask.GENERAL:
            return await self._under_way(request)
        if issue in _NOBODY_CHANGES and (explained := await self._explained(request)):
            return explained
        if ask is not Ask.GENERAL and (ask is Ask.ACTION or issue not in KNOWLEDGE_FIRST):
            return _NEEDS_A_PERSON
        return await self._from_articles(request)

    async def grounded_anyway(self, request: Request) -> list[Statement]:
        """What the catalogue or a well-fitting article says answers a question, whatever it is filed under."""
        if request.issue in _NOBODY_CHANGES:
            return await self._explained(request)
        if request.ask is not Ask.GENERAL:
            return []
        if facts := await self._from_catalogue(request.words, request):
            return facts
        if request.issue is IssueType.OTHER:
            return []
        part = await self._from_articles(request, least=_WELL_COVERED)
        return part if isinstance(part, list) else []

    async def _explained(self, request: Request) -> list[Statement]:
        """What a well-fitting article says to a question, though it be put as a wish."""
        if "?" not in request.words:
            return []
        part = await self._from_articles(request, least=_WELL_COVERED)
        return part if isinstance(part, list) else []

    # --- orders -------------------------------------------------------------------------------------------------------

    async def _status(self, request: Request) -> Part:
        """Facts of the order; an article only for a question that is about no order of theirs."""
        own = request.says("own_case") or request.follows_an_order
        if request.ask is Ask.GENERAL and not request.says("status") and not (own and request.case.verified):
            part = await self._from_articles(request)
            about_orders = own or any(request.says(aspect) for aspect in ASPECTS)
            if isinstance(part, list) or not about_orders:
                return part
        return await self._from_orders(request)

    async def _from_orders(self, request: Request) -> Part:
        case = request.case
        if not case.verified or case.customer is None:
            return _proof(request)
        choice = await self._chooser.choose(case, request.triage)
        if not choice.orders:
            return _which(choice, request)
        missed = request.says("not_received")
        if missed and any(_needs_search(order, case.now.date()) for order in choice.orders):
            return _NEEDS_A_PERSON
        return [one for order in choice.orders for one in _new_of(order, request)]

    async def _from_payments(self, request: Request) -> Part:
        """What the shop has taken, and what an article says; a person where it took more than one payment."""
        article = await self._from_articles(request)
        explained = article if isinstance(article, list) else []
        if not request.case.verified or request.case.customer is None:
            return explained if explained and "?" in request.words else _proof(request)
        choice = await self._chooser.choose(request.case, request.triage)
        if not choice.orders:
            return explained or _which(choice, request)
        paid = [self._settlements(request).payments(order) for order in choice.orders]
        return [*(one for statements in paid for one in statements), *explained] if all(paid) else _NEEDS_A_PERSON

    async def _under_way(self, request: Request) -> Part:
        """Where a return, a refund or the like stands; what is to be done anew needs a flow or a person."""
        if not request.case.verified or request.case.customer is None:
            return _proof(request)
        if request.ask is Ask.ACTION or not request.says("status"):
            return _NEEDS_A_PERSON
        orders = await self._settling(request)
        if isinstance(orders, Question):
            return orders
        teller = self._settlements(request)
        misses = request.issue is IssueType.REFUND and request.says("not_received")
        statements = await teller.tell(orders, request.issue)
        if not statements or (misses and await teller.misses_money_long_sent(orders)):
            return _NEEDS_A_PERSON
        return statements

    async def _settling(self, request: Request) -> tuple[Order, ...] | Question:
        """The orders that are named; where none is, all of the customer's newest: most have nothing under way."""
        if not request.triage.entities.order_numbers:
            return await own_orders(self._shop, request.case)
        choice = await self._chooser.choose(request.case, request.triage)
        return choice.orders or _which(choice, request)

    def _settlements(self, request: Request) -> SettlementTeller:
        return SettlementTeller(self._shop, request.texts, request.triage.language, request.case)

    # --- articles and the catalogue -----------------------------------------------------------------------------------

    async def _from_articles(self, request: Request, least: float = 0.0) -> Part:
        """Each question answered from the catalogue or an article; one that is not takes the case to a person."""
        found: dict[Statement, None] = {}
        for question in questions_in(request.case, request.words, request.triage.language):
            answer = await self._answer_one(question, request, least)
            if not answer:
                return Handoff(reason=HandoffReason.MISSING_KNOWLEDGE)
            found.update(dict.fromkeys(answer))
        return list(found)

    async def _answer_one(self, question: str, request: Request, least: float) -> list[Statement]:
        if request.issue is IssueType.PRODUCT_QUESTION:
            new = question if question in request.words else request.words  # a follow-up asks for something new
            if facts := await self._from_catalogue(new, request):
                return facts
        passages = await self._found(question, request.triage.language)
        return [_quoted(passage, request) for passage in passages[:1] if passage.score >= least]

    async def _found(self, question: str, language: str) -> Sequence[Passage]:
        """Passages for a question: first with its occasion, which says what `it` is; else for what it asks alone."""
        whole = with_occasion(question, language)
        return (await self._knowledge.search(whole, language) if whole else ()) or await self._knowledge.search(
            question, language
        )

    async def _from_catalogue(self, question: str, request: Request) -> list[Statement]:
        formats = Formats(request.texts, request.triage.language, request.case.now.date())
        return await self._products.tell(question, said_before(request.case), request.texts, formats)


def _proof(request: Request) -> Question:
    """Says nothing of whether an order exists."""
    return Question(text=request.texts.ask.proof, asks_proof=True)


def _new_of(order: Order, request: Request) -> list[Statement]:
    """All of an order; of one that was told of already only what is asked now."""
    statements = request.teller.tell(order, request.asked)
    known = told(request.case, statements[0].text)
    return (request.teller.focus(order, request.case.unanswered) if known else []) or statements


def _which(choice: Choice, request: Request) -> Question:
    ask = request.texts.ask
    if choice.needs_proof:
        return _proof(request)
    if choice.unknown_number:
        return Question(text=ask.number_again.format(number=choice.unknown_number))
    if not choice.candidates:
        return Question(text=ask.no_orders)
    choices = "\n".join(request.teller.choice(order) for order in choice.candidates)
    return Question(text=ask.which_order.format(choices=choices))


def _needs_search(order: Order, today: date) -> bool:
    """Whether facts cannot settle a parcel that did not come: it counts as delivered, or is overdue."""
    return order.state is OrderState.DELIVERED or overdue(order, today)


def _quoted(passage: Passage, request: Request) -> Statement:
    source = Citation(
        kind=CitationKind.ARTICLE, ref=passage.slug, version=passage.version, title=passage.title, url=passage.url
    )
    url = request.case.linkable(passage.url)
    pattern = request.texts.source_link if url else request.texts.source
    return Statement(text=pattern.format(text=passage.text, title=passage.title, url=url), citations=(source,))
