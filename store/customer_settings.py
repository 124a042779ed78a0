"""What the brand marks its customers with: tier, tags, and their newest answer to a satisfaction question."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value
from store.customers import lock_customer
from store.journal import Happening, note_about
from store.live import notify_desk


class CustomerSettings(Value):
    """The marks that routing reads."""

    id: str
    tier: str
    tags: tuple[str, ...]
    last_csat: int | None
    """1 to 5."""


async def change_customer(
    session: AsyncSession, customer_id: str, changes: Mapping[str, object], *, by: str
) -> CustomerSettings:
    """Change those of `tier`, `tags` and `last_csat` that are given. Raises `NotFound`."""
    customer = await lock_customer(session, customer_id)
    for name in ("tier", "tags", "last_csat"):
        if name in changes:
            setattr(customer, name, changes[name])
    note_about(
        session, Happening.CUSTOMER_CHANGED, (None, None), ref=customer_id, by=by, facts={"changed": sorted(changes)}
    )
    await notify_desk(session)
    return CustomerSettings(id=customer.id, tier=customer.tier, tags=tuple(customer.tags), last_csat=customer.last_csat)
