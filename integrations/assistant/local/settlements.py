"""Answers about what happens after an order: returns, exchanges, refunds and payments, as shop and flows say now."""

from domain.case import Case
from domain.commerce import Order, PaymentState, Refund, ReturnRecord, ReturnState
from domain.flows.kinds import FlowKind
from domain.flows.progress import FlowProgress
from domain.proposal import Citation, CitationKind, Statement
from domain.triage import IssueType
from integrations.assistant.local.formats import Formats
from integrations.assistant.local.orders import of_order
from integrations.assistant.local.texts import Texts
from integrations.shop.protocol import ShopReads

_TOLD_OF: dict[IssueType, frozenset[FlowKind]] = {
    IssueType.RETURN: frozenset({FlowKind.RETURN}),
    IssueType.EXCHANGE: frozenset({FlowKind.EXCHANGE}),
    IssueType.REFUND: frozenset(
        {FlowKind.RETURN, FlowKind.EXCHANGE, FlowKind.REFUND, FlowKind.CANCELLATION, FlowKind.CLAIM}
    ),
    IssueType.CANCEL_ORDER: frozenset({FlowKind.CANCELLATION}),
    IssueType.CHANGE_ORDER: frozenset({FlowKind.ADDRESS_CHANGE, FlowKind.ITEM_CHANGE, FlowKind.PAYMENT_CHANGE}),
    IssueType.DAMAGED_WRONG: frozenset({FlowKind.CLAIM}),
}
SETTLED_ISSUES = frozenset(_TOLD_OF)
"""Issues where a flow may be under way that the customer asks about."""
_WITH_MONEY = frozenset({IssueType.REFUND, IssueType.RETURN})
"""Issues where what was paid back belongs to the answer."""
_LATE_REFUND_DAYS = 10
"""Days after which money that was sent back and is still missed needs a person."""


class SettlementTeller:
    """Tells of returns, exchanges, refunds and payments in one language, to one case."""

    def __init__(self, shop: ShopReads, texts: Texts, language: str, case: Case) -> None:
        self._shop = shop
        self._texts = texts
        self._case = case
        self._formats = Formats(texts, language, case.now.date())

    async def tell(self, orders: tuple[Order, ...], issue: IssueType) -> list[Statement]:
        """All that is known on the issue for these orders; empty if nothing is."""
        statements: list[Statement] = []
        for order in orders:
            flows = [flow for flow in self._case.flows if flow.order == order.number and flow.kind in _TOLD_OF[issue]]
            statements += [self._flow(flow, order) for flow in _worth_telling(flows)]
            if not flows and issue in {IssueType.RETURN, IssueType.EXCHANGE, IssueType.REFUND}:
                statements += [self._record(record, order) for record in order.returns if _fits(record, issue)]
            if issue in _WITH_MONEY:
                statements += [self._refund(one, order) for one in await self._shop.refunds(order.number)]
        return statements

    async def misses_money_long_sent(self, orders: tuple[Order, ...]) -> bool:
        """Whether a refund went back so long ago that it should have arrived."""
        refunds = [one for order in orders for one in await self._shop.refunds(order.number)]
        return any((self._case.now - one.at).days >= _LATE_REFUND_DAYS for one in refunds)

    def payments(self, order: Order) -> list[Statement]:
        """The one payment of an order; empty where there are several, or the money is not there yet."""
        taken = [one for one in order.payments if one.state is not PaymentState.VOIDED]
        if len(taken) != 1 or taken[0].state is PaymentState.PENDING:
            return []
        amount, method = self._formats.money(taken[0].amount), self._texts.money.paid_by[taken[0].method]
        text = self._texts.money.paid_once.format(number=order.number, amount=amount, method=method)
        return [Statement(text=text, citations=(of_order(order),))]

    def _flow(self, flow: FlowProgress, order: Order) -> Statement:
        about = self._texts.returns.kinds[flow.kind].format(number=flow.order)
        if flow.is_open or flow.outcome is None:
            day = self._formats.day(flow.opened_at.date())
            text = self._texts.returns.flow[flow.state].format(about=about, day=day)
        else:
            day = self._formats.day(flow.changed_at.date())
            text = self._texts.returns.ended[flow.outcome].format(about=about, day=day)
        return Statement(text=text, citations=(of_flow(flow), of_order(order)))

    def _record(self, record: ReturnRecord, order: Order) -> Statement:
        kind = FlowKind.EXCHANGE if record.exchange else FlowKind.RETURN
        arrived = record.state is ReturnState.OPEN and any(line.received for line in record.lines)
        pattern = self._texts.returns.record_arrived if arrived else self._texts.returns.record[record.state]
        text = pattern.format(about=self._texts.returns.kinds[kind].format(number=order.number))
        return Statement(text=text, citations=(of_order(order),))

    def _refund(self, refund: Refund, order: Order) -> Statement:
        text = self._texts.money.refunded.format(
            number=order.number,
            amount=self._formats.money(refund.amount),
            day=self._formats.day(refund.at.date()),
            method=self._texts.money.methods[refund.to],
        )
        return Statement(text=text, citations=(of_order(order),))


def of_flow(flow: FlowProgress) -> Citation:
    """A flow as a source."""
    return Citation(kind=CitationKind.FLOW, ref=flow.flow_id, title=f"{flow.kind.value} {flow.order}".strip())


def _worth_telling(flows: list[FlowProgress]) -> list[FlowProgress]:
    """The open ones; only where none is, the newest that has ended."""
    return [flow for flow in flows if flow.is_open] or flows[:1]


def _fits(record: ReturnRecord, issue: IssueType) -> bool:
    return issue is IssueType.REFUND or record.exchange == (issue is IssueType.EXCHANGE)
