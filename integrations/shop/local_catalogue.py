"""Products of the local store: by id, by variant, and by the words for them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commerce import Product, Variant
from domain.money import Money
from store.commerce import ShopProduct, ShopVariant
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


class LocalCatalogue:
    """The products of `ShopReads`, each question one short transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def product(self, product_id: str) -> Product | None:
        """A product with its variants and stock. Two queries."""
        row = select(ShopProduct).where(col(ShopProduct.product_id) == product_id)
        async with self._database.begin() as session:
            products = await _with_variants(session, (await session.scalars(row)).all())
        return products[0] if products else None

    async def product_with(self, sku: str) -> Product | None:
        """The product that a variant belongs to. Two queries."""
        same = col(ShopVariant.product_id) == col(ShopProduct.product_id)
        row = select(ShopProduct).join(ShopVariant, same).where(col(ShopVariant.sku) == sku)
        async with self._database.begin() as session:
            products = await _with_variants(session, (await session.scalars(row)).all())
        return products[0] if products else None

    async def find_products(self, text: str, limit: int = 3) -> tuple[Product, ...]:
        """Products with a word of the text in title or category, or at least half of the words anywhere, best first."""
        fitting = select(ShopProduct).from_statement(_FITTING)
        async with self._database.begin() as session:
            rows = (await session.scalars(fitting, {"words": text.replace("\x00", " "), "most": limit})).all()
            return await _with_variants(session, rows)


async def _with_variants(session: AsyncSession, rows: Sequence[ShopProduct]) -> tuple[Product, ...]:
    if not rows:
        return ()
    found: defaultdict[str, list[Variant]] = defaultdict(list)
    wanted = select(ShopVariant).where(col(ShopVariant.product_id).in_([row.product_id for row in rows]))
    for one in await session.scalars(wanted.order_by(col(ShopVariant.product_id), col(ShopVariant.position))):
        found[one.product_id].append(_variant(one))
    return tuple(_product(row, tuple(found[row.product_id])) for row in rows)


def _variant(row: ShopVariant) -> Variant:
    return Variant(
        sku=row.sku,
        options=row.options,
        price=Money(minor=row.price_minor, currency=row.currency),
        stock=row.stock,
        product_id=row.product_id,
    )


def _product(row: ShopProduct, variants: tuple[Variant, ...]) -> Product:
    return Product(
        product_id=row.product_id,
        title=row.title,
        category=row.category,
        description=row.description,
        attributes=row.attributes,
        variants=variants,
        url=row.url,
    )
