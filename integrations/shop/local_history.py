"""The money of an order as it went: payments and refunds of the local shop in one list."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import MethodKind, PaymentState
from domain.money import Money
from domain.values import Value
from store.commerce import ShopPayment
from store.commerce_ledger import ShopRefund


class MoneyMove(Value):
    """Money that came in or went back. An effect that takes from several payments makes as many moves."""

    refund: bool
    """It went back; else it was paid."""
    amount: Money
    method: MethodKind
    method_id: str = ""
    at: datetime


async def money_moves(session: AsyncSession, number: str) -> tuple[MoneyMove, ...]:
    """What was paid and given back for an order, in the order in which it happened; nothing that is still owed."""
    payments = await session.scalars(select(ShopPayment).where(col(ShopPayment.order_number) == number))
    refunds = await session.scalars(select(ShopRefund).where(col(ShopRefund.order_number) == number))
    moves = [_paid(row, row.captured_at) for row in payments if row.captured_at and row.state != PaymentState.VOIDED]
    moves += [_refunded(row, row.at) for row in refunds if row.at]
    return tuple(sorted(moves, key=lambda move: move.at))


def _paid(row: ShopPayment, at: datetime) -> MoneyMove:
    return MoneyMove(
        refund=False,
        amount=Money(minor=row.amount_minor, currency=row.currency),
        method=MethodKind(row.method),
        method_id=row.method_id,
        at=at,
    )


def _refunded(row: ShopRefund, at: datetime) -> MoneyMove:
    return MoneyMove(
        refund=True,
        amount=Money(minor=row.amount_minor, currency=row.currency),
        method=MethodKind(row.to_kind),
        method_id=row.to_method_id,
        at=at,
    )
