"""Customers, the identities known to be theirs, and the baton of each."""

from datetime import datetime

from sqlalchemy import Index, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.baton import Baton, HolderKind
from domain.message import ClaimedIdentity
from domain.parties import normalise_address
from store.columns import moment
from store.errors import NotFound
from store.ids import new_id


class Customer(SQLModel, table=True):
    """One person. Who is not verified gets a record of their own for each conversation, merged once proven."""

    __tablename__ = "customer"

    id: str = Field(default_factory=new_id, primary_key=True)
    tier: str = "guest"
    display_name: str = ""
    shop_customer_id: str | None = Field(default=None, index=True)
    """The shop's id, recorded only with a proof of identity; what it opens may be told to this customer."""
    holder_kind: str = HolderKind.NOBODY.value
    holder_id: str = ""
    epoch: int = 0
    created_at: datetime | None = moment(default_now=True)

    @property
    def baton(self) -> Baton:
        """The right to speak to this customer."""
        return Baton(kind=HolderKind(self.holder_kind), holder_id=self.holder_id, epoch=self.epoch)

    @baton.setter
    def baton(self, baton: Baton) -> None:
        self.holder_kind, self.holder_id, self.epoch = baton.kind.value, baton.holder_id, baton.epoch


class Identity(SQLModel, table=True):
    """An address or id of a customer. A verified one belongs to exactly one customer."""

    __tablename__ = "identity"
    __table_args__ = (
        Index("identity_verified", "kind", "value", unique=True, postgresql_where=text("verified")),
        Index("identity_of", "customer_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    customer_id: str = Field(foreign_key="customer.id")
    kind: str
    value: str
    verified: bool = False


async def lock_customer(session: AsyncSession, customer_id: str) -> Customer:
    """The customer's row, locked: whoever decides about the baton or opens an interaction holds this lock."""
    query = select(Customer).where(col(Customer.id) == customer_id).with_for_update()
    customer = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if customer is None:
        raise NotFound("customer")
    return customer


async def verified_owner(session: AsyncSession, claims: list[ClaimedIdentity]) -> str | None:
    """The customer to whom one of the verified claims belongs; unverified claims find nobody."""
    for claim in claims:
        if claim.verified:
            query = select(col(Identity.customer_id)).where(
                col(Identity.kind) == claim.kind.value,
                col(Identity.value) == normalise_address(claim.kind, claim.value),
                col(Identity.verified),
            )
            owner = (await session.execute(query)).scalar_one_or_none()
            if owner is not None:
                return owner
    return None


async def note_identities(session: AsyncSession, customer_id: str, claims: list[ClaimedIdentity]) -> None:
    """Record the claims with the customer; a verified claim upgrades the same address once typed."""
    query = select(Identity).where(col(Identity.customer_id) == customer_id)
    known = {(row.kind, row.value): row for row in (await session.execute(query)).scalars()}
    for claim in claims:
        key = (claim.kind.value, normalise_address(claim.kind, claim.value))
        row = known.get(key)
        if row is None:
            row = Identity(customer_id=customer_id, kind=key[0], value=key[1])
            session.add(row)
            known[key] = row
        row.verified = row.verified or claim.verified


async def merge_customers(session: AsyncSession, guest_id: str, into_id: str) -> None:
    """Everything of a guest becomes the proven customer's. Both rows are locked by the caller."""
    for table in ("conversation", "interaction", "suggestion", "work_item", "journal"):
        await session.execute(
            text(f"UPDATE {table} SET customer_id = :into WHERE customer_id = :guest"),  # noqa: S608  names above
            {"into": into_id, "guest": guest_id},
        )
    await session.execute(
        update(Identity)
        .where(col(Identity.customer_id) == guest_id, col(Identity.verified).is_(False))
        .values(customer_id=into_id)
    )
