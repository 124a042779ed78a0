"""What a person would most likely do next, with the reason: a suggestion at which nothing happens by itself."""

import re

from domain.brief import NextAction
from domain.case import Case
from domain.commerce import Order
from domain.flows.kinds import FlowKind
from domain.proposal import Handoff, HandoffReason, Question
from domain.triage import GRAVE, IssueType, Triage
from integrations.assistant.local.compose import Prepared
from integrations.assistant.local.conversation import matter
from integrations.assistant.local.requests import Ask, kind_of_ask, says

_FLOWS = {
    IssueType.RETURN: FlowKind.RETURN,
    IssueType.EXCHANGE: FlowKind.EXCHANGE,
    IssueType.CANCEL_ORDER: FlowKind.CANCELLATION,
    IssueType.CHANGE_ORDER: FlowKind.ITEM_CHANGE,
    IssueType.DAMAGED_WRONG: FlowKind.CLAIM,
}
_NAMES = {
    FlowKind.RETURN: "a return",
    FlowKind.EXCHANGE: "an exchange",
    FlowKind.CANCELLATION: "a cancellation",
    FlowKind.ITEM_CHANGE: "a change of items",
    FlowKind.ADDRESS_CHANGE: "a change of address",
    FlowKind.CLAIM: "a claim",
}
_ON_ORDERS = frozenset({*_FLOWS, IssueType.ORDER_STATUS, IssueType.REFUND})
_ADDRESS = re.compile(r"address|adresse|anschrift|direcci[oó]n|street|straße|calle|\brue\b", re.IGNORECASE)


def next_action(case: Case, triage: Triage | None, prepared: Prepared | None, orders: tuple[Order, ...]) -> NextAction:
    """The suggestion for a case; `orders` are those that the brief shows."""
    if triage is None or prepared is None:
        return NextAction(action="take_over", text="Read the messages: triage failed, so nothing was prepared.")
    if triage.urgency in GRAVE:
        text = f"Answer personally: the message is urgent ({triage.urgency.value})."
        return NextAction(action="take_over", text=text)
    order = _order(triage, orders)
    if (found := _on_an_order(case, triage, order)) is not None:
        return found
    return _speaking(prepared, order)


def _order(triage: Triage, orders: tuple[Order, ...]) -> str:
    """The order that is meant, where that is clear; never one that the customer has not proven."""
    named = [order.number for order in orders if order.number in triage.entities.order_numbers]
    return named[0] if named else orders[0].number if len(orders) == 1 else ""


def _on_an_order(case: Case, triage: Triage, order: str) -> NextAction | None:
    text, language = matter(case), triage.language
    if kind_of_ask(text, triage.issue, language) is Ask.GENERAL:
        return None
    if triage.issue in _ON_ORDERS and not case.verified:
        return NextAction(
            action="ask_proof",
            text="Ask for the order number with email or postcode: nothing of orders may be told yet.",
        )
    missed = says("not_received", text, language)
    if missed and triage.issue in {IssueType.ORDER_STATUS, IssueType.DELIVERY}:
        why = "Check with the carrier: the customer misses a parcel."
        return NextAction(action="check_delivery", order=order, text=why)
    if triage.issue is IssueType.REFUND or says("paid_twice", text, language):
        why = "Check the payments of the order: the customer misses money."
        return NextAction(action="check_payment", order=order, text=why)
    return _flow(case, triage, order, text)


def _flow(case: Case, triage: Triage, order: str, text: str) -> NextAction | None:
    kind = _FLOWS.get(triage.issue)
    if kind is None:
        return None
    if kind is FlowKind.ITEM_CHANGE and _ADDRESS.search(text):
        kind = FlowKind.ADDRESS_CHANGE
    if any(flow.is_open and flow.kind is kind and order in (flow.order, "") for flow in case.flows):
        why = f"Tell where it stands: {_NAMES[kind]} is under way already."
        return NextAction(action="answer", order=order, text=why)
    on = f" for order {order}" if order else " once it is clear which order is meant"
    return NextAction(
        action=f"flow:{kind.value}", order=order, text=f"Start {_NAMES[kind]}{on}: the customer asks for it."
    )


def _speaking(prepared: Prepared, order: str) -> NextAction:
    proposal = prepared.proposal
    if isinstance(proposal, Question):
        return NextAction(action="ask", order=order, text="Ask back: it is not clear yet what is needed.")
    sources = dict.fromkeys(citation.title or citation.ref for one in prepared.known for citation in one.citations)
    if isinstance(proposal, Handoff) and proposal.reason is HandoffReason.MISSING_KNOWLEDGE:
        return NextAction(action="answer", text="Answer in your own words: no article or fact covers all of it.")
    if isinstance(proposal, Handoff) and proposal.reason is HandoffReason.TOOL_FAILURE:
        return NextAction(action="take_over", order=order, text="Look it up by hand: shop or knowledge did not answer.")
    if sources:
        text = f"Send the suggested reply: it rests on {', '.join(sources)}."
        return NextAction(action="answer", order=order, text=text)
    return NextAction(action="take_over", order=order, text="Answer personally: nothing could be prepared.")
