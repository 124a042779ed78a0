"""On which channels a customer agrees to be written to unasked: themselves in a proven chat, or the brand for them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from api.callers import ChatCustomer, ShopCaller, Writer
from api.fields import Body
from api.parts import Engine
from api.problems import forbidden, responses
from domain.parties import Channel
from store.consents import Consents, change_consents, consents_of

router = APIRouter(tags=["customers"])

ShopId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[!-~]+$", description="The shop's customer id.")]
_REFUSALS = responses(401, 403, 404, 422, 503)
_CHANGING = responses(400, 401, 403, 404, 413, 422, 503)


class Agreed(Body):
    """Everything that the customer agrees to from now on."""

    channels: Annotated[list[Channel], Field(max_length=len(Channel))]
    """Empty: nothing unasked."""


def _own(caller: Writer) -> str:
    """The shop's id of the customer whose chat it is, if their shop has proven it."""
    if not isinstance(caller, ChatCustomer) or not caller.customer:
        raise forbidden("This chat belongs to no known customer of the shop.")
    return caller.customer


Own = Annotated[str, Depends(_own)]


@router.get("/v1/consents", responses=_REFUSALS)
async def read_own_consents(customer_id: Own, parts: Engine) -> Consents:
    """The channels on which the customer of this chat agrees to be written to about their orders."""
    async with parts.database.begin() as session:
        return await consents_of(session, customer_id)


@router.put("/v1/consents", responses=_CHANGING)
async def change_own_consents(body: Agreed, customer_id: Own, parts: Engine) -> Consents:
    """Agree to these channels and to no others. What was not said yet goes by it."""
    async with parts.database.begin() as session:
        return await change_consents(session, customer_id, tuple(body.channels), by="customer")


@router.get("/v1/shop-customers/{customer_id}/consents", responses=_REFUSALS)
async def read_consents(customer_id: ShopId, _: ShopCaller, parts: Engine) -> Consents:
    """The channels on which a customer of the shop agrees to be written to about their orders."""
    async with parts.database.begin() as session:
        return await consents_of(session, customer_id)


@router.put("/v1/shop-customers/{customer_id}/consents", responses=_CHANGING)
async def change_consents_for(customer_id: ShopId, body: Agreed, caller: ShopCaller, parts: Engine) -> Consents:
    """Record what a customer of the shop has agreed to elsewhere, e.g. in their account."""
    async with parts.database.begin() as session:
        by = f"agent:{caller.agent_id}" if caller.agent_id else caller.role.value
        return await change_consents(session, customer_id, tuple(body.channels), by=by)
