"""Flows as agents meet them: what could be asked for a customer, what policy says of it, and how it goes on.

An agent acts for the customer of a case that has come to them or to a team of theirs, and only once that customer has
proven who they are. The orders of other customers look like orders that do not exist.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.callers import AgentCaller, Staff
from api.fields import Body, Empty, FlowId, Id, OrderNumber, Text
from api.flow_asking import AgentsRequest, Asker, FlowKey, ask, verdict_on
from api.flow_offers import Offer, exchangeable, offers
from api.flow_progress import items, titles_of
from api.flow_verdicts import VerdictView, for_agent, refusal
from api.parts import Engine, Parts
from api.problems import invalid, not_found, responses
from api.reach import case_in_reach
from domain.commerce import Order, Product
from domain.flows.kinds import AskedBy, FlowKind, Requester
from domain.flows.refusal import Rule
from domain.names import flow_workflow_id
from domain.parties import Role
from store.errors import Conflict
from store.flow_telling import call_off, can_be_called_off
from store.flow_views import (
    EntryView,
    FlowView,
    StepView,
    TaskView,
    entries_of,
    flow_view,
    flows_of_customer,
    flows_of_interaction,
    flows_of_order,
    in_reach_of,
    steps_of,
    tasks_of_flow,
)

BUTTONS = (
    FlowKind.RETURN,
    FlowKind.EXCHANGE,
    FlowKind.CANCELLATION,
    FlowKind.ADDRESS_CHANGE,
    FlowKind.REFUND,
    FlowKind.CLAIM,
)
_ORDERS = 5


router = APIRouter(prefix="/v1/flows", tags=["flows"])


class Wanted(Body):
    """A request for the customer of a case."""

    interaction_id: Id
    request: AgentsRequest


class Wish(Wanted):
    """As `Wanted`, to be done."""

    words: Annotated[Text, Field(max_length=2000)] = ""
    """For colleagues, or the question of an inquiry; the customer never sees it."""


class LinkWanted(Body):
    """For which customer and order a self-service link is made."""

    interaction_id: Id
    order: OrderNumber


class Link(BaseModel):
    """A signed address for the customer of the case, and for nobody else."""

    url: str
    expires_at: datetime


class FlowLine(FlowView):
    """A flow in a list."""

    items: list[str]
    """What it is about, e.g. `1 × Merino Scarf, grey`."""
    can_cancel: bool


class FlowDetail(FlowLine):
    """A flow with all that has happened to it."""

    steps: list[StepView]
    entries: list[EntryView]
    tasks: list[TaskView]
    workflow_id: str
    """Its story in the Temporal UI."""


class CustomersOrders(BaseModel):
    """The newest orders of a case's customer."""

    verified: bool
    """False: the customer has not proven who they are, and nothing of orders is told."""
    orders: list[Order]
    flows: list[FlowLine]
    """The flows of this customer, newest first."""


class OrderOffers(BaseModel):
    """What can be asked about one order."""

    offers: list[Offer]
    products: list[Product]
    """Of the order's lines, with the variants that they can be exchanged for."""


@router.get("", responses=responses(401, 403, 404, 422, 503))
async def list_flows(
    caller: AgentCaller,
    parts: Engine,
    interaction: Annotated[Id | None, Query()] = None,
    order: Annotated[OrderNumber | None, Query()] = None,
) -> list[FlowLine]:
    """The flows of a case or of an order, newest first; give one of the two."""
    if (interaction is None) == (order is None):
        raise invalid("interaction", "give either the interaction or the order")
    async with parts.database.begin() as session:
        if interaction is not None:
            await case_in_reach(session, caller, interaction)
            found = await flows_of_interaction(session, interaction)
        else:
            found = await _reached(session, caller, await flows_of_order(session, (order or "").strip().upper()))
    return await _lines(parts, found)


@router.get("/orders", responses=responses(401, 403, 404, 422, 503))
async def customers_orders(interaction: Annotated[Id, Query()], caller: AgentCaller, parts: Engine) -> CustomersOrders:
    """The orders of a case's customer as the shop has them now, and their flows."""
    async with parts.database.begin() as session:
        case = await case_in_reach(session, caller, interaction)
        flows = await flows_of_customer(session, case.shop_customer_id) if case.shop_customer_id else []
    if not case.shop_customer_id:
        return CustomersOrders(verified=False, orders=[], flows=[])
    orders = await parts.shop.recent_orders(case.shop_customer_id, _ORDERS)
    return CustomersOrders(verified=True, orders=list(orders), flows=await _lines(parts, flows))


@router.get("/offers", responses=responses(401, 403, 404, 409, 422, 503))
async def order_offers(
    interaction: Annotated[Id, Query()],
    order: Annotated[OrderNumber, Query()],
    caller: AgentCaller,
    parts: Engine,
) -> OrderOffers:
    """Policy's verdict on each button of an order."""
    asker = await _asker(parts, caller, interaction)
    found = await _own_order(parts, asker, order)
    products = await exchangeable(parts, found)
    return OrderOffers(offers=await offers(parts, found, products, asker, BUTTONS), products=products)


@router.post("/verdict", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def verdict(body: Wanted, caller: AgentCaller, parts: Engine) -> VerdictView:
    """What policy says of a request. Nothing is started."""
    return for_agent(await verdict_on(parts, body.request, await _asker(parts, caller, body.interaction_id)))


@router.post("", status_code=201, responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def start_flow(body: Wish, caller: AgentCaller, parts: Engine, key: FlowKey) -> FlowDetail:
    """Ask for a flow. The same key again is the same flow. 409: `errors` names the rule that stands against it."""
    asker = await _asker(parts, caller, body.interaction_id)
    requested = await ask(parts, body.request, asker, key=key, words=body.words)
    return await _detail(parts, requested.flow_id)


@router.post("/link", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def portal_link(body: LinkWanted, caller: AgentCaller, parts: Engine) -> Link:
    """A link by which the customer of the case helps themselves with one of their orders."""
    asker = await _asker(parts, caller, body.interaction_id)
    order = await _own_order(parts, asker, body.order)
    async with parts.database.begin() as session:
        days = (await parts.shelf.active(session)).commerce.portal_days
    now = datetime.now(UTC)
    url = parts.door.portal(asker.shop_customer_id, order.number, "", now, days)
    if not url:
        raise Conflict("no_links")
    return Link(url=url, expires_at=now + timedelta(days=days))


@router.get("/{flow_id}", responses=responses(401, 403, 404, 422, 503))
async def one_flow(flow_id: FlowId, caller: AgentCaller, parts: Engine) -> FlowDetail:
    """A flow with its steps, what it was told, and what people were asked."""
    await _must_reach(parts, caller, flow_id)
    return await _detail(parts, flow_id)


@router.post("/{flow_id}/cancel", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def cancel_flow(flow_id: FlowId, _body: Empty, caller: AgentCaller, parts: Engine) -> FlowDetail:
    """Call a flow off for the customer, while nothing has moved that could not be undone."""
    await _must_reach(parts, caller, flow_id)
    async with parts.database.begin() as session:
        await call_off(session, flow_id, by=caller.agent_id)
    parts.relay.poke()
    return await _detail(parts, flow_id)


async def _asker(parts: Parts, caller: Staff, interaction_id: str) -> Asker:
    async with parts.database.begin() as session:
        case = await case_in_reach(session, caller, interaction_id)
    if not case.shop_customer_id:
        raise Conflict("customer_unproven")
    by = AskedBy(kind=Requester.AGENT, agent_id=caller.agent_id)
    return Asker(by, case.shop_customer_id, case.customer_id, case.interaction_id)


async def _own_order(parts: Parts, asker: Asker, number: str) -> Order:
    found = await parts.shop.order(number)
    if found is None or found.customer_id != asker.shop_customer_id:
        raise refusal(Rule.UNKNOWN_ORDER)
    return found


async def _reached(session: AsyncSession, caller: Staff, flows: list[FlowView]) -> list[FlowView]:
    if caller.role is not Role.AGENT:
        return flows
    reached = await in_reach_of(session, [flow.id for flow in flows], caller.agent_id)
    return [flow for flow in flows if flow.id in reached]


async def _must_reach(parts: Parts, caller: Staff, flow_id: str) -> None:
    async with parts.database.begin() as session:
        found = await flow_view(session, flow_id)
        if found is None or not await _reached(session, caller, [found]):
            raise not_found()


async def _lines(parts: Parts, flows: list[FlowView]) -> list[FlowLine]:
    titles = await titles_of(parts.shop, flows)
    return [
        FlowLine(**dict(flow), items=items(flow, titles), can_cancel=can_be_called_off(flow.kind, flow.state))
        for flow in flows
    ]


async def _detail(parts: Parts, flow_id: str) -> FlowDetail:
    async with parts.database.begin() as session:
        flow = await flow_view(session, flow_id)
        steps, entries = await steps_of(session, flow_id), await entries_of(session, flow_id)
        tasks = await tasks_of_flow(session, flow_id)
    if flow is None:
        raise not_found()
    [line] = await _lines(parts, [flow])
    workflow_id = flow_workflow_id(flow.kind, flow.id)
    return FlowDetail(**dict(line), steps=steps, entries=entries, tasks=tasks, workflow_id=workflow_id)
