"""What an outreach does outside its story: look at the parcel again and speak, look afterwards, and start the help.

Each may run again: what was said is never said twice, and help that was asked for is asked for once.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from temporalio import activity

from activities.outreach_records import Aftermath, Choice, HelpAsked, OutreachTurn, ToHelp, Turned
from domain.commerce import Order, Shipment, ShopCustomer
from domain.flows.delay import Delay, Reach, assess, moved_since
from domain.flows.kinds import AskedBy, FlowOutcome, Requester
from domain.flows.refusal import Refused, Rule
from domain.flows.requests import ClaimRequest, Complaint, ItemWanted, OutreachReason, OutreachRequest, Remedy
from domain.flows.rules import DelayRules
from domain.front_door import FrontDoor
from domain.parties import AuthorKind
from domain.policy import Policy
from integrations.shop.protocol import ShopReads
from integrations.shop.requesting import read_facts
from store.conversations import Message
from store.database import Database
from store.flow_requests import request_flow
from store.flow_speaking import say_for_flow
from store.flows import Flow, lock_flow
from store.locking import database_now
from store.outreach import open_threads, reach
from store.policy_versions import PolicyShelf

_TOLD_AT = "told_at"
_REMEDIES = {Choice.RESHIP: Remedy.REPLACEMENT, Choice.REFUND: Remedy.REFUND}


class _NewsMeanwhile(Exception):
    """Something was told of the parcel while the message was being written: nothing of it is kept."""


class OutreachActivities:
    """The verbs of outreach."""

    def __init__(self, database: Database, shop: ShopReads, door: FrontDoor) -> None:
        self._database = database
        self._shop = shop
        self._door = door
        self._shelf = PolicyShelf()

    @activity.defn
    async def look_and_speak(self, turn: OutreachTurn) -> Turned:
        """Look at the parcel, and say what is to be said if it still is and may be said now.

        The message and the note that it was said are one transaction, in which no news of the parcel may have come
        that the story does not know: then it answers at once, without an outcome, and is asked again.
        """
        flow, policy, now = await self._read(turn.flow_id)
        if _TOLD_AT in flow.facts:
            return Turned(told_at=_told_at(flow))
        request, rules = OutreachRequest.model_validate(flow.request), policy.commerce.delays
        order, parcel = await self._parcel(request)
        if order is None or parcel is None:
            return Turned(outcome=FlowOutcome.NO_LONGER_TRUE, reason="gone")
        delay = assess(parcel, order, rules, now)
        if delay.reason is not request.reason or moved_since(parcel, _opened_at(flow)):
            return Turned(outcome=FlowOutcome.NO_LONGER_TRUE, reason=_instead(delay, request.reason))
        reached = await self._reach(flow, rules)
        opening = rules.hours.next_opening(now)
        if reached.why_not or opening is None:
            return Turned(outcome=FlowOutcome.DECLINED, reason=reached.why_not or "no_hours")
        if opening > now:
            return Turned(speak_at=opening)
        await self._note(flow.id, {**_said_of(delay), "channel": reached.channel})
        return await self._speak(turn, f"delay_{request.reason}")

    @activity.defn
    async def look_afterwards(self, turn: OutreachTurn) -> Aftermath:
        """Has the parcel moved since the customer was told, and have they written?"""
        flow, _, _ = await self._read(turn.flow_id)
        told_at = _told_at(flow)
        order, parcel = await self._parcel(OutreachRequest.model_validate(flow.request))
        async with self._database.begin() as session:
            answered = await _has_written(session, flow, told_at)
        over = order is None or parcel is None
        return Aftermath(moved=over or (parcel is not None and moved_since(parcel, told_at)), answered=answered)

    @activity.defn
    async def ask_for_help(self, wish: ToHelp) -> HelpAsked:
        """Start the flow that sends the things again or gives the money back, as far as policy lets it."""
        flow, policy, _ = await self._read(wish.flow_id)
        order, parcel = await self._parcel(OutreachRequest.model_validate(flow.request))
        items = _in_it(order, parcel)
        if not items:
            return HelpAsked(refused=Refused(rule=Rule.QUANTITY_NOT_LEFT))
        claim = ClaimRequest(
            order=flow.order_number, items=items, complaint=Complaint.MISSING, remedy=_REMEDIES[wish.choice]
        )
        facts = await read_facts(self._shop, claim, flow.shop_customer_id)
        async with self._database.begin() as session:
            asked = await request_flow(
                session,
                claim,
                facts,
                AskedBy(kind=Requester.CUSTOMER),
                policy,
                intent=f"outreach:{flow.id}:{wish.choice}",
                interaction_id=flow.interaction_id,
                customer_id=flow.customer_id,
                shop_customer_id=flow.shop_customer_id,
                language=flow.language,
            )
        return HelpAsked(flow_id=asked.flow_id, refused=asked.verdict.refused)

    async def _speak(self, turn: OutreachTurn, word: str) -> Turned:
        """Say it and note that it was said, unless news has come."""
        try:
            async with self._database.begin() as session:
                # First, since it locks the customer and the case, which come before the flow.
                said = await say_for_flow(session, turn.flow_id, word, "", self._shelf, self._door)
                flow = await lock_flow(session, turn.flow_id)
                _no_news(flow, turn)
                now = await database_now(session)
                if said.message_id:
                    flow.facts = {**flow.facts, _TOLD_AT: now.isoformat()}
        except _NewsMeanwhile:
            return Turned()
        if not said.message_id:
            return Turned(outcome=FlowOutcome.DECLINED, reason="unreachable")
        return Turned(told_at=now)

    async def _note(self, flow_id: str, facts: dict[str, object]) -> None:
        async with self._database.begin() as session:
            flow = await lock_flow(session, flow_id)
            flow.facts = {**flow.facts, **facts}

    async def _read(self, flow_id: str) -> tuple[Flow, Policy, datetime]:
        async with self._database.begin() as session:
            flow = await session.get_one(Flow, flow_id)
            policy = await self._shelf.version(session, flow.policy_version)
            now = await database_now(session)
        return flow, policy, now

    async def _parcel(self, request: OutreachRequest) -> tuple[Order | None, Shipment | None]:
        order = await self._shop.order(request.order)
        parcels = order.shipments if order else ()
        return order, next((one for one in parcels if one.shipment_id == request.shipment_id), None)

    async def _reach(self, flow: Flow, rules: DelayRules) -> Reach:
        customer: ShopCustomer | None = await self._shop.customer(flow.shop_customer_id)
        if customer is None:
            return Reach(why_not="unreachable")
        async with self._database.begin() as session:
            threads = await open_threads(session, [customer.customer_id])
        return reach(customer.contact_by, customer.email, threads.get(customer.customer_id, ()), rules)


def _no_news(flow: Flow, turn: OutreachTurn) -> None:
    if flow.last_seq != turn.handled_seq:
        raise _NewsMeanwhile


def _opened_at(flow: Flow) -> datetime:
    if flow.opened_at is None:
        raise AssertionError("every flow is opened at some time")
    return flow.opened_at


def _told_at(flow: Flow) -> datetime:
    return datetime.fromisoformat(str(flow.facts[_TOLD_AT]))


def _instead(delay: Delay, reason: OutreachReason) -> str:
    """What is true instead: another reason, `on_time`, `unknown`, or `moving`."""
    return "moving" if delay.reason is reason else (delay.reason or delay.state).value


def _said_of(delay: Delay) -> dict[str, object]:
    """What the words to the customer may name."""
    facts: dict[str, object] = {"reason": delay.reason}
    if delay.since is not None:
        facts["since"] = delay.since.isoformat()
    if delay.due_on is not None:
        facts["expected_on"] = delay.due_on.isoformat()
    return facts


async def _has_written(session: AsyncSession, flow: Flow, since: datetime) -> bool:
    """Has the customer written in the flow's case since?"""
    query = select(col(Message.id)).where(
        col(Message.interaction_id) == flow.interaction_id,
        col(Message.author) == AuthorKind.CUSTOMER.value,
        col(Message.created_at) > since,
    )
    return (await session.execute(query.limit(1))).scalar_one_or_none() is not None


def _in_it(order: Order | None, parcel: Shipment | None) -> tuple[ItemWanted, ...]:
    """What is in the parcel; nothing where a line is spread over several, since nobody knows how many are in which."""
    if order is None or parcel is None:
        return ()
    lines = [order.line(line_id) for line_id in parcel.line_ids]
    if any(len(order.parcels_with(line_id)) > 1 for line_id in parcel.line_ids):
        return ()
    return tuple(
        ItemWanted(line_id=line.line_id, quantity=line.open_quantity)
        for line in lines
        if line is not None and line.open_quantity > 0
    )
