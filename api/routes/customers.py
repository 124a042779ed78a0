"""What routing knows of a customer besides their words: tier, tags, satisfaction. Channels, leads and admins set it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from api.callers import Staff, staff
from api.fields import Body, Text
from api.parts import Engine
from api.problems import invalid, responses
from domain.parties import Role
from store.customer_settings import CustomerSettings, change_customer

router = APIRouter(prefix="/v1/customers", tags=["customers"])

Tag = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$")]
MarksCustomers = Annotated[Staff, Depends(staff(Role.CHANNEL, Role.LEAD, Role.ADMIN))]


class ChangedCustomer(Body):
    """What is to be changed; what is left out stays. `tags` are all that the customer has from now on."""

    tier: Annotated[Text, Field(min_length=1, max_length=100)] | None = None
    tags: Annotated[list[Tag], Field(max_length=50)] | None = None
    last_csat: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None
    """`null`: not known."""


@router.patch("/{customer_id:id}", responses=responses(400, 401, 403, 404, 413, 422, 503))
async def change_customer_settings(
    customer_id: str, body: ChangedCustomer, caller: MarksCustomers, parts: Engine
) -> CustomerSettings:
    """Set tier, tags or satisfaction. Cases that are routed from now on go by it."""
    for name in body.model_fields_set - {"last_csat"}:
        if getattr(body, name) is None:
            raise invalid(name, "must not be null; leave it out to keep it")
    async with parts.database.begin() as session:
        tiers = (await parts.shelf.active(session)).tiers
        if body.tier is not None and body.tier not in tiers:
            raise invalid("tier", f"is no tier of the policy; there are: {', '.join(tiers)}")
        changes = body.model_dump(include=body.model_fields_set)
        return await change_customer(session, customer_id, changes, by=caller.agent_id)
