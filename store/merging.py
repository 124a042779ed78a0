"""Two records turn out to be one person: everything of the one becomes the other's, the right to speak included."""

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.baton import Baton, HolderKind
from domain.delivery import UNSENT
from domain.message import DeliveryState
from store.conversations import Conversation, Message
from store.customers import Customer

_OF_AN_INTERACTION = ("suggestion", "work_item", "journal")
_OF_A_CUSTOMER = ("conversation", "identity", "interaction", "flow", "satisfaction")


async def merge_customers(session: AsyncSession, guest: Customer, into: Customer) -> None:
    """Everything of a guest becomes the proven customer's. Both rows are locked by the caller."""
    await _join_batons(session, guest, into)
    await session.flush()
    theirs = "interaction_id IN (SELECT id FROM interaction WHERE customer_id = :guest)"
    wheres = dict.fromkeys(_OF_AN_INTERACTION, theirs) | dict.fromkeys(_OF_A_CUSTOMER, "customer_id = :guest")
    for table, where in wheres.items():
        await session.execute(
            text(f"UPDATE {table} SET customer_id = :into WHERE {where}"),  # noqa: S608  names above
            {"into": into.id, "guest": guest.id},
        )


async def _join_batons(session: AsyncSession, guest: Customer, into: Customer) -> None:
    """One holder stays: an agent before the AI, the proven customer's agent before the guest's."""
    first, second = into.baton, guest.baton
    stays = second if second.kind is HolderKind.AGENT and first.kind is not HolderKind.AGENT else first
    joined = Baton(kind=stays.kind, holder_id=stays.holder_id, epoch=max(first.epoch, second.epoch) + 1)
    for customer in (guest, into):
        speaks_on = customer.baton.passed_to(joined.kind, joined.holder_id) == customer.baton
        if speaks_on or not customer.baton.taken_over_by(joined.kind):
            await _keep_queued(session, customer, joined.epoch)
        else:
            await _cancel_queued(session, customer)
    into.baton, guest.baton = joined, guest.baton.passed_to(HolderKind.NOBODY)


async def _keep_queued(session: AsyncSession, customer: Customer, epoch: int) -> None:
    states = [state.value for state in UNSENT]
    words = _words(customer) & col(Message.state).in_(states) & (col(Message.epoch) == customer.epoch)
    await session.execute(update(Message).where(words).values(epoch=epoch))


async def _cancel_queued(session: AsyncSession, customer: Customer) -> None:
    words = _words(customer) & (col(Message.state) == DeliveryState.QUEUED.value)
    await session.execute(update(Message).where(words).values(state=DeliveryState.CANCELLED.value, code="not_holder"))


def _words(customer: Customer) -> ColumnElement[bool]:
    conversations = select(col(Conversation.id)).where(col(Conversation.customer_id) == customer.id)
    return col(Message.conversation_id).in_(conversations)
