"""Proofs of identity: what was tried in a conversation, and the one-time codes that were sent."""

from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.values import Value
from store.columns import moment
from store.customers import Customer
from store.ids import new_id


class IdentityProof(SQLModel, table=True):
    """One try at proving who writes. A proof by order number covers that order only; a code covers the customer."""

    __tablename__ = "identity_proof"
    __table_args__ = (Index("identity_proof_of", "customer_id", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    customer_id: str
    """Baton's customer record of the conversation."""
    interaction_id: str = Field(index=True)
    means: str
    """`order_email`, `order_postcode` or `code`."""
    proven: bool
    order_number: str = ""
    """The order that the proof covers; empty for a code, and for a try that failed."""
    shop_customer_id: str = ""
    at: datetime | None = moment(default_now=True)


class OneTimeCode(SQLModel, table=True):
    """A code sent to an address that the shop knows. Kept as a hash; counts its tries."""

    __tablename__ = "one_time_code"
    __table_args__ = (Index("one_time_code_of", "customer_id", "sent_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    customer_id: str
    interaction_id: str
    shop_customer_id: str
    """Whom it proves; empty if the address is nobody's, since who asks must not learn that."""
    code_hash: str
    tries: int = 0
    sent_at: datetime | None = moment(default_now=True)
    expires_at: datetime | None = moment()
    used_at: datetime | None = moment()


class Proven(Value):
    """Whom the shop knows as the writer, and what of theirs the proof covers."""

    shop_customer_id: str
    orders: tuple[str, ...] | None = None
    """The only orders that it covers; None: all that is theirs."""


async def proven(session: AsyncSession, customer: Customer) -> Proven | None:
    """Who the customer is proven to be: by their channel or a code for everything, else for the orders they proved."""
    if customer.shop_customer_id is not None:
        return Proven(shop_customer_id=customer.shop_customer_id)
    query = (
        select(IdentityProof)
        .where(col(IdentityProof.customer_id) == customer.id, col(IdentityProof.proven))
        .order_by(col(IdentityProof.at).desc())
    )
    rows = list((await session.execute(query)).scalars())
    if not rows:
        return None
    newest = rows[0].shop_customer_id
    orders = (row.order_number for row in rows if row.shop_customer_id == newest)
    return Proven(shop_customer_id=newest, orders=tuple(dict.fromkeys(orders)))
