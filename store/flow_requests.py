"""Requests for flows: judged again under the order's lock, and written down once for each intent."""

from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import Order
from domain.flows.judging import judge
from domain.flows.kinds import AskedBy, FlowEntryKind, FlowKind, FlowOutcome
from domain.flows.requests import FlowRequest
from domain.flows.units import Holding, held_unknown_to_shop, units_of, wanted
from domain.flows.verdict import RequestFacts, Verdict
from domain.masking import masked
from domain.policy import Policy
from domain.values import Value
from store.errors import Conflict
from store.flow_steps import DONE
from store.flows import Flow, FlowClaim, FlowStep, flow_by_intent, note_flow, tell_flow
from store.ids import new_id
from store.journal import Happening, note_about
from store.locking import CLOCK

_NOTHING_CAME_OF_IT = (FlowOutcome.DECLINED, FlowOutcome.CANCELLED, FlowOutcome.EXPIRED, FlowOutcome.COMPENSATED)
_MOVE_MONEY = (FlowKind.RETURN, FlowKind.EXCHANGE, FlowKind.CLAIM, FlowKind.CANCELLATION, FlowKind.REFUND)
_OPENS_RETURN = ("open_return", "open_exchange")
_CHANGES_ORDER = "change_order"
"""Steps of `FlowStep` after which the shop itself counts the units as taken."""


class Requested(Value):
    """What became of a request. `flow_id` is empty if a rule stands against it."""

    flow_id: str = ""
    verdict: Verdict
    fresh: bool = False
    """The flow was made by this request; False if it was there already."""


async def request_flow(
    session: AsyncSession,
    request: FlowRequest,
    facts: RequestFacts,
    asked_by: AskedBy,
    policy: Policy,
    *,
    intent: str,
    flow_id: str = "",
    interaction_id: str | None = None,
    customer_id: str | None = None,
    shop_customer_id: str = "",
    words: str = "",
    language: str = "en",
) -> Requested:
    """Judge a request and start its flow, in the caller's transaction, one request for an order at a time.

    `facts` are those of `integrations.shop.requesting`, read just before; what other flows hold or did is read here,
    under the lock. The same intent gives the flow that is there already, whatever became of it. A refusal is
    journalled and leaves nothing else. `flow_id` is for flows whose id is their subject, e.g. `delay-<shipment>-late`.

    Raises `Conflict` if the intent belongs to a flow about something else.
    """
    if facts.order is not None:  # however it was spelled, one order has one name and one lock
        request = request.model_copy(update={"order": facts.order.number})
    await _one_at_a_time(session, intent, request.order)
    known = await flow_by_intent(session, intent)
    if known is not None:
        return _again(known, request, shop_customer_id)
    facts = await with_flows(session, request.order, facts)
    now = (await session.execute(select(CLOCK))).scalar_one()
    verdict = judge(request, facts, policy.commerce, asked_by, now)
    if not verdict.allowed:
        _note_refused(session, request, verdict, asked_by, (interaction_id, customer_id))
        return Requested(verdict=verdict)
    flow = Flow(
        id=flow_id or new_id(),
        kind=request.kind.value,
        intent=intent,
        order_number=request.order,
        shop_customer_id=shop_customer_id,
        customer_id=customer_id,
        interaction_id=interaction_id,
        asked_by=str(asked_by),
        request=request.model_dump(mode="json"),
        verdict=verdict.model_dump(mode="json"),
        words=masked(words),
        language=language,
        policy_version=policy.version,
        next_step_due=now + timedelta(seconds=policy.deadlines.step_seconds),
    )
    await _write(session, flow, request, facts.order)
    return Requested(flow_id=flow.id, verdict=verdict, fresh=True)


async def _one_at_a_time(session: AsyncSession, intent: str, order: str) -> None:
    """Until the commit: nobody else asks for this intent, then nobody else for this order."""
    lock = text("SELECT pg_advisory_xact_lock(hashtext(:room), hashtext(:name))")
    await session.execute(lock, {"room": "flow_intent", "name": intent})
    if order:
        await session.execute(lock, {"room": "flow_order", "name": order})


def _again(known: Flow, request: FlowRequest, shop_customer_id: str) -> Requested:
    same = (known.kind, known.order_number, known.shop_customer_id)
    if same != (request.kind.value, request.order, shop_customer_id):
        raise Conflict("intent_of_another_flow")
    return Requested(flow_id=known.id, verdict=Verdict.model_validate(known.verdict or {}))


async def with_flows(session: AsyncSession, order_number: str, facts: RequestFacts) -> RequestFacts:
    """The facts with what other flows on the order hold and have done."""
    if facts.order is None:
        return facts
    holdings = await _holdings(session, order_number)
    return facts.model_copy(
        update={
            "claimed": held_unknown_to_shop(facts.order, holdings),
            "done": await _done(session, order_number),
            "unapproved_minor": await _unapproved_minor(session, order_number),
        }
    )


async def _holdings(session: AsyncSession, order_number: str) -> list[Holding]:
    """The units that flows on the order hold, with what the shop has been told of each."""
    query = select(FlowClaim).where(col(FlowClaim.order_number) == order_number)
    claims = (await session.execute(query)).scalars().all()
    told = await _told_to_shop(session, [claim.flow_id for claim in claims]) if claims else {}
    return [
        Holding(
            line_id=claim.line_id,
            quantity=claim.quantity,
            return_id=next((refs[name] for name in _OPENS_RETURN if name in refs), ""),
            changed=_CHANGES_ORDER in refs,
        )
        for claim in claims
        for refs in [told.get(claim.flow_id, {})]
    ]


async def _told_to_shop(session: AsyncSession, flow_ids: list[str]) -> dict[str, dict[str, str]]:
    """By flow: the steps that are done and take units in the shop, each with the shop's id of what it made."""
    query = select(FlowStep).where(
        col(FlowStep.flow_id).in_(flow_ids),
        col(FlowStep.name).in_((*_OPENS_RETURN, _CHANGES_ORDER)),
        col(FlowStep.state) == DONE,
    )
    found: dict[str, dict[str, str]] = {}
    for step in (await session.execute(query)).scalars():
        found.setdefault(step.flow_id, {})[step.name] = str(step.result.get("ref", ""))
    return found


async def _done(session: AsyncSession, order_number: str) -> tuple[FlowKind, ...]:
    query = (
        select(col(Flow.kind))
        .where(
            col(Flow.order_number) == order_number, col(Flow.outcome).not_in([one.value for one in _NOTHING_CAME_OF_IT])
        )
        .distinct()
        .order_by(col(Flow.kind))
    )
    return tuple(FlowKind(kind) for kind in (await session.execute(query)).scalars())


async def _unapproved_minor(session: AsyncSession, order_number: str) -> int:
    verdict = col(Flow.verdict)
    at_stake = func.coalesce(func.sum(verdict["at_stake_minor"].as_integer()), 0)
    query = select(at_stake).where(
        col(Flow.order_number) == order_number,
        col(Flow.kind).in_([kind.value for kind in _MOVE_MONEY]),
        col(Flow.outcome).not_in([one.value for one in _NOTHING_CAME_OF_IT]),
        func.coalesce(verdict["needs_approval"].as_string(), "") == "",
    )
    return int((await session.execute(query)).scalar_one())


async def _write(session: AsyncSession, flow: Flow, request: FlowRequest, order: Order | None) -> None:
    session.add(flow)
    await session.flush()
    units = units_of(wanted(request, order)) if order else {}
    session.add_all(
        FlowClaim(flow_id=flow.id, line_id=line_id, order_number=flow.order_number, quantity=quantity)
        for line_id, quantity in units.items()
    )
    note_flow(session, flow, Happening.FLOW_STARTED, by=flow.asked_by, kind_of_flow=flow.kind, order=flow.order_number)
    tell_flow(session, flow, FlowEntryKind.REQUESTED)


def _note_refused(
    session: AsyncSession,
    request: FlowRequest,
    verdict: Verdict,
    asked_by: AskedBy,
    about: tuple[str | None, str | None],
) -> None:
    refused = verdict.refused
    if refused is None:
        raise AssertionError("an allowed request is not noted as refused")
    facts = {"kind_of_flow": request.kind.value, "order": request.order, "rule": refused.rule.value}
    note_about(session, Happening.FLOW_REQUEST_REFUSED, about, by=str(asked_by), facts=dict(facts))
