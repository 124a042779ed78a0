"""The brief: what a person reads first, each statement linked to its source. Written for people, in English."""

import structlog

from domain.brief import Brief, EarlierCase, Tried, TriedKind
from domain.case import Case
from domain.commerce import Order
from domain.flows.progress import FlowProgress
from domain.parties import AuthorKind
from domain.proposal import Action, Citation, CitationKind, Handoff, Reply, Statement
from domain.triage import Entities, IssueType, Relation, Sentiment, Triage, Urgency
from integrations.assistant.local.compose import Prepared
from integrations.assistant.local.conversation import is_question, told
from integrations.assistant.local.next_action import next_action
from integrations.assistant.local.orders import OPEN_STATES, of_order
from integrations.assistant.local.requests import newest_messages
from integrations.assistant.local.settlements import of_flow
from integrations.assistant.local.texts import ENGLISH, TEXTS
from integrations.own_orders import own_orders
from integrations.shop.protocol import ShopReads

log = structlog.get_logger(__name__)

_QUOTED = 240
"""Characters of a message that are quoted."""
_TRIED_SAID = 4
"""Answers and questions that are listed, the newest ones."""


class Briefer:
    """Prepares people. Always gives a brief: what could not be looked up is said, not left out."""

    def __init__(self, shop: ShopReads) -> None:
        self._shop = shop

    async def brief(self, case: Case, prepared: Prepared | None) -> Brief:
        """The brief for a case; `prepared` is what the assistant would say, and what it knows, if anything."""
        orders, reachable = await self._orders(case)
        triage = case.triage or Triage(issue=IssueType.OTHER, confidence=0, entities=Entities())
        tried, todo = _tried(case), next_action(case, case.triage, prepared, orders)
        reply, sources = _suggested(case, prepared)
        statements = [_who(case), *_wants(case), *_tone(case), *_said(case, tried), *map(_told, orders)]
        statements += [*map(_of_flow, case.flows), *map(_of_earlier, case.earlier)]
        if not reachable:
            text = "The shop did not answer, so the orders could not be loaded."
            statements.append(Statement(text=text, citations=_this(case)))
        statements.append(Statement(text=f"Next: {todo.text}", citations=newest_messages(case) or _this(case)))
        return Brief(
            summary=_summary(case, orders),
            statements=tuple(statements),
            suggested_reply=reply,
            suggested_sources=sources,
            orders=orders,
            intent=case.triage.issue if case.triage else None,
            further=triage.further_issues,
            entities=triage.entities,
            reason=case.handoff,
            verified=case.verified,
            proven_orders=case.proven_orders,
            sentiment=triage.sentiment,
            urgency=triage.urgency,
            language=case.triage.language if case.triage else "",
            tried=tried,
            next_action=todo,
            flows=case.flows,
            earlier=case.earlier,
        )

    async def _orders(self, case: Case) -> tuple[tuple[Order, ...], bool]:
        """The verified customer's open or named orders, else the newest; and whether the shop answered."""
        if not case.verified or case.customer is None:
            return (), True
        try:
            own = await own_orders(self._shop, case)
        except Exception as error:
            log.warning("brief_orders_unavailable", interaction=case.interaction_id, error=type(error).__name__)
            return (), False
        named = case.triage.entities.order_numbers if case.triage else ()
        wanted = [order for order in own if order.state in OPEN_STATES or order.number in named]
        return tuple(wanted or own[:1]), True


# --- who and what ---------------------------------------------------------------------------------------------------


def _who(case: Case) -> Statement:
    if case.customer is None or not case.verified:
        text = f"Customer: identity not verified, tier {case.tier}. Do not disclose order facts."
        return Statement(text=text, citations=_this(case))
    customer = case.customer
    text = f"Customer: {customer.name}, tier {case.tier}, verified, {customer.orders_count} orders so far."
    if case.proven_orders is not None:
        text = f"Customer: {customer.name}, tier {case.tier}, verified for order {', '.join(case.proven_orders)} only."
    return Statement(text=text, citations=(Citation(kind=CitationKind.CUSTOMER, ref=customer.customer_id),))


def _this(case: Case) -> tuple[Citation, ...]:
    """The interaction itself as the source."""
    return (Citation(kind=CitationKind.INTERACTION, ref=case.interaction_id),)


def _wants(case: Case) -> list[Statement]:
    sources = newest_messages(case)
    statements = [Statement(text=f"Their words: “{_shortened(case.unanswered)}”", citations=sources)]
    if not case.unanswered:
        statements = [Statement(text="Everything that the customer wrote is answered.", citations=_this(case))]
    if case.handoff is not None:
        text = f"It came to people because of: {case.handoff.value.replace('_', ' ')}."
        statements.append(Statement(text=text, citations=_this(case)))
    if case.triage is None:
        return [*statements, Statement(text="Not triaged.", citations=sources)]
    triage = case.triage
    issues = " and ".join(_name(issue) for issue in (triage.issue, *triage.further_issues))
    statements.append(Statement(text=f"It is about {issues} (confidence {triage.confidence:.0%}).", citations=sources))
    entities = _named(triage)
    return [*statements, Statement(text=f"They name {entities}.", citations=sources)] if entities else statements


def _named(triage: Triage) -> str:
    entities = triage.entities
    kinds = (
        ("order", entities.order_numbers),
        ("email", entities.emails),
        ("phone", entities.phones),
        ("postcode", entities.postcodes),
        ("product", entities.products),
    )
    return ", ".join(f"{name} {value}" for name, values in kinds for value in values)


def _tone(case: Case) -> list[Statement]:
    triage = case.triage
    if triage is None:
        return []
    signs = []
    if triage.sentiment in (Sentiment.ANGRY, Sentiment.NEGATIVE):
        signs.append(f"sounds {triage.sentiment.value}")
    if triage.urgency is not Urgency.NORMAL:
        signs.append(f"is urgent ({triage.urgency.value})")
    if triage.wants_person:
        signs.append("asks for a person")
    if triage.relation is Relation.DISSATISFIED:
        signs.append("says that the last answer did not help")
    return [Statement(text=f"The customer {', '.join(signs)}.", citations=newest_messages(case))] if signs else []


# --- what was tried, and what there is ------------------------------------------------------------------------------


def _tried(case: Case) -> tuple[Tried, ...]:
    """Questions asked, answers given, flows begun, oldest first."""
    spoken = [turn for turn in case.turns if turn.author in (AuthorKind.AI, AuthorKind.AGENT)][-_TRIED_SAID:]
    said = [
        Tried(
            kind=TriedKind.QUESTION if turn.author is AuthorKind.AI and is_question(turn.text) else TriedKind.ANSWER,
            text=f"{'The AI' if turn.author is AuthorKind.AI else 'An agent'} wrote: “{_shortened(turn.text)}”",
            citation=Citation(kind=CitationKind.MESSAGE, ref=turn.message_id),
        )
        for turn in spoken
    ]
    begun = [flow for flow in case.flows if flow.interaction_id == case.interaction_id]
    return (*said, *(Tried(kind=TriedKind.FLOW, text=_flow_text(flow), citation=of_flow(flow)) for flow in begun))


def _said(case: Case, tried: tuple[Tried, ...]) -> list[Statement]:
    said = [one for one in tried if one.kind is not TriedKind.FLOW]
    if not said:
        return [Statement(text="Nobody has answered yet.", citations=_this(case))]
    return [Statement(text=one.text, citations=(one.citation,)) for one in said]


def _told(order: Order) -> Statement:
    state = order.state.value.replace("_", " ")
    items = ", ".join(line.title for line in order.lines)
    text = f"Order {order.number} of {order.placed_at:%Y-%m-%d}, {order.total}: {state}; {items}"
    return Statement(text=text, citations=(of_order(order),))


def _of_flow(flow: FlowProgress) -> Statement:
    return Statement(text=_flow_text(flow), citations=(of_flow(flow),))


def _flow_text(flow: FlowProgress) -> str:
    stands = flow.state.value if flow.is_open or flow.outcome is None else flow.outcome.value
    name, order = flow.kind.value.replace("_", " ").capitalize(), f" for order {flow.order}" if flow.order else ""
    return f"{name}{order}, begun {flow.opened_at:%Y-%m-%d}: {stands.replace('_', ' ')}"


def _of_earlier(one: EarlierCase) -> Statement:
    issue = _name(IssueType(one.issue)) if one.issue else "something not triaged"
    how = f"resolved ({one.resolution.replace('_', ' ')})" if one.closed_at else "still open"
    text = f"Another case, {one.channel.value}, {one.opened_at:%Y-%m-%d}: about {issue}, {how}."
    return Statement(text=text, citations=(Citation(kind=CitationKind.INTERACTION, ref=one.interaction_id),))


def _summary(case: Case, orders: tuple[Order, ...]) -> str:
    who = case.customer.name if case.customer and case.verified else "An unverified customer"
    issues = (case.triage.issue, *case.triage.further_issues) if case.triage else ()
    about = " and ".join(_name(issue) for issue in issues) or "something not triaged yet"
    answers = sum(turn.author in (AuthorKind.AI, AuthorKind.AGENT) for turn in case.turns)
    tried = f"{answers} answers so far" if answers != 1 else "1 answer so far"
    tone = f", sounds {case.triage.sentiment.value}" if case.triage and case.triage.sentiment is Sentiment.ANGRY else ""
    numbers = f" Orders: {', '.join(order.number for order in orders)}." if orders else ""
    under_way = [flow for flow in case.flows if flow.is_open]
    flows = f" Under way: {', '.join(flow.kind.value.replace('_', ' ') for flow in under_way)}." if under_way else ""
    earlier = f" Other cases: {len(case.earlier)}." if case.earlier else ""
    return f"{who} ({case.tier}, {case.channel.value}) writes about {about}{tone}; {tried}.{numbers}{flows}{earlier}"


# --- the reply ------------------------------------------------------------------------------------------------------


def _suggested(case: Case, prepared: Prepared | None) -> tuple[str, tuple[Citation, ...]]:
    """What the assistant would say, or what is known of it; else the beginning of an answer, which states nothing."""
    if not case.unanswered:
        return "", ()
    if prepared is not None:
        fresh = tuple(one for one in prepared.known if not told(case, one.text))
        if not isinstance(prepared.proposal, Handoff | Action | Reply):
            return prepared.proposal.text, Reply(statements=fresh).citations
        if isinstance(prepared.proposal, Reply) and not prepared.known:
            return prepared.proposal.text, prepared.proposal.citations
        if fresh:
            return Reply(statements=fresh).text, Reply(statements=fresh).citations
    return _opening(case), ()


def _opening(case: Case) -> str:
    spoken = case.customer.locale[:2] if case.customer and case.verified else "en"
    texts = TEXTS.get(case.triage.language if case.triage else spoken)
    if texts is None:
        return ""
    issue = case.triage.issue if case.triage else IssueType.OTHER
    name = f" {case.customer.name.split()[0]}" if case.customer and case.verified and case.customer.name else ""
    return texts.suggested_opening.format(name=name, issue=texts.issue.get(issue, texts.your_request))


def _name(issue: IssueType) -> str:
    return ENGLISH.issue.get(issue, "something else")


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1].rstrip() + "…"
