"""The local store behind the `Shop` protocol: reads Baton's own `shop_` tables."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import Order, OrderLine, OrderState, Product, Shipment, ShipmentState, ShopCustomer, Variant
from domain.money import Money
from store import commerce
from store.database import Database

_FITTING = sql(
    """
    WITH term AS (
        SELECT DISTINCT plainto_tsquery('simple', lexeme) AS query
        FROM unnest(tsvector_to_array(to_tsvector('english', :words))) AS lexeme
    )
    SELECT product.*
    FROM shop_product AS product
    CROSS JOIN LATERAL (
        SELECT count(*) AS hits, count(*) FILTER (WHERE ts_filter(product.search, '{a,b}') @@ term.query) AS named
        FROM term
        WHERE product.search @@ term.query
    ) AS fit
    WHERE product.search @@ (SELECT string_agg(query::text, ' | ')::tsquery FROM term)
      AND (fit.named > 0 OR fit.hits * 2 >= (SELECT count(*) FROM term))
    ORDER BY
        fit.named * 3 + fit.hits DESC,
        (SELECT count(*) FROM unnest(to_tsvector('simple', product.title)) AS word
         WHERE word.lexeme = ANY (tsvector_to_array(to_tsvector('simple', :words)))) DESC,
        product.title
    LIMIT :most
    """
)
"""A word in title or category says more than one in the description. The OR of all words lets the index do its part.
Equals are told apart by the title's plain words, since `down` in a jacket's name is a stop word to the stemmer."""


class LocalShop:
    """A `Shop` on the local tables. Each question is one short transaction; `StoreUnavailable` if it cannot answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def customer(self, customer_id: str) -> ShopCustomer | None:
        """The shop's record of a customer, by the shop's id. One query."""
        return await self._one_customer(col(commerce.ShopCustomer.customer_id) == customer_id)

    async def customer_by_email(self, email: str) -> ShopCustomer | None:
        """The shop's record by e-mail. For verified addresses only. One query."""
        return await self._one_customer(col(commerce.ShopCustomer.email) == email.strip().lower())

    async def order(self, number: str) -> Order | None:
        """An order by its number, whatever the case of its letters. Three queries."""
        head = select(commerce.ShopOrder).where(col(commerce.ShopOrder.number) == number.strip().upper())
        async with self._database.begin() as session:
            orders = await _with_contents(session, (await session.scalars(head)).all())
        return orders[0] if orders else None

    async def recent_orders(self, customer_id: str, limit: int = 5) -> tuple[Order, ...]:
        """A customer's orders, newest first. Three queries, however many orders."""
        order = commerce.ShopOrder
        heads = (
            select(order)
            .where(col(order.customer_id) == customer_id)
            .order_by(col(order.placed_at).desc(), col(order.number).desc())
            .limit(limit)
        )
        async with self._database.begin() as session:
            return await _with_contents(session, (await session.scalars(heads)).all())

    async def product(self, product_id: str) -> Product | None:
        """A product with its variants and stock. Two queries."""
        row = select(commerce.ShopProduct).where(col(commerce.ShopProduct.product_id) == product_id)
        async with self._database.begin() as session:
            products = await _with_variants(session, (await session.scalars(row)).all())
        return products[0] if products else None

    async def find_products(self, text: str, limit: int = 3) -> tuple[Product, ...]:
        """Products with a word of the text in title or category, or at least half of the words anywhere, best first."""
        fitting = select(commerce.ShopProduct).from_statement(_FITTING)
        async with self._database.begin() as session:
            rows = (await session.scalars(fitting, {"words": text.replace("\x00", " "), "most": limit})).all()
            return await _with_variants(session, rows)

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
        return None if found is None else _customer(found[0], int(found[1]), found[2])


async def _with_contents(session: AsyncSession, heads: Sequence[commerce.ShopOrder]) -> tuple[Order, ...]:
    if not heads:
        return ()
    numbers = [head.number for head in heads]
    lines, parcels = await _lines(session, numbers), await _parcels(session, numbers)
    return tuple(_order(head, lines[head.number], parcels[head.number]) for head in heads)


async def _lines(session: AsyncSession, numbers: list[str]) -> dict[str, list[commerce.ShopOrderLine]]:
    line = commerce.ShopOrderLine
    found: defaultdict[str, list[commerce.ShopOrderLine]] = defaultdict(list)
    for row in await session.scalars(
        select(line).where(col(line.order_number).in_(numbers)).order_by(col(line.position))
    ):
        found[row.order_number].append(row)
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
        found[row.order_number].append(_shipment(row, tuple(lines or ())))
    return found


async def _with_variants(session: AsyncSession, rows: Sequence[commerce.ShopProduct]) -> tuple[Product, ...]:
    if not rows:
        return ()
    variant = commerce.ShopVariant
    found: defaultdict[str, list[Variant]] = defaultdict(list)
    wanted = select(variant).where(col(variant.product_id).in_([row.product_id for row in rows]))
    for one in await session.scalars(wanted.order_by(col(variant.product_id), col(variant.position))):
        price = Money(minor=one.price_minor, currency=one.currency)
        found[one.product_id].append(Variant(sku=one.sku, options=one.options, price=price, stock=one.stock))
    return tuple(_product(row, tuple(found[row.product_id])) for row in rows)


def _customer(row: commerce.ShopCustomer, spent: int, orders: int) -> ShopCustomer:
    return ShopCustomer(
        customer_id=row.customer_id,
        name=row.name,
        email=row.email,
        tier=row.tier,
        phone=row.phone,
        locale=row.locale,
        lifetime_value=Money(minor=spent, currency=row.currency),
        orders_count=orders,
    )


def _order(head: commerce.ShopOrder, lines: list[commerce.ShopOrderLine], shipments: list[Shipment]) -> Order:
    return Order(
        number=head.number,
        customer_id=head.customer_id,
        email=head.email,
        state=OrderState(head.state),
        placed_at=head.placed_at,
        total=Money(minor=head.total_minor, currency=head.currency),
        lines=tuple(_line(line, head.currency) for line in lines),
        shipments=tuple(shipments),
        postcode=head.postcode,
        shipping_method=head.shipping_method,
        country=head.country,
    )


def _line(line: commerce.ShopOrderLine, currency: str) -> OrderLine:
    return OrderLine(
        line_id=line.line_id,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        unit_price=Money(minor=line.unit_price_minor, currency=currency),
    )


def _shipment(parcel: commerce.ShopShipment, line_ids: tuple[str, ...]) -> Shipment:
    return Shipment(
        shipment_id=parcel.shipment_id,
        state=ShipmentState(parcel.state),
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        line_ids=line_ids,
        shipped_at=parcel.shipped_at,
        expected_on=parcel.expected_on,
        delivered_at=parcel.delivered_at,
        last_scan_at=parcel.last_scan_at,
    )


def _product(row: commerce.ShopProduct, variants: tuple[Variant, ...]) -> Product:
    return Product(
        product_id=row.product_id,
        title=row.title,
        category=row.category,
        description=row.description,
        attributes=row.attributes,
        variants=variants,
        url=row.url,
    )
