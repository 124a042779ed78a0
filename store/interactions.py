"""Interactions: the row that the workflow's story is anchored to."""

from datetime import datetime, timedelta

from sqlalchemy import Index, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.interaction import WITH_PEOPLE, InteractionState, Resolution
from store.columns import json_column, moment
from store.customers import Customer
from store.errors import NotFound
from store.ids import new_id
from store.locking import CLOCK, database_now, lock_row, note_held


class Interaction(SQLModel, table=True):
    """One problem being resolved."""

    __tablename__ = "interaction"
    __table_args__ = (
        Index("interaction_open_of", "customer_id", postgresql_where=text("state <> 'resolved'")),
        Index(
            "interaction_shifted",
            "shifted_from",
            postgresql_where=text("shifted_from <> '' AND shifted_to_people_at IS NULL AND state <> 'resolved'"),
        ),
        Index("interaction_due", "next_step_due", postgresql_where=text("state <> 'resolved'")),
        Index("interaction_taken_back", "taken_back_at", postgresql_where=text("taken_back_at IS NOT NULL")),
        Index("interaction_closed", "closed_at", postgresql_where=text("state = 'resolved'")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    channel: str
    state: str = InteractionState.NEW.value
    resolution: str = ""
    last_seq: int = 0
    """The newest addressed journal entry."""
    handled_seq: int = 0
    """The newest entry that the story has dealt with."""
    last_customer_seq: int = 0
    """The customer's newest message, as seq."""
    next_step_due: datetime | None = moment()
    misses: int = 0
    """Times that the deadline passed without a step."""
    issue: str = ""
    triage: dict[str, object] | None = json_column(default=None)
    plan: dict[str, object] | None = json_column(default=None)
    stage: int = 0
    stage_due: datetime | None = moment()
    """Deadline of the plan's present stage."""
    shop_facts: dict[str, object] | None = json_column(default=None)
    """What the shop says of a verified customer (`domain.routing.ShopFacts`)."""
    shifted_to_ai_at: datetime | None = moment()
    """When pressure gave the case to the AI; once at most."""
    shifted_from: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The team whose pressure gave the case to the AI."""
    shifted_to_people_at: datetime | None = moment()
    """When eased pressure gave it back to people; once at most."""
    questions_asked: int = 0
    asked: bool = False
    """Baton's last word was a question back."""
    policy_version: int
    agent_id: str = ""
    """Who holds, or last held, the case."""
    linked_to: str | None = None
    """An earlier interaction about the same or a neighbouring problem."""
    taken_back_at: datetime | None = moment()
    """When its resolution turned out to be none; empty again once it is resolved anew."""
    taken_back_by: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The case with which the same problem returned; its own id if the customer wrote in it again."""
    runs: int = 1
    opened_at: datetime | None = moment(default_now=True)
    changed_at: datetime | None = moment(default_now=True)
    """When the state last changed."""
    closed_at: datetime | None = moment()

    @property
    def is_open(self) -> bool:
        """Not resolved."""
        return self.state != InteractionState.RESOLVED.value


async def lock_interaction(session: AsyncSession, interaction_id: str) -> Interaction:
    """The interaction's row, locked. Lock the customer first where both are needed."""
    return await lock_row(session, Interaction, interaction_id)


_CASE = (
    select(Customer, Interaction, CLOCK)
    .join(Interaction, col(Interaction.customer_id) == col(Customer.id))
    .where(col(Interaction.id) == bindparam("interaction_id"))
    .with_for_update(of=(Customer, Interaction))
    .execution_options(populate_existing=True)
)


async def lock_case(session: AsyncSession, interaction_id: str) -> tuple[Customer, Interaction]:
    """The interaction's customer and the interaction, locked in this order, which is the order of `FOR UPDATE OF`."""
    found = (await session.execute(_CASE, {"interaction_id": interaction_id})).one_or_none()
    if found is None:
        # Missed as well if it has become another customer's while this waited for the lock: look once more.
        found = (await session.execute(_CASE, {"interaction_id": interaction_id})).one_or_none()
    if found is None:
        raise NotFound("interaction")
    customer, interaction, now = found
    note_held(session, [customer, interaction], now)
    return customer, interaction


async def lock_case_if_free(session: AsyncSession, interaction_id: str) -> tuple[Customer, Interaction] | None:
    """As `lock_case`, but it never waits: None if somebody else holds one of the two rows at this moment."""
    query = _CASE.with_for_update(of=(Customer, Interaction), skip_locked=True)
    found = (await session.execute(query, {"interaction_id": interaction_id})).one_or_none()
    if found is None:
        return None
    customer, interaction, now = found
    note_held(session, [customer, interaction], now)
    return customer, interaction


async def customer_of(session: AsyncSession, interaction_id: str) -> str:
    """The customer whom an interaction belongs to now."""
    query = select(col(Interaction.customer_id)).where(col(Interaction.id) == interaction_id)
    owner = (await session.execute(query)).scalar_one_or_none()
    if owner is None:
        raise NotFound("interaction")
    return owner


async def move(session: AsyncSession, row: Interaction, state: InteractionState, *, due_in: float) -> None:
    """Move an interaction's state and its next deadline (`due_in` seconds from now); progress clears the misses."""
    now = await database_now(session)
    if not row.is_open:
        row.resolution, row.closed_at = "", None
    if row.state != state.value:
        row.state, row.changed_at = state.value, now
    row.next_step_due, row.misses = now + timedelta(seconds=due_in), 0


async def advance(
    session: AsyncSession, row: Interaction, state: InteractionState, *, due_in: float, handled_seq: int
) -> None:
    """The story moves its interaction.

    Entries that it has not seen yet have the last word on state and deadline, and so have people who have the case.
    """
    if row.last_seq <= handled_seq and (row.state not in WITH_PEOPLE or state in WITH_PEOPLE):
        await move(session, row, state, due_in=due_in)
    row.handled_seq = max(row.handled_seq, handled_seq)


async def resolve(session: AsyncSession, row: Interaction, how: Resolution) -> None:
    """Close an interaction's row; the caller has checked that every entry is handled."""
    row.state, row.resolution = InteractionState.RESOLVED.value, how.value
    row.closed_at = row.changed_at = await database_now(session)
    row.taken_back_at, row.taken_back_by = None, ""
    row.next_step_due = None
