"""On which channels a customer has agreed to be written to about their orders."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.parties import Channel
from domain.values import Value
from store.commerce import ShopCustomer
from store.errors import NotFound
from store.journal import Happening, note_about


class Consents(Value):
    """A customer's consent, as the shop has it."""

    customer: str
    """The shop's id."""
    channels: tuple[Channel, ...]
    """Empty: they want to hear nothing unasked."""


async def consents_of(session: AsyncSession, customer_id: str) -> Consents:
    """What a customer of the shop has agreed to. Raises `NotFound`."""
    return _consents(await _customer(session, customer_id, lock=False))


async def change_consents(
    session: AsyncSession, customer_id: str, channels: tuple[Channel, ...], *, by: str
) -> Consents:
    """What they agree to from now on; words that were not said yet go by it. The same again is not journalled.

    Raises `NotFound`.
    """
    customer = await _customer(session, customer_id, lock=True)
    agreed = [channel.value for channel in dict.fromkeys(channels)]
    if customer.contact_by != agreed:
        customer.contact_by = agreed
        facts: dict[str, object] = {"channels": agreed}
        note_about(session, Happening.CONSENT_CHANGED, (None, None), ref=customer_id, by=by, facts=facts)
    return _consents(customer)


async def _customer(session: AsyncSession, customer_id: str, *, lock: bool) -> ShopCustomer:
    query = select(ShopCustomer).where(col(ShopCustomer.customer_id) == customer_id)
    query = query.with_for_update() if lock else query
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound("customer")
    return found


def _consents(customer: ShopCustomer) -> Consents:
    known = {channel.value for channel in Channel}
    return Consents(
        customer=customer.customer_id, channels=tuple(Channel(one) for one in customer.contact_by if one in known)
    )
