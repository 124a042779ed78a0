"""The customer's own pages: an order, what can be asked about it, and how it goes on. A signed link opens them.

The link's token never stays in an address that a server or another page sees: the page moves it into the fragment,
and sends it as a header.
"""

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from api.callers import PortalCaller, PortalCustomer
from api.fields import Body, Empty, FlowId, Line, OrderNumber, Text
from api.flow_asking import Asker, CustomersRequest, FlowKey, ask, verdict_on
from api.flow_offers import Offer, exchangeable, offers
from api.flow_progress import Progress, progress, titles_of
from api.flow_verdicts import VerdictView, for_customer, refusal
from api.parts import Engine, Parts
from api.problems import invalid, not_found, responses
from api.routes.pages import page
from api.uploads import AS_FORM, read_upload
from domain.attachments import PICTURES
from domain.commerce import Address, Order, OrderLine, OrderState, Product, Shipment
from domain.flows.kinds import AskedBy, FlowKind, FlowState, Requester
from domain.flows.refusal import Rule
from domain.flows.requests import FlowRequest
from domain.flows.verdict import Verdict
from domain.money import Money
from store.flow_photos import keep_photos
from store.flow_telling import call_off, choose
from store.flow_views import FlowView, entries_of, flow_view, flows_of_order, open_case_of, steps_of

BUTTONS = (
    FlowKind.RETURN,
    FlowKind.EXCHANGE,
    FlowKind.CLAIM,
    FlowKind.CANCELLATION,
    FlowKind.ADDRESS_CHANGE,
)
_SHOWN = frozenset({*BUTTONS, FlowKind.ITEM_CHANGE, FlowKind.PAYMENT_CHANGE, FlowKind.REFUND, FlowKind.OUTREACH})
"""Flows that customers see. Questions to partners are not among them."""
_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,4096}")
_ORDERS = 20

router = APIRouter(tags=["portal"])


class VariantOffered(BaseModel):
    """A variant that something can be exchanged for."""

    sku: str
    options: dict[str, str]
    price: Money
    available: bool


class ProductOffered(BaseModel):
    """A product with its variants."""

    product_id: str
    title: str
    variants: list[VariantOffered]


class OrderSeen(BaseModel):
    """The order as its customer sees it."""

    number: str
    state: OrderState
    placed_at: datetime
    total: Money
    address: Address
    lines: list[OrderLine]
    shipments: list[Shipment]


class PortalView(BaseModel):
    """Everything that the page shows of one order."""

    brand: str
    name: str
    """The customer's."""
    orders: list[str]
    """Numbers to choose from, newest first; one, if the link is about one order."""
    order: OrderSeen
    flow_id: str
    """The flow that the link is about, if it is about one."""
    offers: list[Offer]
    products: list[ProductOffered]
    credit_bonus: float
    """Percent that a refund to store credit is worth more."""
    other_products: bool
    """May an exchange be for another product?"""
    flows: list[Progress]


class Wanted(Body):
    """A request, to learn what policy says of it."""

    request: CustomersRequest


class Wish(Wanted):
    """A request, to be done."""

    confirmed: Annotated[bool, Field(strict=True)]
    """The customer has read what will happen, and has said yes."""
    words: Annotated[Text, Field(max_length=2000)] = ""
    """What they want people to know."""


class Chosen(Body):
    """An answer of the customer."""

    choice: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


@router.get("/portal", include_in_schema=False)
async def portal_page(request: Request, token: str = "") -> Response:
    """The page itself, the same for everybody."""
    return _with_token(token) if token else page(request, "portal.html")


@router.get("/portal/{token}", include_in_schema=False)
async def portal_link(token: str) -> Response:
    """A link as customers get it."""
    return _with_token(token)


@router.get("/pay/{link_id:id}", include_in_schema=False)
async def payment_page(request: Request, link_id: str) -> Response:
    """The demo shop's payment page."""
    return page(request, "pay.html", link_id=link_id)


def _with_token(token: str) -> Response:
    """A fragment is sent to no server and stands in no Referer."""
    fragment = f"#{token}" if _TOKEN.fullmatch(token) else ""
    return RedirectResponse(
        f"/portal{fragment}",
        status_code=303,
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


@router.get("/v1/portal", responses=responses(401, 403, 404, 422, 503))
async def portal(
    caller: PortalCaller, parts: Engine, order: Annotated[OrderNumber | None, Query()] = None
) -> PortalView:
    """An order of the customer: the one that the link names, else the one asked for, else the newest."""
    found, numbers = await _order(parts, caller, order)
    asker = Asker(_CUSTOMER, caller.customer_id)
    products = await exchangeable(parts, found)
    async with parts.database.begin() as session:
        policy = await parts.shelf.active(session)
    record = await parts.shop.customer(caller.customer_id)
    return PortalView(
        brand=policy.brand.name,
        name=record.name if record else "",
        orders=numbers,
        order=OrderSeen.model_validate(found.model_dump(include=set(OrderSeen.model_fields))),
        flow_id=caller.flow_id,
        offers=await offers(parts, found, products, asker, BUTTONS),
        products=[_offered(product) for product in products],
        credit_bonus=policy.commerce.returns.credit_bonus,
        other_products=not policy.commerce.exchanges.same_product,
        flows=await _flows(parts, found.number),
    )


@router.get("/v1/portal/products", responses=responses(401, 403, 422, 503))
async def find_products(
    caller: PortalCaller,  # noqa: ARG001 - who asks is checked, and all see the same
    parts: Engine,
    text: Annotated[Line, Query()],
) -> list[ProductOffered]:
    """Products by words for them, to exchange something for."""
    return [_offered(product) for product in await parts.shop.find_products(text, 6)]


@router.get("/v1/portal/flows", responses=responses(401, 403, 404, 422, 503))
async def follow(
    caller: PortalCaller, parts: Engine, order: Annotated[OrderNumber | None, Query()] = None
) -> list[Progress]:
    """How everything that was asked about the order stands, newest first."""
    return await _flows(parts, (await _order(parts, caller, order))[0].number)


@router.post("/v1/portal/verdict", responses=responses(400, 401, 403, 413, 422, 503))
async def verdict(body: Wanted, caller: PortalCaller, parts: Engine) -> VerdictView:
    """What policy says of a request, before it is sent. Nothing is started."""
    if not _may_name(caller, body.request):
        return for_customer(Verdict.no(Rule.UNKNOWN_ORDER))
    return for_customer(await verdict_on(parts, body.request, Asker(_CUSTOMER, caller.customer_id)))


@router.post("/v1/portal/flows", status_code=201, responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def start_flow(body: Wish, caller: PortalCaller, parts: Engine, key: FlowKey) -> Progress:
    """Ask for it, once for each key. 409: `errors` names the rule that stands against it."""
    if not _may_name(caller, body.request):
        raise refusal(Rule.UNKNOWN_ORDER)
    if not body.confirmed:
        raise refusal(Rule.NOT_CONFIRMED)
    async with parts.database.begin() as session:
        customer_id, interaction_id = await open_case_of(session, caller.customer_id)
    asker = Asker(_CUSTOMER, caller.customer_id, customer_id, interaction_id)
    requested = await ask(parts, body.request, asker, key=key, words=body.words)
    return await _progress(parts, await _own_flow(parts, caller, requested.flow_id))


@router.post("/v1/portal/flows/{flow_id}/cancel", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def cancel(flow_id: FlowId, _body: Empty, caller: PortalCaller, parts: Engine) -> Progress:
    """Call it off, while nothing has moved that could not be undone."""
    await _own_flow(parts, caller, flow_id)
    async with parts.database.begin() as session:
        await call_off(session, flow_id)
    parts.relay.poke()
    return await _progress(parts, await _own_flow(parts, caller, flow_id))


@router.post("/v1/portal/flows/{flow_id}/choice", responses=responses(400, 401, 403, 404, 409, 413, 422, 503))
async def answer(flow_id: FlowId, body: Chosen, caller: PortalCaller, parts: Engine) -> Progress:
    """Answer what the flow has asked."""
    await _own_flow(parts, caller, flow_id)
    async with parts.database.begin() as session:
        await choose(session, flow_id, body.choice)
    parts.relay.poke()
    return await _progress(parts, await _own_flow(parts, caller, flow_id))


@router.post(
    "/v1/portal/flows/{flow_id}/photo",
    responses=responses(400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=AS_FORM,
)
async def send_photo(flow_id: FlowId, request: Request, caller: PortalCaller, parts: Engine, key: FlowKey) -> Progress:
    """Send pictures of what is wrong, as a form (RFC 7578) with parts `attachments`."""
    flow = await _own_flow(parts, caller, flow_id)
    files = (await read_upload(request)).files
    if not files:
        raise invalid("attachments", "must hold a picture")
    for place, file in enumerate(files):
        if file.media_type not in PICTURES:
            raise invalid(f"attachments.{place}", "must be a picture")
    async with parts.database.begin() as session:
        policy = await parts.shelf.version(session, flow.policy_version)
        await keep_photos(session, flow_id, key, files, policy, parts.door)
    parts.relay.poke()
    return await _progress(parts, await _own_flow(parts, caller, flow_id))


_CUSTOMER = AskedBy(kind=Requester.CUSTOMER)


def _may_name(caller: PortalCustomer, request: FlowRequest) -> bool:
    """A link about one order opens no other, though it is the same customer's."""
    return not caller.order or request.order.strip().upper() == caller.order


async def _order(parts: Parts, caller: PortalCustomer, wanted: str | None) -> tuple[Order, list[str]]:
    """The order to show, and the numbers of those that could be. Raises 404."""
    if caller.order:
        numbers = [caller.order]
    else:
        numbers = [order.number for order in await parts.shop.recent_orders(caller.customer_id, _ORDERS)]
    number = (wanted or "").strip().upper() or (numbers[0] if numbers else "")
    found = await parts.shop.order(number) if number else None
    if found is None or found.customer_id != caller.customer_id or (caller.order and number != caller.order):
        raise not_found()
    return found, numbers


async def _own_flow(parts: Parts, caller: PortalCustomer, flow_id: str) -> FlowView:
    async with parts.database.begin() as session:
        flow = await flow_view(session, flow_id)
    if flow is None or flow.shop_customer_id != caller.customer_id or flow.kind not in _SHOWN:
        raise not_found()
    if caller.order and flow.order != caller.order:
        raise not_found()
    return flow


async def _flows(parts: Parts, order: str) -> list[Progress]:
    async with parts.database.begin() as session:
        found = await flows_of_order(session, order)
    return await _progresses(parts, [flow for flow in found if flow.kind in _SHOWN and _is_of_use(flow)])


def _is_of_use(flow: FlowView) -> bool:
    """Word of a delay is shown while it can be answered."""
    return flow.kind is not FlowKind.OUTREACH or flow.state is FlowState.AWAITING_CUSTOMER


async def _progress(parts: Parts, flow: FlowView) -> Progress:
    [found] = await _progresses(parts, [flow])
    return found


async def _progresses(parts: Parts, flows: list[FlowView]) -> list[Progress]:
    """Pages ask for this every few seconds: one transaction, and each order is read once."""
    titles = await titles_of(parts.shop, flows)
    async with parts.database.begin() as session:
        return [
            progress(
                flow,
                await steps_of(session, flow.id),
                await entries_of(session, flow.id),
                (await parts.shelf.version(session, flow.policy_version)).commerce,
                titles,
            )
            for flow in flows
        ]


def _offered(product: Product) -> ProductOffered:
    variants = [
        VariantOffered(sku=one.sku, options=one.options, price=one.price, available=one.stock > 0)
        for one in product.variants
    ]
    return ProductOffered(product_id=product.product_id, title=product.title, variants=variants)
