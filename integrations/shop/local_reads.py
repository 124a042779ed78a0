"""The customers and orders of the local store as it stands at the moment of asking."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import Order, OrderLine, OrderState, Payment, Refund, ReturnRecord, Shipment, ShopCustomer
from integrations.shop import local_records as records
from integrations.shop.local_lines import returning_units
from store import commerce
from store.commerce_ledger import ShopPaymentMethod, ShopRefund, ShopReturn, ShopReturnLine
from store.database import Database


class LocalReads:
    """The customers and orders of `ShopReads`, each question one short transaction that sees one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def customer(self, customer_id: str) -> ShopCustomer | None:
        """The shop's record of a customer, by the shop's id. Two queries."""
        return await self._one_customer(col(commerce.ShopCustomer.customer_id) == customer_id)

    async def customer_by_email(self, email: str) -> ShopCustomer | None:
        """The shop's record by e-mail. For verified addresses only. Two queries."""
        return await self._one_customer(col(commerce.ShopCustomer.email) == email.strip().lower())

    async def order(self, number: str) -> Order | None:
        """An order by its number, whatever the case of its letters. Five queries."""
        head = select(commerce.ShopOrder).where(col(commerce.ShopOrder.number) == number.strip().upper())
        async with self._database.begin() as session:
            orders = await _with_contents(session, (await session.scalars(head)).all())
        return orders[0] if orders else None

    async def recent_orders(self, customer_id: str, limit: int = 5) -> tuple[Order, ...]:
        """A customer's orders, newest first. Five queries, however many orders."""
        order = commerce.ShopOrder
        heads = (
            select(order)
            .where(col(order.customer_id) == customer_id)
            .order_by(col(order.placed_at).desc(), col(order.number).desc())
            .limit(limit)
        )
        async with self._database.begin() as session:
            return await _with_contents(session, (await session.scalars(heads)).all())

    async def refunds(self, number: str) -> tuple[Refund, ...]:
        """What was paid back for an order, the earliest first. One query.

        What one effect took from several payments went back as one; a zero that settles a swap is no refund.
        """
        refund = ShopRefund
        query = (
            select(func.min(col(refund.refund_id)), func.sum(col(refund.amount_minor)), col(refund.currency))
            .add_columns(col(refund.to_kind), func.max(col(refund.at)))
            .where(col(refund.order_number) == number.strip().upper())
            .group_by(col(refund.effect_key), col(refund.currency), col(refund.to_kind))
            .having(func.sum(col(refund.amount_minor)) > 0)
            .order_by(func.max(col(refund.at)), func.min(col(refund.refund_id)))
        )
        async with self._database.begin() as session:
            return tuple(records.refund(*row) for row in await session.execute(query))

    async def _one_customer(self, condition: ColumnElement[bool]) -> ShopCustomer | None:
        customer, order = commerce.ShopCustomer, commerce.ShopOrder
        counts = (
            col(order.customer_id) == col(customer.customer_id),
            col(order.state).not_in((OrderState.CANCELLED.value, OrderState.RETURNED.value)),
            col(order.currency) == col(customer.currency),
        )
        spent = select(func.coalesce(func.sum(order.total_minor), 0)).where(*counts).scalar_subquery()
        orders = (
            select(func.count()).select_from(order).where(col(order.customer_id) == col(customer.customer_id))
        ).scalar_subquery()
        async with self._database.begin() as session:
            found = (await session.execute(select(customer, spent, orders).where(condition))).one_or_none()
            if found is None:
                return None
            return records.customer(found[0], int(found[1]), found[2], await _methods(session, found[0].customer_id))


async def _methods(session: AsyncSession, customer_id: str) -> Sequence[ShopPaymentMethod]:
    query = select(ShopPaymentMethod).where(col(ShopPaymentMethod.customer_id) == customer_id)
    return (await session.scalars(query.order_by(col(ShopPaymentMethod.method_id)))).all()


async def _with_contents(session: AsyncSession, heads: Sequence[commerce.ShopOrder]) -> tuple[Order, ...]:
    if not heads:
        return ()
    numbers = [head.number for head in heads]
    lines, parcels = await _lines(session, heads), await _parcels(session, numbers)
    payments, returns = await _payments(session, numbers), await _returns(session, numbers)
    return tuple(
        records.order(
            head,
            lines=lines[head.number],
            shipments=parcels[head.number],
            payments=payments[head.number],
            returns=returns[head.number],
        )
        for head in heads
    )


async def _lines(session: AsyncSession, heads: Sequence[commerce.ShopOrder]) -> dict[str, list[OrderLine]]:
    line, variant, product = commerce.ShopOrderLine, commerce.ShopVariant, commerce.ShopProduct
    currencies = {head.number: head.currency for head in heads}
    query = (
        select(line, col(product.product_id), col(product.category), returning_units())
        .join(variant, col(variant.sku) == col(line.sku))
        .join(product, col(product.product_id) == col(variant.product_id))
        .where(col(line.order_number).in_(currencies))
        .order_by(col(line.position))
    )
    found: defaultdict[str, list[OrderLine]] = defaultdict(list)
    for row, product_id, category, returning in await session.execute(query):
        found[row.order_number].append(
            records.line(row, currencies[row.order_number], product_id, category, int(returning))
        )
    return found


async def _parcels(session: AsyncSession, numbers: list[str]) -> dict[str, list[Shipment]]:
    """Parcels with the ids of their lines, the earliest first."""
    parcel, inside = commerce.ShopShipment, commerce.ShopShipmentLine
    line_ids = func.array_agg(aggregate_order_by(col(inside.line_id), col(inside.line_id))).filter(
        col(inside.line_id).is_not(None)
    )
    found: defaultdict[str, list[Shipment]] = defaultdict(list)
    rows = await session.execute(
        select(parcel, line_ids)
        .outerjoin(inside, col(inside.shipment_id) == col(parcel.shipment_id))
        .where(col(parcel.order_number).in_(numbers))
        .group_by(col(parcel.shipment_id))
        .order_by(col(parcel.shipped_at).nulls_last(), col(parcel.shipment_id))
    )
    for row, lines in rows:
        found[row.order_number].append(records.shipment(row, tuple(lines or ())))
    return found


async def _payments(session: AsyncSession, numbers: list[str]) -> dict[str, list[Payment]]:
    """Payments, the earliest first; what is not yet in comes last."""
    payment = commerce.ShopPayment
    query = select(payment).where(col(payment.order_number).in_(numbers))
    found: defaultdict[str, list[Payment]] = defaultdict(list)
    for row in await session.scalars(query.order_by(col(payment.captured_at).nulls_last(), col(payment.payment_id))):
        found[row.order_number].append(records.payment(row))
    return found


async def _returns(session: AsyncSession, numbers: list[str]) -> dict[str, list[ReturnRecord]]:
    """Returns and exchanges with their lines, the earliest first."""
    query = (
        select(ShopReturn, ShopReturnLine)
        .join(ShopReturnLine, col(ShopReturnLine.return_id) == col(ShopReturn.return_id))
        .where(col(ShopReturn.order_number).in_(numbers))
        .order_by(
            col(ShopReturn.created_at),
            col(ShopReturn.return_id),
            col(ShopReturnLine.line_id),
            col(ShopReturnLine.new_sku),
        )
    )
    heads: dict[str, ShopReturn] = {}
    parts: defaultdict[str, list[ShopReturnLine]] = defaultdict(list)
    for head, part in await session.execute(query):
        heads[head.return_id] = head
        parts[head.return_id].append(part)
    found: defaultdict[str, list[ReturnRecord]] = defaultdict(list)
    for head in heads.values():
        found[head.order_number].append(records.return_record(head, parts[head.return_id]))
    return found
