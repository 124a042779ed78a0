"""Customers, the identities known to be theirs, and the baton of each."""

from datetime import datetime

from sqlalchemy import Index, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.baton import Baton, HolderKind
from domain.message import ClaimedIdentity
from domain.parties import IdentityKind, normalise_address
from store.columns import json_column, moment
from store.ids import new_id
from store.locking import lock_row


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
    tags: list[str] = json_column(default_factory=list, sa_column_kwargs={"server_default": text("'[]'::jsonb")})
    """The brand's own marks, e.g. `wholesale`; lower case."""
    last_csat: int | None = None
    """Their newest answer to a satisfaction question, 1 to 5."""
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
    return await lock_row(session, Customer, customer_id)


_STRENGTH = (
    IdentityKind.SHOP_CUSTOMER,
    IdentityKind.EMAIL,
    IdentityKind.PHONE,
    IdentityKind.SOCIAL,
    IdentityKind.CHAT_SESSION,
)
"""Kinds of proof, strongest first: a chat session says who wrote before, a shop customer id says who it is."""


async def verified_owners(session: AsyncSession, claims: list[ClaimedIdentity]) -> list[str]:
    """The customers to whom verified claims belong, strongest first, each once; unverified claims find nobody."""
    proofs = [claim for claim in sorted(claims, key=lambda claim: _STRENGTH.index(claim.kind)) if claim.verified]
    if not proofs:
        return []
    addresses = [(claim.kind.value, normalise_address(claim.kind, claim.value)) for claim in proofs]
    query = select(Identity).where(
        tuple_(col(Identity.kind), col(Identity.value)).in_(addresses), col(Identity.verified)
    )
    found = {(row.kind, row.value): row.customer_id for row in (await session.execute(query)).scalars()}
    return list(dict.fromkeys(found[address] for address in addresses if address in found))


def claim_keys(claims: list[ClaimedIdentity]) -> list[str]:
    """What to lock, in this order, before it is looked for whose the proven claims are (`store.locking.take_turns`)."""
    return sorted(f"{claim.kind}|{normalise_address(claim.kind, claim.value)}" for claim in claims if claim.verified)


def identities_of(customer_id: str, claims: list[ClaimedIdentity]) -> list[Identity]:
    """The claims of a new customer as rows; none of them is proven to be anybody else's."""
    verified: dict[tuple[str, str], bool] = {}
    for claim in claims:
        key = (claim.kind.value, normalise_address(claim.kind, claim.value))
        verified[key] = verified.get(key, False) or claim.verified
    return [
        Identity(customer_id=customer_id, kind=kind, value=value, verified=proven)
        for (kind, value), proven in verified.items()
    ]


async def note_identities(session: AsyncSession, customer_id: str, claims: list[ClaimedIdentity]) -> None:
    """Record the claims with the customer; a verified claim upgrades the same address once typed.

    What is proven to be another customer's stays theirs.
    """
    query = select(Identity).where(col(Identity.customer_id) == customer_id)
    known = {(row.kind, row.value): row for row in (await session.execute(query)).scalars()}
    for claim in claims:
        key = (claim.kind.value, normalise_address(claim.kind, claim.value))
        row = known.get(key)
        proves = claim.verified and (row is None or not row.verified)
        if proves and await verified_owners(session, [claim]) not in ([], [customer_id]):
            continue
        if row is None:
            row = Identity(customer_id=customer_id, kind=key[0], value=key[1])
            session.add(row)
            known[key] = row
        row.verified = row.verified or claim.verified
