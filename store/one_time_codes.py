"""One-time codes: to whom they went, how long they live, and what a right one makes of a customer's record.

A code itself is kept nowhere (`domain.proving.code_of`). Codes for addresses that nobody has are kept like others, so
that limits and answers are the same for both. Order of locks: addresses, customers, interaction, code.
"""

from datetime import datetime, timedelta

from sqlalchemy import Index, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.commerce import ShopCustomer
from domain.message import ClaimedIdentity
from domain.parties import IdentityKind
from domain.proving import CODE_LIVES, CODE_PAUSE, CODE_TRIES, CODES_AN_HOUR, WRONG_FOR_ONE
from store.columns import moment
from store.customers import Customer, lock_customer, note_identities, verified_owners
from store.errors import Conflict
from store.ids import new_id
from store.interactions import Interaction, customer_of, lock_interaction
from store.locking import database_now
from store.merging import merge_customers
from store.proofs import wrong_against


class OneTimeCode(SQLModel, table=True):
    """A code that was asked for. It proves who writes in the conversation in which it was asked for, once."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        Index("one_time_code_for", "address", "sent_at"),
        Index("one_time_code_of", "interaction_id", "message_id", unique=True),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str
    message_id: str
    """The customer's word that asked for it: asked again for the same word, it is the same code."""
    address: str
    """A stand-in for the address (`domain.proving.fingerprint`)."""
    shop_customer_id: str
    """Whom it proves; empty if the address is nobody's, since who asks must not learn that."""
    tries: int = 0
    sent_at: datetime | None = moment(default_now=True)
    expires_at: datetime | None = moment()
    used_at: datetime | None = moment()

    def lives(self, now: datetime) -> bool:
        """Whether it can still prove anything."""
        return (
            self.used_at is None and self.expires_at is not None and now < self.expires_at and self.tries < CODE_TRIES
        )


async def issue_code(
    session: AsyncSession, interaction_id: str, message_id: str, address: str, shop_customer_id: str
) -> tuple[OneTimeCode | None, bool]:
    """A code for an address, and whether it is new; none while there have been too many for it.

    The caller holds the turn of the address (`store.locking.take_turns`).
    """
    now = await database_now(session)
    asked = (col(OneTimeCode.interaction_id) == interaction_id) & (col(OneTimeCode.message_id) == message_id)
    again = (await session.execute(select(OneTimeCode).where(asked))).scalar_one_or_none()
    if again is not None:
        return (again if again.lives(now) and again.address == address else None), False
    if await _too_many(session, address, now):
        return None, False
    code = OneTimeCode(
        interaction_id=interaction_id,
        message_id=message_id,
        address=address,
        shop_customer_id=shop_customer_id,
        expires_at=now + CODE_LIVES,
    )
    session.add(code)
    return code, True


async def _too_many(session: AsyncSession, address: str, now: datetime) -> bool:
    query = select(col(OneTimeCode.sent_at)).where(col(OneTimeCode.address) == address)
    newest = query.order_by(col(OneTimeCode.sent_at).desc()).limit(CODES_AN_HOUR)
    sent = [at for at in (await session.execute(newest)).scalars() if at is not None]
    hour_full = len(sent) == CODES_AN_HOUR and now - sent[-1] < timedelta(hours=1)
    too_soon = bool(sent) and now - sent[0] < CODE_PAUSE
    return hour_full or too_soon or await wrong_against(session, address) >= WRONG_FOR_ONE


async def newest_code(session: AsyncSession, interaction_id: str) -> OneTimeCode | None:
    """The last code that was asked for by the customer of a case; only this one counts."""
    customer = select(col(Interaction.customer_id)).where(col(Interaction.id) == interaction_id).scalar_subquery()
    query = (
        select(OneTimeCode)
        .join(Interaction, col(Interaction.id) == col(OneTimeCode.interaction_id))
        .where(col(Interaction.customer_id) == customer)
        .order_by(col(OneTimeCode.sent_at).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


def identities_proven(buyer: ShopCustomer) -> list[ClaimedIdentity]:
    """What a right code proves: the shop's customer, and their address."""
    return [
        ClaimedIdentity(kind=IdentityKind.SHOP_CUSTOMER, value=buyer.customer_id, verified=True),
        ClaimedIdentity(kind=IdentityKind.EMAIL, value=buyer.email, verified=True),
    ]


async def lock_everybody(
    session: AsyncSession, interaction_id: str, claims: list[ClaimedIdentity]
) -> tuple[dict[str, Customer], Interaction]:
    """Everybody who may turn out to be this customer, strongest proof first and the case's own last, and the case.

    Raises `Conflict` if the case has become another customer's meanwhile; try again.
    """
    current = await customer_of(session, interaction_id)
    owners = await verified_owners(session, claims)
    locked = {one: await lock_customer(session, one) for one in sorted({*owners, current})}
    interaction = await lock_interaction(session, interaction_id)
    if interaction.customer_id != current:
        raise Conflict("customer_changed")
    ordered = dict.fromkeys([*(one for one in owners if one != current), current])
    return {one: locked[one] for one in ordered}, interaction


async def recognise(
    session: AsyncSession, everybody: dict[str, Customer], interaction: Interaction, buyer: ShopCustomer
) -> None:
    """The case's customer is the shop's: records that the shop does not know become one with theirs.

    As a sign-in would (see `store.receiving`). All rows are locked (`lock_everybody`).
    """
    fitting = [one for one in everybody.values() if one.shop_customer_id in {None, buyer.customer_id}]
    known = next((one for one in fitting if one.shop_customer_id == buyer.customer_id), fitting[0])
    for guest in fitting:
        if guest is not known and guest.shop_customer_id is None:
            await merge_customers(session, guest=guest, into=known)
    await note_identities(session, known.id, identities_proven(buyer))
    known.tier, known.display_name, known.shop_customer_id = buyer.tier, buyer.name, buyer.customer_id
    await session.refresh(interaction, ["customer_id"])
