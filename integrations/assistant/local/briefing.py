"""The brief: what a person reads first, each statement linked to its message or fact."""

import structlog

from domain.case import Brief, Case
from domain.commerce import Order
from domain.parties import AuthorKind
from domain.proposal import Action, Citation, CitationKind, Handoff, Proposal, Statement
from domain.triage import IssueType, Relation, Sentiment, Triage, Urgency
from integrations.assistant.local.orders import OPEN_STATES
from integrations.assistant.local.requests import newest_messages
from integrations.assistant.local.texts import ENGLISH, TEXTS
from integrations.shop.protocol import Shop

log = structlog.get_logger(__name__)

_QUOTED = 240
"""Characters of a message that are quoted."""


class Briefer:
    """Prepares people. Always gives a brief: what could not be looked up is said, not left out."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def brief(self, case: Case, proposal: Proposal | None) -> Brief:
        """The brief for a case; `proposal` is what the assistant would have answered, if anything."""
        orders, reachable = await self._orders(case)
        statements = [_who(case), *_wants(case), *_tone(case), *_tried(case), *_order_statements(orders)]
        if not reachable:
            text = "The shop did not answer, so the orders could not be loaded."
            statements.append(Statement(text=text, citations=_this(case)))
        return Brief(
            summary=_summary(case, orders),
            statements=tuple(statements),
            suggested_reply=_suggested(case, proposal),
            orders=orders,
        )

    async def _orders(self, case: Case) -> tuple[tuple[Order, ...], bool]:
        """The verified customer's open or named orders, else the newest; and whether the shop answered."""
        if not case.verified or case.customer is None:
            return (), True
        try:
            recent = await self._shop.recent_orders(case.customer.customer_id)
        except Exception as error:
            log.warning("brief_orders_unavailable", interaction=case.interaction_id, error=type(error).__name__)
            return (), False
        own = [order for order in recent if order.customer_id == case.customer.customer_id]
        named = case.triage.entities.order_numbers if case.triage else ()
        wanted = [order for order in own if order.state in OPEN_STATES or order.number in named]
        return tuple(wanted or own[:1]), True


def _who(case: Case) -> Statement:
    if case.customer is None or not case.verified:
        text = f"Customer: identity not verified, tier {case.tier}. Do not disclose order facts."
        return Statement(text=text, citations=_this(case))
    customer = case.customer
    text = f"Customer: {customer.name}, tier {case.tier}, verified, {customer.orders_count} orders so far."
    return Statement(text=text, citations=(Citation(kind=CitationKind.CUSTOMER, ref=customer.customer_id),))


def _this(case: Case) -> tuple[Citation, ...]:
    """The interaction itself as the source."""
    return (Citation(kind=CitationKind.INTERACTION, ref=case.interaction_id),)


def _wants(case: Case) -> list[Statement]:
    sources = newest_messages(case)
    statements = [Statement(text=f"Their words: “{_shortened(case.unanswered)}”", citations=sources)]
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
        signs.append(f"urgent ({triage.urgency.value})")
    if triage.wants_person:
        signs.append("asks for a person")
    if triage.relation is Relation.DISSATISFIED:
        signs.append("says that the last answer did not help")
    return [Statement(text=f"The customer {', '.join(signs)}.", citations=newest_messages(case))] if signs else []


def _tried(case: Case) -> list[Statement]:
    spoken = [turn for turn in case.turns if turn.author in (AuthorKind.AI, AuthorKind.AGENT)]
    if not spoken:
        return [Statement(text="Nobody has answered yet.", citations=_this(case))]
    who = {AuthorKind.AI: "The AI", AuthorKind.AGENT: "An agent"}
    return [
        Statement(
            text=f"{who[turn.author]} wrote: “{_shortened(turn.text)}”",
            citations=(Citation(kind=CitationKind.MESSAGE, ref=turn.message_id),),
        )
        for turn in spoken[-2:]
    ]


def _order_statements(orders: tuple[Order, ...]) -> list[Statement]:
    return [
        Statement(
            text=_told(order), citations=(Citation(kind=CitationKind.ORDER, ref=order.number, title=order.number),)
        )
        for order in orders
    ]


def _told(order: Order) -> str:
    state = order.state.value.replace("_", " ")
    items = ", ".join(line.title for line in order.lines)
    return f"Order {order.number} of {order.placed_at:%Y-%m-%d}, {order.total}: {state}; {items}"


def _summary(case: Case, orders: tuple[Order, ...]) -> str:
    who = case.customer.name if case.customer and case.verified else "An unverified customer"
    about = _name(case.triage.issue) if case.triage else "something not triaged yet"
    answers = sum(turn.author in (AuthorKind.AI, AuthorKind.AGENT) for turn in case.turns)
    tried = f"{answers} answers so far" if answers != 1 else "1 answer so far"
    tone = f", sounds {case.triage.sentiment.value}" if case.triage and case.triage.sentiment is Sentiment.ANGRY else ""
    numbers = f" Orders: {', '.join(order.number for order in orders)}." if orders else ""
    return f"{who} ({case.tier}, {case.channel.value}) writes about {about}{tone}; {tried}.{numbers}"


def _suggested(case: Case, proposal: Proposal | None) -> str:
    if proposal is not None and not isinstance(proposal, Handoff | Action):
        return proposal.text
    texts = TEXTS.get(case.triage.language if case.triage else "en")
    if texts is None:
        return ""
    issue = case.triage.issue if case.triage else IssueType.OTHER
    name = f" {case.customer.name.split()[0]}" if case.customer and case.verified and case.customer.name else ""
    return texts.suggested_opening.format(name=name, issue=texts.issue.get(issue, "your request"))


def _name(issue: IssueType) -> str:
    return ENGLISH.issue.get(issue, "something else")


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1].rstrip() + "…"
