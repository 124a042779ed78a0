"""The demo shop's payment page: whoever has a link pays it, as with any payment link.

The link's id is the secret; it holds 80 random bits. Whoever has it learns the amount and the order's number, and
nothing of its customer.
"""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.fields import Body
from api.parts import Engine
from api.problems import not_found, responses
from domain.flows.refusal import Refused
from integrations.shop.local_links import pay_link
from store.commerce_ledger import ShopPaymentLink
from store.errors import Conflict
from store.flow_telling import lock_flow_of_link, paid

router = APIRouter(prefix="/v1/payment-links/{link_id:id}", tags=["payments"])


class PaymentLink(BaseModel):
    """What is to be paid, in minor units."""

    link_id: str
    order: str
    amount_minor: int
    currency: str
    state: Literal["open", "paid", "closed"]
    brand: str


class Payment(Body):
    """How it is paid. The demo shop takes no real cards."""

    method: Literal["card"]


@router.get("", responses=responses(404, 503))
async def payment_link(link_id: str, parts: Engine) -> PaymentLink:
    """The link as it stands."""
    async with parts.database.begin() as session:
        link = await session.get(ShopPaymentLink, link_id)
        if link is None:
            raise not_found()
        brand = (await parts.shelf.active(session)).brand.name
        known = link.model_dump(include={"link_id", "amount_minor", "currency", "state"})
    return PaymentLink(**known, order=link.order_number, brand=brand)


@router.post("/pay", responses=responses(400, 404, 409, 413, 422, 503))
async def pay(link_id: str, _body: Payment, parts: Engine) -> PaymentLink:
    """Pay it, once. The flow that waits for it hears of it in the same transaction."""
    async with parts.database.begin() as session:
        flow = await lock_flow_of_link(session, link_id)
        answer = await pay_link(session, link_id)
        if isinstance(answer, Refused):
            raise Conflict("nothing_to_pay")
        await paid(session, flow, link_id)
    parts.relay.poke()
    return await payment_link(link_id, parts)
