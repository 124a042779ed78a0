"""Proposals of a flow's dialogue, and what is kept beside each: what it reads back, or which wish it closes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.case import Case
from domain.commerce import Order, Product
from domain.flows.dialogue import Lacking, Missing, fingerprint
from domain.flows.question_words import code_choice, order_choice, question_for, told, variant_choice, what_is_next
from domain.flows.readback_words import read_back
from domain.flows.refusal import Refused
from domain.flows.refusal_words import refusal_words
from domain.flows.requests import CustomRequest, ExchangeRequest, FlowRequest, ItemChange, flow_named
from domain.flows.rules import OwnFlow
from domain.flows.verdict import RequestFacts, Verdict
from domain.parties import AuthorKind
from domain.proposal import (
    Citation,
    CitationKind,
    Handoff,
    HandoffReason,
    Proposal,
    Question,
    Reply,
    Statement,
)
from store.flow_wishes import ReadBack


@dataclass(frozen=True)
class Ordered:
    """What a stage has the AI say."""

    proposal: Proposal
    reads: FlowRequest | None = None
    """The request that it reads back, to be begun on a yes."""
    fingerprint: str = ""
    heard: int | None = None
    """For a read-back: how many the customer has heard before. It is no question back, and counts by itself."""
    closes: str = ""
    """The wish of which it tells what came of it."""
    nothing_named: bool = False
    """The customer has named nothing yet that a request could be about."""


def hand_off(reason: HandoffReason) -> Ordered:
    """People see to it."""
    return Ordered(Handoff(reason=reason))


def asks_proof() -> Ordered:
    """Who writes is not known well enough; `activities.proving` finds the words."""
    return Ordered(Question(text="", asks_proof=True))


def asks_for(
    lacking: Lacking,
    language: str,
    *,
    order: Order | None = None,
    orders: Sequence[Order] = (),
    products: Mapping[str, Product] | None = None,
    link: str = "",
) -> Ordered:
    """A question back for what is missing, with what there is to choose from."""
    choices: Sequence[str] = ()
    match lacking.what:
        case Missing.ORDER:
            choices = [order_choice(one) for one in orders]
        case Missing.ITEMS if order is not None:
            choices = [line.title for line in order.lines if line.open_quantity > 0]
        case Missing.VARIANT if order is not None and products is not None:
            choices = _variants(lacking, order, products)
        case _:
            choices = [code_choice(code) for code in lacking.choices]
    number = order.number if order else ""
    where = link if lacking.what in {Missing.ITEMS, Missing.VARIANT} else ""
    words = question_for(lacking.what, language, order=number, choices=choices, link=where)
    return Ordered(Question(text=words), nothing_named=lacking.what in {Missing.ORDER, Missing.ITEMS})


def _variants(lacking: Lacking, order: Order, products: Mapping[str, Product]) -> list[str]:
    titles = {line.line_id: line.title for line in order.lines}
    known = [line_id for line_id in lacking.line_ids if line_id in products]
    return [variant_choice(titles[line_id], products[line_id].variants) for line_id in known]


def sold_instead(refused: Refused, facts: RequestFacts, language: str) -> Ordered:
    """What they would like is not there: ask for another one."""
    choices = [variant_choice(product.title, product.variants) for product in facts.products]
    asked = question_for(Missing.VARIANT, language, choices=choices)
    return Ordered(Question(text=f"{refusal_words(refused, language)} {asked}"))


def reads_back(
    case: Case,
    request: FlowRequest,
    facts: RequestFacts,
    verdict: Verdict,
    language: str,
    *,
    before: str,
    heard: int,
    own: Mapping[str, OwnFlow],
) -> Ordered:
    """The read-back, which asks for an explicit yes; `own` are the flows of the brand's own."""
    if facts.order is None:
        raise ValueError(f"case {case.interaction_id}: a request without an order is refused")
    words = read_back(request, verdict, facts.order, _titles(request, facts, own), language, before=before)
    return Ordered(Question(text=words), reads=request, fingerprint=fingerprint(request, verdict), heard=heard)


def _titles(request: FlowRequest, facts: RequestFacts, own: Mapping[str, OwnFlow]) -> dict[str, str]:
    """SKU to how the new variants are called; or the name of a flow of the brand's own to what it is called."""
    if isinstance(request, CustomRequest):
        return {request.flow: own[request.flow].title}
    if not isinstance(request, ExchangeRequest | ItemChange):
        return {}
    return {
        variant.sku: ", ".join((product.title, *variant.options.values()))
        for product in facts.products
        for variant in product.variants
    }


def refuses(case: Case, refused: Refused, facts: RequestFacts, language: str) -> Ordered:
    """The rule in words; a customer who has read it already gets a person."""
    words = refusal_words(refused, language)
    if any(turn.author is AuthorKind.AI and turn.text == words for turn in case.turns):
        return hand_off(HandoffReason.POLICY_RESTRICTION)
    cited = (_order(facts.order.number),) if facts.order else (_case(case),)
    return Ordered(Reply(statements=(Statement(text=words, citations=cited),)))


def declined(case: Case, last: ReadBack, language: str) -> Ordered:
    """Nothing happens."""
    statement = Statement(text=told("declined", language), citations=(_case(case),))
    return Ordered(Reply(statements=(statement,)), closes=last.wish_id)


def begun(last: ReadBack, flow_id: str, verdict: Verdict, language: str, link: str) -> Ordered:
    """It has begun: what is next, and where it can be followed."""
    of_flow = Citation(kind=CitationKind.FLOW, ref=flow_id, title=_named(last.request))
    cited = (of_flow, _order(last.request.order))
    words = [told("started", language, order=last.request.order), what_is_next(last.request, verdict, language)]
    words += [told("follow", language, link=link)] if link else []
    return Ordered(Reply(statements=tuple(Statement(text=one, citations=cited) for one in words)), closes=last.wish_id)


def choice_taken(case: Case, flow_id: str, order: str) -> Ordered:
    """A flow's question is answered; the flow itself says what follows."""
    language = case.triage.language if case.triage else "en"
    cited = (Citation(kind=CitationKind.FLOW, ref=flow_id), _order(order))
    return Ordered(Reply(statements=(Statement(text=told("chosen", language), citations=cited),)))


def points_to_page(case: Case, link: str, order: Order | None) -> Ordered:
    """The customer's own page, where they can do it themselves."""
    language = case.triage.language if case.triage else "en"
    cited = (_case(case), *((_order(order.number),) if order else ()))
    return Ordered(Reply(statements=(Statement(text=told("self_service", language, link=link), citations=cited),)))


def _named(request: FlowRequest) -> str:
    return f"{flow_named(request).replace('_', ' ')} {request.order}".strip()


def _order(number: str) -> Citation:
    return Citation(kind=CitationKind.ORDER, ref=number, title=number)


def _case(case: Case) -> Citation:
    return Citation(kind=CitationKind.INTERACTION, ref=case.interaction_id)
