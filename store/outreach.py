"""Words to customers who have not asked: who is to get one, on which channel, and the flows that say it.

Whoever looks, asks for one flow for each shipment and reason; the flow looks again before it speaks.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.delay import Reach, best_channel
from domain.flows.kinds import AskedBy, Requester
from domain.flows.requests import OutreachReason, OutreachRequest
from domain.flows.rules import DelayRules
from domain.flows.verdict import RequestFacts
from domain.parties import Channel
from domain.policy import Policy
from domain.values import Value
from store.commerce import ShopCustomer
from store.conversations import Conversation
from store.customers import Customer
from store.delays import Look, find_delayed, look_at_all
from store.errors import NotFound
from store.flow_requests import request_flow
from store.locking import database_now
from store.policy_versions import PolicyShelf

AT_ONCE = 50
"""Flows that one transaction asks for; the next look finds the rest."""


class Planned(Value):
    """What one customer would be told of one shipment, or why they would not be."""

    customer: str
    """The shop's id."""
    order: str
    shipment: str
    reason: OutreachReason | None = None
    """None: nothing is known of when it is due."""
    since: datetime | None = None
    due_on: date | None = None
    tells: bool
    at: datetime | None = None
    """When, in allowed hours (UTC)."""
    channel: Channel | None = None
    language: str
    why_not: str = ""
    """`unknown`, `already_told`, `in_progress`, `moving`, `no_consent`, `unreachable` or `no_hours`."""


async def start_outreach(session: AsyncSession, shelf: PolicyShelf, limit: int = AT_ONCE) -> int:
    """Ask for a flow for each delay that nobody was told of, by the active policy; at most `limit`. Returns how many.

    Asked again, it asks for none twice. Nothing happens without a policy, and where it does not offer outreach.
    """
    try:
        policy = await shelf.active(session)
    except NotFound:
        return 0
    rules = policy.commerce.delays
    if not rules.offered:
        return 0
    looks = await find_delayed(session, rules, await database_now(session), limit)
    customers = await _customers(session, looks)
    return sum([await _ask_for(session, look, policy, customers.get(look.order.customer_id)) for look in looks])


async def plan_outreach(session: AsyncSession, rules: DelayRules, now: datetime, limit: int) -> list[Planned]:
    """What outreach would do now, and what it would not do and why not; changes nothing."""
    looks = await look_at_all(session, rules, now, limit)
    customers = await _customers(session, looks)
    threads = await open_threads(session, customers)
    return [_planned(look, rules, now, customers[look.order.customer_id], threads) for look in looks]


async def open_threads(session: AsyncSession, shop_customer_ids: Iterable[str]) -> dict[str, set[Channel]]:
    """By the shop's customer: the channels on which Baton has a thread with them that they have not left."""
    query = (
        select(col(Customer.shop_customer_id), col(Conversation.channel))
        .join(Conversation, col(Conversation.customer_id) == col(Customer.id))
        .where(col(Customer.shop_customer_id).in_(list(shop_customer_ids)), col(Conversation.left_at).is_(None))
        .distinct()
    )
    found: dict[str, set[Channel]] = {}
    for customer_id, channel in await session.execute(query):
        found.setdefault(customer_id or "", set()).add(Channel(channel))
    return found


def reach(consented: Iterable[str], email: str, threads: Iterable[Channel], rules: DelayRules) -> Reach:
    """How a customer is reached unasked. By mail whoever has an address; elsewhere only where they have written."""
    reachable = set(threads) - {Channel.EMAIL}
    if email:
        reachable.add(Channel.EMAIL)
    return best_channel(tuple(consented), rules, reachable)


def language_of(locale: str) -> str:
    """The language of a shop's locale, e.g. `de` of `de-AT`."""
    return locale.replace("_", "-").partition("-")[0].lower() or "en"


async def _customers(session: AsyncSession, looks: list[Look]) -> dict[str, ShopCustomer]:
    ids = {look.order.customer_id for look in looks}
    query = select(ShopCustomer).where(col(ShopCustomer.customer_id).in_(ids))
    return {row.customer_id: row for row in (await session.execute(query)).scalars()}


async def _ask_for(session: AsyncSession, look: Look, policy: Policy, customer: ShopCustomer | None) -> bool:
    if look.delay.reason is None:
        return False
    request = OutreachRequest(order=look.order.number, shipment_id=look.shipment.shipment_id, reason=look.delay.reason)
    asked = await request_flow(
        session,
        request,
        RequestFacts(order=look.order),
        AskedBy(kind=Requester.POLICY),
        policy,
        intent=look.intent,
        flow_id=look.flow_id,
        shop_customer_id=look.order.customer_id,
        language=language_of(customer.locale if customer else ""),
    )
    return asked.fresh


def _planned(
    look: Look, rules: DelayRules, now: datetime, customer: ShopCustomer, threads: dict[str, set[Channel]]
) -> Planned:
    reached = reach(customer.contact_by, customer.email, threads.get(customer.customer_id, ()), rules)
    at = rules.hours.next_opening(now)
    unknown = "" if look.delay.reason else "unknown"
    why_not = unknown or look.told or reached.why_not or ("" if at else "no_hours")
    return Planned(
        customer=customer.customer_id,
        order=look.order.number,
        shipment=look.shipment.shipment_id,
        reason=look.delay.reason,
        since=look.delay.since,
        due_on=look.delay.due_on,
        tells=not why_not,
        at=None if why_not else at,
        channel=None if why_not else reached.channel,
        language=language_of(customer.locale),
        why_not=why_not,
    )
