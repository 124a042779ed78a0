"""What a flow's words may name, read from its row, its steps and its tasks."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import FlowKind, TaskKind
from domain.flows.requests import ExchangeRequest, RefundRequest, RefundTo, ReturnRequest, read_request
from domain.flows.rules import CommerceRules, Inspects, OwnFlow, ReturnRules
from domain.flows.verdict import Verdict
from domain.flows.words import SpokenFacts
from domain.front_door import FrontDoor
from domain.money import Money
from store.flow_steps import done_steps
from store.flows import Flow, FlowStep, FlowTask
from store.locking import database_now

_COMES_BACK = {"label", "reminder"}
_CHANGED_FOR_MONEY = {FlowKind.CANCELLATION, FlowKind.REFUND}
SAY = "say:"
"""Begins the step under which the journal keeps what a flow said."""


async def spoken_facts(
    session: AsyncSession, flow: Flow, word: str, rules: CommerceRules, door: FrontDoor
) -> SpokenFacts:
    """The facts for a word, as they stand now."""
    now = await database_now(session)
    steps = await done_steps(session, flow.id)
    known, handed_in = flow.facts, rules_of(flow, rules)
    label = str(known.get("label", ""))
    money = _refunded(flow, steps)
    to_credit = _to_credit(flow)
    return SpokenFacts(
        kind=FlowKind(flow.kind),
        order=flow.order_number,
        title=own.title if (own := own_flow(flow, rules)) else "",
        label="" if handed_in.drop_off else label,
        code=label if handed_in.drop_off else "",
        by=_last_whole_day(_until(flow, word, steps, handed_in), now),
        amount=None if to_credit else money,
        credit=money if to_credit else None,
        charge=_money(flow, known.get("to_pay_minor")),
        refund_by=_day(refund_due(flow, word, rules, now)),
        tracking=str(known.get("tracking", "")),
        payment_url=str(known.get("payment_url", "")),
        items=_new_skus(flow),
        choices=_words(known.get("choose")),
        expected=_day(_moment(known.get("expected_on"))),
        link=door.portal(flow.shop_customer_id, flow.order_number, flow.id, now, rules.portal_days),
        decision=await _decision(session, flow.id),
    )


def own_flow(flow: Flow, rules: CommerceRules) -> OwnFlow | None:
    """What policy says of a flow of the brand's own; None for Baton's."""
    return rules.own.get(str(flow.request.get("flow", ""))) if flow.kind == FlowKind.CUSTOM.value else None


def rules_of(flow: Flow, rules: CommerceRules) -> ReturnRules:
    """The rules by which things come back."""
    return rules.exchanges if flow.kind == FlowKind.EXCHANGE.value else rules.returns


def refund_due(flow: Flow, word: str, rules: CommerceRules, now: datetime) -> datetime | None:
    """Until when a refund is promised: from the moment at which a return has arrived, if somebody inspects it."""
    promised = word == "received" and flow.kind == FlowKind.RETURN.value
    if not promised or rules.returns.inspects is not Inspects.WAREHOUSE:
        return None
    return now + timedelta(hours=rules.returns.inspection_hours) + _TO_REFUND


_TO_REFUND = timedelta(days=2)
"""What is promised beyond the inspection's own deadline: people get a day to look, and a day to settle."""


def _refunded(flow: Flow, steps: list[FlowStep]) -> Money | None:
    names = {"refund", "change_order"} if flow.kind in _CHANGED_FOR_MONEY else {"refund"}
    amounts = [step.result.get("amount_minor") for step in steps if step.name.partition(":")[0] in names]
    return _money(flow, sum(amount for amount in amounts if isinstance(amount, int)))


def _money(flow: Flow, minor: object) -> Money | None:
    currency = Verdict.model_validate(flow.verdict or {}).currency or str(flow.request.get("currency", ""))
    return Money(minor=minor, currency=currency) if isinstance(minor, int) and minor > 0 and currency else None


def _to_credit(flow: Flow) -> bool:
    request = read_request(flow.request)
    return isinstance(request, ReturnRequest | RefundRequest) and request.refund_to is RefundTo.STORE_CREDIT


def _until(flow: Flow, word: str, steps: list[FlowStep], rules: ReturnRules) -> datetime | None:
    """The deadline that the customer has: of the way back, else of the present wait."""
    if word in _COMES_BACK:
        labelled = (step.result.get("at") for step in steps if step.name.partition(":")[0] == "issue_label")
        since = _moment(next(labelled, None))
        return since + timedelta(days=rules.ship_back_days) if since else None
    return _moment(flow.facts.get("until"))


def _last_whole_day(until: datetime | None, now: datetime) -> date | None:
    """The day that is named is over before the deadline is, in whatever time zone it is read, if there is time."""
    if until is None:
        return None
    return max((until - timedelta(days=1)).date(), now.date())


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) and written else None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _new_skus(flow: Flow) -> tuple[str, ...]:
    """What was chosen and cannot be had."""
    gone, request = _words(flow.facts.get("out_of_stock")), read_request(flow.request)
    swaps = request.swaps if isinstance(request, ExchangeRequest) else ()
    return tuple(swap.new_sku for swap in swaps if swap.line_id in gone)


def _words(written: object) -> tuple[str, ...]:
    """A list of constant words, or one text of them with blanks between."""
    if isinstance(written, str):
        return tuple(written.replace(",", " ").split())
    return tuple(str(one) for one in written) if isinstance(written, list | tuple) else ()


_LAST_SAID = text(
    "SELECT max(at) FROM journal WHERE flow_id = :flow AND kind = 'flow_step' AND facts ->> 'step' LIKE :say"
)


async def _decision(session: AsyncSession, flow_id: str) -> str:
    """What people who decided wrote for the customer since the flow last spoke; each is passed on once."""
    last = (await session.execute(_LAST_SAID, {"flow": flow_id, "say": f"{SAY}%"})).scalar_one()
    query = select(col(FlowTask.words)).where(
        col(FlowTask.flow_id) == flow_id,
        col(FlowTask.kind).in_((TaskKind.APPROVE.value, TaskKind.JUDGE.value)),
        col(FlowTask.words) != "",
        *([col(FlowTask.done_at) > last] if last else []),
    )
    return "\n\n".join((await session.execute(query.order_by(col(FlowTask.done_at)))).scalars())
